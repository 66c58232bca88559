"""The shout-out queue as topics (docs/architecture.md)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio.overlays.models import Shoutout, ShoutoutAck, ShoutoutQueue

LISTED_WAITING = 50
LISTED_PAST = 20

_LEADS = Shoutout.merged_into.is_(None)


def shoutout_topic(session: Session, show_id: int | None, *, watched: bool) -> dict[str, Any]:
    """What is on screen and how many wait, of one show."""
    mine = select(Shoutout).where(Shoutout.show_id == show_id, _LEADS)
    row = session.scalars(mine.where(Shoutout.state == "shown")).first()
    waiting = session.scalar(
        select(func.count()).where(Shoutout.show_id == show_id, _LEADS, Shoutout.state == "queued")
    )
    queue = session.get(ShoutoutQueue, 1)
    paused = bool(queue and queue.paused)
    current = None
    if row is not None:
        current = {**_texts(row, _totals(session, [row])), "shown_ms": row.shown_ms, "until_ms": row.until_ms}
    return {
        "current": current,
        "waiting": waiting or 0,
        "paused": paused,
        "unseen": bool(waiting) and not watched and not paused,
    }


def shoutouts_topic(session: Session, show_id: int | None) -> list[dict[str, Any]]:
    """The queue: the waiting ones in the order they will be shown, then the one on screen and the last ones."""
    mine = select(Shoutout).where(Shoutout.show_id == show_id, _LEADS)
    waiting = session.scalars(
        mine.where(Shoutout.state == "queued").order_by(Shoutout.priority.desc(), Shoutout.id).limit(LISTED_WAITING)
    ).all()
    past = session.scalars(
        mine.where(Shoutout.state != "queued")
        .order_by(Shoutout.ended_ms.is_(None).desc(), Shoutout.ended_ms.desc(), Shoutout.id.desc())
        .limit(LISTED_PAST)
    ).all()
    rows = [*waiting, *past]
    totals, acks = _totals(session, rows), _acks(session, rows)
    return [
        {
            **_texts(row, totals),
            "order_id": row.order_id,
            "priority": row.priority,
            "state": row.state,
            "showings": row.showings,
            "queued_ms": row.queued_ms,
            "due_ms": row.due_ms,
            "shown_ms": row.shown_ms,
            "ended_ms": row.ended_ms,
            "acks": acks.get(row.id, 0),
        }
        for row in rows
    ]


def _texts(row: Shoutout, totals: dict[int, int]) -> dict[str, Any]:
    """A burst says its product's total; what else was in those orders is not said."""
    merged = totals.get(row.id)
    return {
        "id": row.id,
        "who": row.who,
        "product": row.product,
        "quantity": row.quantity + (merged or 0),
        "more": 0 if merged else row.more,
        "people": row.people,
    }


def _totals(session: Session, rows: Sequence[Shoutout]) -> dict[int, int]:
    """Leader → units of the orders merged into it."""
    found = session.execute(
        select(Shoutout.merged_into, func.sum(Shoutout.quantity))
        .where(Shoutout.merged_into.in_([row.id for row in rows]))
        .group_by(Shoutout.merged_into)
    )
    return {leader: int(units) for leader, units in found if leader is not None}


def _acks(session: Session, rows: Sequence[Shoutout]) -> dict[int, int]:
    """Shout-out → overlay page instances that painted it."""
    found = session.execute(
        select(ShoutoutAck.shoutout_id, func.count())
        .where(ShoutoutAck.shoutout_id.in_([row.id for row in rows]))
        .group_by(ShoutoutAck.shoutout_id)
    )
    return dict(iter(found))
