"""Start-up through the door of a checkout that is set up, and what an idle studio costs."""

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psutil
import requests

from bench.row import Row, skipped
from tests.live import FreshStudio

ROOT = Path(__file__).parents[1]
AUDIO = ROOT / "scenes/demo/dairy.opus"
ROUNDS = 3
TIMEOUT_S = 60.0
IDLE_S = 10.0
SECTION = "start"


class Door:
    """`run_studio.py` on a free port and an empty data folder of its own; a context manager."""

    def __init__(self, folder: Path, *flags: str, **environ: str) -> None:
        folder.mkdir(exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.studio = FreshStudio(folder)
        self.studio.port = port
        self._status = folder / "server.json"
        self._began = time.monotonic()
        self._log = folder.with_suffix(".log").open("wb")
        command = [sys.executable, "run_studio.py", "--no-open", "--data", str(folder), "--port", str(port), *flags]
        environment = {**psutil.Process().environ(), **environ}
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=self._log, env=environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=TIMEOUT_S)
        self._log.close()

    def server(self) -> psutil.Process:
        """The server process that runs now."""
        return psutil.Process(json.loads(self._status.read_text("utf-8"))["pid"])

    def overlay_served_s(self) -> float:
        """Seconds from the command to the first overlay page."""
        self._await((self.studio.data_dir / "tokens.json").exists)
        self._await(lambda: self._answers(self.studio.overlay_url("card")))
        return time.monotonic() - self._began

    def speech_ready_s(self) -> float:
        """Seconds from the command until the ear listens."""
        with self.studio.listen("ear") as listener:
            listener.wait("ear", lambda ear: ear is not None and ear["state"] == "listening", timeout_s=TIMEOUT_S)
        return time.monotonic() - self._began

    def revival_s(self) -> float:
        """Seconds from a kill -9 of the server until it answers again."""
        self.server().kill()
        began = time.monotonic()
        self._await(lambda: self._answers(f"{self.studio.url}/healthz"))
        return time.monotonic() - began

    def _answers(self, url: str) -> bool:
        try:
            return requests.get(url, timeout=5).ok
        except requests.ConnectionError:
            return False

    def _await(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not happened():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the studio did not start, see {self._log.name}")
            threading.Event().wait(0.02)


def run(*, quick: bool = False) -> list[Row]:
    """Medians of warm starts, a revival, and an idle server."""
    if subprocess.run(
        [sys.executable, "run_studio.py", "--version"], cwd=ROOT, capture_output=True, check=False
    ).returncode:
        return [skipped(SECTION, "warm start", "run python3 run_studio.py once first")]
    served: list[float] = []
    ready: list[float] = []
    revived: list[float] = []
    ear_mb = 0.0
    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as folder:
        # the first start makes keys and database; what a host waits for every day comes after it
        for number in range(1 if quick else ROUNDS):
            with Door(Path(folder) / f"{number}", "--ear-source", str(AUDIO)) as door:
                served.append(door.overlay_served_s())
                ready.append(door.speech_ready_s())
                ear_mb = max(ear_mb, *(_memory_mb(child) for child in door.server().children()))
                revived.append(door.revival_s())
        quiet = {"STUDIO_EAR_ENABLED": "false", "STUDIO_OBS_ENABLED": "false"}
        with Door(Path(folder) / "idle", **quiet) as door:  # makes the database
            door.overlay_served_s()
        with Door(Path(folder) / "idle", **quiet) as door:
            door.overlay_served_s()
            server = door.server()
            server.cpu_percent()
            threading.Event().wait(IDLE_S)
            cpu_percent, server_mb = server.cpu_percent(), _memory_mb(server)
    return [
        Row(SECTION, "run_studio.py → first overlay served", f"{statistics.median(served):.2f}", "", "≤ 2", "s"),
        Row(SECTION, "run_studio.py → speech ready", f"{statistics.median(ready):.2f}", "", "≤ 6", "s"),
        Row(
            SECTION, "kill -9 of the server → answers again", f"{statistics.median(revived):.2f}", "4.4-7.2", "≤ 2", "s"
        ),
        Row(SECTION, "idle server, memory", f"{server_mb:.0f}", "", "≤ 120", "MB"),
        Row(SECTION, "idle server, CPU", f"{cpu_percent:.1f}", "", "< 1", "% of a core"),
        Row(SECTION, "ear, model loaded, memory", f"{ear_mb:.0f}", "", "≤ 450", "MB"),
    ]


def _memory_mb(process: psutil.Process) -> float:
    """Resident memory; what other processes share is counted too."""
    return process.memory_info().rss / 1e6
