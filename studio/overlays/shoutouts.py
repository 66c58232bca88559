"""Shout-outs: queued in the payment's own transaction, shown one after another, each at least once, none invented."""

import logging
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event as Signal
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from studio.db import Database, table
from studio.errors import NotFound
from studio.events import OrderCancelled, OrderPaid, ShoutoutChanged, ShoutoutQueued
from studio.overlays.models import Shoutout, ShoutoutQueue
from studio.types import Ms, OrderId, now_ms
from studio.unit import Unit, Writer

_log = logging.getLogger(__name__)
_ADD = insert(table(Shoutout)).returning(table(Shoutout).c.id)


def queue_for_order(unit: Unit, event: OrderPaid) -> None:
    """Reaction: a paid order of a live show is announced."""
    if event.show_id is None:
        return
    row = {
        "order_id": event.order_id,
        "show_id": event.show_id,
        "who": event.who,
        "product": event.product,
        "quantity": event.quantity,
        "more": event.more,
        "state": "queued",
        "priority": 0,
        "people": 1,
        "queued_ms": event.at,
        "due_ms": event.at,
    }
    shoutout_id: int = unit.connection.execute(_ADD, row).scalar_one()
    unit.emit(ShoutoutQueued(shoutout_id=shoutout_id, order_id=OrderId(event.order_id), at=event.at))


def retract_for_order(unit: Unit, event: OrderCancelled) -> None:
    """Reaction: a refunded order is no longer announced."""
    row = unit.session.scalars(select(Shoutout).where(Shoutout.order_id == event.order_id)).first()
    if row is not None and row.state in {"queued", "shown"}:
        _close(unit, row, "retracted", event.at)


def skip(unit: Unit, shoutout_id: int, *, at: Ms) -> None:
    """Take one off the screen or out of the queue.

    Raises:
        NotFound: no such shout-out.
    """
    row = unit.session.get(Shoutout, shoutout_id)
    if row is None:
        raise NotFound("没有这条喊单", "no such shout-out")
    if row.state in {"queued", "shown"}:
        _close(unit, row, "ended", at)


def set_paused(unit: Unit, *, paused: bool) -> None:
    """Hold the queue, or let it go on; survives a restart."""
    row = unit.session.get(ShoutoutQueue, 1)
    if row is None:
        unit.session.add(ShoutoutQueue(id=1, paused=paused))
    else:
        row.paused = paused


def shoutout_topic(session: Session, show_id: int | None) -> dict[str, Any]:
    """What is on screen and how many wait, of one show."""
    row = session.scalars(select(Shoutout).where(Shoutout.show_id == show_id, Shoutout.state == "shown")).first()
    waiting = session.scalar(
        select(func.count()).select_from(Shoutout).where(Shoutout.show_id == show_id, Shoutout.state == "queued")
    )
    queue = session.get(ShoutoutQueue, 1)
    return {
        "current": row
        and {
            "id": row.id,
            "who": row.who,
            "product": row.product,
            "quantity": row.quantity,
            "more": row.more,
            "shown_ms": row.shown_ms,
            "until_ms": row.until_ms,
        },
        "waiting": waiting or 0,
        "paused": bool(queue and queue.paused),
    }


class ShoutoutStage:
    """Brings queued shout-outs on screen one at a time, while an overlay is there to show them.

    Args:
        show_id: the show whose queue runs, None when no show is on stage.
        watched: whether any overlay that shows shout-outs is connected; without one the queue waits.
        seconds: how long each stays.
    """

    def __init__(
        self,
        writer: Writer,
        database: Database,
        *,
        show_id: Callable[[], int | None],
        watched: Callable[[], bool],
        seconds: float,
    ) -> None:
        self._writer = writer
        self._database = database
        self._show_id = show_id
        self._watched = watched
        self._stay_ms = round(seconds * 1000)
        self._changed = Signal()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Run the queue; a shout-out that was on screen when the server died finishes its time."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Stop running the queue; nothing of it is lost."""
        if self._greenlet:
            self._greenlet.kill()

    def wake(self, *_event: object) -> None:
        """Something changed: look at the queue again."""
        self._changed.set()

    def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                wait_s = self._step()
            except Exception:
                _log.exception("shout-out queue stumbled, going on")
                wait_s = 1.0
            self._changed.wait(wait_s)

    def _step(self) -> float | None:
        """Do what is due; seconds until the next thing, None to wait for a change."""
        show_id = self._show_id()
        with self._database.reading() as session:
            queue = session.get(ShoutoutQueue, 1)
            current = session.scalars(select(Shoutout).where(Shoutout.state == "shown").order_by(Shoutout.id)).first()
            following = session.scalars(
                select(Shoutout)
                .where(Shoutout.show_id == show_id, Shoutout.state == "queued")
                .order_by(Shoutout.id)
                .limit(1)
            ).first()
        if current is not None:
            left_ms = (current.until_ms or 0) - now_ms()
            if left_ms > 0:
                return left_ms / 1000
            self._writer.run(lambda unit: _end(unit, current.id, at=now_ms()))
            return 0.0
        if following is None or (queue and queue.paused) or not self._watched():
            return None
        self._writer.run(lambda unit: _show(unit, following.id, at=now_ms(), stay_ms=self._stay_ms))
        return 0.0


def _show(unit: Unit, shoutout_id: int, *, at: Ms, stay_ms: int) -> None:
    row = unit.session.get(Shoutout, shoutout_id)
    if row is None or row.state != "queued":
        return
    row.state, row.shown_ms, row.until_ms = "shown", at, Ms(at + stay_ms)
    unit.emit(ShoutoutChanged(shoutout_id=row.id, state="shown", at=at))


def _end(unit: Unit, shoutout_id: int, *, at: Ms) -> None:
    row = unit.session.get(Shoutout, shoutout_id)
    if row is not None and row.state == "shown":
        _close(unit, row, "ended", at)


def _close(unit: Unit, row: Shoutout, state: Any, at: Ms) -> None:
    row.state, row.ended_ms = state, at
    unit.emit(ShoutoutChanged(shoutout_id=row.id, state=state, at=at))
