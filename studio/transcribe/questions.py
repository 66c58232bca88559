"""Buyers' questions that the host reads out, told by the words for an asker, also misheard."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studio.mandarin.pinyin import Sound, likeness, sounds_of
from studio.transcribe.cues import has_cue
from studio.transcribe.rules import load_rules

_ASKER_REACH = 8
_ASK = re.compile(
    r"^(?P<asker>[^，。？！、]{1,10}?)(?:在|想|还)?"
    r"(?:问(?:一下|一句|我们|我|你|您|到|道|了|的是|说)?|想知道|(?P<says>说|打(?:字|出来)?(?:说|问)?|担心|好奇))"
    r"[，。、：\s]?(?P<rest>.*)$"
)
_PLAIN_ASKER = 5
_ASKER_LIKENESS = 0.95
_BEFORE_ASKER = re.compile(
    r"^(?:好的?|那个?|刚才|这里|然后|还|又|我看到|我看|看到|评论区里?|弹幕里?|公屏上?)*(?:有一?[个位](?=.)|有(?=..)|这位|那位)?"
)
# 请问, 疑问, 学问, 没问题 …: 问 that asks nothing
_NOT_ASKING = re.compile(
    r"(?:请|疑|学|访|慰|过|反|没|问)问|问(?:题|候|世|卷)|什么想问|想问的|要问的|我(?:也|还|就|又|先)?(?:去)?问"
)
# 看一下问题，…; 问，…: nobody is named
_NAMELESS = re.compile(
    r"^(?:[^，。？！]{0,4}(?:看|念|回答|回复|答)(?:一下|一个|一条|几个|下)?(?:大家的)?(?:问题|留言|提问|评论)"
    r"|(?:问|提问|问题是|有问))[，：]\s*(?P<rest>.+)$"
)
_NICKNAME_HEADS = tuple("小老阿")
# the host's own questions, and those of his family
_HOST = re.compile(
    r"(?:我|我们|大家|你|你们|咱们?|他们|我(?:们?家)?(?:妈|爸|老公|老婆|爱人|儿子|女儿|爷爷|奶奶|[姐哥弟妹]))(?:都|也|还|就|老|经常|天天)*"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read out: who asks ("" unknown) and what; rest is empty while only the asker was heard."""

    asker: str
    text: str


def find_question(text: str) -> Question | None:
    """The buyer's question a sentence reads out; None for the host's own sentences and own questions.

    A question is told by its asker (张阿姨问，…; 有邻居问…), also misheard, together with a question's form.
    An asker alone (有人问，) gives a question with empty text: it follows in the next sentence.
    """
    nameless = _NAMELESS.match(text)
    if nameless:
        return Question("", nameless["rest"]) if has_cue("question", nameless["rest"]) else None
    head, rest = _split_asker(text)
    if not head:
        return None
    if _HOST.fullmatch(head):
        return None
    asker = _written_right(_BEFORE_ASKER.sub("", head) or head)
    if not rest:
        return Question(asker, "") if len(asker) > 1 and _asker_end(asker) is not None else None
    return Question(asker, rest) if has_cue("question", rest) else None


def _split_asker(text: str) -> tuple[str, str]:
    """The asker and what is asked; two empty strings where nobody asks."""
    match = _ASK.match(text)
    if match and _asks(text, match):
        head, rest = match["asker"], match["rest"]
    else:
        first, last = _misheard_ask(text) or (0, 0)
        head, rest = text[:first], text[last:] if last else ""
    return head, rest.strip("，。、： ")


def _asks(text: str, match: re.Match[str]) -> bool:
    """Whether who stands before 问 is a buyer."""
    if _NOT_ASKING.search(text[: match.end("asker") + 2]):
        return False
    if match["says"]:  # 老实说 sounds like 老师说: here the asker must be written out
        return any(word in match["asker"] for word in load_rules("cues")["asker"]["words"])
    return len(match["asker"]) <= _PLAIN_ASKER or _asker_end(match["asker"]) is not None


def _misheard_ask(text: str) -> tuple[int, int] | None:
    """Place (first, last exclusive) of what parts an asker from a question where 问 was not written."""
    sounds = sounds_of(text[:_ASKER_REACH])
    asks = [place for place in range(2, min(len(sounds), len(text) - 1)) if _sounds_like_ask(sounds[place])]
    if text[:1] in _NICKNAME_HEADS and asks[:1] == [2]:  # 小周文是不是…
        return 2, 3
    if text.startswith("有") and asks and text[asks[0] + 1] in "，、：":  # 有零居温，…
        return asks[0], asks[0] + 2
    named = _asker_end(text[:_ASKER_REACH])
    if named is None:
        return None
    if asks and named <= asks[0] <= named + 1:  # 邻居温这个…
        return asks[0], asks[0] + 1
    breaks = re.search(r"[，、：]", text[: _ASKER_REACH + 1])
    if breaks and text.startswith("有") and breaks.start() >= named:  # 有姐妹们，…怎么办
        return breaks.span()
    return None


def _sounds_like_ask(sound: Sound) -> bool:
    return sound[0] == sounds_of("问")[0][0]


def _asker_end(head: str) -> int | None:
    """Where the word for a buyer ends that a sentence starts with, by sound; None where it has none."""
    sounds = sounds_of(head)
    for word in load_rules("cues")["asker"]["words"]:
        wanted = sounds_of(word)
        for first in range(len(sounds) - len(wanted) + 1):
            if head[first] == word or (len(word) > 1 and _is_alike(sounds[first : first + len(wanted)], wanted)):
                return first + len(wanted)
    return None


def _is_alike(heard: Sequence[Sound], wanted: Sequence[Sound]) -> bool:
    return len(heard) == len(wanted) and likeness(heard, wanted) >= _ASKER_LIKENESS


def _written_right(asker: str) -> str:
    """The word for a buyer that an asker sounds like as a whole (林居 → 邻居), else the asker itself."""
    sounds = sounds_of(asker)
    words = [word for word in load_rules("cues")["asker"]["words"] if len(word) > 1]
    return next((word for word in words if _is_alike(sounds, sounds_of(word))), asker)
