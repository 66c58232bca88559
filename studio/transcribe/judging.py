"""Claims that can be checked are: scarcity against the stock ledger, former prices against sales, and papers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from studio.events import ClaimHeard
from studio.transcribe.numerals import find_prices
from studio.transcribe.rules import load_rules
from studio.types import Sku

Verdict = Literal["red", "amber", "true"]
Known = Callable[[Session, Sku], int | None]
Papers = Callable[[Session, Sku], Sequence[str]]

TOLERATED_SHARE = 0.1
"""The host rounds, and sells while he speaks: so much more than said may be left."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """known: units available, the lowest price in fen, or papers that prove it; None when nothing is known."""

    level: Verdict
    known: int | None


def judge(
    session: Session, claim: ClaimHeard, *, available: Known, lowest_price_fen: Known, papers: Papers
) -> Judgement:
    """How a claim stands against what the shop knows; what words alone decide keeps its level.

    Args:
        session: read from now.
        claim: as heard.
        available: units of a SKU that can still be sold.
        lowest_price_fen: the lowest price really paid for it in the seven days before today, else the last sale's.
        papers: kinds of the certificates of its lot on sale that are whole and valid today.
    """
    if claim.kind == "scarcity" and claim.product is not None:
        return _scarcity(claim, available(session, claim.product))
    if claim.kind == "price" and claim.product is not None:
        return _price(claim, lowest_price_fen(session, claim.product))
    if claim.kind == "evidence" and claim.product is not None:
        return _evidence(claim, papers(session, claim.product))
    return Judgement(claim.level, None)


def _evidence(claim: ClaimHeard, kinds: Sequence[str]) -> Judgement:
    """Green with a paper that proves what was said, else as it was: 0 papers."""
    proved_by: dict[str, list[str]] = load_rules("claims")["evidence"]["proved_by"]
    said = max((word for word in proved_by if word in claim.term), key=len, default=None)
    wanted = proved_by[said] if said else []
    proofs = sum(any(word in kind for word in wanted) for kind in kinds)
    return Judgement("true" if proofs else claim.level, proofs)


def _scarcity(claim: ClaimHeard, left: int | None) -> Judgement:
    rules = load_rules("claims")["scarcity"]
    if left is None or (claim.count is None and any(word in claim.term for word in rules["timers"])):
        return Judgement("amber", None)  # no ledger knows how long an offer lasts
    if claim.count is None and any(word in claim.term for word in rules["few"]):
        return Judgement("true" if left <= rules["few_units"] else "red", left)
    if claim.count is None:  # 卖完就没有了: true of anything with a ledger
        return Judgement("true", left)
    honest = left <= max(claim.count + 1, claim.count * (1 + TOLERATED_SHARE))
    return Judgement("true" if honest else "red", left)


def _price(claim: ClaimHeard, lowest_fen: int | None) -> Judgement:
    said = find_prices(claim.text[claim.text.find(claim.term) :]) if claim.term in claim.text else []
    if lowest_fen is None or not said:
        return Judgement("amber", lowest_fen)
    return Judgement("red" if said[0].price_fen > lowest_fen else "true", lowest_fen)
