"""Chat messages of platforms: kept once each, masked before they are kept; one that asks becomes a question."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from studio.audience import questions
from studio.audience.asking import asks
from studio.audience.likeness import ProductWords
from studio.audience.models import Comment
from studio.audience.texts import clean, kept, text_of
from studio.errors import NotFound
from studio.events import CommentReceived
from studio.masking import mask_name
from studio.types import Ms
from studio.unit import Unit

MAX_TEXT = 300
MAX_NAME = 40
MAX_ID = 100
MAX_SOURCE = 20
_CLOCK_SLACK_MS = 24 * 3_600_000

Mark = Callable[[str], str]
"""A keyed hash: tells a person again without naming anybody."""


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message as it arrived: plain text, nothing masked yet; at None where the platform tells no time."""

    source: str
    external_id: str
    who: str
    text: str
    at: int | None = None


def take_in(
    unit: Unit,
    messages: Sequence[Message],
    *,
    show_id: int | None,
    mark: Mark,
    at: Ms,
    products: Sequence[ProductWords] = (),
    on_air: str | None = None,
) -> int:
    """Keep what is new and ask what asks; returns how many were new. A message without words is none."""
    new = 0
    for message in messages:
        text = kept(message.text, MAX_TEXT)
        if not text or _is_known(unit, message):
            continue
        row = Comment(
            show_id=show_id,
            source=message.source,
            external_id=message.external_id,
            who=mask_name(clean(message.who, MAX_NAME) or "?"),
            text=text,
            at=_credible(message.at, at),
        )
        unit.session.add(row)
        unit.session.flush()
        if asks(text):
            row.question_id = questions.ask(
                unit,
                text=text,
                sku=None,
                asker=message.who,
                visitor=mark(f"{message.source}:{message.who}"),
                source=message.source,
                show_id=show_id,
                at=at,
                products=products,
                on_air=on_air,
            )
        unit.emit(CommentReceived(comment_id=row.id, at=at))
        new += 1
    return new


def to_question(
    unit: Unit, comment_id: int, *, at: Ms, products: Sequence[ProductWords] = (), on_air: str | None = None
) -> int:
    """Ask what a comment says, whatever the rule thought of it; again, and it is the same question.

    Raises:
        NotFound: no such comment.
    """
    row = unit.session.get(Comment, comment_id)
    if row is None:
        raise NotFound("没有这条评论", "no such comment")
    if row.question_id is None:
        row.question_id = questions.ask(
            unit,
            text=row.text,
            sku=None,
            asker=row.who,
            visitor=None,
            source=row.source,
            show_id=row.show_id,
            at=at,
            products=products,
            on_air=on_air,
        )
        unit.emit(CommentReceived(comment_id=row.id, at=at))
    return row.question_id


def of_ninja(given: dict[str, Any]) -> Message | None:
    """A message as Social Stream Ninja posts it; None for what nobody wrote (follows, viewer counts, pictures alone).

    Source: github.com/steveseguin/social_stream, docs/event-reference.html and api.md: chatname, chatmessage (HTML
    unless textonly), type (the platform), id, event. Its ids
    start anew with every session, so the words belong to ours.
    """
    name, html, event = given.get("chatname"), given.get("chatmessage"), given.get("event")
    if not isinstance(name, str) or not isinstance(html, str) or (event and event != "message"):
        return None
    text, who = (html, name) if given.get("textonly") is True else (text_of(html), text_of(name))
    if not who.strip() or not text.strip():
        return None
    source = re.sub(r"[^a-z0-9_-]", "", str(given.get("type", "")).lower())[:MAX_SOURCE] or "ssn"
    number = given.get("id")
    digest = hashlib.sha256(f"{who}\0{text}".encode("utf-8", "replace")).hexdigest()[:32]
    return Message(source, f"{str(number)[:40] if isinstance(number, int | str) else ''}:{digest}", who, text)


def _is_known(unit: Unit, message: Message) -> bool:
    same = (Comment.source == message.source) & (Comment.external_id == message.external_id)
    return unit.session.scalar(select(Comment.id).where(same)) is not None


def _credible(given: int | None, now: Ms) -> Ms:
    """The platform's time, unless its clock is a day off."""
    return Ms(given) if given is not None and abs(now - given) < _CLOCK_SLACK_MS else now
