"""Shout-outs of orders whose buyer is to be forgotten."""

from sqlalchemy import select

from studio.events import PersonalDataErased, ShoutoutChanged
from studio.masking import ERASED
from studio.overlays.models import Shoutout
from studio.unit import Unit

_BATCH = 500


def forget_orders(unit: Unit, event: PersonalDataErased) -> None:
    """Reaction: what was shown stays proven, without the name."""
    for start in range(0, len(event.order_ids), _BATCH):
        ids = event.order_ids[start : start + _BATCH]
        for row in unit.session.scalars(select(Shoutout).where(Shoutout.order_id.in_(ids))):
            row.who = ERASED
            unit.session.flush()
            unit.emit(ShoutoutChanged(shoutout_id=row.id, state=row.state, at=event.at))  # pyright: ignore[reportArgumentType] - one of the five
