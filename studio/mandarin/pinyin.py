"""How alike two stretches of Mandarin sound, syllable by syllable, without tones.

Whisper writes homophones and near-homophones of names it does not know (虾仁 → 瞎人, 娃娃菜 → 王瓦菜);
speakers from the south merge z/zh, c/ch, s/sh, n/l, in/ing, en/eng.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from studio.mandarin.readings import readings, short_words

# speakers merge these
_FOLDED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "l": "n", "r": "n"}
_FOLDED_FINALS = {"ing": "in", "eng": "en", "ang": "an", "iang": "ian", "uang": "uan", "ong": "un", "iong": "un"}
# the model mistakes these: same place of articulation
_FAMILIES = ("bpm", "dt", "gkh", "jqx", "zcs", "f")
# the third reading of a character is a rare one
_READINGS = 2
# two letters before one, so that zh is not read as z
_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
_READ = str.maketrans("0123456789", "零一二三四五六七八九")
_MERGED = 0.92
_RELATED = 0.5


class Syllable(NamedTuple):
    """Initial ("" where there is none) and final; a digit or Latin letter is an initial without final."""

    initial: str
    final: str


# one character: its readings (重: zhong, chong), most common first
Sound = tuple[Syllable, ...]


def sounds_of(text: str) -> tuple[Sound, ...]:
    """One sound a character; digits as they are read (2围码 sounds like 二维码)."""
    return tuple(_sound(char) for char in text.translate(_READ))


@cache
def _sound(char: str) -> Sound:
    return tuple(dict.fromkeys(_syllable(reading, char) for reading in readings(char)))[:_READINGS]


def _syllable(reading: str, char: str) -> Syllable:
    if reading == char.lower():
        return Syllable(reading, "")
    initial = next((initial for initial in _INITIALS if reading.startswith(initial)), "")
    return Syllable(initial, reading[len(initial) :])


@lru_cache(maxsize=1 << 16)
def similarity(one: Sound, other: Sound) -> float:
    """0..1; 1 for homophones, 0.92 a part for what speakers merge, about half for related sounds."""
    return max(_similarity(a, b) for a in one for b in other)


def _similarity(one: Syllable, other: Syllable) -> float:
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
    return text in short_words()


def likeness(one: Sequence[Sound], other: Sequence[Sound]) -> float:
    """Mean similarity of two stretches of equal length."""
    return sum(similarity(a, b) for a, b in zip(one, other, strict=True)) / len(one)


def places_alike(heard: Sequence[Sound], wanted: Sequence[Sound], needed: float) -> Iterator[int]:
    """Where in what was heard a stretch of the wanted length begins whose likeness is at least `needed`.

    Gives a place up at the first syllable that cannot be made good for: most places cost one comparison.
    """
    length = len(wanted)
    spare = length * (1.0 - needed) + 1e-9
    for first in range(len(heard) - length + 1):
        missing = 0.0
        for place in range(length):
            missing += 1.0 - similarity(heard[first + place], wanted[place])
            if missing > spare:
                break
        else:
            yield first
