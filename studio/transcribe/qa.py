"""Pairs a buyer's question with the sentences that answer it."""

from dataclasses import dataclass, replace

from studio.transcribe.cues import find_cue, has_cue
from studio.transcribe.questions import find_question
from studio.types import Sku

MAX_ANSWER_S = 14.0
MAX_WAIT_S = 6.0
# sentences that follow closer than this belong together: the host only took breath
BREATH_S = 0.65
ASKER_WAIT_S = 1.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and, once heard, its answer; times in media seconds."""

    seq: int
    product: Sku | None
    asker: str
    question: str
    start: float
    end: float
    answer: str = ""
    answer_start: float = 0.0
    answer_end: float = 0.0


class Conversation:
    """Pairs each question with the sentences that answer it."""

    def __init__(self) -> None:
        self._pair: Pair | None = None

    def hear(
        self, seq: int, text: str, topic: Sku | None, start: float, end: float, *, turns: bool
    ) -> tuple[str, Pair | None]:
        """Take one sentence.

        Args:
            seq: of its segment.
            text: corrected text.
            topic: product it is about.
            start: media seconds.
            end: media seconds.
            turns: the sentence starts something else (a new product, a demonstration, a price).

        Returns:
            ("question", pair) where a question is now complete, ("answer", pair) where its answer began
            or grew, ("asking", None) for the asker alone, ("", None) for any other sentence.
        """
        asked = find_question(text)
        if asked is not None:
            self._pair = Pair(seq, topic, asked.asker, asked.text, start, end)
            return ("question", self._pair) if asked.text else ("asking", None)
        pair = self._pair
        if pair is None:
            return "", None
        if not pair.question:
            return self._complete(pair, text, start, end)
        if not self._answers(pair, text, start, end, turns=turns):
            self._pair = None
            return "", None
        if pair.answer:
            self._pair = replace(pair, answer=_join(pair.answer, text), answer_end=end)
        else:
            self._pair = replace(pair, answer=text, answer_start=start, answer_end=end)
        return "answer", self._pair

    def _complete(self, pair: Pair, text: str, start: float, end: float) -> tuple[str, Pair | None]:
        if start - pair.end > ASKER_WAIT_S or not has_cue("question", text):
            self._pair = None
            return "", None
        self._pair = replace(pair, question=text, end=end)
        return "question", self._pair

    @staticmethod
    def _answers(pair: Pair, text: str, start: float, end: float, *, turns: bool) -> bool:
        if find_cue("transition", text) or (has_cue("off_topic", text) and pair.answer):
            return False
        if not pair.answer:
            return start - pair.end <= MAX_WAIT_S
        if turns or end - pair.answer_start > MAX_ANSWER_S:
            return False
        gap = start - pair.answer_end
        return gap <= BREATH_S or (gap <= 2 * BREATH_S and has_cue("continuation", text))


def _join(one: str, other: str) -> str:
    return one + other if one.endswith(tuple("，。？！")) else f"{one}，{other}"
