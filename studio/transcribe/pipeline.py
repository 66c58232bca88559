"""The ear's own loop: hops of sound in, events out. One decode at a time, most urgent first."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from studio.events import CaptionPartial, Event
from studio.transcribe.backlog import Stopwatch
from studio.transcribe.engine import FULL_WINDOW_S, Decoded, Engine, Samples
from studio.transcribe.sentences import split
from studio.transcribe.settled import Agreement
from studio.transcribe.text import is_invented, is_looping, tidy
from studio.transcribe.understanding import Understanding
from studio.transcribe.vad import HOP, SAMPLE_RATE, Endpointer, Mark, VoiceDetector
from studio.types import Seconds

_log = logging.getLogger(__name__)

# overload policy: what is given up at which lag, in seconds
PARTIAL_LAG_S = 1.5
SPECULATE_LAG_S = 3.0
# a second, wider decode takes about twice as long as the first; it must fit into this
RETRY_WITHIN_S = 1.8
MERGE_LAG_S = 6.0
MERGE_LIMIT_S = 20.0

FIRST_PARTIAL_S = 1.0
PARTIAL_EVERY_S = 1.5
DOUBT_LOGPROB = -0.3
DOUBT_COMPRESSION = 2.4
WIDE_WINDOW_S = 15.0
# a beam of 5 for every final text made the ear 50 MB larger, and growing, for half a percent fewer wrong characters
WIDE_BEAM = 3


@dataclass(frozen=True, slots=True)
class _Decode:
    """A decode made ahead, of the audio from hop `first` to hop `last`."""

    first: int
    last: int
    decoded: Decoded


class Pipeline:
    """Turns one source's sound into events.

    Args:
        engine: the loaded model.
        understanding: tonight's products and what was said so far.
        live: sound comes at its own pace: decode ahead at the first pause, and show partial captions.
        clock: media seconds now, for `emitted_at`; None where the audio is read faster than its pace.
        start_s: media time of the first sample.
    """

    def __init__(
        self,
        engine: Engine,
        understanding: Understanding,
        *,
        live: bool,
        clock: Callable[[], float] | None = None,
        start_s: float = 0.0,
    ) -> None:
        self.dropped_partials = 0
        self.decoding = Stopwatch()
        self._engine = engine
        self._understanding = understanding
        self._live = live
        self._clock = clock
        self._start_s = start_s
        self._detector = VoiceDetector()
        self._endpointer = Endpointer()
        self._hops: list[Samples] = []
        self._first_hop = 0  # number of the hop at the head of _hops
        self._ahead: _Decode | None = None
        self._waiting: list[Mark] = []
        self._last_partial = 0.0
        self._decode_s = 0.3
        self._agreement = Agreement()
        self._spoken_from: Seconds | None = None

    def feed(self, hop: Samples, lag_s: float) -> list[Event]:
        """Take the next 512 samples.

        Args:
            hop: mono float32 at 16 kHz.
            lag_s: seconds of sound that already wait behind this hop.
        """
        self._hops.append(hop)
        events: list[Event] = []
        for mark in self._endpointer.push(self._detector.probability(hop)):
            events += self._follow(mark, lag_s)
        if self._endpointer.speaking:
            events += self._partial(lag_s)
        else:
            events += self._flush() if self._waiting and lag_s < MERGE_LAG_S else []
            self._forget(self._endpointer.hop - 16)
        return events

    def finish(self) -> list[Event]:
        """The sound is over; what is left of it."""
        events: list[Event] = []
        for mark in self._endpointer.finish():
            events += self._follow(mark, 0.0)
        return events + self._flush()

    @property
    def idle(self) -> bool:
        """Whether nobody speaks and nothing waits."""
        return not (self._endpointer.speaking or self._waiting)

    def set_aside(self, hops: int) -> tuple[Samples, float]:
        """Leave out the next hops; what was taken in and not written down, and its media time."""
        here = self._endpointer.hop
        firsts = [mark.audio_first for mark in self._waiting]
        firsts += [self._endpointer.audio_started] if self._endpointer.speaking else []
        first = min(firsts, default=here)
        undone = self._samples(first, here) if first < here else np.zeros(0, np.float32)
        self._waiting.clear()
        self._ahead, self._last_partial = None, 0.0
        self._endpointer.jump(hops)
        self._hops.clear()
        self._first_hop = self._endpointer.hop
        return undone, self._time(first)

    def undone(self) -> tuple[Samples, float]:
        """All that is held, for another process to write down: called by the watchdog while a decode hangs."""
        hops = list(self._hops)
        return (np.concatenate(hops) if hops else np.zeros(0, np.float32)), self._time(self._first_hop)

    def _follow(self, mark: Mark, lag_s: float) -> list[Event]:
        if mark.kind == "resume":
            self._ahead = None
        elif mark.kind == "pause":
            if self._live and lag_s < SPECULATE_LAG_S:
                self._ahead = _Decode(mark.audio_first, mark.last, self._decode(mark, lag_s))
                self._last_partial = self._seconds(mark.first, self._endpointer.hop)
                return self._caption(self._ahead.decoded)
        else:
            return self._end(mark, lag_s)
        return []

    def _end(self, mark: Mark, lag_s: float) -> list[Event]:
        if self._waiting and self._seconds(self._waiting[0].audio_first, mark.audio_last) > MERGE_LIMIT_S:
            events = self._flush()
        else:
            events = []
        self._waiting.append(mark)
        if lag_s < MERGE_LAG_S:
            events += self._flush(lag_s)
        return events

    def _flush(self, lag_s: float = 0.0) -> list[Event]:
        """Decode what waits, as one utterance, and publish it."""
        if not self._waiting:
            return []
        merged = _merge(self._waiting)
        self._waiting.clear()
        ahead, self._ahead = self._ahead, None
        fits = ahead is not None and (ahead.first, ahead.last) == (merged.audio_first, merged.last)
        decoded = ahead.decoded if ahead is not None and fits else self._decode(merged, lag_s)
        self._last_partial = 0.0
        self._forget(merged.audio_last)
        if self._is_rejected(decoded):
            _log.info("dropped as not said: %r (%.2f, %.2f)", decoded.text, decoded.logprob, decoded.no_speech)
            return []
        audio_start = self._time(merged.audio_first)
        words = [(place, audio_start + end) for place, end in decoded.words]
        events: list[Event] = []
        emitted_at = Seconds(round(self._clock(), 3)) if self._clock else None
        breaths = [(self._time(quiet), self._time(voice)) for quiet, voice in merged.breaths]
        for sentence in split(decoded.text, words, self._time(merged.first), self._time(merged.last), breaths):
            events += self._understanding.hear(sentence, float(np.exp(decoded.logprob)), emitted_at)
        return events

    def _decode(self, mark: Mark, lag_s: float) -> Decoded:
        samples = self._samples(mark.audio_first, mark.audio_last)
        timed = bool(mark.breaths)
        prompt = self._understanding.prompt()
        decoded = self._timed(samples, prompt, timed=timed)
        doubtful = decoded.logprob < DOUBT_LOGPROB or decoded.compression > DOUBT_COMPRESSION
        in_time = not self._live or lag_s + 3 * self._decode_s < RETRY_WITHIN_S
        if (doubtful or is_looping(decoded.text)) and in_time:
            window_s = FULL_WINDOW_S if decoded.compression > DOUBT_COMPRESSION else WIDE_WINDOW_S
            with self.decoding:
                again = self._engine.decode(samples, prompt, window_s=window_s, beam=WIDE_BEAM, timed=timed)
            decoded = again if again.logprob > decoded.logprob or is_looping(decoded.text) else decoded
        return decoded

    @staticmethod
    def _is_rejected(decoded: Decoded) -> bool:
        return is_looping(decoded.text) or is_invented(
            tidy(decoded.text), logprob=decoded.logprob, no_speech=decoded.no_speech, compression=decoded.compression
        )

    def _partial(self, lag_s: float) -> list[Event]:
        spoken_s = self._seconds(self._endpointer.started, self._endpointer.hop)
        due_s = self._last_partial + max(PARTIAL_EVERY_S, 2 * self._decode_s) if self._last_partial else FIRST_PARTIAL_S
        if not self._live or spoken_s < due_s or self._endpointer.quiet:
            return []
        self._last_partial = spoken_s
        if lag_s > PARTIAL_LAG_S:
            self.dropped_partials += 1
            return []
        samples = self._samples(self._endpointer.audio_started, self._endpointer.hop)
        return self._caption(self._timed(samples, self._understanding.prompt()))

    def _timed(self, samples: Samples, prompt: str, *, timed: bool = False) -> Decoded:
        began = time.monotonic()
        with self.decoding:
            decoded = self._engine.decode(samples, prompt, timed=timed)
        self._decode_s = time.monotonic() - began
        return decoded

    def _caption(self, decoded: Decoded) -> list[Event]:
        """The text so far of the utterance being spoken."""
        text = tidy(decoded.text)
        if not text or self._is_rejected(decoded):
            return []
        start = Seconds(round(self._time(self._endpointer.started), 3))
        if self._spoken_from != start:
            self._spoken_from, self._agreement = start, Agreement()
        shown = self._agreement.take(self._understanding.caption(text))
        return [CaptionPartial(text=shown.text, start=start, settled=shown.settled)]

    def _samples(self, first: int, last: int) -> Samples:
        return np.concatenate(self._hops[first - self._first_hop : last - self._first_hop])

    def _forget(self, before: int) -> None:
        """Drop hops that no utterance will need again; 16 hops of pre-roll are always kept."""
        before = min(before, self._waiting[0].audio_first) if self._waiting else before
        if before - self._first_hop > 0:
            del self._hops[: before - self._first_hop]
            self._first_hop = before

    def _time(self, hop: int) -> float:
        return self._start_s + hop * HOP / SAMPLE_RATE

    @staticmethod
    def _seconds(first: int, last: int) -> float:
        return (last - first) * HOP / SAMPLE_RATE


def _merge(marks: Sequence[Mark]) -> Mark:
    """One utterance of several; the silences between them are breaths of it."""
    head, tail = marks[0], marks[-1]
    breaths = [breath for mark in marks for breath in mark.breaths]
    breaths += [(one.last, other.first) for one, other in pairwise(marks)]
    return Mark("end", head.first, tail.last, head.audio_first, tail.audio_last, tuple(sorted(breaths)))
