"""老客带新客: one level, first touch, and a reward only for an order that was fetched and kept.

A browser that comes with a code is remembered for 30 days (`touch`). The first order that it ever pays makes one row:
pending, or void with the reason. It is released when the order was picked up, the after-sales window has passed, no
complaint is unresolved, and less than half of the money went back. Nothing is ever earned for what a referred buyer's
own friends order: a row knows one referrer, the one whose code was touched.
"""

import secrets
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio.db import table
from studio.shop import buyers
from studio.shop.models import Buyer, Order, Referral, ReferralCode, ReferralTouch
from studio.types import Ms
from studio.unit import Unit

FRESH_MS = 30 * 24 * 3_600_000
"""How long a touch counts, and keeps later codes away."""

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else on a phone
_CODE_LENGTH = 6
_HOUR_MS = 3_600_000
_LISTED = 200

_orders, _buyers, _touches = table(Order), table(Buyer), table(ReferralTouch)


def code_of(unit: Unit, buyer_id: int, *, at: Ms) -> str:
    """The buyer's code, made when first asked for.

    Raises:
        NotFound: no such buyer, or one who was erased.
    """
    buyer = buyers.find_buyer(unit.session, buyer_id)
    code = unit.session.scalar(select(ReferralCode.code).where(ReferralCode.buyer_id == buyer.id))
    while code is None:
        drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        if unit.session.get(ReferralCode, drawn) is None:
            unit.session.add(ReferralCode(code=drawn, buyer_id=buyer.id, created_ms=at))
            unit.session.flush()
            code = drawn
    return code


def touch(unit: Unit, visitor: str, code: str, *, at: Ms) -> bool:
    """Remember the code that a browser came with; False when there is no such code or an earlier one is fresh."""
    known = unit.session.get(ReferralCode, code.strip().lower()[:12].replace("\0", ""))
    if known is None:
        return False
    earlier = unit.session.get(ReferralTouch, visitor)
    if earlier is None:
        unit.session.add(ReferralTouch(visitor=visitor, code=known.code, at=at))
    elif at - earlier.at >= FRESH_MS:
        earlier.code, earlier.at = known.code, at
    else:
        return False
    unit.session.flush()
    return True


def mine(session: Session, buyer_id: int) -> dict[str, Any]:
    """What a buyer's code brought: friends who ordered, rewards still waiting, rewards earned."""
    code = session.scalar(select(ReferralCode.code).where(ReferralCode.buyer_id == buyer_id))
    rows = session.execute(
        select(Referral.state, func.count(), func.sum(Referral.reward_fen))
        .where(Referral.referrer_id == buyer_id)
        .group_by(Referral.state)
    )
    by_state = {state: (count, int(fen or 0)) for state, count, fen in rows}
    pending, released = by_state.get("pending", (0, 0)), by_state.get("released", (0, 0))
    return {
        "code": code,
        "invited": pending[0] + released[0],
        "pending": pending[0],
        "pending_fen": pending[1],
        "earned_fen": released[1],
    }
