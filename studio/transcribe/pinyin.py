"""How alike two stretches of Mandarin sound, syllable by syllable, without tones.

Whisper writes homophones and near-homophones of names it does not know (虾仁 → 瞎人, 娃娃菜 → 王瓦菜);
speakers from the south merge z/zh, c/ch, s/sh, n/l, in/ing, en/eng.
"""

from functools import cache
from typing import Any, NamedTuple

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT
from rapidfuzz.distance import Levenshtein

# speakers merge these
_FOLDED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "l": "n", "r": "n"}
_FOLDED_FINALS = {"ing": "in", "eng": "en", "ang": "an", "iang": "ian", "uang": "uan", "ong": "un", "iong": "un"}
# the model mistakes these: same place of articulation
_FAMILIES = ("bpm", "dt", "gkh", "jqx", "zcs", "f")
_READ = str.maketrans("0123456789", "零一二三四五六七八九")
_MERGED = 0.92
_RELATED = 0.5


class Syllable(NamedTuple):
    """Initial ("" where there is none) and final; a digit or Latin letter is an initial without final."""

    initial: str
    final: str


def syllables(text: str) -> tuple[Syllable, ...]:
    """One syllable a character; digits as they are read (2围码 sounds like 二维码)."""
    return tuple(_syllable(char) for char in text.translate(_READ))


@cache
def _syllable(char: str) -> Syllable:
    sound = lazy_pinyin(char, style=Style.NORMAL, errors=str.lower)[0]
    initial = lazy_pinyin(char, style=Style.INITIALS, strict=False, errors=str.lower)[0]
    if not sound.startswith(initial):  # ü written v, and other oddities: take it whole
        return Syllable("", sound)
    return Syllable(initial, sound[len(initial) :])


@cache
def similarity(one: Syllable, other: Syllable) -> float:
    """0..1; 1 for homophones, 0.92 a part for what speakers merge, about half for related sounds."""
    if one == other:
        return 1.0
    if not one.final or not other.final:  # digits and letters are equal or not
        return 0.0
    return 0.45 * _initial_likeness(one.initial, other.initial) + 0.55 * _final_likeness(one.final, other.final)


def _initial_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    one, other = _FOLDED_INITIALS.get(one, one), _FOLDED_INITIALS.get(other, other)
    if one == other:
        return _MERGED
    related = any(one and other and one[0] in family and other[0] in family for family in _FAMILIES)
    return _RELATED if related else 0.0


def _final_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    one, other = _FOLDED_FINALS.get(one, one), _FOLDED_FINALS.get(other, other)
    if one == other:
        return _MERGED
    return Levenshtein.normalized_similarity(one, other) * 0.75


def is_word(text: str) -> bool:
    """Whether two or three characters are an ordinary word, which a host may well have meant (吓人 beside 虾仁)."""
    return text in _words()


@cache
def _words() -> frozenset[str]:
    phrases: Any = PHRASES_DICT
    return frozenset(phrase for phrase in phrases if len(phrase) in (2, 3))


def likeness(one: tuple[Syllable, ...], other: tuple[Syllable, ...]) -> float:
    """Mean similarity of two stretches of equal length."""
    return sum(similarity(a, b) for a, b in zip(one, other, strict=True)) / len(one)
