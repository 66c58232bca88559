"""Polls: drafted, opened (one at a time a show), voted in, closed. A buyer has one vote, movable while it is open."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from studio.audience.models import Poll, PollOption, Vote
from studio.audience.texts import kept
from studio.db import table
from studio.errors import BadInput, Conflict, NotFound
from studio.events import PollChanged, ShowEnded
from studio.types import Ms
from studio.unit import Unit

MAX_TITLE = 60
MAX_OPTION = 40
MIN_OPTIONS = 2
MAX_OPTIONS = 6

_polls, _options, _votes = table(Poll), table(PollOption), table(Vote)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option; sku where it stands for a product."""

    text: str
    sku: str | None = None


def draft(unit: Unit, *, kind: str, title: str, choices: Sequence[Choice], show_id: int | None, at: Ms) -> int:
    """A poll that nobody sees yet; returns its id.

    Raises:
        BadInput: fewer than two or more than six options, two of the same, an empty text, a product option without SKU.
    """
    line = kept(title, MAX_TITLE)
    options = [Choice(kept(choice.text, MAX_OPTION), choice.sku) for choice in choices]
    if not line or not all(option.text for option in options):
        raise BadInput("请写好标题和每个选项", "give the poll a title and every option a text")
    if not MIN_OPTIONS <= len(options) <= MAX_OPTIONS:
        raise BadInput("请给 2 到 6 个选项", "give two to six options")
    if len({option.text for option in options}) < len(options):
        raise BadInput("有两个选项一样，请改一个", "two options are the same, change one")
    if kind == "product" and not all(option.sku for option in options):
        raise BadInput("每个选项都要选一个商品", "choose a product for every option")
    poll = Poll(
        show_id=show_id,
        kind=kind,
        title=line,
        state="draft",
        created_ms=at,
        options=[
            PollOption(position=place, text=option.text, sku=option.sku)
            for place, option in enumerate(options, start=1)
        ],
    )
    unit.session.add(poll)
    unit.session.flush()
    _tell(unit, poll.id, at)
    return poll.id


def open_poll(unit: Unit, poll_id: int, *, at: Ms) -> None:
    """Let buyers vote.

    Raises:
        Conflict: another poll of the show is open, or this one is over.
    """
    poll = find(unit.session, poll_id)
    if poll.state == "open":
        return
    if poll.state != "draft":
        raise Conflict("这个投票已经结束，请新建一个", "this poll is over, make a new one")
    other = unit.session.scalars(select(Poll).where(Poll.show_id == poll.show_id, Poll.state == "open")).first()
    if other is not None:
        raise Conflict(f"“{other.title}” 还在投票，请先结束它", f"'{other.title}' is still open, close it first")
    poll.state, poll.opened_ms = "open", at
    _tell(unit, poll.id, at)


def close(unit: Unit, poll_id: int, *, at: Ms) -> None:
    """End the voting; the result stays.

    Raises:
        Conflict: it was never opened.
    """
    poll = find(unit.session, poll_id)
    if poll.state == "closed":
        return
    if poll.state != "open":
        raise Conflict("这个投票还没开始", "this poll is not open")
    poll.state, poll.closed_ms = "closed", at
    _tell(unit, poll.id, at)


def end_show(unit: Unit, event: ShowEnded) -> None:
    """Reaction: nobody votes in a show that is over."""
    for poll in unit.session.scalars(select(Poll).where(Poll.show_id == event.show_id, Poll.state == "open")):
        close(unit, poll.id, at=event.at)


def discard(unit: Unit, poll_id: int, *, at: Ms) -> None:
    """Off every list and screen, in whatever state it was."""
    poll = unit.session.get(Poll, poll_id)
    if poll is None:
        raise _missing()
    if poll.state != "discarded":
        poll.state = "discarded"
        _tell(unit, poll.id, at)


def vote(unit: Unit, *, poll_id: int, option_id: int, voter: str, at: Ms) -> None:
    """Count a buyer's vote, or move the one that the buyer has already given.

    Raises:
        NotFound: no such poll, or an option of another one.
        Conflict: the poll is not open.
    """
    run = unit.connection.execute
    # FOR UPDATE: several servers on one PostgreSQL count one after another; SQLite has one writer anyway
    state = run(select(_polls.c.state).where(_polls.c.id == poll_id).with_for_update()).scalar()
    known = run(select(_options.c.id).where(_options.c.id == option_id, _options.c.poll_id == poll_id)).scalar()
    if state in {None, "draft", "discarded"} or known is None:
        raise _missing()
    if state != "open":
        raise Conflict("投票已经结束", "the poll is closed")
    mine = (_votes.c.poll_id == poll_id) & (_votes.c.voter == voter)
    before = run(select(_votes.c.option_id).where(mine)).scalar()
    if before == option_id:
        return
    if before is None:
        run(insert(_votes).values(poll_id=poll_id, voter=voter, option_id=option_id, at=at))
    else:
        run(update(_votes).where(mine).values(option_id=option_id, at=at))
        run(update(_options).where(_options.c.id == before).values(votes=_options.c.votes - 1))
    run(update(_options).where(_options.c.id == option_id).values(votes=_options.c.votes + 1))
    _tell(unit, poll_id, at)


def winners(poll: Poll) -> set[int]:
    """Ids of the options with most votes: several are a tie that the host decides, none where nobody voted."""
    most = max((option.votes for option in poll.options), default=0)
    return {option.id for option in poll.options if most and option.votes == most}


def find(session: Session, poll_id: int) -> Poll:
    """The poll.

    Raises:
        NotFound: there is none, or it was discarded.
    """
    poll = session.get(Poll, poll_id)
    if poll is None or poll.state == "discarded":
        raise _missing()
    return poll


def _missing() -> NotFound:
    return NotFound("没有这个投票", "no such poll")


def _tell(unit: Unit, poll_id: int, at: Ms) -> None:
    unit.emit(PollChanged(poll_id=poll_id, at=at))
