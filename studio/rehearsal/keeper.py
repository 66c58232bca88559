"""The one rehearsal that may run: a server process of its own, on a folder, a database, a port and tokens of its own.

It ends when its stdin closes, so a studio that is killed takes it along, and its folder is removed when it ends or
when the studio next starts. Nothing of it is ever written to the real database.
"""

import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import gevent
import psutil
from gevent import subprocess

from studio.errors import Conflict
from studio.types import now_ms

_log = logging.getLogger(__name__)

FOLDER = "rehearsals"
PLAN, STATUS, PID = "plan.json", "server.json", "pid"
STARTS_WITHIN_S = 60.0
GRACE_S = 8.0
LOOK_S = 0.1


class Rehearsal:
    """Starts, watches and ends the rehearsal's process, and keeps its topic.

    Args:
        data_dir: of the real studio; rehearsals live in a folder below it.
        put: sets the topic `rehearsal`.
        hold_ear: told True when a rehearsal begins and False when it has ended; the real ear rests meanwhile.
    """

    def __init__(
        self, data_dir: Path, put: Callable[[dict[str, Any]], None], hold_ear: Callable[[bool], object]
    ) -> None:
        self._root = data_dir / FOLDER
        self._put = put
        self._hold_ear = hold_ear
        self._process: Any = None
        self._folder: Path | None = None
        self._value = _off()
        put(self._value)

    @property
    def port(self) -> int | None:
        """Where it is served, None while it is not."""
        return self._value["port"]

    @property
    def folder(self) -> Path | None:
        """Everything of it, None while there is none."""
        return self._folder

    @property
    def login_token(self) -> str | None:
        """Signs in to the rehearsal as its host; worthless outside it."""
        try:
            status: dict[str, Any] = json.loads(((self._folder or self._root) / STATUS).read_text("utf-8"))
            return str(status["token"])
        except (OSError, ValueError, KeyError):
            return None

    # --- a part of the studio --------------------------------------------------------------------

    def start(self) -> None:
        """Remove what a killed studio left, and the process that may just be leaving it."""
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            _end_orphan(folder)
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            self._root.rmdir()

    def stop(self) -> None:
        """End the rehearsal with the studio."""
        self.end()

    # --- commands --------------------------------------------------------------------------------

    def begin(self, plan: Callable[[Path], dict[str, Any]], *, show_id: int, source: str) -> None:
        """Start a rehearsal; returns at once, the topic tells when it runs.

        Args:
            plan: writes what it needs into its folder and returns its plan, as `studio.rehearsal_stage` reads it.
            show_id: the show that is rehearsed.
            source: "mic", "file", "script" or "show", for the topic.

        Raises:
            Conflict: one is running.
        """
        if self._value["state"] in {"starting", "running"}:
            raise Conflict("彩排已经在进行", "a rehearsal is running already")
        self._root.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(dir=self._root))
        try:
            (self._folder / PLAN).write_text(json.dumps(plan(self._folder), ensure_ascii=False), "utf-8")
            command = [sys.executable, "-m", "studio.rehearsal_stage", str(self._folder)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"})
        except BaseException:
            self._sweep()
            raise
        (self._folder / PID).write_text(str(self._process.pid), "utf-8")
        self._set(state="starting", show_id=show_id, source=source, since_ms=now_ms())
        self._hold_ear(True)
        gevent.spawn(self._watch, self._process, self._folder)

    def end(self) -> None:
        """End the rehearsal, if there is one, and remove everything of it; one that failed is told no more."""
        process, self._process = self._process, None
        if process is None:
            self._rest()
            return
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(timeout=GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._over()

    def _watch(self, process: Any, folder: Path) -> None:
        """Until it is served, then until it ends by itself."""
        waited = 0.0
        while process.poll() is None and not (folder / STATUS).is_file() and waited < STARTS_WITHIN_S:
            gevent.sleep(LOOK_S)
            waited += LOOK_S
        if process is not self._process:
            return
        with suppress(OSError, ValueError, KeyError):
            port = int(json.loads((folder / STATUS).read_text("utf-8"))["port"])
            self._set(state="running", port=port)
            process.wait()
        if process is not self._process:
            return
        self._process = None
        process.kill()
        process.wait()
        _log.warning("the rehearsal ended by itself (%s)", process.returncode)
        self._over()
        self._set(
            state="failed",
            message_zh="彩排意外停止，真实数据没有受影响；可以再开一次",
            message_en="the rehearsal stopped unexpectedly, real data are untouched; start it again",
        )

    def _over(self) -> None:
        self._sweep()
        self._hold_ear(False)
        self._rest()

    def _rest(self) -> None:
        self._value = _off()
        self._put(self._value)

    def _sweep(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        with suppress(OSError):
            self._root.rmdir()

    def _set(self, **changes: Any) -> None:
        self._value = {**self._value, **changes}
        self._put(self._value)


def _end_orphan(folder: Path) -> None:
    """End the process of a folder, if it still is that folder's."""
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int((folder / PID).read_text("utf-8")))
        if str(folder) in process.cmdline():
            process.kill()
            process.wait(timeout=GRACE_S)


def _off() -> dict[str, Any]:
    return {
        "state": "off",
        "show_id": None,
        "source": None,
        "since_ms": None,
        "port": None,
        "message_zh": "",
        "message_en": "",
    }
