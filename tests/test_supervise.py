"""The supervisor, over real child processes and the real server."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
import requests

ROOT = Path(__file__).parents[1]
SUPERVISE = """\
import sys
from studio.supervise import Supervisor
say = lambda zh, en: print(en, file=sys.stderr, flush=True)
sys.exit(Supervisor([sys.executable, *sys.argv[1:]], ["--again"], say).run())
"""


def supervise(*command, **options):
    """A supervisor in a process of its own, over `python COMMAND`."""
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, *map(str, command)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def until(happened, timeout_s=40):
    """The first true value of `happened()`, looked at again and again."""
    ticker = threading.Event()
    for _ in range(int(timeout_s / 0.05)):
        value = happened()
        if value:
            return value
        ticker.wait(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture
def server(tmp_path):
    """The studio under a supervisor: (supervisor, data folder, url)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = tmp_path / "data"
    flags = ["run", "--with-parent", "--no-open", "--data", data, "--port", port]
    environ = {**os.environ, "STUDIO_OBS_ENABLED": "false", "STUDIO_EAR_ENABLED": "false"}
    process = supervise("-m", "studio.cli", *flags, env=environ)
    url = f"http://127.0.0.1:{port}"
    until(lambda: answers(url))
    yield process, data, url
    process.kill()
    process.communicate(timeout=30)


def answers(url):
    try:
        return requests.get(f"{url}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


def server_pid(data):
    return json.loads((data / "server.json").read_text("utf-8"))["pid"]


def test_crashed_child_is_started_again_and_told_so(tmp_path):
    runs = tmp_path / "runs"
    script = (
        "import sys, pathlib; runs = pathlib.Path(sys.argv[1]); "
        "runs.open('a').write(' '.join(sys.argv[2:]) + '.'); "
        "sys.exit(0 if runs.read_text().count('.') == 3 else 70)"
    )
    _, said = (process := supervise("-c", script, runs, "--flag")).communicate(timeout=30)
    assert process.returncode == 0
    assert runs.read_text() == "--flag.--flag --again.--flag --again."
    assert "starting it again in 0.1 s" in said


@pytest.mark.parametrize("status", [0, 2, 78])
def test_child_that_ends_on_purpose_is_not_started_again(status):
    process = supervise("-c", f"raise SystemExit({status})")
    _, said = process.communicate(timeout=30)
    assert process.returncode == status
    assert said == ""


def test_child_that_ignores_its_stdin_is_killed_at_the_second_signal(tmp_path):
    ready = tmp_path / "ready"
    script = "import pathlib, sys, threading; pathlib.Path(sys.argv[1]).touch(); threading.Event().wait()"
    process = supervise("-c", script, ready)
    until(ready.exists)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_server_killed_hard_answers_again_with_the_same_tokens(server):
    _, data, url = server
    first, tokens = server_pid(data), (data / "tokens.json").read_bytes()
    os.kill(first, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(first) and answers(url))
    assert server_pid(data) != first
    assert (data / "tokens.json").read_bytes() == tokens


def test_sigterm_ends_supervisor_and_server_cleanly(server):
    process, data, _ = server
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert not (data / "server.json").exists()


def test_server_ends_when_its_supervisor_is_killed(server):
    process, data, _ = server
    process.kill()
    until(lambda: not (data / "server.json").exists())


def test_port_in_use_ends_the_supervisor_with_advice(server, tmp_path):
    _, _, url = server
    port = url.rpartition(":")[2]
    process = supervise("-m", "studio.cli", "run", "--no-open", "--data", tmp_path / "other", "--port", port)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 78
    assert "--port" in said
    assert "Traceback" not in said
