"""Child processes that report events as JSON lines on stdout and take commands as JSON lines on stdin."""

import json
import logging
import os
import random
import sys
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from gevent import subprocess
from gevent.event import Event as Signal

from studio.errors import EventDecodeError
from studio.event_lines import MAX_LINE_BYTES, decode
from studio.events import Event

_log = logging.getLogger(__name__)

SILENCE_LIMIT_S = 30.0
FIRST_RETRY_S = 0.5
LAST_RETRY_S = 15.0
GRACE_S = 3.0
NOT_STARTED = 127
"""Exit status told for a child that could not be started, as shells do."""


class Worker:
    """Keeps one child process running: restarts it with back-off, kills it when it falls silent.

    Args:
        name: for the log.
        command: builds the command line for each start, so that a restart follows changed settings.
        publish: gets every event, on the event loop.
        on_lost: called when the process ended without being asked to, with its exit status.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[], list[str]],
        publish: Callable[[Event], None],
        on_lost: Callable[[int], None] = lambda _status: None,
        silence_limit_s: float = SILENCE_LIMIT_S,
    ) -> None:
        self.name = name
        self.garbage_lines = 0
        self._command = command
        self._publish = publish
        self._on_lost = on_lost
        self._silence_limit_s = silence_limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._greenlet: gevent.Greenlet[..., None] | None = None
        self._stopping = Signal()
        self._again = Signal()

    @property
    def pid(self) -> int | None:
        """Process id while the child runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start supervising; returns at once."""
        self._stopping.clear()
        self._greenlet = gevent.spawn(self._supervise)

    def stop(self) -> None:
        """Close stdin, which ends the child; kill it when it does not listen."""
        self._stopping.set()
        self._again.set()
        self._end(self._process)
        if self._greenlet:
            self._greenlet.join()

    def restart(self) -> None:
        """End the child; the supervisor starts a new one at once."""
        self._again.set()
        self._end(self._process)

    def send(self, command: Mapping[str, Any]) -> bool:
        """Write one command line; False when no child listens (it gets the whole context at its start)."""
        process = self._process
        if process is None or process.stdin is None:
            return False
        try:
            process.stdin.write(json.dumps(command, ensure_ascii=False).encode() + b"\n")
            process.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def _supervise(self) -> None:
        retry_s = FIRST_RETRY_S
        while not self._stopping.is_set():
            self._again.clear()
            try:
                heard = self._run_once()
            except Exception:  # the command could not be built or started, such as on a full disk: keep trying
                _log.exception("%s could not be started", self.name)
                self._on_lost(NOT_STARTED)
                heard = False
            if self._stopping.is_set():
                return
            if self._again.is_set():
                retry_s = FIRST_RETRY_S
                continue
            retry_s = FIRST_RETRY_S if heard else min(LAST_RETRY_S, retry_s * 2)
            _log.warning("%s ended, starting it again in %.1f s", self.name, retry_s)
            self._again.wait(retry_s * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret

    def _run_once(self) -> bool:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        process = subprocess.Popen(
            self._command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, env=environment
        )
        self._process = process
        heard = 0
        try:
            if not (self._stopping.is_set() or self._again.is_set()):  # else asked to end while it was starting
                heard = self._read(process)
        finally:
            self._end(process)
            status = process.wait()
            if not (self._stopping.is_set() or self._again.is_set()):
                self._on_lost(status)
        return heard > 0

    def _read(self, process: subprocess.Popen[bytes]) -> int:
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for
        heard = 0
        while True:
            line = None
            with gevent.Timeout(self._silence_limit_s, exception=False):  # pyright: ignore[reportArgumentType] - gevent: False means silent
                line = process.stdout.readline(MAX_LINE_BYTES)
            if line is None:
                _log.error("%s was silent for %.0f s, killing it", self.name, self._silence_limit_s)
                return heard
            if not line:
                return heard
            try:
                event = decode(line)
            except EventDecodeError as error:
                self.garbage_lines += 1
                if self.garbage_lines & (self.garbage_lines - 1) == 0:  # 1, 2, 4, 8 …: say it, do not flood
                    _log.warning("%s wrote garbage (%d lines so far): %s", self.name, self.garbage_lines, error)
                continue
            heard += 1
            self._publish(event)

    def _end(self, process: subprocess.Popen[bytes] | None) -> None:
        if process is None or process.poll() is not None:
            return
        try:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(timeout=GRACE_S)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
