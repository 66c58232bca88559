"""Partial captions that do not flicker: what successive decodes of a growing utterance agree on is settled.

Whisper writes the whole utterance anew each time; its first half hardly changes, its last words do. What two decodes in
a row agree on is settled and stays as it stands until two decodes in a row agree on something else.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Shown:
    """A text to show; the first `settled` characters of it will hardly change any more."""

    text: str
    settled: int


class Agreement:
    """The partial texts of one utterance, one after the other."""

    def __init__(self) -> None:
        self._previous = ""
        self._settled = ""

    def take(self, text: str) -> Shown:
        """The next partial text, as it is shown."""
        agreed = _agreement(self._previous, text)
        self._previous = text
        if _agreement(self._settled, text) < _length(self._settled) > agreed:
            # one decode alone wants what is settled otherwise: its new words go behind what stands
            return Shown(self._settled + text[_reach(self._settled, text) :], len(self._settled))
        if _agreement(self._settled, text) < _length(self._settled):  # two want it: it was wrong
            self._settled = ""
        end = max(_place(text, agreed), _place(text, _length(self._settled)))
        self._settled = text[: before_split(text, end)]
        return Shown(text, len(self._settled))


def carry(shown: Shown, change: Callable[[str], str]) -> Shown:
    """The text changed as a whole, and how much of it is settled then; never up to the middle of a number."""
    text = change(shown.text)
    alone = change(shown.text[: shown.settled])
    same = next((place for place, pair in enumerate(zip(alone, text, strict=False)) if pair[0] != pair[1]), None)
    return Shown(text, before_split(text, min(len(alone), len(text)) if same is None else same))


def before_split(text: str, end: int) -> int:
    """The last place up to `end` that is not inside a number or a Latin word."""
    while 0 < end < len(text) and _binds(text[end - 1]) and _binds(text[end]):
        end -= 1
    return end


def _binds(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ".-'")


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZ"


def _letters(text: str) -> str:
    """Without marks and spaces, which come and go as a sentence grows."""
    return "".join(filter(_is_letter, text))


def _length(text: str) -> int:
    return len(_letters(text))


def _agreement(one: str, other: str) -> int:
    """How many letters both begin with."""
    count = 0
    for a, b in zip(_letters(one), _letters(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _place(text: str, letters: int) -> int:
    """Where that many letters of the text end."""
    place = 0
    if letters == 0:
        return 0
    for place, char in enumerate(text, 1):
        letters -= _is_letter(char)
        if letters < 0:
            return place - 1
    return place


def _reach(settled: str, text: str) -> int:
    """Up to where the text says what is settled, in other words."""
    wanted, letters = _letters(settled), _letters(text)
    near = min(
        range(len(letters) + 1),
        key=lambda count: (Levenshtein.distance(wanted, letters[:count]), abs(len(wanted) - count)),
    )
    return _place(text, near)
