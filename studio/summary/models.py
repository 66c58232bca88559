"""Rows of the optional language model: where it is, and what it wrote."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from studio.db import Base
from studio.types import Ms


class LanguageModel(Base):
    """The one language model that the host connected; off until he switches it on. The key is sealed."""

    __tablename__ = "language_model"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    model: Mapped[str] = mapped_column(String(100))
    key_sealed: Mapped[str | None] = mapped_column(Text)
    enabled: Mapped[bool]


class WrittenSummary(Base):
    """What the language model wrote of a show, the last time; the rules' own summary is never stored."""

    __tablename__ = "written_summaries"

    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    model: Mapped[str] = mapped_column(String(100))
    at: Mapped[Ms]
