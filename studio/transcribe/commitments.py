"""What binds the host: claims, judged as they are said, and promises, drafts until an operator confirms them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import NotFound
from studio.events import ClaimHeard, PromiseHeard
from studio.transcribe.claims import advice
from studio.transcribe.corrections import correction
from studio.transcribe.judging import Judgement
from studio.transcribe.models import HeardClaim, HeardPromise
from studio.transcribe.outcomes import Outcome, due_of, outcomes_of
from studio.transcribe.timeline import Timeline
from studio.types import Ms, now_ms
from studio.unit import Unit, Writer

WINDOW = 20
Judge = Callable[[Session, ClaimHeard], Judgement]
Put = Callable[[str, Any], None]


class Commitments:
    """Listener of what the ear hears; keeps the topics `claims` and `promises`.

    A claim is shown while no show is live, too (the host tries his words), but only kept with a show.

    Args:
        judge: how a claim stands now.
        put: sets a topic's value.
    """

    def __init__(self, writer: Writer, database: Database, timeline: Timeline, judge: Judge, put: Put) -> None:
        self._writer = writer
        self._database = database
        self._timeline = timeline
        self._judge = judge
        self._put = put
        self._show_id: int | None = None
        self._unkept: list[dict[str, Any]] = []

    def load(self, show_id: int | None) -> None:
        """Read the show on stage."""
        self._show_id = show_id
        self._unkept.clear()
        self.refresh()

    def refresh(self) -> None:
        """Bring both topics up to date."""
        with self._database.reading() as session:
            claims = claims_of(session, self._show_id)
            promises = promises_of(session, self._show_id)
        self._put("claims", [*claims, *self._unkept][-WINDOW:])
        self._put("promises", promises[-WINDOW:])

    def claim(self, event: ClaimHeard) -> None:
        """A claim was heard, or taken back."""
        show_id = self._timeline.show_of(event.end)
        fields = self._timeline.placed(event)
        if show_id is None:
            self._show_only(event, fields)
        else:
            self._show_id = show_id
            self._writer.run(lambda unit: _keep_claim(unit, show_id, event, fields, self._judge))
        self.refresh()

    def promise(self, event: PromiseHeard) -> None:
        """A promise was heard: a draft of the show on air."""
        show_id = self._timeline.show_of(event.end)
        if show_id is None:
            return
        self._show_id = show_id
        fields = self._timeline.placed(event)
        said = self._timeline.wall(event.end) or now_ms()
        self._writer.run(lambda unit: _keep_promise(unit, show_id, fields, said))
        self.refresh()

    def _show_only(self, event: ClaimHeard, fields: dict[str, Any]) -> None:
        if event.retracted:
            for shown in self._unkept:
                shown["retracted"] |= shown["seq"] == fields["seq"]
            return
        with self._database.reading() as session:
            judged = self._judge(session, event)
        row = HeardClaim(**fields | {"level": judged.level, "known": judged.known, "show_id": 0, "seen_ms": None})
        self._unkept = [*self._unkept, _claim_out(row)][-WINDOW:]


def claims_of(session: Session, show_id: int | None) -> list[dict[str, Any]]:
    """A show's claims, oldest first, with what to say instead."""
    rows = session.scalars(select(HeardClaim).where(HeardClaim.show_id == show_id).order_by(HeardClaim.id))
    return [_claim_out(row) for row in rows]


def promises_of(session: Session, show_id: int | None) -> list[dict[str, Any]]:
    """A show's promises, oldest first; due_ms is None where no limit was said, outcome while nothing is known."""
    rows = session.scalars(select(HeardPromise).where(HeardPromise.show_id == show_id).order_by(HeardPromise.id)).all()
    found = outcomes_of(session, rows)
    return [_promise_out(row, *found.get(row.id, (None, None))) for row in rows]


def put_away(unit: Unit, claim_id: int, *, at: Ms) -> None:
    """An operator has seen the alert.

    Raises:
        NotFound: there is none.
    """
    row = unit.session.get(HeardClaim, claim_id)
    if row is None:
        raise NotFound("没有这条提醒", "no such alert")
    row.seen_ms = row.seen_ms or at


def settle_promise(unit: Unit, promise_id: int, *, state: str) -> None:
    """Confirm a draft, or dismiss it; the last word counts.

    Raises:
        NotFound: there is none.
    """
    row = unit.session.get(HeardPromise, promise_id)
    if row is None:
        raise NotFound("没有这条承诺", "no such promise")
    row.state = state


def _keep_claim(unit: Unit, show_id: int, event: ClaimHeard, fields: dict[str, Any], judge: Judge) -> None:
    if event.retracted:
        unit.session.execute(
            update(HeardClaim)
            .where(HeardClaim.show_id == show_id, HeardClaim.seq == fields["seq"], HeardClaim.kind == event.kind)
            .values(retracted=True)
        )
        return
    judged = judge(unit.session, event)
    unit.session.add(HeardClaim(**fields | {"show_id": show_id, "level": judged.level, "known": judged.known}))


def _keep_promise(unit: Unit, show_id: int, fields: dict[str, Any], said_ms: Ms) -> None:
    same = select(HeardPromise.id).where(HeardPromise.show_id == show_id, HeardPromise.seq == fields["seq"])
    if unit.session.scalar(same) is None:
        unit.session.add(HeardPromise(show_id=show_id, said_ms=said_ms, state="draft", **fields))


def _claim_out(row: HeardClaim) -> dict[str, Any]:
    advice_zh, advice_en = advice(row.kind)
    return {
        "id": row.id,
        "seq": row.seq,
        "product": row.product,
        "kind": row.kind,
        "level": row.level,
        "term": row.term,
        "text": row.text,
        "start": row.start,
        "end": row.end,
        "count": row.count,
        "known": row.known,
        "retracted": row.retracted,
        "seen": row.seen_ms is not None,
        "advice_zh": advice_zh,
        "advice_en": advice_en,
        "correction_zh": correction(row.kind, row.level, row.known),
    }


def _promise_out(row: HeardPromise, outcome: Outcome | None, kept_ms: Ms | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "seq": row.seq,
        "product": row.product,
        "kind": row.kind,
        "within_hours": row.within_hours,
        "text": row.text,
        "start": row.start,
        "end": row.end,
        "state": row.state,
        "said_ms": row.said_ms,
        "due_ms": due_of(row),
        "outcome": outcome,
        "kept_ms": kept_ms,
    }
