"""From what the model wrote to text people read: Simplified, tidy, in sentences; invented text dropped."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

from studio.transcribe.rules import load_rules

NO_SPEECH_LIMIT = 0.6
LOGPROB_LIMIT = -1.0
# both doubts at once; nothing that was said in the shows comes near either
NO_SPEECH_DOUBT, LOGPROB_DOUBT = 0.5, -0.8
COMPRESSION_LIMIT = 2.4

_HANZI = r"\u3400-\u9fff"
_PUNCTUATION = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；", ":": "：", "｡": "。"})
# a comma or point between digits is part of a number, not of the sentence
_IN_NUMBER = re.compile(r"(?<=\d),(?=\d{3})")
_ASCII_PUNCTUATION = re.compile(r"(?<!\d)[,:]|[,:](?!\d)|[?!;]")
_REPEATED = re.compile(r"(.{1,12}?)\1{3,}")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters to Simplified; keeps the length."""
    return _converter().convert(text)


def tidy(text: str) -> str:
    """Simplified text with Chinese punctuation and without stray marks the model leaves behind."""
    text = unicodedata.normalize("NFKC", simplify(text)).replace("\ufffd", "")
    text = _IN_NUMBER.sub("", text)
    text = _ASCII_PUNCTUATION.sub(lambda match: match[0].translate(_PUNCTUATION), text)
    text = re.sub(rf"(?<=[{_HANZI}，。？！、])\s+|\s+(?=[{_HANZI}，。？！、])", "", text)
    text = re.sub(r"[《》「」『』【】\[\]♪#*_~]", "", text)
    text = re.sub(r"([，。？！、；])[，。？！、；]+", r"\1", text)
    return text.strip().lstrip("，。、；？！.- ")


def plain(text: str) -> str:
    """Only letters, digits and characters, lower case: for comparing."""
    return re.sub(r"[\W_]", "", text.lower())


def is_invented(text: str, *, logprob: float, no_speech: float, compression: float) -> bool:
    """Whether the model most likely wrote this without hearing it."""
    if no_speech > NO_SPEECH_LIMIT or logprob < LOGPROB_LIMIT or compression > COMPRESSION_LIMIT:
        return True
    if no_speech > NO_SPEECH_DOUBT and logprob < LOGPROB_DOUBT:
        return True
    rules = load_rules("hallucinations")
    bare = plain(text)
    if not bare or bare in rules["alone"]:
        return True
    return any(plain(phrase) in bare for phrase in rules["phrases"])


def is_looping(text: str) -> bool:
    """Whether a stretch of two or more characters repeats four times, or one character eight times."""
    found = _REPEATED.search(plain(text))
    return bool(found) and (len(found[1]) > 1 or len(found[0]) >= 8)  # noqa: PLR2004 - 哈哈哈哈 is a laugh
