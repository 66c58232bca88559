"""The stored transcript of a show, read as one value."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from studio.db import Base
from studio.transcribe import versions
from studio.transcribe.commitments import promises_of
from studio.transcribe.models import HeardClaim, HeardPrice, Highlight, Mention, QaPair, Segment

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything heard in one show, oldest first; times in seconds from the show's start."""

    segments: Rows = field(default_factory=Rows)
    mentions: Rows = field(default_factory=Rows)
    highlights: Rows = field(default_factory=Rows)
    qa: Rows = field(default_factory=Rows)
    prices: Rows = field(default_factory=Rows)
    claims: Rows = field(default_factory=Rows)
    promises: Rows = field(default_factory=Rows)


def read_transcript(session: Session, show_id: int) -> Transcript:
    """The whole transcript; empty lists for a show in which nothing was heard."""
    return Transcript(
        segments=versions.apply(session, show_id, read_live(session, show_id)),
        mentions=_rows(session, Mention, show_id, Mention.id),
        highlights=read_highlights(session, show_id),
        qa=_rows(session, QaPair, show_id, QaPair.question_seq),
        prices=_rows(session, HeardPrice, show_id, HeardPrice.id),
        claims=_rows(session, HeardClaim, show_id, HeardClaim.id),
        promises=promises_of(session, show_id),
    )


def read_highlights(session: Session, show_id: int) -> Rows:
    """What was found worth keeping, and what operators marked with their notes."""
    return _rows(session, Highlight, show_id, Highlight.id)


def read_live(session: Session, show_id: int) -> Rows:
    """The segments as they were heard live."""
    # what was filled in later stands where it was said
    return sorted(_rows(session, Segment, show_id, Segment.seq), key=lambda row: row["start"])


def _rows(session: Session, model: type[Base], show_id: int, order: InstrumentedAttribute[int]) -> Rows:
    columns = [column for column in model.__table__.columns if column.name not in {"show_id", "id"}]
    query = select(*columns).where(model.__table__.c.show_id == show_id).order_by(order)
    return [dict(row) for row in session.execute(query).mappings()]
