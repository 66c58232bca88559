"""Studios forked from one process that has imported the studio already: a start costs a fifth of a fresh interpreter.

The process is asked by lines of JSON on stdin, `{script, log, environ}`, and answers each with the pid of a child that
runs the script. It ends with its stdin, its children end with it.
"""

import atexit
import contextlib
import ctypes
import functools
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
AVAILABLE = hasattr(os, "pidfd_open")


class Forked:
    """What `subprocess.Popen` offers, of a process that is another's child."""

    def __init__(self, pid):
        self.pid = pid
        self._fd = None
        with contextlib.suppress(ProcessLookupError):  # it ended already
            self._fd = os.pidfd_open(pid)

    def __del__(self):
        if self._fd is not None:
            os.close(self._fd)

    def poll(self):
        """None while it runs; how it ended is not known here."""
        return 0 if self._ended(0) else None

    def wait(self, timeout=None):
        if not self._ended(timeout):
            raise subprocess.TimeoutExpired(f"pid {self.pid}", timeout)
        return 0

    def _ended(self, timeout_s):
        return self._fd is None or bool(select.select([self._fd], [], [], timeout_s)[0])

    def send_signal(self, number):
        if self._fd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._fd, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def spawn_fresh(script, log_path):
    """Run the text of a Python script in an interpreter of its own; its output is appended to `log_path`."""
    with log_path.open("ab") as log:
        return subprocess.Popen([sys.executable, "-c", script], stdout=log, stderr=log, env=os.environ)


def spawn(script, log_path):
    """The same, forked from a studio that is imported already; elsewhere than on Linux it is a fresh one."""
    if not AVAILABLE:
        return spawn_fresh(script, log_path)
    process = _zygote()
    order = {"script": script, "log": str(log_path), "environ": dict(os.environ)}
    process.stdin.write(json.dumps(order).encode() + b"\n")
    process.stdin.flush()
    return Forked(int(process.stdout.readline()))


@functools.cache
def _zygote():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.zygote"],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(process.communicate)
    return process


def main():
    import gc  # noqa: PLC0415

    from gevent import monkey  # noqa: PLC0415

    import studio.server  # noqa: F401, PLC0415

    fork = monkey.get_original("os", "fork")  # gevent's own would start its loop in here
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    gc.collect()
    gc.freeze()
    for line in os.fdopen(os.dup(0), "rb"):
        order = json.loads(line)
        pid = fork()
        if pid == 0:
            _become(order)
            exec(compile(order["script"], "<studio>", "exec"), {"__name__": "__main__"})
            return
        os.write(1, f"{pid}\n".encode())


def _become(order):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    for fd, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(fd, target)
    os.environ.clear()
    os.environ.update(order["environ"])


if __name__ == "__main__":
    main()
