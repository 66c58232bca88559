"""Rows of what was heard in a show. Times are seconds from the show's start; seq counts segments in the show."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studio.db import Base
from studio.types import Ms


class Segment(Base):
    __tablename__ = "segments"

    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    start: Mapped[float]
    end: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    raw_text: Mapped[str] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None]
    emitted_at: Mapped[float | None]


class SegmentText(Base):
    """One more text of a sentence, never changed: heard again from a recording (batch), or written by hand (edit).

    seq: of the segment; None where only the recording has the sentence (then start and end are its own, in the show's
    time), the negative id of such a row where an edit is of that. Rows of one hearing share `at`. by: who edited.
    """

    __tablename__ = "segment_texts"
    __table_args__ = (Index("ix_segment_texts_show_id_seq", "show_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"))
    seq: Mapped[int | None]
    start: Mapped[float | None]
    end: Mapped[float | None]
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(6))
    model: Mapped[str | None] = mapped_column(String(100))
    beam: Mapped[int | None]
    by: Mapped[str | None] = mapped_column(String(10))
    at: Mapped[Ms]


class Mention(Base):
    __tablename__ = "mentions"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    sku: Mapped[str] = mapped_column(String(64))
    start: Mapped[float]
    end: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    similarity: Mapped[float]


class Highlight(Base):
    __tablename__ = "highlights"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    product: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    start: Mapped[float]
    end: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(String(80))  # an operator's word on a mark


class QaPair(Base):
    """A question read out by the host, and the answer that followed, if one did."""

    __tablename__ = "qa_pairs"
    __table_args__ = (UniqueConstraint("show_id", "question_seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"))
    question_seq: Mapped[int]
    product: Mapped[str | None] = mapped_column(String(64))
    asker: Mapped[str] = mapped_column(String(60))
    question: Mapped[str] = mapped_column(Text)
    question_start: Mapped[float]
    question_end: Mapped[float]
    answer: Mapped[str | None] = mapped_column(Text)
    answer_start: Mapped[float | None]
    answer_end: Mapped[float | None]


class HeardPrice(Base):
    __tablename__ = "heard_prices"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    sku: Mapped[str] = mapped_column(String(64))
    price_fen: Mapped[int]
    expected_fen: Mapped[int]
    start: Mapped[float]
    end: Mapped[float]


class HeardClaim(Base):
    """A claim of the host's and how it was judged.

    level: red, amber, or "true" where the ledger or the sales bear it out. known: what they said at that moment
    (units available, lowest price in fen), None where they had nothing to say. count: the number that was said.
    """

    __tablename__ = "heard_claims"
    __table_args__ = (UniqueConstraint("show_id", "seq", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"))
    seq: Mapped[int]
    product: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(6))
    term: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[float]
    end: Mapped[float]
    count: Mapped[int | None]
    known: Mapped[int | None]
    retracted: Mapped[bool] = mapped_column(default=False)
    seen_ms: Mapped[Ms | None]
    """When an operator put the alert away."""


class HeardPromise(Base):
    """A promise as heard; state: draft, confirmed, dismissed. A time limit counts from said_ms."""

    __tablename__ = "heard_promises"
    __table_args__ = (UniqueConstraint("show_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int] = mapped_column(ForeignKey("shows.id", ondelete="CASCADE"))
    seq: Mapped[int]
    product: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    within_hours: Mapped[float | None]
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[float]
    end: Mapped[float]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    said_ms: Mapped[Ms]


class PromiseOutcome(Base):
    """What an operator said became of a promise; append-only, the last word counts.

    outcome: kept (at kept_ms), broken, void (the buyer let it go), None: taken back.
    """

    __tablename__ = "promise_outcomes"

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("heard_promises.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str | None] = mapped_column(String(8))
    kept_ms: Mapped[Ms | None]
    at: Mapped[Ms]
