"""Prices said for products, beside the catalogue's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.transcribe.cues import has_cue
from studio.transcribe.numerals import SpokenPrice, find_bare_numbers, find_prices
from studio.types import Fen, Sku

# a said price this far off is another thing's price (a share, a fine, a whole order)
_NEAREST, _FARTHEST = 0.4, 2.5


# 5000克1|55块8: a measure, then the 一 of 一袋
_COUNTED = re.compile(r"(?:克|升|斤|枚|个|颗|只|块|片|根|条)[1一]$")


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
        said = {amount.price_fen, amount.perhaps_fen, _without_count(amount, text)}
        owner = next((sku for sku in candidates if catalogue[sku] in said), None)
        if owner is not None and all(price.sku != owner for price in heard):
            heard.append(ProductPrice(owner, catalogue[owner], catalogue[owner]))
    if heard or topic is None or topic not in catalogue:
        return heard
    expected = catalogue[topic]
    if not amounts:
        stated = expected % 100 != 0 or has_cue("price", text)  # whole numbers count everything
        amounts = [amount for amount in find_bare_numbers(text) if stated and amount.price_fen == expected]
    elif has_cue("price", text):
        amounts = [amount for amount in amounts if amount.certain and _is_of_order(amount.price_fen, expected)]
    else:
        amounts = []
    return [ProductPrice(topic, amount.price_fen, expected) for amount in amounts[:1]]


def _is_of_order(price_fen: Fen, expected_fen: Fen) -> bool:
    return _NEAREST * expected_fen <= price_fen <= _FARTHEST * expected_fen


def _without_count(amount: SpokenPrice, text: str) -> int | None:
    """The amount without a 一 that belongs to what is sold: 一袋五十五块八, written 155块8."""
    if not _COUNTED.search(text[: amount.first + 1]):
        return None
    rest = find_prices(text[amount.first + 1 : amount.last])
    return rest[0].price_fen if rest else None


def _product_amounts(text: str) -> list[SpokenPrice]:
    """Amounts of money in a text but those of clauses about other money (红包, 运费)."""
    clauses = [match.span() for match in re.finditer(r"[^，。]+", text) if not has_cue("not_price", match[0])]
    return [
        price
        for price in find_prices(text)
        if any(first <= price.first and price.last <= last for first, last in clauses)
    ]
