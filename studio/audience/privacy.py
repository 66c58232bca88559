"""What the audience's tables say about one browser: read for its owner, and forgotten."""

import secrets
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from studio.audience.models import Poll, PollOption, Question, Vote
from studio.db import table
from studio.events import PersonalDataErased, QuestionChanged
from studio.masking import ERASED
from studio.types import Ms
from studio.unit import Unit

_votes = table(Vote)


def said_by(session: Session, visitor: str) -> dict[str, Any]:
    """Questions and votes of a browser."""
    asked = session.scalars(select(Question).where(Question.visitor == visitor).order_by(Question.id))
    voted = session.execute(
        select(Poll.title, PollOption.text, Vote.at)
        .join(PollOption, PollOption.id == Vote.option_id)
        .join(Poll, Poll.id == Vote.poll_id)
        .where(Vote.voter == visitor)
        .order_by(Vote.at)
    )
    return {
        "questions": [
            {"id": row.id, "asker": row.asker, "text": row.text, "answer": row.answer, "asked_ms": row.asked_ms}
            for row in asked
        ],
        "votes": [{"poll": title, "option": text, "at": at} for title, text, at in voted],
    }


def forget_visitor(unit: Unit, event: PersonalDataErased) -> None:
    """Reaction: questions stay without a name, votes count on without a browser."""
    if event.visitor is None:
        return
    for row in unit.session.scalars(select(Question).where(Question.visitor == event.visitor)):
        row.visitor, row.asker = None, ERASED
        unit.session.flush()
        unit.emit(QuestionChanged(question_id=row.id, state=row.state, at=event.at))  # pyright: ignore[reportArgumentType] - one of the four
    _unname(unit, select(_votes.c.poll_id, _votes.c.voter).where(_votes.c.voter == event.visitor))


def forget_old(unit: Unit, before: Ms) -> None:
    """Which browsers asked and voted before then."""
    unit.session.execute(
        update(Question).where(Question.asked_ms < before, Question.visitor.is_not(None)).values(visitor=None)
    )
    named = ~_votes.c.voter.startswith(_NOBODY)
    _unname(unit, select(_votes.c.poll_id, _votes.c.voter).where(_votes.c.at < before, named))


_NOBODY = "-"
"""Begins what stands for a voter that is forgotten; ids of browsers are hex."""


def _unname(unit: Unit, votes: Select[Any, Any]) -> None:
    for row in unit.connection.execute(votes).all():
        mine = (_votes.c.poll_id == row.poll_id) & (_votes.c.voter == row.voter)
        unit.connection.execute(update(_votes).where(mine).values(voter=f"{_NOBODY}{secrets.token_hex(12)}"))
