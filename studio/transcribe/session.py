"""One session of listening: a source captured in a thread of its own, the pipeline in the caller's."""

import logging
import math
import threading
import time
from collections.abc import Callable

import numpy as np

from studio.errors import AudioUnreadable
from studio.events import AudioLevel, AudioProgressed, Event
from studio.transcribe.audio import Samples, Source
from studio.transcribe.engine import Engine
from studio.transcribe.pipeline import Pipeline
from studio.transcribe.ring import Ring
from studio.transcribe.understanding import Understanding
from studio.transcribe.vad import HOP, SAMPLE_RATE
from studio.types import Ms, Seconds, now_ms

_log = logging.getLogger(__name__)

LEVEL_EVERY_S = 0.1
PROGRESS_EVERY_S = 1.0
PULL_TIMEOUT_S = 0.2
SILENCE_DB = -100.0

Emit = Callable[[Event], None]


class Session:
    """Listens to one source until its end.

    Args:
        source: what to listen to.
        engine: the loaded model.
        understanding: tonight's products.
        emit: gets every event; called from two threads.
        realtime: feed the source at its own pace (microphones have no other).
        start_s: media time to begin at.
    """

    def __init__(
        self,
        source: Source,
        engine: Engine,
        understanding: Understanding,
        emit: Emit,
        *,
        realtime: bool,
        start_s: float = 0.0,
    ) -> None:
        self.source = source
        self.error: AudioUnreadable | None = None
        self.level_db: float | None = None
        self.session_ms: Ms = Ms(now_ms() - round(start_s * 1000))
        self._emit = emit
        self._paced = realtime and not source.live
        self._start_s = start_s
        self._ring = Ring(round(start_s * SAMPLE_RATE))
        self._stop = threading.Event()
        self._paused = threading.Event()
        self._done = False
        self._live = realtime or source.live
        clock = self._ring.now_s if self._live else None
        self.pipeline = Pipeline(engine, understanding, live=self._live, clock=clock, start_s=start_s)
        self._level_at = self._progress_at = 0.0
        self._thread = threading.Thread(target=self._capture, name="capture", daemon=True)

    @property
    def lag_s(self) -> float:
        """Seconds captured and not yet gone through the pipeline."""
        return self._ring.lag_s

    @property
    def dropped_partials(self) -> int:
        """Captions left out to keep up."""
        return self.pipeline.dropped_partials

    @property
    def done(self) -> bool:
        """Whether all of the source was heard."""
        return self._done

    def start(self) -> None:
        """Begin to capture."""
        self.session_ms = Ms(now_ms() - round(self._start_s * 1000))
        self._thread.start()

    def stop(self) -> None:
        """Stop capturing; what was captured can still be stepped through."""
        self._stop.set()
        self._ring.close()

    def pause(self, *, on: bool) -> None:
        """Hold a file where it is; hear silence from a microphone, whose time runs on."""
        if on:
            self._paused.set()
        else:
            self._paused.clear()

    def step(self) -> bool:
        """Take one hop through the pipeline, waiting for it at most 0.2 s; False when all was heard."""
        hop = self._ring.pull(HOP, PULL_TIMEOUT_S)
        if hop is None:
            return True
        if len(hop) == HOP:
            self._publish(self.pipeline.feed(hop, self._ring.lag_s if self._live else 0.0))
            return True
        if len(hop):
            self._publish(self.pipeline.feed(np.pad(hop, (0, HOP - len(hop))), 0.0))
        self._publish(self.pipeline.finish())
        self._done = True
        return False

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            self._emit(event)

    def _capture(self) -> None:
        began = time.monotonic()
        try:
            for block in self.source.blocks(self._stop):
                began += self._hold() if self._paced else 0.0
                if self._stop.is_set():
                    break
                if self._paced:  # a block exists once its last sample was played
                    due = began + self._ring.written_s - self._start_s + len(block) / SAMPLE_RATE
                    self._stop.wait(max(0.0, due - time.monotonic()))
                samples = np.zeros_like(block) if self._paused.is_set() else block
                self._meter(samples)
                self._ring.push(samples, wait=not (self._paced or self.source.live))
        except AudioUnreadable as error:
            self.error = error
        except Exception as error:
            _log.exception("capture of %s broke off", self.source.name)
            self.error = AudioUnreadable(
                f"音频 {self.source.name} 中断：{error}", f"audio {self.source.name} broke off: {error}"
            )
        finally:
            self._ring.close()

    def _hold(self) -> float:
        """Wait while paused; seconds waited."""
        began = time.monotonic()
        while self._paused.is_set() and not self._stop.wait(0.05):
            pass
        return time.monotonic() - began

    def _meter(self, samples: Samples) -> None:
        now = time.monotonic()
        if len(samples) and now - self._level_at >= LEVEL_EVERY_S:
            self._level_at = now
            rms_db = _decibel(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))))
            self.level_db = rms_db
            if self._paced or self.source.live:
                self._emit(AudioLevel(rms_db=rms_db, peak_db=_decibel(float(np.abs(samples).max()))))
        if not self.source.live and now - self._progress_at >= PROGRESS_EVERY_S:
            self._progress_at = now
            self._emit(self.progress())

    def progress(self, *, ended: bool = False) -> AudioProgressed:
        """How far a finite source was read."""
        duration = self.source.duration_s
        return AudioProgressed(
            position=Seconds(round(self._ring.written_s, 2)),
            duration=None if duration is None else Seconds(round(duration, 2)),
            ended=ended,
        )


def _decibel(amplitude: float) -> float:
    """DBFS of an amplitude 0..1, not below -100."""
    return round(max(SILENCE_DB, 20 * math.log10(amplitude)), 1) if amplitude > 0 else SILENCE_DB
