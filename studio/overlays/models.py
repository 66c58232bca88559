"""Rows of the shout-out queue, and of what operators put on screen."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from studio.db import Base
from studio.types import Ms


class Shoutout(Base):
    """One paid order's announcement: queued, shown, ended, skipped, or retracted.

    It waits until due_ms, the time in which it can be taken back unseen. A burst is shown as one: merged_into of the
    others names the one that leads it, they change their state with it, and its `people` counts the buyers it stands
    for. showings counts how often it came on screen; retries how many of those were because no overlay proved the
    last one.
    """

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
    priority: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=1)
    showings: Mapped[int] = mapped_column(default=0)
    retries: Mapped[int] = mapped_column(default=0)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("shoutouts.id"), index=True)
    queued_ms: Mapped[Ms]
    due_ms: Mapped[Ms]
    shown_ms: Mapped[Ms | None]
    until_ms: Mapped[Ms | None]
    ended_ms: Mapped[Ms | None]


class ShoutoutAck(Base):
    """Proof of display: this overlay instance painted that shout-out."""

    __tablename__ = "shoutout_acks"

    shoutout_id: Mapped[int] = mapped_column(ForeignKey("shoutouts.id", ondelete="CASCADE"), primary_key=True)
    client: Mapped[str] = mapped_column(String(40), primary_key=True)
    page: Mapped[str] = mapped_column(String(40))
    at: Mapped[Ms]


class ShoutoutQueue(Base):
    """The one row that says whether the queue is paused."""

    __tablename__ = "shoutout_queue"

    id: Mapped[int] = mapped_column(primary_key=True)
    paused: Mapped[bool] = mapped_column(default=False)


class BoardEntry(Base):
    """One change of one part of a show's board, append-only: the newest row is what is on screen, null is nothing."""

    __tablename__ = "board_entries"
    __table_args__ = (Index("ix_board_entries_show_id_part", "show_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int]
    part: Mapped[str] = mapped_column(String(10))
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[Ms]
