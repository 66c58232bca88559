"""Rows of shows, their rundowns, and of shows that went live against a check."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from studio.db import Base
from studio.types import Ms


class Show(Base):
    __tablename__ = "shows"
    __table_args__ = (Index("ix_shows_status", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(8), default="draft")
    created_ms: Mapped[Ms]
    started_ms: Mapped[Ms | None]
    ended_ms: Mapped[Ms | None]
    current_item_id: Mapped[int | None]
    item_taken_ms: Mapped[Ms | None]
    """When the current item came on air; what is left of its minutes counts from here."""
    standby_item_id: Mapped[int | None]
    """What a hand chose to come next; None: what follows in the rundown."""
    cue_mode: Mapped[str] = mapped_column(String(8), default="confirm")
    """What a product named by the host does: off, confirm (a suggestion), auto."""
    items: Mapped[list["RundownItem"]] = relationship(
        order_by="RundownItem.position", cascade="all, delete-orphan", lazy="selectin"
    )


class RundownItem(Base):
    __tablename__ = "rundown_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    sku: Mapped[str | None] = mapped_column(String(64))
    scene: Mapped[str | None] = mapped_column(String(200))
    minutes: Mapped[int | None]
    points: Mapped[list[str]] = mapped_column(JSON, default=list)
    trust: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What is shown rather than said: `{kind: demo, test or story, text}`."""


class PreflightOverride(Base):
    """A show that went live although checks were red: why, and which."""

    __tablename__ = "preflight_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"), index=True)
    at: Mapped[Ms]
    reason: Mapped[str] = mapped_column(String(300))
    reds: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The red checks as they stood, `Check` of studio/shows/preflight.py."""
