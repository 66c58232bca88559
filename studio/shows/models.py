"""Rows of shows and their rundowns."""

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
