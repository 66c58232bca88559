"""Words of the lot's facts (places, farms, units) and of the trade: set right in what the model wrote.

The label data of a product name what the host will say of it and what the model cannot know
(青浦区练塘镇 is heard as 青普区链唐正, 一袋 as 1代).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.catalogue_file import CatalogueProduct
from studio.mandarin.pinyin import Sound, is_word, likeness, similarity, sounds_of
from studio.transcribe.rules import load_rules

# so many syllables in a row must sound that much like the word; amounts are never touched
_NEEDED = {3: 0.96, 4: 0.9}
_NEEDED_LONG = 0.87
_WEAKEST_SYLLABLE = 0.5
# part of a fact may be said alone (练塘镇), but no less than this
_SHORTEST_PART = 3
# up to here a stretch that sounds right may happen to be an ordinary word
_WORD = 3
_STRETCH = re.compile(r"[\u3400-\u9fff]+")
_DIGIT = re.compile(r"\d")
_AMOUNT = re.compile(r"[零一二三四五六七八九十百千两半每]")
_UNIT = re.compile(r"(?:^[\d.]*|/)([\u3400-\u9fff])(?=/|$)")
# not 一分钱, 两分钟, 三代人, 十分好吃, 一样
_COUNTED = re.compile(
    r"(?<!十分)(?!十分|一样|一起|一下)([\d一二三四五六七八九十百两半几每])([\u3400-\u9fff])(?![钱钟之人辈])"
)


@dataclass(frozen=True, slots=True)
class LotWord:
    """A stretch of characters that misheard text may be set right by; `shortest` of them may be said alone."""

    text: str
    sounds: tuple[Sound, ...]
    shortest: int


def lot_words(product: CatalogueProduct) -> list[str]:
    """Words of a product's origin, producer and names of facts, for the model's prompt."""
    texts = [*_places(product), *product.facts]
    return list(dict.fromkeys(word for text in texts for word in _STRETCH.findall(text)))


def known_words(products: Iterable[CatalogueProduct]) -> list[LotWord]:
    """All stretches of tonight's facts, and the words of the trade, longest first."""
    products = tuple(products)
    texts = [text for product in products for text in (*_places(product), *product.facts, *product.facts.values())]
    words = {word for text in texts for word in _STRETCH.findall(_AMOUNT.sub(" ", text)) if len(word) > 2}  # noqa: PLR2004 - a word, not a syllable
    trade = set(load_rules("lexicon")["words"]) - words
    found = [LotWord(word, sounds_of(word), _SHORTEST_PART) for word in words]
    found += [LotWord(word, sounds_of(word), len(word)) for word in {*trade, *_towns(products)} - words]
    return sorted(found, key=lambda word: (-len(word.text), word.text))


def _places(product: CatalogueProduct) -> list[str]:
    """Where it is from and whose it is."""
    maker = product.producer
    return [text for text in (product.origin, maker and maker.name, maker and maker.place) if text]


def _towns(products: Iterable[CatalogueProduct]) -> set[str]:
    """What follows a province's name in an origin, which is said alone: 湛江 of 广东湛江."""
    regions = "|".join(load_rules("lexicon")["regions"])
    town = re.compile(f"^(?:{regions})(?:省|市|自治区|特别行政区)?([\u3400-\u9fff]{{2}})")
    return {found[1] for product in products for place in _places(product) if (found := town.match(place))}


def units_of(products: Iterable[CatalogueProduct]) -> frozenset[str]:
    """Characters that count tonight's products: 枚 and 箱 of 30枚/箱."""
    return frozenset(char for product in products for char in _UNIT.findall(product.unit))


def correct_facts(text: str, words: Sequence[LotWord]) -> str:
    """The text with misheard stretches of facts written as the catalogue has them; its length is kept."""
    for word in words:
        sounds = sounds_of(text)
        for shift in range(word.shortest - len(text), len(word.text) - word.shortest + 1):
            for first, last in _runs(text, sounds, word, shift):
                meant = word.text[first + shift : last + shift]
                if last - first >= word.shortest and _is_misheard(text[first:last], meant):
                    text = text[:first] + meant + text[last:]
    return text


def correct_units(text: str, units: frozenset[str]) -> str:
    """The text with misheard units after numbers set right: 1代 → 1袋 where something is sold by the 袋."""

    def right(match: re.Match[str]) -> str:
        heard = match[2]
        meant = (unit for unit in units if sounds_of(unit)[0][0] == sounds_of(heard)[0][0])
        return match[1] + (heard if heard in units else next(meant, heard))

    return _COUNTED.sub(right, text)


def _runs(text: str, sounds: Sequence[Sound], word: LotWord, shift: int) -> list[tuple[int, int]]:
    """Stretches of the text that sound like the word when laid `shift` characters into it."""
    runs: list[tuple[int, int]] = []
    begun: int | None = None
    for place in range(max(0, -shift), min(len(text), len(word.text) - shift) + 1):
        inside = place < min(len(text), len(word.text) - shift)
        alike = similarity(sounds[place], word.sounds[place + shift]) if inside else 0.0
        if alike >= _WEAKEST_SYLLABLE:
            begun = place if begun is None else begun
        elif begun is not None:
            runs.append((begun, place))
            begun = None
    return runs


def _is_misheard(heard: str, meant: str) -> bool:
    """Whether a stretch sounds so much like a fact that the fact was meant, and is written otherwise."""
    if heard == meant or (len(heard) <= _WORD and is_word(heard)):
        return False
    if len(heard) < _SHORTEST_PART:  # two syllables: homophones by their common readings only
        return [sound[0] for sound in sounds_of(heard)] == [sound[0] for sound in sounds_of(meant)]
    if len(_DIGIT.findall(heard)) > 1:  # 2围码 may be 二维码, but a number stays a number
        return False
    return likeness(sounds_of(heard), sounds_of(meant)) >= _NEEDED.get(len(heard), _NEEDED_LONG)
