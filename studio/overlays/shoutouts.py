"""The rules of the shout-out queue: what one paid order's announcement goes through, each step in one unit.

Queued in the payment's own transaction, shown alone or as a burst, ended; skipped and restored, retracted by a refund,
shown again on demand. No order is announced that was not paid in the live show, and none by two rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, insert, select, update

from studio.db import table
from studio.errors import Conflict, NotFound
from studio.events import (
    OrderCancelled,
    OrderPaid,
    OverlayAcked,
    PersonalDataErased,
    ShoutoutChanged,
    ShoutoutQueued,
    ShoutoutsPaused,
)
from studio.overlays import proof
from studio.overlays.models import Shoutout, ShoutoutQueue
from studio.types import Ms, OrderId
from studio.unit import Unit

RESTORE_MS = 10_000
"""How long a skip can be undone."""

_BATCH = 500
_ADD = insert(table(Shoutout)).returning(table(Shoutout).c.id)


@dataclass(frozen=True, slots=True)
class Buyers:
    """What the queue asks about the people behind orders; both run in the unit's transaction.

    wanted: of a paid order's id: its show is live, it was never announced, and its buyer has not opted out.
    count: how many different people placed these orders.
    """

    wanted: Callable[[Connection, int], bool]
    count: Callable[[Connection, Sequence[int]], int]


class Shoutouts:
    """The queue's rules.

    Args:
        undo_ms: how long a new one waits, so that the operator can take it back unseen.
    """

    def __init__(self, buyers: Buyers, *, undo_ms: int) -> None:
        self._buyers = buyers
        self._undo_ms = undo_ms

    def queue(self, unit: Unit, event: OrderPaid) -> None:
        """Reaction: a paid order of the live show will be announced."""
        if event.show_id is None or not self._buyers.wanted(unit.connection, event.order_id):
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
            "showings": 0,
            "retries": 0,
            "queued_ms": event.at,
            "due_ms": event.at + self._undo_ms,
        }
        shoutout_id: int = unit.connection.execute(_ADD, row).scalar_one()
        unit.emit(ShoutoutQueued(shoutout_id=shoutout_id, order_id=OrderId(event.order_id), at=event.at))

    def retract_refunded(self, unit: Unit, event: OrderCancelled) -> None:
        """Reaction: a refunded order is announced no longer, and never again."""
        self.retract(unit, [event.order_id], at=event.at)

    def retract_erased(self, unit: Unit, event: PersonalDataErased) -> None:
        """Reaction: nobody is thanked whose name was erased; what was shown before stays proven."""
        self.retract(unit, event.order_ids, at=event.at, states=("queued", "shown"))

    def retract(
        self,
        unit: Unit,
        order_ids: Sequence[int],
        *,
        at: Ms,
        states: Sequence[str] = ("queued", "shown", "ended", "skipped"),
    ) -> None:
        """Take these orders' shout-outs back, from the queue, off the screen, and out of the list to replay from."""
        for start in range(0, len(order_ids), _BATCH):
            some = order_ids[start : start + _BATCH]
            rows = unit.session.scalars(
                select(Shoutout).where(Shoutout.order_id.in_(some), Shoutout.state.in_(states))
            ).all()
            for row in rows:
                self._leave_burst(unit, row, "retracted", at)

    def skip(self, unit: Unit, shoutout_id: int, *, at: Ms) -> None:
        """Take one off the screen or out of the queue; one that was merged meanwhile leaves its burst.

        Raises:
            NotFound: no such shout-out.
        """
        row = _find(unit, shoutout_id)
        if row.state not in {"queued", "shown"}:
            return
        if row.merged_into is None:
            _step(unit, row, "skipped", at, ended_ms=at)
        else:
            self._leave_burst(unit, row, "skipped", at)

    def show(self, unit: Unit, shoutout_ids: Sequence[int], *, at: Ms, stay_ms: int) -> bool:
        """Bring these on screen as one; those that are no longer queued are left out. Whether any was left."""
        rows = unit.session.scalars(
            select(Shoutout)
            .where(Shoutout.id.in_(shoutout_ids), Shoutout.state == "queued", Shoutout.merged_into.is_(None))
            .order_by(Shoutout.priority.desc(), Shoutout.id)
        ).all()
        if not rows:
            return False
        leader, *others = rows
        if others:
            ids = [row.id for row in others]
            _point(unit, leader, Shoutout.id.in_(ids) | Shoutout.merged_into.in_(ids))
            leader.people = self._buyers.count(unit.connection, _orders_of(unit, leader))
        _step(
            unit, leader, "shown", at, shown_ms=at, until_ms=at + stay_ms, ended_ms=None, showings=leader.showings + 1
        )
        return True

    def _leave_burst(self, unit: Unit, row: Shoutout, state: Literal["skipped", "retracted"], at: Ms) -> None:
        """Close one order's shout-out alone: the burst it led or was merged into goes on with those who are left."""
        leader = _successor(unit, row) if row.merged_into is None else unit.session.get_one(Shoutout, row.merged_into)
        row.state, row.merged_into, row.people = state, None, 1
        row.ended_ms = row.ended_ms or at
        unit.session.flush()
        unit.emit(ShoutoutChanged(shoutout_id=row.id, state=state, at=at))
        if leader is not None:
            leader.people = self._buyers.count(unit.connection, _orders_of(unit, leader))
            unit.emit(ShoutoutChanged(shoutout_id=leader.id, state=_state(leader), at=at))


