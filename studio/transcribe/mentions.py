"""Which products a sentence names, also where the model misheard the name; and the sentence set right."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.catalogue_file import CatalogueProduct
from studio.mandarin.pinyin import Sound, is_word, likeness, similarity, sounds_of
from studio.types import Sku

# likeness needed by the number of syllables: short names sound like ordinary words
_NEEDED = {2: 0.93, 3: 0.82}
_NEEDED_LONG = 0.75
# a name's first or last syllable may be merged into what stands beside it, but not be something else
_WEAKEST_SYLLABLE = 0.3
_SHORT = 3
# 的鸡蛋 is no 柴鸡蛋
_FUNCTION = frozenset(
    "的是了在有和就都也不这那个我你他她它们吗呢吧啊把被给到跟从又很还要会能可下上里外过好小大点着呀嘛哦没让为"
)
# 十几单 is no 鸡蛋
_NUMERALS = frozenset("零一二两三四五六七八九十百千万几多半")
_HANZI = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call a product."""

    sku: Sku
    text: str
    sounds: tuple[Sound, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A product name found at `first`..`last` (exclusive) of a text; 1.0 means written as it should be."""

    sku: Sku
    name: str
    first: int
    last: int
    similarity: float


def names_of(products: Iterable[CatalogueProduct]) -> tuple[Name, ...]:
    """All names of all products, longest first."""
    names = [Name(product.sku, text, sounds_of(text)) for product in products for text in product.names]
    return tuple(sorted(names, key=lambda name: -len(name.text)))


def find_mentions(text: str, names: Sequence[Name], current: Sku | None) -> list[Mention]:
    """Names in order of place, without overlap; of two that overlap the longer and more alike.

    Args:
        text: simplified text.
        names: from `names_of`.
        current: product on air; two-syllable names of other products must be written out.
    """
    sounds = sounds_of(text)
    found = [mention for name in names for mention in _occurrences(text, sounds, name, near=name.sku == current)]
    found.sort(key=lambda mention: -(mention.last - mention.first) * mention.similarity**2)
    kept: list[Mention] = []
    for mention in found:
        if all(mention.last <= other.first or other.last <= mention.first for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.first)


def _occurrences(text: str, sounds: tuple[Sound, ...], name: Name, *, near: bool) -> list[Mention]:
    length = len(name.text)
    found = [
        Mention(name.sku, name.text, place.start(), place.end(), 1.0)
        for place in re.finditer(re.escape(name.text), text, re.IGNORECASE)
    ]
    if length < 2 or (length == 2 and not near):  # noqa: PLR2004
        return found
    needed = _NEEDED.get(length, _NEEDED_LONG)
    for first in range(len(text) - length + 1):
        heard = text[first : first + length]
        if heard == name.text or not all(_HANZI.match(char) for char in heard):
            continue
        there = sounds[first : first + length]
        if length == 2:  # noqa: PLR2004 - rare readings make an ordinary pair sound like any name (填自: 橙子)
            there = tuple(sound[:1] for sound in there)
        alike = likeness(there, name.sounds)
        edges = min(similarity(there[0], name.sounds[0]), similarity(there[-1], name.sounds[-1]))
        if (alike < needed or edges < _WEAKEST_SYLLABLE) and not _is_half_right(heard, there, name):
            continue
        if length > _SHORT or not _is_meant_otherwise(text, first, name.text):
            found.append(Mention(name.sku, name.text, first, first + length, min(0.999, alike)))
    return found


def _is_half_right(heard: str, sounds: Sequence[Sound], name: Name) -> bool:
    """Whether of two characters one is right and the other begins like it (些奶 for 鲜奶): the end of it was lost."""
    if len(heard) > 2:  # noqa: PLR2004
        return False
    wrong = [place for place, (char, meant) in enumerate(zip(heard, name.text, strict=True)) if char != meant]
    one, other = sounds[wrong[0]][0], name.sounds[wrong[0]][0]
    return len(wrong) == 1 and one.initial == other.initial and one.final[:1] == other.final[:1] != ""


def _is_meant_otherwise(text: str, first: int, name: str) -> bool:
    """Whether what sounds like a short name is ordinary speech: a word, parts of words beside it, a number."""
    last = first + len(name)
    heard = text[first:last]
    if is_word(heard):
        return True
    differing = {char for char, meant in zip(heard, name, strict=True) if char != meant}
    counts = sum(char in _NUMERALS for char in text[max(0, first - 1) : last + 1])
    if differing & _FUNCTION or (differing & _NUMERALS and (counts > 1 or len(name) < _SHORT)):
        return True
    return any(
        is_word(text[place : place + size])
        for size in (2, 3)
        for place in range(max(0, first - size + 1), last)
        if place < first < place + size or place < last < place + size
    )


def correct(text: str, mentions: Sequence[Mention]) -> str:
    """The text with misheard names written as the catalogue has them."""
    for mention in reversed(mentions):
        text = text[: mention.first] + mention.name + text[mention.last :]
    return text
