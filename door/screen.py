"""What a set-up shows: which step of how many, for how long, and the end of the log when one fails."""

import queue
import shutil
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self

QUIET_REPORT_S = 15.0
TAIL_LINES = 12


class SetupFailed(Exception):
    """A step that did not work, with what the host can do about it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def say(zh: str, en: str) -> None:
    """One message, in both languages, on stderr: stdout belongs to the command that runs afterwards."""
    sys.stderr.write(f"{zh}\n{en}\n")
    sys.stderr.flush()


def prepare_console() -> None:
    """Chinese must not crash a console that cannot show it (Windows code pages)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue] - TextIOWrapper has it


class Step:
    """One step on the screen; a context manager that shows elapsed time and closes its line.

    Args:
        number: which one, from 1.
        total: of how many.
        zh, en: what it does.
    """

    def __init__(self, number: int, total: int, zh: str, en: str) -> None:
        self._head = f"[{number}/{total}] {zh} {en}"
        self._live = sys.stderr.isatty()
        self._began = time.monotonic()
        self._reported = self._began

    def __enter__(self) -> Self:
        self._write(f"{self._head} …")
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        mark = "✓" if kind is None else "✗"
        self._write(f"{self._head} {mark} {self._elapsed()}", last=True)

    def show(self, detail: str) -> None:
        """Tell how far it is; on a terminal at once, in a log every 15 s."""
        now = time.monotonic()
        if self._live or now - self._reported >= QUIET_REPORT_S:
            self._reported = now
            self._write(_fit(f"{self._head} {self._elapsed()} {detail}"))

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._began:.0f} s"

    def _write(self, text: str, *, last: bool = False) -> None:
        sys.stderr.write(f"\r\x1b[K{text}" + ("\n" if last else "") if self._live else f"{text}\n")
        sys.stderr.flush()


def run_step(
    step: Step, command: list[str], log: Path, *, cwd: Path, environ: Mapping[str, str] | None = None
) -> tuple[int, list[str]]:
    """Run a command with its output going to `log` and its newest line to the screen.

    Returns:
        The exit status and the last lines it wrote.
    """
    tail: list[str] = []
    with log.open("a", encoding="utf-8") as out:
        out.write(f"\n$ {' '.join(command)}\n")
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=environ,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_pump, args=(process.stdout, lines), daemon=True).start()
        newest: str | None = ""
        try:
            while newest is not None:
                try:
                    newest = lines.get(timeout=1)
                except queue.Empty:
                    pass
                else:
                    if newest:
                        out.write(f"{newest}\n")
                        tail = [*tail[1 - TAIL_LINES :], newest]
                step.show(tail[-1] if tail else "")
        except KeyboardInterrupt:
            process.terminate()
            raise
        finally:
            process.wait()
            process.stdout.close()
    return process.returncode, tail


def _fit(text: str) -> str:
    """As much of a text as one line of the terminal holds; Chinese characters take two columns."""
    room = shutil.get_terminal_size().columns - 1
    for index, character in enumerate(text):
        room -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if room < 0:
            return text[:index]
    return text


def _pump(stream: IO[str], lines: "queue.Queue[str | None]") -> None:
    for line in stream:
        lines.put(line.strip())
    lines.put(None)
