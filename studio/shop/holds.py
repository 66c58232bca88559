"""Holds run out: one timer for the order that is due first, set anew from the database at every start."""

import logging

import gevent
from gevent.event import Event as Signal
from sqlalchemy import func, select

from studio.db import Database
from studio.errors import NotFound
from studio.shop import life
from studio.shop.models import Order
from studio.shop.orders import find_order
from studio.types import Ms, now_ms
from studio.unit import Unit, Writer

_log = logging.getLogger(__name__)

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


class HoldClock:
    """Expires holds when their time has come, also those that ran out while the studio was off."""

    def __init__(self, writer: Writer, database: Database) -> None:
        self._writer = writer
        self._database = database
        self._changed = Signal()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin with whatever ran out already."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Leave the rest to the next start."""
        if self._greenlet:
            self._greenlet.kill()

    def wake(self, *_event: object) -> None:
        """An order was placed: its hold may end first."""
        self._changed.set()

    def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                wait_s = self._step()
            except Exception:
                _log.exception("holds could not be looked at, going on")
                wait_s = 1.0
            gevent.sleep(REST_S)
            self._changed.wait(wait_s)

    def _step(self) -> float:
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
