"""What became of confirmed promises: kept in time, kept too late, broken, or let go by the buyer.

Whoever keeps a promise late has broken it (承诺兑现率 counts it so); what is not due yet is neither.
"""

from collections.abc import Collection
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.errors import BadInput, Conflict, NotFound
from studio.transcribe.deadlines import deadline
from studio.transcribe.models import HeardPromise, PromiseOutcome
from studio.types import Ms
from studio.unit import Unit

Said = Literal["kept", "broken", "void"]
Outcome = Literal["kept", "late", "broken", "void"]
HOUR_MS = 3_600_000


def due_of(promise: HeardPromise) -> Ms | None:
    """When its time is over; None where no limit was said.

    A day or hour is the limit of what is brought or answered (明天中午送到); of anything else only one that
    is called so (周五之前补给大家): in 明天收到坏的我退 it is the buyer's.
    """
    if promise.within_hours is not None:
        return Ms(promise.said_ms + round(promise.within_hours * HOUR_MS))
    if promise.kind in ("delivery", "reply") or "前" in promise.text:
        return deadline(promise.text, Ms(promise.said_ms))
    return None


def record(unit: Unit, promise_id: int, said: Said | None, *, kept_ms: Ms | None, at: Ms) -> None:
    """Write down what became of a promise; None takes the last word back.

    Raises:
        NotFound: there is none.
        Conflict: nobody confirmed it, or it is not due and so not broken.
        BadInput: it cannot have been kept before it was made, nor in the future.
    """
    promise = unit.session.get(HeardPromise, promise_id)
    if promise is None:
        raise NotFound("没有这条承诺", "no such promise")
    if promise.state != "confirmed":
        raise Conflict("先确认这是承诺", "confirm first that it is a promise")
    due_ms = due_of(promise)
    if said == "broken" and due_ms is not None and at < due_ms:
        raise Conflict("还没到期，不能算没兑现", "it is not due yet, so it is not broken")
    kept = (kept_ms or at) if said == "kept" else None
    if kept is not None and not promise.said_ms <= kept <= at:
        raise BadInput("兑现的时间要在说出口之后、现在之前", "it was kept between when it was said and now")
    unit.session.add(PromiseOutcome(promise_id=promise_id, outcome=said, kept_ms=kept, at=at))


def outcomes_of(session: Session, promises: Collection[HeardPromise]) -> dict[int, tuple[Outcome, Ms | None]]:
    """(outcome, when it was kept) by the id of each promise that has one."""
    rows = session.scalars(
        select(PromiseOutcome)
        .where(PromiseOutcome.promise_id.in_([promise.id for promise in promises]))
        .order_by(PromiseOutcome.id)
    )
    last = {row.promise_id: row for row in rows}
    found: dict[int, tuple[Outcome, Ms | None]] = {}
    for promise in promises:
        row, due_ms = last.get(promise.id), due_of(promise)
        if row is None or row.outcome is None:
            continue
        late = row.kept_ms is not None and due_ms is not None and row.kept_ms > due_ms
        found[promise.id] = ("late" if late else row.outcome, row.kept_ms)  # pyright: ignore[reportArgumentType] - as written by `record`
    return found
