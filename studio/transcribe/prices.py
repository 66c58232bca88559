"""Prices said for products, beside the catalogue's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.transcribe.cues import has_cue
from studio.transcribe.numerals import SpokenPrice, find_prices
from studio.types import Fen, Sku

# a said price this far off is another thing's price (a share, a fine, a whole order)
_NEAREST, _FARTHEST = 0.4, 2.5


@dataclass(frozen=True, slots=True)
class ProductPrice:
    """A price said for a product; expected_fen is the catalogue's."""

    sku: Sku
    price_fen: Fen
    expected_fen: Fen


def priced_product(text: str, catalogue: Mapping[Sku, Fen]) -> Sku | None:
    """The one product whose catalogue price is said in the text; None where none is, or several have it."""
    said = {price.price_fen for price in _product_amounts(text)}
    skus = [sku for sku, fen in catalogue.items() if fen in said]
    return skus[0] if len(skus) == 1 else None


def hear_prices(text: str, topic: Sku | None, named: Sequence[Sku], catalogue: Mapping[Sku, Fen]) -> list[ProductPrice]:
    """Prices of products in one sentence, as said: a mismatch is reported, never corrected.

    An amount that equals the price of the topic or of a named product is that product's. Another
    amount is the topic's only when the sentence prices something and the amount is of its order; it
    is not reported where a digit was guessed by its sound.
    """
    heard: list[ProductPrice] = []
    amounts = _product_amounts(text)
    candidates = [sku for sku in dict.fromkeys([topic, *named]) if sku is not None and sku in catalogue]
    for amount in amounts:
        owner = next((sku for sku in candidates if catalogue[sku] == amount.price_fen), None)
        if owner is not None and all(price.sku != owner for price in heard):
            heard.append(ProductPrice(owner, amount.price_fen, catalogue[owner]))
    if heard or topic is None or topic not in catalogue or not has_cue("price", text):
        return heard
    expected = catalogue[topic]
    for amount in amounts:
        if amount.certain and _NEAREST * expected <= amount.price_fen <= _FARTHEST * expected:
            heard.append(ProductPrice(topic, amount.price_fen, expected))
    return heard[:1]


def _product_amounts(text: str) -> list[SpokenPrice]:
    return [
        price
        for clause in text.replace("。", "，").split("，")
        if not has_cue("not_price", clause)
        for price in find_prices(clause)
    ]