def restore(unit: Unit, shoutout_id: int, *, at: Ms) -> None:
    """Undo a skip: it waits again, at the place its payment gave it.

    Raises:
        NotFound: no such shout-out.
        Conflict: it was skipped too long ago.
    """
    row = _find(unit, shoutout_id)
    if row.state in {"queued", "shown"}:
        return
    if row.state != "skipped" or at - (row.ended_ms or 0) > RESTORE_MS:
        raise Conflict("过了 10 秒，撤销不了。要播就点重播", "too late to undo after 10 seconds; replay it instead")
    _step(unit, row, "queued", at, due_ms=at, ended_ms=None)


def replay(unit: Unit, shoutout_id: int, *, live_show: int | None, at: Ms) -> None:
    """Show an ended or skipped one once more, while its show is the live one.

    Raises:
        NotFound: no such shout-out.
        Conflict: its show is over, it was retracted, or it belongs to a burst.
    """
    row = _find(unit, shoutout_id)
    if row.show_id != live_show:
        raise Conflict("这场直播不在播，重播不了", "its show is not live, it cannot be replayed")
    if row.state == "retracted":
        raise Conflict(
            "订单退款了，或买家不愿上屏，不能重播", "refunded, or the buyer opted out: it cannot be replayed"
        )
    if row.merged_into is not None:
        raise Conflict("它和别的订单一起播的，请重播那一条", "it was shown together with others; replay that one")
    if row.state in {"ended", "skipped"}:
        _step(unit, row, "queued", at, due_ms=at, ended_ms=None, retries=0)


def prioritise(unit: Unit, shoutout_id: int, *, priority: int) -> None:
    """Let a waiting one go before (or after) those of lower (higher) priority.

    Raises:
        NotFound: no such shout-out.
        Conflict: it does not wait any more.
    """
    row = _find(unit, shoutout_id)
    if row.state != "queued" or row.merged_into is not None:
        raise Conflict("它已经不在排队了", "it is not waiting any more")
    row.priority = priority


def end(unit: Unit, shoutout_id: int, *, at: Ms, again: bool) -> None:
    """Its time on screen is over; one that no overlay painted waits for another try if `again`."""
    row = unit.session.get(Shoutout, shoutout_id)
    if row is None or row.state != "shown":
        return
    _step(unit, row, "ended", at, ended_ms=at)
    if again and proof.is_unproven(unit, row):
        _try_again(unit, row, at)


def retry_unproven(unit: Unit, show_id: int, *, at: Ms) -> None:
    """Queue again what was on screen while no overlay could paint it: one is back now."""
    for row in proof.unproven(unit, show_id):
        _try_again(unit, row, at)


def acknowledge(unit: Unit, event: OverlayAcked) -> None:
    """An overlay says that it painted one; where that comes while the next try waits, no next try is needed."""
    if not proof.record(unit, event):
        return
    row = _find(unit, event.id)
    if row.state == "queued" and row.retries:
        _step(unit, row, "ended", event.at, ended_ms=event.at)


def set_paused(unit: Unit, *, paused: bool) -> None:
    """Hold the queue, or let it go on; survives a restart."""
    row = unit.session.get(ShoutoutQueue, 1)
    if row is None:
        unit.session.add(ShoutoutQueue(id=1, paused=paused))
    else:
        row.paused = paused
    unit.emit(ShoutoutsPaused(paused=paused))


def _try_again(unit: Unit, row: Shoutout, at: Ms) -> None:
    _step(unit, row, "queued", at, due_ms=at, ended_ms=None, retries=row.retries + 1)


def _find(unit: Unit, shoutout_id: int) -> Shoutout:
    row = unit.session.get(Shoutout, shoutout_id)
    if row is None:
        raise NotFound("没有这条喊单", "no such shout-out")
    return row


def _step(unit: Unit, leader: Shoutout, state: Any, at: Ms, **values: Any) -> None:
    """Change one showing's state: its leader and those merged into it."""
    values["state"] = state
    for name, value in values.items():
        setattr(leader, name, value)
    unit.session.flush()
    unit.session.execute(
        update(Shoutout)
        .where(Shoutout.merged_into == leader.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    unit.emit(ShoutoutChanged(shoutout_id=leader.id, state=state, at=at))


def _point(unit: Unit, leader: Shoutout, which: ColumnElement[bool]) -> None:
    """Merge these into the leader."""
    unit.session.execute(
        update(Shoutout).where(which).values(merged_into=leader.id).execution_options(synchronize_session=False)
    )


def _successor(unit: Unit, row: Shoutout) -> Shoutout | None:
    """Who leads the burst when `row` goes: the earliest of the others, with everything that is true of the showing."""
    following = unit.session.scalars(
        select(Shoutout).where(Shoutout.merged_into == row.id).order_by(Shoutout.id).limit(1)
    ).first()
    if following is None:
        return None
    following.merged_into = None
    unit.session.flush()
    _point(unit, following, Shoutout.merged_into == row.id)
    following.priority, following.showings, following.retries = row.priority, row.showings, row.retries
    unit.session.flush()
    proof.copy(unit, row.id, following.id)
    return following


def _orders_of(unit: Unit, leader: Shoutout) -> Sequence[int]:
    return unit.session.scalars(
        select(Shoutout.order_id).where((Shoutout.id == leader.id) | (Shoutout.merged_into == leader.id))
    ).all()


def _state(row: Shoutout) -> Any:
    return row.state
