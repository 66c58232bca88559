"""Holds run out: one timer for the order that is due first, set anew from the database at every start."""

from sqlalchemy import func, select

from studio.db import Database
from studio.errors import NotFound
from studio.routine import Routine
from studio.shop import life
from studio.shop.models import Order
from studio.shop.orders import find_order
from studio.types import Ms, now_ms
from studio.unit import Unit, Writer

LOOK_S = 30.0
"""At least this often: the PC may have slept, or its clock may have been set."""

REST_S = 0.25
"""Between two looks, however many orders come in."""


def expire(unit: Unit, order_id: int, *, at: Ms) -> None:
    """Cancel an order whose hold has run out; one that was paid meanwhile is left alone."""
    try:
        order = find_order(unit.session, order_id)
    except NotFound:
        return
    if order.status == "placed" and order.hold_until_ms is not None and order.hold_until_ms <= at:
        life.end_unpaid(unit, order, "expired", by="clock", at=at)


class HoldClock(Routine):
    """Expires holds when their time has come, also those that ran out while the studio was off."""

    def __init__(self, writer: Writer, database: Database) -> None:
        super().__init__(retry_s=1.0, rest_s=REST_S)
        self._writer = writer
        self._database = database

    def step(self) -> float:
        """Expire what is due; seconds until the next."""
        with self._database.reading() as session:
            due = session.scalars(
                select(Order.id).where(Order.status == "placed", Order.hold_until_ms <= now_ms()).order_by(Order.id)
            ).all()
        for order_id in due:
            self._writer.run(lambda unit, order_id=order_id: expire(unit, order_id, at=now_ms()))
        with self._database.reading() as session:
            following = session.scalar(select(func.min(Order.hold_until_ms)).where(Order.status == "placed"))
        return LOOK_S if following is None else min(LOOK_S, max(0.0, (following - now_ms()) / 1000))
