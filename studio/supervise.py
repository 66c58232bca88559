"""Keeps one server process running: what the door and `linli-studio start` do for a host.

Standard library only, so that the door runs it with the system's Python and a warm start costs nothing.
The child is told to end by closing its stdin, which works on every system and also happens by itself
when this process is killed: no server is ever left behind.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from types import FrameType

Say = Callable[[str, str], None]

EXIT_USAGE = 2
EXIT_CONFIG = 78
"""sysexits.h EX_CONFIG: the host has to change something, starting again would not help."""

FINAL = frozenset({0, EXIT_USAGE, EXIT_CONFIG})
STEADY_S = 10.0
FIRST_RETRY_S = 0.1
LAST_RETRY_S = 15.0
GRACE_S = 8.0


class Supervisor:
    """Runs a command until it ends on purpose; a crash starts it again with `again` appended.

    Args:
        command: the child; it must end when its stdin closes.
        again: flags for every start after the first (no browser window, keep the demo's data).
        say: told in Chinese and English what happened.
        environ: the child's environment, None for this process's.
    """

    def __init__(
        self, command: list[str], again: list[str], say: Say, environ: Mapping[str, str] | None = None
    ) -> None:
        self._command = command
        self._again = again
        self._say = say
        self._environ = environ
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Supervise until the child ends on purpose or this process is asked to; returns the exit code."""
        for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
                signal.signal(number, self._on_signal)
        retry_s = FIRST_RETRY_S
        command = self._command
        while True:
            began = time.monotonic()
            status = self._run_once(command)
            if self._stopping.is_set():
                return 0
            if status in FINAL:
                return status
            if time.monotonic() - began >= STEADY_S:
                retry_s = FIRST_RETRY_S
            self._say(
                f"直播间意外停止（{status}），{retry_s:.1f} 秒后自动重启",
                f"the studio stopped unexpectedly ({status}), starting it again in {retry_s:.1f} s",
            )
            if self._stopping.wait(retry_s):
                return 0
            retry_s = min(LAST_RETRY_S, retry_s * 3)
            command = [*self._command, *self._again]

    def _run_once(self, command: list[str]) -> int:
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=self._environ) as child:  # noqa: S603 - our own interpreter and flags
            self._child = child
            if self._stopping.is_set():
                self._end(child)
            while True:
                try:
                    # a bounded wait, because an unbounded one hides Ctrl-C on Windows
                    return child.wait(timeout=None if os.name == "posix" else 0.5)
                except subprocess.TimeoutExpired:
                    continue

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        impatient = self._stopping.is_set()
        self._stopping.set()
        child = self._child
        if child is None or child.poll() is not None:
            return
        if impatient:
            child.kill()
        else:
            threading.Thread(target=self._end, args=(child,), daemon=True).start()

    def _end(self, child: "subprocess.Popen[bytes]") -> None:
        try:
            if child.stdin:
                child.stdin.close()
        except OSError:
            pass
        deadline = time.monotonic() + GRACE_S
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if child.poll() is None:
            child.kill()


def end_with_parent(start_thread: Callable[[Callable[[], None], tuple[()]], object]) -> None:
    """In the child: end this process as SIGTERM would when stdin closes.

    `start_thread` starts a real thread (`_thread.start_new_thread`, which gevent replaces by greenlets).
    """

    def watch() -> None:
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        if os.name == "posix":
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            # no signal reaches a Windows process from within; commits are durable, so leaving is safe
            os._exit(0)

    start_thread(watch, ())
