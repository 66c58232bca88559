"""Sentences worth keeping for the product page and for clips, by kind."""

from typing import Literal

from studio.catalogue_file import CatalogueProduct
from studio.transcribe.cues import has_cue
from studio.transcribe.pinyin import likeness, syllables

Kind = Literal["intro", "fact", "price", "demo", "honest", "trace"]

_SHORTEST = 4
# a fact of the lot is recognised by four syllables in a row that sound like it
_FACT_RUN = 4
_FACT_LIKENESS = 0.88


def find_highlight(text: str, product: CatalogueProduct, *, introduced: bool, priced: bool) -> Kind | None:
    """The kind of highlight a sentence about a product is; None for chatter, service and corrections.

    Where several kinds fit, the rarer and more telling one is chosen: honesty, then demonstration.
    """
    if len(text) < _SHORTEST:
        return None
    if introduced and not has_cue("question", text):
        return "intro"
    if has_cue("off_topic", text):
        return None
    if priced:
        return "price"
    kinds: tuple[Kind, ...] = ("honest", "demo", "trace", "fact")
    found: Kind | None = next((kind for kind in kinds if has_cue(kind, text)), None)
    if found is None and _tells_lot_fact(text, product):
        return "fact"
    return found


def _tells_lot_fact(text: str, product: CatalogueProduct) -> bool:
    known = [product.origin or "", product.unit, *product.facts, *product.facts.values()]
    sounds = syllables(text)
    for fact in known:
        wanted = syllables(fact)
        for first in range(len(wanted) - _FACT_RUN + 1):
            run = wanted[first : first + _FACT_RUN]
            if any(
                likeness(sounds[place : place + _FACT_RUN], run) >= _FACT_LIKENESS
                for place in range(len(sounds) - _FACT_RUN + 1)
            ):
                return True
    return False
