"""The audience's topics, read from the database: questions, polls, comments of the show on stage."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from studio.audience import knowledge, polls
from studio.audience.models import Comment, KnownQuestion, Poll, Question

MAX_QUESTIONS = 100
MAX_COMMENTS = 50
_ORDER = {"on_screen": 0, "open": 1, "answered": 2, "hidden": 3}


def questions_topic(session: Session, show_id: int | None) -> list[dict[str, Any]]:
    """On screen, open (most askers first), answered and hidden (newest first)."""
    again = aliased(Question)
    since = (
        select(func.count())
        .where(again.folded_into == Question.id, again.asked_ms > Question.changed_ms)
        .correlate(Question)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Question, since)
        .where(Question.show_id == show_id, Question.folded_into.is_(None))
        .order_by(
            case(_ORDER, value=Question.state),
            case((Question.state == "open", -Question.askers), else_=-Question.changed_ms),
            Question.id,
        )
        .limit(MAX_QUESTIONS)
    ).all()
    known = known_of(session, [row for row, _ in rows])
    return [question_row(row, asked_since, known.get(row.id)) for row, asked_since in rows]


def known_of(session: Session, rows: Sequence[Question]) -> dict[int, dict[str, Any]]:
    """Question → what was answered before, for those that have no answer of their own yet."""
    wanted = {row.known_id for row in rows if row.known_id is not None and (row.draft or not row.answer)}
    if not wanted:
        return {}
    found = {row.id: row for row in session.scalars(select(KnownQuestion).where(KnownQuestion.id.in_(wanted)))}
    offers = {row.id: knowledge.offer(found.get(row.known_id)) for row in rows if row.known_id in wanted}
    return {number: each for number, each in offers.items() if each is not None}


def question_row(row: Question, asked_since: int = 0, known: dict[str, Any] | None = None) -> dict[str, Any]:
    """A question in the inbox; asked_since: who asked it again after it was answered; known: answered before."""
    return {
        "id": row.id,
        "sku": row.sku,
        "asker": row.asker,
        "text": row.text,
        "source": row.source,
        "state": row.state,
        "answer": row.answer or None,
        "draft": row.draft,
        "askers": row.askers,
        "asked_since": asked_since if row.state == "answered" else 0,
        "asked_ms": row.asked_ms,
        "changed_ms": row.changed_ms,
        "known": known,
    }


def question_topic(session: Session, question_id: int | None) -> dict[str, Any] | None:
    """What the overlay shows; an answer that nobody confirmed is not shown."""
    row = session.get(Question, question_id) if question_id is not None else None
    return row and {
        "id": row.id,
        "asker": row.asker,
        "text": row.text,
        "sku": row.sku,
        "askers": row.askers,
        "answer": None if row.draft else row.answer or None,
        "changed_ms": row.changed_ms,
    }


def on_screen(session: Session, show_id: int | None) -> int | None:
    """Id of the question on screen."""
    return session.scalar(
        select(Question.id)
        .where(Question.show_id == show_id, Question.state == "on_screen")
        .order_by(Question.id.desc())
    )


def answered(session: Session, show_id: int | None, limit: int = 30) -> list[dict[str, Any]]:
    """Questions with an answer that somebody wrote or confirmed, newest first: for buyers."""
    rows = session.scalars(
        select(Question)
        .where(
            Question.show_id == show_id,
            Question.folded_into.is_(None),
            Question.state.in_(("answered", "on_screen")),
            Question.draft.is_(False),
            Question.answer != "",
        )
        .order_by(Question.changed_ms.desc(), Question.id.desc())
        .limit(limit)
    )
    return [
        {"id": row.id, "sku": row.sku, "text": row.text, "answer": row.answer, "askers": row.askers} for row in rows
    ]


def comments_topic(session: Session, show_id: int | None) -> list[dict[str, Any]]:
    """The newest comments, oldest first."""
    rows = session.scalars(
        select(Comment).where(Comment.show_id == show_id).order_by(Comment.id.desc()).limit(MAX_COMMENTS)
    ).all()
    return [
        {
            "id": row.id,
            "source": row.source,
            "who": row.who,
            "text": row.text,
            "question_id": row.question_id,
            "at": row.at,
        }
        for row in reversed(rows)
    ]


def poll_row(poll: Poll) -> dict[str, Any]:
    """A poll with its counts; winners only once it is closed, several where votes tie."""
    best = polls.winners(poll) if poll.state == "closed" else set[int]()
    return {
        "id": poll.id,
        "kind": poll.kind,
        "title": poll.title,
        "state": poll.state,
        "opened_ms": poll.opened_ms,
        "closed_ms": poll.closed_ms,
        "total": sum(option.votes for option in poll.options),
        "options": [
            {
                "id": option.id,
                "text": option.text,
                "sku": option.sku,
                "votes": option.votes,
                "winner": option.id in best,
            }
            for option in poll.options
        ],
    }


def polls_topic(session: Session, show_id: int | None) -> list[dict[str, Any]]:
    """Every poll of the show, newest first."""
    rows = session.scalars(
        select(Poll).where(Poll.show_id == show_id, Poll.state != "discarded").order_by(Poll.id.desc())
    )
    return [poll_row(poll) for poll in rows]


def poll_topic(session: Session, show_id: int | None) -> dict[str, Any] | None:
    """The open poll, else the one that closed last."""
    poll = session.scalars(
        select(Poll)
        .where(Poll.show_id == show_id, Poll.state.in_(("open", "closed")))
        .order_by(case((Poll.state == "open", 0), else_=1), Poll.closed_ms.desc(), Poll.id.desc())
        .limit(1)
    ).first()
    return poll_row(poll) if poll else None
