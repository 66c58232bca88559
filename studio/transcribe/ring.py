"""The buffer between capture and recognition: bounded in memory, nothing dropped, with a sample clock."""

import tempfile
import threading
import time
from collections import deque
from typing import IO

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
MEMORY_S = 30.0

Samples = NDArray[np.float32]


class Ring:
    """First in, first out, for one writer and one reader.

    Holds `MEMORY_S` in memory. Beyond that a waiting writer waits (files read at full speed); one that
    cannot wait (microphones) spills to a temporary file, which is read back in order.
    """

    def __init__(self, start: int = 0) -> None:
        self._blocks: deque[Samples] = deque()
        self._in_memory = 0
        self._spill: IO[bytes] | None = None
        self._spilled = self._unspilled = 0
        self._written = self._read = start
        self._last_push = time.monotonic()
        self._closed = False
        self._change = threading.Condition()

    @property
    def lag_s(self) -> float:
        """Seconds written and not yet read."""
        return (self._written - self._read) / SAMPLE_RATE

    def now_s(self) -> float:
        """The media clock: seconds captured, running on between two blocks."""
        with self._change:
            return self._written / SAMPLE_RATE + min(0.5, time.monotonic() - self._last_push)

    @property
    def written_s(self) -> float:
        """Seconds of media captured."""
        return self._written / SAMPLE_RATE

    @property
    def available(self) -> int:
        """Samples that can be pulled at once."""
        with self._change:
            return self._available()

    def push(self, samples: Samples, *, wait: bool = False) -> None:
        """Append samples; with `wait`, block while memory is full."""
        with self._change:
            if wait:
                self._change.wait_for(lambda: self._in_memory < MEMORY_S * SAMPLE_RATE or self._closed)
            if self._spill is not None or self._in_memory >= MEMORY_S * SAMPLE_RATE:
                self._spill = self._spill or tempfile.TemporaryFile(prefix="linli-ear-")  # noqa: SIM115 - kept open
                self._spill.seek(self._spilled * 4)
                self._spill.write(samples.astype(np.float32).tobytes())
                self._spilled += len(samples)
            else:
                self._blocks.append(samples)
                self._in_memory += len(samples)
            self._written += len(samples)
            self._last_push = time.monotonic()
            self._change.notify_all()

    def close(self) -> None:
        """No more samples come; what is held can still be read."""
        with self._change:
            self._closed = True
            self._change.notify_all()

    def pull(self, count: int, timeout_s: float) -> Samples | None:
        """The next `count` samples; fewer at the end (0 = all read), None when they did not come in time."""
        with self._change:
            if not self._change.wait_for(lambda: self._available() >= count or self._closed, timeout_s):
                return None
            parts: list[Samples] = []
            missing = min(count, self._available())
            while missing:
                self._unspill()
                block = self._blocks.popleft()
                if len(block) > missing:
                    self._blocks.appendleft(block[missing:])
                    block = block[:missing]
                parts.append(block)
                missing -= len(block)
                self._in_memory -= len(block)
                self._read += len(block)
            self._change.notify_all()
            return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def _available(self) -> int:
        return self._in_memory + self._spilled - self._unspilled

    def _unspill(self) -> None:
        """Refill memory from the file when memory is empty, and drop the file when it is read."""
        if self._blocks or self._spill is None:
            return
        self._spill.seek(self._unspilled * 4)
        samples = np.frombuffer(self._spill.read(10 * SAMPLE_RATE * 4), np.float32)
        self._blocks.append(samples)
        self._in_memory += len(samples)
        self._unspilled += len(samples)
        if self._unspilled >= self._spilled:
            self._spill.close()
            self._spill, self._spilled, self._unspilled = None, 0, 0
