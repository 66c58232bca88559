"""One session of listening: a source captured in a thread of its own, the pipeline in the caller's."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np

from studio.errors import AudioUnreadable
from studio.events import AudioLevel, AudioProgressed, Event, ProductIntroduced
from studio.transcribe.audio import Samples, Source
from studio.transcribe.backlog import Backlog
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
# further behind than this, what waits is put aside and recognition goes on with what is said now
SET_ASIDE_LAG_S = 20.0
# put aside up to here before now
CATCH_UP_TO_S = 1.0
# what was put aside is written down while recognition is not further behind than this, so much sound at a time
FILL_LAG_S = 0.5
FILL_S = 2.0
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
        backlog: what could not be written down in time.
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
        backlog: Backlog | None = None,
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
        self._engine = engine
        self._understanding = understanding
        self._backlog = backlog if backlog is not None or not self._live else Backlog()
        self._filling: Pipeline | None = None
        self._twin: Understanding | None = None
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
        if self._live and self._ring.lag_s > SET_ASIDE_LAG_S:
            self._set_aside()
        hop = self._ring.pull(HOP, PULL_TIMEOUT_S)
        if hop is None:
            self._fill()
            return True
        if len(hop) == HOP:
            if self.pipeline.idle and self._ring.lag_s < FILL_LAG_S:
                self._fill()
            self._publish(self.pipeline.feed(hop, self._ring.lag_s if self._live else 0.0))
            return True
        if len(hop):
            self._publish(self.pipeline.feed(np.pad(hop, (0, HOP - len(hop))), 0.0))
        self._publish(self.pipeline.finish())
        while self._fill():
            pass
        self._done = True
        return False

    @property
    def waiting_s(self) -> float:
        """Seconds put aside on disk, to be written down later."""
        return self._backlog.waiting_s if self._backlog else 0.0

    @property
    def gaps(self) -> tuple[tuple[Seconds, Seconds], ...]:
        """From where to where that is, in media seconds; before 0 what an earlier process left behind."""
        return self._backlog.gaps(self.session_ms) if self._backlog else ()

    @property
    def decoding_s(self) -> float:
        """How long the decode that is running has been."""
        return max(each.decoding.busy_s for each in (self.pipeline, self._filling) if each)

    def rescue(self) -> float:
        """Put all aside that is not written down yet, since the process is about to be ended; seconds of it."""
        backlog = self._backlog
        if backlog is None:
            return 0.0
        undone, start_s = self.pipeline.undone()
        backlog.keep(chain([undone], self._pull(self._ring.available)), self._wall(start_s))
        return backlog.waiting_s

    def _set_aside(self) -> None:
        """Put aside what waits but its last second, and go on with that."""
        assert self._backlog is not None  # noqa: S101 - live
        hops = int((self._ring.lag_s - CATCH_UP_TO_S) * SAMPLE_RATE / HOP)
        self._twin = self._twin or self._understanding.fork()
        undone, start_s = self.pipeline.set_aside(hops)
        self._backlog.keep(chain([undone], self._pull(hops * HOP)), self._wall(start_s))
        _log.warning("too far behind: %.0f s are written down later", self._backlog.waiting_s)

    def _pull(self, count: int) -> Iterator[Samples]:
        while count > 0:
            part = self._ring.pull(min(count, 10 * SAMPLE_RATE), PULL_TIMEOUT_S)
            if part is None or not len(part):
                return
            count -= len(part)
            yield part

    def _fill(self) -> bool:
        """Write down a little of what was put aside; False when there is none."""
        if self._backlog is None or self._backlog.next is None:
            return False
        if self._filling is None:
            stretch = self._backlog.next
            start_s = (stretch.start_ms - self.session_ms) / 1000 + stretch.read / SAMPLE_RATE
            self._twin = self._twin or self._understanding.fork()
            self._filling = Pipeline(self._engine, self._twin, live=False, clock=self._ring.now_s, start_s=start_s)
        samples = self._backlog.read(round(FILL_S * SAMPLE_RATE / HOP) * HOP)
        for first in range(0, len(samples), HOP):
            hop = samples[first : first + HOP]
            self._publish_late(self._filling.feed(np.pad(hop, (0, HOP - len(hop))), 0.0))
        if not len(samples):
            self._publish_late(self._filling.finish())
            self._backlog.drop()
            self._filling = None
            self._twin = self._twin if self._backlog.next else None
        return True

    def _publish_late(self, events: list[Event]) -> None:
        # what was presented then is not put on air now
        self._publish([event for event in events if not isinstance(event, ProductIntroduced)])

    def _wall(self, at_s: float) -> Ms:
        return Ms(self.session_ms + round(at_s * 1000))

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
