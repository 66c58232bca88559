"""The link as the server runs it: every thread a greenlet."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.obs, pytest.mark.xdist_group("obs")]
ROOT = Path(__file__).parents[2]


def test_link_works_under_gevent_and_never_blocks_the_loop(obs, tmp_path):
    arguments = [sys.executable, "-m", "tests.obs.gevent_link", obs.host, str(obs.port), obs.password]
    log = tmp_path / "stderr.log"
    with (
        log.open("wb") as stderr,
        subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr) as process,
    ):
        try:
            facts = []
            for line in process.stdout:
                facts.append(json.loads(line))
                if facts[-1]["step"] == "pending":
                    obs.kill()
                if facts[-1]["step"] == "lost":
                    obs.restart()
            process.wait(timeout=10)
        finally:
            process.kill()

    assert process.returncode == 0, log.read_text("utf-8")
    switched, _pending, lost, back = facts
    assert switched == {"step": "switched", "jpeg": True, "shared": 1}
    assert lost["error"] == "obs-unavailable"
    # a blocking connect, read or wait would hold the loop for as long as the silent peer keeps silent
    assert back["longest_gap_s"] < 0.5
