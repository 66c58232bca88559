"""Claims that can be checked are: scarcity against the stock ledger, former prices against real sales."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from studio.events import ClaimHeard
from studio.transcribe.numerals import find_prices
from studio.types import Sku

Verdict = Literal["red", "amber", "true"]
Known = Callable[[Session, Sku], int | None]

TOLERATED_SHARE = 0.1
"""The host rounds, and sells while he speaks: so much more than said may be left."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """known: units available or the lowest price in fen, None when nothing is known."""

    level: Verdict
    known: int | None


def judge(session: Session, claim: ClaimHeard, *, available: Known, lowest_price_fen: Known) -> Judgement:
    """How a claim stands against what the shop knows; what words alone decide keeps its level.

    Args:
        session: read from now.
        claim: as heard.
        available: units of a SKU that can still be sold.
        lowest_price_fen: the lowest price really paid for it in the seven days before today, else the last sale's.
    """
    if claim.kind == "scarcity" and claim.product is not None:
        return _scarcity(claim, available(session, claim.product))
    if claim.kind == "price" and claim.product is not None:
        return _price(claim, lowest_price_fen(session, claim.product))
    return Judgement(claim.level, None)


def _scarcity(claim: ClaimHeard, left: int | None) -> Judgement:
    if left is None:
        return Judgement("amber", None)
    if claim.count is None:  # 卖完就没有了: true of anything with a ledger
        return Judgement("true", left)
    honest = left <= max(claim.count + 1, claim.count * (1 + TOLERATED_SHARE))
    return Judgement("true" if honest else "red", left)


def _price(claim: ClaimHeard, lowest_fen: int | None) -> Judgement:
    said = find_prices(claim.text[claim.text.find(claim.term) :]) if claim.term in claim.text else []
    if lowest_fen is None or not said:
        return Judgement("amber", lowest_fen)
    return Judgement("red" if said[0].price_fen > lowest_fen else "true", lowest_fen)
