"""Buyers as operators see them: masked, found by nickname, phone number or id."""

import unicodedata
from contextlib import suppress
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from studio.errors import BadInput
from studio.masking import mask_name
from studio.shop import buyers, referrals
from studio.shop.models import Buyer, Order, PickupPoint
from studio.shop.orders import number_of
from studio.vault import Vault

MAX_LISTED = 100


def search(session: Session, vault: Vault, wanted: str) -> list[dict[str, Any]]:
    """Buyers, newest first, at most MAX_LISTED; `wanted` is part of a nickname, a phone number, an id or nothing."""
    query = select(Buyer).where(Buyer.erased_ms.is_(None)).order_by(Buyer.id.desc()).limit(MAX_LISTED)
    wanted = unicodedata.normalize("NFC", wanted).replace("\0", "").strip()
    if wanted:
        found = [Buyer.nickname.icontains(wanted, autoescape=True)]
        with suppress(BadInput):  # no number: a name
            found.append(Buyer.id.in_([buyer.id for buyer in buyers.find_all(session, vault, wanted)]))
        query = query.where(or_(*found))
    return _describe(session, vault, list(session.scalars(query)))


def find(session: Session, vault: Vault, wanted: str) -> list[dict[str, Any]]:
    """The buyers that a phone number or an id means.

    Raises:
        BadInput: `wanted` is neither.
    """
    return _describe(session, vault, buyers.find_all(session, vault, wanted))


def read(session: Session, vault: Vault, buyer_id: int) -> dict[str, Any]:
    """One buyer with their newest orders and what their referral code brought.

    Raises:
        NotFound: no such buyer, or one who was erased.
    """
    buyer = buyers.find_buyer(session, buyer_id)
    placed = session.scalars(
        select(Order).where(Order.buyer_id == buyer.id).order_by(Order.id.desc()).limit(MAX_LISTED)
    )
    return {
        **_describe(session, vault, [buyer])[0],
        "placed": [
            {
                "id": order.id,
                "number": number_of(order.id),
                "status": order.status,
                "total_fen": order.total_fen if order.settled_fen is None else order.settled_fen,
                "refunded_fen": order.refunded_fen,
                "placed_ms": order.placed_ms,
            }
            for order in placed
        ],
        "referral": referrals.mine(session, buyer.id),
    }


def _describe(session: Session, vault: Vault, rows: list[Buyer]) -> list[dict[str, Any]]:
    figures = _figures(session, [row.id for row in rows])
    points = {point.id: point.name for point in session.scalars(select(PickupPoint))}
    return [
        {
            "id": row.id,
            "who": mask_name(row.nickname),
            "phone": buyers.masked_phone(vault, row),
            "known_by": buyers.known_by(row),
            "pickup_point": points.get(row.pickup_point_id or 0),
            "quiet": row.quiet,
            "created_ms": row.created_ms,
            **figures.get(row.id, {"orders": 0, "spent_fen": 0, "last_order_ms": None}),
        }
        for row in rows
    ]


def _figures(session: Session, buyer_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Buyer id → number of paid orders, what they cost after refunds, and when the last order came."""
    rows = session.execute(
        select(
            Order.buyer_id,
            func.count(Order.paid_ms),
            func.sum(Order.paid_fen - Order.refunded_fen),
            func.max(Order.placed_ms),
        )
        .where(Order.buyer_id.in_(buyer_ids))
        .group_by(Order.buyer_id)
    )
    return {
        buyer_id: {"orders": orders, "spent_fen": int(spent), "last_order_ms": last}
        for buyer_id, orders, spent, last in rows
        if buyer_id is not None
    }
