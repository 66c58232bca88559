"""Rows of what the audience says: questions, polls, votes, comments."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from studio.db import Base
from studio.types import Ms


class Question(Base):
    """A buyer's question; one that asks the same as an earlier one is folded into it, which counts its askers.

    state: open, on_screen, answered, hidden. `plain` is the text as it is compared. `draft`: the answer was only heard,
    nobody has confirmed it. `changed_ms` is when the state changed last, `asked_ms` when this row was asked.
    """

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_show_id_state", "show_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int | None]
    sku: Mapped[str | None] = mapped_column(String(64))
    visitor: Mapped[str | None] = mapped_column(String(64))
    asker: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(200))
    plain: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    draft: Mapped[bool] = mapped_column(default=False)
    folded_into: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    askers: Mapped[int] = mapped_column(default=1)
    asked_ms: Mapped[Ms]
    changed_ms: Mapped[Ms]
    known_id: Mapped[int | None]
    """The known question that asks the same, as it was when this one came; it may be forgotten since."""


class KnownQuestion(Base):
    """A question that was answered once; kept across shows, without anybody's name. `asked`: how often it came."""

    __tablename__ = "known_questions"
    __table_args__ = (Index("ix_known_questions_sku_asked_ms", "sku", "asked_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(String(200))
    plain: Mapped[str] = mapped_column(String(200))
    asked: Mapped[int]
    created_ms: Mapped[Ms]
    asked_ms: Mapped[Ms]
    answers: Mapped[list["KnownAnswer"]] = relationship(
        order_by="KnownAnswer.id", cascade="all, delete-orphan", lazy="selectin"
    )


class KnownAnswer(Base):
    """One answer to it in somebody's words; uses: how often it was given, preferred: an operator chose it."""

    __tablename__ = "known_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("known_questions.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    uses: Mapped[int]
    preferred: Mapped[bool]
    confirmed_ms: Mapped[Ms]


class Comment(Base):
    """One chat message from a platform, kept once per external id."""

    __tablename__ = "comments"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index("ix_comments_show_id", "show_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(100))
    who: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(300))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    at: Mapped[Ms]


class Poll(Base):
    """A vote of the audience; state: draft, open, closed, discarded."""

    __tablename__ = "polls"

    id: Mapped[int] = mapped_column(primary_key=True)
    show_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    created_ms: Mapped[Ms]
    opened_ms: Mapped[Ms | None]
    closed_ms: Mapped[Ms | None]
    options: Mapped[list["PollOption"]] = relationship(
        order_by="PollOption.position", cascade="all, delete-orphan", lazy="selectin"
    )


class PollOption(Base):
    __tablename__ = "poll_options"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(40))
    sku: Mapped[str | None] = mapped_column(String(64))
    votes: Mapped[int] = mapped_column(default=0)


class Vote(Base):
    """One row a buyer and poll, whatever arrives."""

    __tablename__ = "votes"

    poll_id: Mapped[int] = mapped_column(ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    option_id: Mapped[int] = mapped_column(ForeignKey("poll_options.id", ondelete="CASCADE"))
    at: Mapped[Ms]
