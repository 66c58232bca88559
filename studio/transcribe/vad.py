"""Who speaks when: streaming Silero VAD and the endpointing of utterances.

`VoiceDetector` is the network, one probability a hop. `Endpointer` is a pure state machine over these
probabilities, so that its rules can be tested without any sound.
"""

import importlib.util
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
HOP = 512
HOP_MS = HOP * 1000 / SAMPLE_RATE  # 32 ms
_CONTEXT = 64


class VoiceDetector:
    """Silero VAD v6 (the file that comes with faster-whisper), carrying its state from hop to hop."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("faster_whisper")  # located, not imported: only the engine may
        assert spec is not None  # noqa: S101 - a declared dependency
        assert spec.origin is not None  # noqa: S101 - a package has an __init__
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        model = Path(spec.origin).with_name("assets") / "silero_vad_v6.onnx"
        self._session = onnxruntime.InferenceSession(
            str(model), providers=["CPUExecutionProvider"], sess_options=options
        )
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._input = np.zeros((1, _CONTEXT + HOP), np.float32)

    def probability(self, hop: NDArray[np.float32]) -> float:
        """Probability of speech in the next 512 samples."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = hop
        out, self._h, self._c = cast(
            "tuple[Any, Any, Any]", self._session.run(None, {"input": self._input, "h": self._h, "c": self._c})
        )
        return float(out.reshape(-1)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpointing:
    """When an utterance begins and ends. Values measured on Mandarin shows with Whisper base."""

    on: float = 0.5
    on_hops: int = 2
    off: float = 0.35
    preroll_ms: int = 320
    speculate_ms: int = 256
    # 350 cuts sentences in two, 700 merges them
    end_ms: int = 500
    tail_ms: int = 200
    # a host who hardly pauses is cut at the first breath after this long, or nothing would come out
    soft_after_ms: int = 6_000
    breath_ms: int = 96
    hard_after_ms: int = 14_000
    # a hard cut looks back this far for the quietest moment, so that no word is cut in two
    hard_search_ms: int = 6_000
    min_voice_ms: int = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """What the endpointer saw, in hops since the first.

    kind "pause": a decode may start, the utterance may be over. "resume": it was not. "end": it is.
    first..last (exclusive) are the voice; audio_first..audio_last what to decode. breaths: short pauses
    inside the voice, each from..to (exclusive).
    """

    kind: Literal["pause", "resume", "end"]
    first: int
    last: int
    audio_first: int
    audio_last: int
    breaths: tuple[tuple[int, int], ...] = ()


class Endpointer:
    """Feeds on one speech probability a hop, yields marks."""

    def __init__(self, settings: Endpointing | None = None) -> None:
        self.settings = settings or Endpointing()
        self.hop = 0
        self.speaking = False
        self._first = 0
        self._audio_first = 0
        self._floor = 0  # audio before this belongs to the previous utterance
        self._voiced = 0
        self._quiet_from: int | None = None
        self._paused = False
        self._breaths: list[tuple[int, int]] = []
        self._history: list[float] = []

    @property
    def started(self) -> int:
        """First voiced hop of the utterance being spoken."""
        return self._first

    @property
    def audio_started(self) -> int:
        """First hop to decode of the utterance being spoken."""
        return self._audio_first

    @property
    def quiet(self) -> bool:
        """Whether the speaker is pausing inside an utterance."""
        return self._quiet_from is not None

    def push(self, probability: float) -> list[Mark]:
        """Take the probability of the next hop."""
        self.hop += 1
        return self._in_speech(probability) if self.speaking else self._in_silence(probability)

    def jump(self, hops: int) -> None:
        """Leave out what is being spoken and the next hops."""
        self.hop += hops
        self._floor = self.hop
        self.speaking, self._quiet_from, self._paused, self._voiced = False, None, False, 0

    def finish(self) -> list[Mark]:
        """The audio is over: end what is being spoken."""
        if not self.speaking:
            return []
        return self._end(self.hop if self._quiet_from is None else self._quiet_from)

    def _in_silence(self, probability: float) -> list[Mark]:
        self._voiced = self._voiced + 1 if probability >= self.settings.on else 0
        if self._voiced >= self.settings.on_hops:
            self._begin(self.hop - self._voiced)
            self._history = [probability] * self._voiced
        return []

    def _begin(self, first: int) -> None:
        self.speaking = True
        self._first = first
        self._audio_first = max(self._floor, first - _hops(self.settings.preroll_ms))
        self._quiet_from, self._paused, self._breaths = None, False, []

    def _in_speech(self, probability: float) -> list[Mark]:
        self._history.append(probability)
        marks: list[Mark] = []
        if probability >= self.settings.on:
            if self._quiet_from is not None and self.hop - 1 - self._quiet_from >= _hops(self.settings.breath_ms):
                self._breaths.append((self._quiet_from, self.hop - 1))
            if self._paused:
                marks.append(self._mark("resume", self.hop))
            self._quiet_from, self._paused = None, False
        elif probability < self.settings.off and self._quiet_from is None:
            self._quiet_from = self.hop - 1
        spoken_ms = (self.hop - self._first) * HOP_MS
        if self._quiet_from is not None:
            quiet_ms = (self.hop - self._quiet_from) * HOP_MS
            long = spoken_ms > self.settings.soft_after_ms
            if quiet_ms >= (self.settings.breath_ms if long else self.settings.end_ms):
                return [*marks, *self._end(self._quiet_from)]
            if quiet_ms >= self.settings.speculate_ms and not self._paused:
                self._paused = True
                marks.append(self._mark("pause", self._quiet_from))
        if spoken_ms >= self.settings.hard_after_ms:
            marks.append(self._cut_hard())
        return marks

    def _mark(self, kind: Literal["pause", "resume", "end"], last: int) -> Mark:
        audio_last = min(self.hop, last + _hops(self.settings.tail_ms))
        breaths = tuple(breath for breath in self._breaths if breath[1] <= last)
        return Mark(kind, self._first, last, self._audio_first, audio_last, breaths)

    def _end(self, last: int) -> list[Mark]:
        mark = self._mark("end", last)
        self._floor = mark.audio_last
        self.speaking, self._quiet_from, self._paused, self._voiced = False, None, False, 0
        if (mark.last - mark.first) * HOP_MS < self.settings.min_voice_ms:  # a click, not a word
            return [replace(mark, kind="resume")]
        return [mark]

    def _cut_hard(self) -> Mark:
        """Cut at the quietest moment of the last seconds; what follows it is the next utterance."""
        reach = min(len(self._history) - 2, _hops(self.settings.hard_search_ms))
        recent = np.convolve(self._history[-reach:], np.ones(3) / 3, mode="same")
        last = self.hop - reach + int(recent[1:-1].argmin()) + 1
        mark = replace(self._mark("end", last), audio_last=last)
        later = [breath for breath in self._breaths if breath[0] >= last]
        self._floor = last
        self._history = self._history[len(self._history) - (self.hop - last) :]
        self._begin(last)
        self._breaths = later
        return mark


def _hops(duration_ms: float) -> int:
    return round(duration_ms / HOP_MS)
