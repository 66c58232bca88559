"""The board: what operators put on screen themselves in a show, one value a part, every change undoable.

A part's history is append-only; undoing appends the value before the last change, so an undo can be undone too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.errors import BadInput, Conflict, NotFound
from studio.events import BoardChanged
from studio.overlays.models import BoardEntry
from studio.types import Ms, ShowId
from studio.unit import Unit

Part = Literal["goal", "countdown", "ticker", "panel", "honesty", "captions"]
PARTS: tuple[Part, ...] = get_args(Part)
LEAST_COUNTDOWN_MS = 10_000
LONGEST_COUNTDOWN_MS = 24 * 3_600_000
MAX_NOTES = 30


def read(session: Session, show_id: int | None, part: Part) -> dict[str, Any] | None:
    """What a part shows in a show, None for nothing."""
    row = _last(session, show_id, part)
    return row.value if row else None


def put(unit: Unit, show_id: int, part: Part, value: Mapping[str, Any] | None, *, at: Ms) -> None:
    """Show this from now on, or nothing; the same again changes nothing."""
    if read(unit.session, show_id, part) == (dict(value) if value is not None else None):
        return
    unit.session.add(BoardEntry(show_id=show_id, part=part, value=dict(value) if value is not None else None, at=at))
    unit.emit(BoardChanged(part=part, show_id=ShowId(show_id), at=at))


def undo(unit: Unit, show_id: int, part: Part, *, at: Ms) -> None:
    """Back to what the part showed before its last change.

    Raises:
        Conflict: the part was never changed in this show.
    """
    rows = unit.session.scalars(_entries(show_id, part).limit(2)).all()
    if not rows:
        raise Conflict("没有可以撤销的改动", "there is nothing to undo")
    put(unit, show_id, part, rows[1].value if len(rows) > 1 else None, at=at)


def start_countdown(unit: Unit, show_id: int, *, title: str, ends_ms: Ms, at: Ms) -> None:
    """Count down to a real moment. Whoever moves it says so on screen, and what has ended does not start again.

    Raises:
        BadInput: the moment is past, or more than a day away.
        Conflict: a countdown of this title ended in this show.
    """
    if not LEAST_COUNTDOWN_MS <= ends_ms - at <= LONGEST_COUNTDOWN_MS:
        raise BadInput(
            "结束时间要在 10 秒以后、24 小时以内", "the end must lie between 10 seconds and 24 hours from now"
        )
    values = [row.value for row in unit.session.scalars(_entries(show_id, "countdown")) if row.value]
    earlier = [value for value in values if value["title"] == title]
    if earlier and earlier[0]["ends_ms"] <= at:
        raise Conflict(
            f"“{title}”已经结束，不能重来；如果是另一件事，请换个标题",
            f"'{title}' has ended and does not start again; give another thing another title",
        )
    moved = any(value["ends_ms"] != ends_ms or value["moved"] for value in earlier)
    started = earlier[-1]["started_ms"] if earlier else at
    value = {"title": title, "ends_ms": ends_ms, "started_ms": started, "moved": moved}
    put(unit, show_id, "countdown", value, at=at)


def add_note(unit: Unit, show_id: int, note: Mapping[str, Any], *, at: Ms) -> None:
    """An honest word of the host's ({seq, sku, batch, text}) stands on the note of its lot from now on.

    Raises:
        Conflict: there are MAX_NOTES already.
    """
    notes = notes_of(unit.session, show_id)
    if any(each["seq"] == note["seq"] for each in notes):
        return
    if len(notes) >= MAX_NOTES:
        raise Conflict(f"最多 {MAX_NOTES} 条，请先拿掉一条", f"there are {MAX_NOTES} already, take one off first")
    put(unit, show_id, "honesty", {"notes": [*notes, dict(note)]}, at=at)


def drop_note(unit: Unit, show_id: int, seq: int, *, at: Ms) -> None:
    """Take it off again.

    Raises:
        NotFound: it is not on the note.
    """
    notes = notes_of(unit.session, show_id)
    rest = [each for each in notes if each["seq"] != seq]
    if len(rest) == len(notes):
        raise NotFound("画面上没有这一条", "this is not on screen")
    put(unit, show_id, "honesty", {"notes": rest}, at=at)


def notes_of(session: Session, show_id: int | None) -> Sequence[dict[str, Any]]:
    """Honest words that an operator confirmed in a show, of every lot, oldest first."""
    value = read(session, show_id, "honesty")
    return value["notes"] if value else ()


def _last(session: Session, show_id: int | None, part: Part) -> BoardEntry | None:
    return session.scalars(_entries(show_id, part).limit(1)).first()


def _entries(show_id: int | None, part: Part) -> Any:
    return (
        select(BoardEntry).where(BoardEntry.show_id == show_id, BoardEntry.part == part).order_by(BoardEntry.id.desc())
    )
