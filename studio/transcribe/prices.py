"""Prices said for products, beside the catalogue's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.mandarin.numbers import parse_number
from studio.transcribe.cues import has_cue
from studio.transcribe.numerals import SpokenPrice, find_bare_numbers, find_prices
from studio.types import Fen, Sku

# a said price this far off is another thing's price (a share, a fine, a whole order)
_NEAREST, _FARTHEST = 0.4, 2.5


# 5000克1|55块8: a measure, then the 一 of 一袋
_MEASURE = (
    "(?P<measure>公斤|千克|毫升|克|升|斤|两|个|只|枚|颗|瓶|袋|盒|箱|份|桶|包|罐|条|块|串|打|板|提|盘|尾|根|筐|扎)"
)
_NUMBER = "(?P<number>[一二两三四五六七八九十半每]|\\d+)"
_COUNT_BEFORE = re.compile(_NUMBER + _MEASURE + "(?:才|只要|是|卖|就|一共|总共|，)*$")
_COUNT_AFTER = re.compile("(?:钱)?" + _NUMBER + _MEASURE)
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


def hear_prices(
    text: str,
    topic: Sku | None,
    named: Sequence[Sku],
    catalogue: Mapping[Sku, Fen],
    sold_by: Mapping[Sku, str] | None = None,
) -> list[ProductPrice]:
    """Prices of products in one sentence, as said: a mismatch is reported, never corrected.

    An amount that equals the price of the topic or of a named product is that product's. Another
    amount is the topic's only when the sentence prices something and the amount is of its order; it
    is not reported where a digit was guessed by its sound, or where it is the price of a part or of several
    (一斤八块 of what `sold_by` sells as 5斤/箱, 两箱七十五块).
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
        unit = (sold_by or {}).get(topic, "")
        amounts = [
            amount
            for amount in amounts
            if amount.certain and _is_of_order(amount.price_fen, expected) and _is_of_one(amount, text, unit)
        ]
    else:
        amounts = []
    return [ProductPrice(topic, amount.price_fen, expected) for amount in amounts[:1]]


def _is_of_order(price_fen: Fen, expected_fen: Fen) -> bool:
    return _NEAREST * expected_fen <= price_fen <= _FARTHEST * expected_fen


def _is_of_one(amount: SpokenPrice, text: str, unit: str) -> bool:
    """Whether an amount is the price of one unit as it is sold, as far as what stands beside it tells."""
    beside = (_COUNT_BEFORE.search(text[: amount.first]), _COUNT_AFTER.match(text[amount.last :]))
    return all(_counts_one(count["number"], count["measure"], unit) for count in beside if count)


def _counts_one(said: str, measure: str, unit: str) -> bool:
    number = parse_number(said.replace("每", "一"))
    if number is not None and f"{number:g}{measure}" in unit:  # 五斤 of 5斤/箱
        return True
    return number == 1 and (not unit or unit.endswith(measure))


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
