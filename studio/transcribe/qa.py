"""Buyers' questions that the host reads out, and the answers that follow."""

import re
from dataclasses import dataclass, replace

from studio.transcribe.cues import find_cue, has_cue
from studio.transcribe.pinyin import Sound, likeness, sounds_of
from studio.transcribe.rules import load_rules
from studio.types import Sku

_ASKER_REACH = 8
_ASK = re.compile(
    r"^(?P<asker>[^，。？！、]{1,10}?)(?:在|想|还)?"
    r"(?:问(?:一下|一句|我们|我|你|您|到|道|了|的是|说)?|想知道|(?P<says>说))"
    r"[，。、：\s]?(?P<rest>.*)$"
)
_PLAIN_ASKER = 5
_BEFORE_ASKER = re.compile(
    r"^(?:好的?|那个?|刚才|这里|然后|还|又|我看到|我看|看到|评论区里?|弹幕里?|公屏上?)*(?:有一?[个位](?=.)|有(?=..)|这位|那位)?"
)
# 请问, 疑问, 学问, 没问题 …: 问 that asks nothing
_NOT_ASKING = re.compile(r"(?:请|疑|学|访|慰|过|反|没|问)问|问(?:题|候|世|卷)")
_NICKNAME_HEADS = tuple("小老阿")
# the host's own questions
_HOST = ("我", "我们", "大家", "你", "你们", "咱们", "他们")

MAX_ANSWER_S = 14.0
MAX_WAIT_S = 6.0
# sentences that follow closer than this belong together: the host only took breath
BREATH_S = 0.65
ASKER_WAIT_S = 1.5


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read out: who asks ("" unknown) and what; rest is empty while only the asker was heard."""

    asker: str
    text: str


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


def find_question(text: str) -> Question | None:
    """The buyer's question a sentence reads out; None for the host's own sentences and own questions.

    A question is told by its asker (张阿姨问，…; 有邻居问…), also misheard, together with a question's form.
    An asker alone (有人问，) gives a question with empty text: it follows in the next sentence.
    """
    head, rest = _split_asker(text)
    if not head:
        return None
    asker = _BEFORE_ASKER.sub("", head) or head
    if asker in _HOST:
        return None
    if not rest:
        return Question(asker, "") if len(asker) > 1 and _asker_end(asker) is not None else None
    return Question(asker, rest) if has_cue("question", rest) else None


def _split_asker(text: str) -> tuple[str, str]:
    """The asker and what is asked; two empty strings where nobody asks."""
    match = _ASK.match(text)
    if match and not _NOT_ASKING.search(text[: match.end("asker") + 2]):
        if match["says"]:  # 老实说 sounds like 老师说: here the asker must be written out
            asks = any(word in match["asker"] for word in load_rules("cues")["asker"]["words"])
        else:
            asks = len(match["asker"]) <= _PLAIN_ASKER or _asker_end(match["asker"]) is not None
        if asks:
            return match["asker"], match["rest"].strip("，。、： ")
    sounds = sounds_of(text[:_ASKER_REACH])
    if text[:1] in _NICKNAME_HEADS and len(sounds) > 3 and _sounds_like_ask(sounds[2]):  # 小周文，…  # noqa: PLR2004
        return text[:2], text[3:].strip("，。、： ")
    named = _asker_end(text[:_ASKER_REACH])
    if named is None:
        return "", ""
    for place in range(named, min(len(sounds), named + 2)):
        if _sounds_like_ask(sounds[place]):  # 邻居温，…
            return text[:place], text[place + 1 :].strip("，。、： ")
    breaks = re.search(r"[，、：]", text[: _ASKER_REACH + 1])
    if breaks and text.startswith("有") and breaks.start() >= named:  # 有姐妹们，…怎么办
        return text[: breaks.start()], text[breaks.end() :].strip()
    return "", ""


def _sounds_like_ask(sound: Sound) -> bool:
    return sound[0] == sounds_of("问")[0][0]


def _asker_end(head: str) -> int | None:
    """Where the word for a buyer ends that a sentence starts with, by sound; None where it has none."""
    sounds = sounds_of(head)
    for word in load_rules("cues")["asker"]["words"]:
        wanted = sounds_of(word)
        for first in range(len(sounds) - len(wanted) + 1):
            alike = likeness(sounds[first : first + len(wanted)], wanted) == 1 if len(word) > 1 else head[first] == word
            if alike:
                return first + len(wanted)
    return None


class Conversation:
    """Pairs each question with the sentences that answer it."""

    def __init__(self) -> None:
        self._pair: Pair | None = None
        self._answered_until = 0.0

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
