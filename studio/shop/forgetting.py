"""Taking the person out of what the shop keeps: orders, their history, complaints, deliveries of other shops.

Money and stock stay as they were: the ledger's figures are append-only, and order records are kept for years
(docs/privacy.md).
"""

import secrets
from collections.abc import Sequence

from sqlalchemy import and_, delete, or_, select, update

from studio.db import table
from studio.events import ComplaintReported, WebhooksChanged
from studio.masking import ERASED
from studio.shop.models import Complaint, Order, OrderStep, Referral, ReferralTouch, Refund, StockMovement
from studio.shop.webhooks.models import InboxEvent
from studio.types import Ms, OrderId
from studio.unit import Unit

_orders, _inbox = table(Order), table(InboxEvent)
_BATCH = 500
_EMPTY = {"body": {}, "external_id": None, "state": "ignored", "reason": "erased"}
"""A delivery that nobody can read or replay; its key stays, so that it is not taken twice."""


def forget_orders(unit: Unit, order_ids: Sequence[int], *, at: Ms) -> tuple[str, ...]:
    """Nothing of these orders names anybody any more, their private links are dead; returns the photos to delete."""
    photos: list[str] = []
    for start in range(0, len(order_ids), _BATCH):
        photos += _forget_batch(unit, order_ids[start : start + _BATCH], at)
    return tuple(photos)


def forget_touch(unit: Unit, visitor: str | None) -> None:
    """Which code a browser came with."""
    if visitor is not None:
        unit.session.execute(delete(ReferralTouch).where(ReferralTouch.visitor == visitor))


def void_rewards_of(unit: Unit, referrer_id: int, *, at: Ms) -> None:
    """Rewards that still waited: nobody is left to pay them to."""
    waiting = (Referral.referrer_id == referrer_id, Referral.state == "pending")
    unit.session.execute(
        update(Referral).where(*waiting).values(state="void", reason="erased", due_ms=None, settled_ms=at)
    )


def forget_deliveries(unit: Unit, before: Ms) -> int:
    """Empty the deliveries of other shops that were dealt with before then; how many."""
    old = and_(_inbox.c.received_ms < before, _inbox.c.state != "new", _inbox.c.reason != "erased")
    return unit.connection.execute(update(_inbox).where(old).values(**_EMPTY)).rowcount


def _forget_batch(unit: Unit, order_ids: Sequence[int], at: Ms) -> list[str]:
    unit.session.flush()
    for order_id in order_ids:
        unit.connection.execute(
            update(_orders)
            .where(_orders.c.id == order_id)
            .values(buyer=ERASED, note="", body_hash="", secret=secrets.token_urlsafe(16))
        )
    unit.session.expire_all()
    for step in unit.session.scalars(select(OrderStep).where(OrderStep.order_id.in_(order_ids))):
        if "reason" in step.detail:
            step.detail = {name: value for name, value in step.detail.items() if name != "reason"}
    for told in (Refund, StockMovement):  # a movement that a refund caused bears its reason
        unit.session.execute(update(told).where(told.order_id.in_(order_ids)).values(reason=""))
    external = select(Order.source, Order.external_id).where(Order.id.in_(order_ids), Order.external_id.is_not(None))
    delivered = [
        and_(_inbox.c.source == source, _inbox.c.external_id == number)
        for source, number in unit.session.execute(external)
    ]
    about = or_(_inbox.c.order_id.in_(order_ids), *delivered)
    emptied = unit.connection.execute(update(_inbox).where(about, _inbox.c.state != "new").values(**_EMPTY))
    if emptied.rowcount:
        unit.emit(WebhooksChanged(at=at))
    return _forget_complaints(unit, order_ids, at)


def _forget_complaints(unit: Unit, order_ids: Sequence[int], at: Ms) -> list[str]:
    photos: list[str] = []
    for row in unit.session.scalars(select(Complaint).where(Complaint.order_id.in_(order_ids))):
        photos += [row.photo] if row.photo else []
        row.text, row.reply, row.photo = ERASED, "", None
        row.state, row.resolved_ms = "resolved", row.resolved_ms or at
        unit.session.flush()
        unit.emit(ComplaintReported(complaint_id=row.id, order_id=OrderId(row.order_id), state="resolved", at=at))
    return photos
