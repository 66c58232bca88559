"""Sentences worth keeping for the product page and for clips, by kind."""

import re
from typing import Literal

from studio.catalogue_file import CatalogueProduct
from studio.mandarin.pinyin import likeness, sounds_of
from studio.transcribe.cues import has_cue

Kind = Literal["intro", "fact", "price", "demo", "honest", "trace"]

_SHORTEST = 4
_SHORTEST_STATEMENT = 7
# a fact of the lot is recognised by so many syllables in a row that sound that much like it
_PARTS_OF_PLACE = re.compile(r"[省市县区镇乡村]|[^\u3400-\u9fff]+")
_FACT_RUNS = ((3, 0.96), (4, 0.88))


def find_highlight(text: str, product: CatalogueProduct, *, introduced: bool, priced: bool) -> Kind | None:
    """The kind of highlight a sentence about a product is; None for chatter, service and corrections.

    Where several kinds fit, the rarer and more telling one is chosen: honesty, then demonstration.
    """
    if len(text) < _SHORTEST:
        return None
    if introduced and (not has_cue("question", text) or has_cue("transition", text)):
        return "intro"
    if has_cue("off_topic", text):
        return None
    if priced:
        return "price"
    kinds: tuple[Kind, ...] = ("honest", "demo", "trace", "fact")
    found: Kind | None = next((kind for kind in kinds if has_cue(kind, text)), None)
    if found is None and (_tells_lot_fact(text, product) or _describes(text)):
        return "fact"
    return found


def _describes(text: str) -> bool:
    """Whether a statement tells something of food."""
    return len(text) >= _SHORTEST_STATEMENT and has_cue("describe", text) and not has_cue("question", text)


def _tells_lot_fact(text: str, product: CatalogueProduct) -> bool:
    """Whether the text holds a stretch of the lot's own facts, heard right or nearly right, or names its place."""
    for name in product.names:
        text = text.replace(name, "□")
    if any(place in text for place in _places(product)):
        return True
    sounds = sounds_of(text)
    known = [product.origin or "", product.unit, *product.facts, *product.facts.values()]
    stretches = [sounds_of(stretch) for fact in known for stretch in re.split(r"\W+", fact)]
    return any(
        likeness(sounds[place : place + run], stretch[first : first + run]) >= needed
        for stretch in stretches
        for run, needed in _FACT_RUNS
        for first in range(len(stretch) - run + 1)
        for place in range(len(sounds) - run + 1)
    )


def _places(product: CatalogueProduct) -> list[str]:
    """Names in the origin, without what they are: 重庆 and 巫山 of 重庆市巫山县."""
    makers = product.producer.place if product.producer else None
    return [
        name
        for text in (product.origin, makers)
        for name in _PARTS_OF_PLACE.split(text or "")
        if len(name) >= 2  # noqa: PLR2004 - a single character is in many words
    ]
