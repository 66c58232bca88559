"""Proof of display: which overlay page instances painted which shout-out."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, exists, func, insert, literal, select

from studio.db import table
from studio.events import OverlayAcked, ShoutoutProven
from studio.overlays.models import Shoutout, ShoutoutAck
from studio.unit import Unit

MAX_CLIENTS = 50
"""Proofs kept of one shout-out; a studio has a handful of overlays, more is noise."""
MAX_RETRIES = 2

_acks, _shoutouts = table(ShoutoutAck), table(Shoutout)
_columns = ["shoutout_id", "client", "page", "at"]


def record(unit: Unit, event: OverlayAcked) -> bool:
    """Keep an overlay's word that it painted what was shown, once a page instance; whether it was news."""
    mine = _acks.c.shoutout_id == event.id
    row = select(_shoutouts.c.id, literal(event.client), literal(event.page), literal(event.at, BigInteger)).where(
        _shoutouts.c.id == event.id,
        _shoutouts.c.showings > 0,
        ~exists().where(mine, _acks.c.client == event.client),
        select(func.count()).select_from(_acks).where(mine).scalar_subquery() < MAX_CLIENTS,
    )
    added = insert(_acks).from_select(_columns, row).returning(_acks.c.client)
    if unit.connection.execute(added).first() is None:
        return False
    unit.emit(ShoutoutProven(shoutout_id=event.id, client=event.client, at=event.at))
    return True


def copy(unit: Unit, from_id: int, to_id: int) -> None:
    """The burst was painted with both in it: what proves the one that led it proves the one that leads it now."""
    row = select(literal(to_id), _acks.c.client, _acks.c.page, _acks.c.at).where(
        _acks.c.shoutout_id == from_id,
        _acks.c.client.not_in(select(_acks.c.client).where(_acks.c.shoutout_id == to_id)),
    )
    unit.connection.execute(insert(_acks).from_select(_columns, row))


def is_unproven(unit: Unit, row: Shoutout) -> bool:
    """Whether no overlay ever painted it and another try is left."""
    ack = select(_acks.c.client).where(_acks.c.shoutout_id == row.id).limit(1)
    return row.retries < MAX_RETRIES and unit.connection.execute(ack).first() is None


def unproven(unit: Unit, show_id: int) -> Sequence[Shoutout]:
    """Showings of a show that ended without any overlay having painted them, with another try left."""
    return unit.session.scalars(
        select(Shoutout).where(
            Shoutout.show_id == show_id,
            Shoutout.state == "ended",
            Shoutout.merged_into.is_(None),
            Shoutout.showings > 0,
            Shoutout.retries < MAX_RETRIES,
            ~exists().where(ShoutoutAck.shoutout_id == Shoutout.id),
        )
    ).all()
