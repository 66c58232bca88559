"""Words of the lot's facts (places, farms, ingredients): given to the model, and set right in what it wrote.

The label data of a product name what the host will say of it and what the model cannot know
(青浦区练塘镇 is heard as 青普区链唐正).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.catalogue_file import CatalogueProduct
from studio.transcribe.pinyin import Sound, is_word, likeness, similarity, sounds_of

# so many syllables in a row must sound that much like the fact; amounts are never touched
_NEEDED = {3: 0.96, 4: 0.9}
_NEEDED_LONG = 0.87
_WEAKEST_SYLLABLE = 0.5
_SHORTEST = 3
_STRETCH = re.compile(r"[\u3400-\u9fff]+")
_AMOUNT = re.compile(r"[零一二三四五六七八九十百千两半每]")


@dataclass(frozen=True, slots=True)
class LotWord:
    """A stretch of characters from the facts of a lot."""

    text: str
    sounds: tuple[Sound, ...]


def lot_words(product: CatalogueProduct) -> list[str]:
    """Words of a product's origin, producer and names of facts, for the model's prompt."""
    texts = [product.origin or "", product.producer or "", *product.facts]
    return list(dict.fromkeys(word for text in texts for word in _STRETCH.findall(text)))


def known_words(products: Iterable[CatalogueProduct]) -> list[LotWord]:
    """All stretches of facts that misheard text may be set right by, longest first."""
    texts = [
        text
        for product in products
        for text in (product.origin or "", product.producer or "", *product.facts, *product.facts.values())
    ]
    words = {word for text in texts for word in _STRETCH.findall(_AMOUNT.sub(" ", text)) if len(word) >= _SHORTEST}
    return [LotWord(word, sounds_of(word)) for word in sorted(words, key=lambda word: (-len(word), word))]


def correct_facts(text: str, words: Sequence[LotWord]) -> str:
    """The text with misheard stretches of facts written as the catalogue has them; its length is kept."""
    for word in words:
        sounds = sounds_of(text)
        for shift in range(_SHORTEST - len(text), len(word.text) - _SHORTEST + 1):
            for first, last in _runs(text, sounds, word, shift):
                text = text[:first] + word.text[first + shift : last + shift] + text[last:]
    return text


def _runs(text: str, sounds: Sequence[Sound], word: LotWord, shift: int) -> list[tuple[int, int]]:
    """Stretches of the text that sound like the word when laid `shift` characters into it, and differ from it."""
    runs: list[tuple[int, int]] = []
    begun: int | None = None
    for place in range(max(0, -shift), min(len(text), len(word.text) - shift) + 1):
        inside = place < min(len(text), len(word.text) - shift)
        alike = similarity(sounds[place], word.sounds[place + shift]) if inside else 0.0
        if alike >= _WEAKEST_SYLLABLE and _STRETCH.match(text[place]):
            begun = place if begun is None else begun
        elif begun is not None:
            runs.append((begun, place))
            begun = None
    return [
        (first, last) for first, last in runs if _is_misheard(text[first:last], word.text[first + shift : last + shift])
    ]


def _is_misheard(heard: str, meant: str) -> bool:
    """Whether a stretch sounds so much like a fact that the fact was meant, and is written otherwise."""
    if heard == meant or len(heard) < _SHORTEST:
        return False
    if likeness(sounds_of(heard), sounds_of(meant)) < _NEEDED.get(len(heard), _NEEDED_LONG):
        return False
    return not (len(heard) == _SHORTEST and is_word(heard))
