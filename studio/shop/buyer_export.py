"""Everything the shop knows about one buyer, readable: what they may ask for at any time."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.shop import buyers, complaints, history, referrals, refunds
from studio.shop.models import Buyer, Order, PickupPoint, Referral, ReferralTouch
from studio.shop.orders import number_of
from studio.vault import Vault


def export(session: Session, vault: Vault, buyer_id: int) -> dict[str, Any]:
    """The buyer, their orders with complaints and history, their referral code; other people are not named.

    The phone number is in it as it was given, None when the key that sealed it is gone.

    Raises:
        NotFound: no such buyer, or one who was erased.
    """
    buyer = buyers.find_buyer(session, buyer_id)
    points = {point.id: point.name for point in session.scalars(select(PickupPoint))}
    placed = session.scalars(select(Order).where(Order.buyer_id == buyer.id).order_by(Order.id))
    return {
        "buyer": {
            "id": buyer.id,
            "nickname": buyer.nickname,
            "phone": vault.open(buyer.phone_sealed) if buyer.phone_sealed else None,
            "known_by": buyers.known_by(buyer),
            "browser": buyer.visitor,
            "customer": buyer.customer,
            "pickup_point": points.get(buyer.pickup_point_id or 0),
            "quiet": buyer.quiet,
            "created_ms": buyer.created_ms,
        },
        "orders": [_order(session, order, points) for order in placed],
        "referral": _referral(session, buyer),
    }


def _order(session: Session, order: Order, points: dict[int, str]) -> dict[str, Any]:
    return {
        "number": number_of(order.id),
        "source": order.source,
        "external_number": order.external_number,
        "name": order.buyer,
        "note": order.note,
        "pickup_point": points.get(order.pickup_point_id or 0),
        "status": order.status,
        "paid_via": order.paid_via,
        "total_fen": order.total_fen,
        "settled_fen": order.settled_fen,
        "paid_fen": order.paid_fen,
        "refunded_fen": order.refunded_fen,
        "placed_ms": order.placed_ms,
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "price_fen": line.price_fen,
                "weight_g": line.weight_g,
                "final_fen": line.final_fen,
                "returned": line.returned,
            }
            for line in order.lines
        ],
        "history": [
            {"step": step.step, "by": step.by, "detail": step.detail, "at": step.at}
            for step in history.list_steps(session, order.id)
        ],
        "refunds": [
            {"amount_fen": row.amount_fen, "reason": row.reason, "at": row.at}
            for row in refunds.list_refunds(session, order.id)
        ],
        "complaints": [
            {**complaints.buyers_value(row), "photo": row.photo} for row in complaints.of_order(session, order.id)
        ],
    }


def _referral(session: Session, buyer: Buyer) -> dict[str, Any]:
    came = session.get(ReferralTouch, buyer.visitor) if buyer.visitor else None
    earned = session.scalars(select(Referral).where(Referral.referrer_id == buyer.id).order_by(Referral.id))
    return {
        **referrals.mine(session, buyer.id),
        "came_with": {"code": came.code, "at": came.at} if came else None,
        "rewards": [
            {"state": row.state, "reason": row.reason, "reward_fen": row.reward_fen, "created_ms": row.created_ms}
            for row in earned
        ],
    }
