"""Rows of the shout-out queue."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from studio.db import Base
from studio.types import Ms


class Shoutout(Base):
    """One paid order's announcement: queued, shown, ended, or retracted."""

    __tablename__ = "shoutouts"
    __table_args__ = (Index("ix_shoutouts_show_id_state", "show_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(unique=True)
    show_id: Mapped[int]
    who: Mapped[str] = mapped_column(String(60))
    product: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int]
    more: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="queued")
    queued_ms: Mapped[Ms]
    shown_ms: Mapped[Ms | None]
    until_ms: Mapped[Ms | None]
    ended_ms: Mapped[Ms | None]


class ShoutoutQueue(Base):
    """The one row that says whether the queue is paused."""

    __tablename__ = "shoutout_queue"

    id: Mapped[int] = mapped_column(primary_key=True)
    paused: Mapped[bool] = mapped_column(default=False)
