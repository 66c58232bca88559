"""Sound that recognition had no time for: kept on disk, written down when there is time.

Each stretch is one file of 32-bit samples named after the UTC millisecond at which it begins, so that what a process
leaves behind when it is killed is found by the next one.
"""

import logging
import tempfile
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from studio.transcribe.audio import SAMPLE_RATE, Samples
from studio.types import Ms, Seconds, now_ms

_log = logging.getLogger(__name__)

# older than this it belongs to another show
KEEP_MS = 15 * 60 * 1000
# stretches that follow each other so closely are one gap
_ONE_GAP_S = 0.5
_BYTES = 4
_SUFFIX = ".f32"


@dataclass(slots=True)
class Stretch:
    """Sound of one file, read from its start."""

    path: Path
    start_ms: Ms
    samples: int
    read: int = 0


class Backlog:
    """Stretches in the order in which they were spoken.

    Args:
        folder: kept when the process ends; None for one that is there while there is something in it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._stretches: deque[Stretch] = deque()
        if folder:
            self._find(folder)

    @property
    def waiting_s(self) -> float:
        """Seconds not written down yet."""
        return sum(stretch.samples - stretch.read for stretch in tuple(self._stretches)) / SAMPLE_RATE

    def gaps(self, since_ms: Ms) -> tuple[tuple[Seconds, Seconds], ...]:
        """From where to where sound waits, in seconds since a moment; asked for by another thread, too."""
        found: list[tuple[Seconds, Seconds]] = []
        for stretch in tuple(self._stretches):
            begins_s = (stretch.start_ms - since_ms) / 1000
            start, end = (Seconds(round(begins_s + each / SAMPLE_RATE, 2)) for each in (stretch.read, stretch.samples))
            if found and abs(start - found[-1][1]) < _ONE_GAP_S:
                start = found.pop()[0]
            found.append((start, end))
        return tuple(found)

    @property
    def next(self) -> Stretch | None:
        """The stretch to read from."""
        return self._stretches[0] if self._stretches else None

    def keep(self, parts: Iterable[Samples], start_ms: Ms) -> None:
        """Put sound aside; it is on disk when this returns."""
        path = self._place(start_ms)
        count = 0
        with path.open("wb") as file:
            for part in parts:
                file.write(part.astype("<f4").tobytes())
                count += len(part)
        self._stretches.append(Stretch(path, start_ms, count))
        if not count:
            self._remove(self._stretches.pop())

    def read(self, count: int) -> Samples:
        """The next samples of the first stretch; none at its end."""
        stretch = self._stretches[0]
        with stretch.path.open("rb") as file:
            file.seek(stretch.read * _BYTES)
            samples = np.frombuffer(file.read(count * _BYTES), "<f4").astype(np.float32)
        stretch.read += len(samples)
        return samples

    def drop(self) -> None:
        """Forget the first stretch: it is written down."""
        self._remove(self._stretches.popleft())

    def _place(self, start_ms: Ms) -> Path:
        folder = self._folder or Path(tempfile.mkdtemp(prefix="linli-backlog-"))
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{start_ms}{_SUFFIX}"

    def _remove(self, stretch: Stretch) -> None:
        stretch.path.unlink(missing_ok=True)
        if self._folder is None:
            stretch.path.parent.rmdir()

    def _find(self, folder: Path) -> None:
        """What was left behind."""
        for path in sorted(folder.glob(f"*{_SUFFIX}")):
            start_ms = int(path.stem) if path.stem.isdecimal() else 0
            count = path.stat().st_size // _BYTES
            if now_ms() - start_ms > KEEP_MS or not count:
                path.unlink(missing_ok=True)
                continue
            self._stretches.append(Stretch(path, Ms(start_ms), count))
            _log.warning("%.0f s of sound were left behind, they are written down now", count / SAMPLE_RATE)


class Stopwatch:
    """How long one piece of work has been going on; read by another thread."""

    def __init__(self) -> None:
        self._began: float | None = None

    @property
    def busy_s(self) -> float:
        """Seconds since the work began, 0 while there is none."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self._began = None
