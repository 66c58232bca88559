"""The order's history: one append-only row a step, written in the step's own transaction."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from studio.db import table
from studio.shop.models import OrderStep
from studio.types import Ms
from studio.unit import Unit

By = Literal["host", "producer", "moderator", "buyer", "webhook", "clock"]
"""Who took a step; the clock expires holds and fills the line."""

Step = Literal[
    "placed",
    "waitlisted",
    "paid",
    "packed",
    "picked_up",
    "closed",
    "cancelled",
    "expired",
    "reopened",
    "settled",
    "refunded",
]

Advance = Literal["packed", "picked_up", "closed"]

_ADD = insert(table(OrderStep))


def add_steps(unit: Unit, order_id: int, *steps: Step, by: By, at: Ms, **detail: Any) -> None:
    """Note steps that were taken together."""
    unit.connection.execute(
        _ADD, [{"order_id": order_id, "step": step, "by": by, "detail": detail, "at": at} for step in steps]
    )


def list_steps(session: Session, order_id: int) -> Sequence[OrderStep]:
    """An order's history, oldest first."""
    return session.scalars(select(OrderStep).where(OrderStep.order_id == order_id).order_by(OrderStep.id)).all()


def last_step(session: Session, order_id: int) -> str | None:
    """What happened to the order last."""
    query = select(OrderStep.step).where(OrderStep.order_id == order_id).order_by(OrderStep.id.desc()).limit(1)
    return session.scalar(query)
