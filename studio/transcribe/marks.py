"""Sentences that an operator marks while they are fresh: highlights by hand."""

from sqlalchemy import Select, select

from studio.errors import Conflict, NotFound
from studio.events import SentenceMarked
from studio.transcribe.models import Highlight, Segment
from studio.transcribe.privacy import mask_said
from studio.types import ShowId
from studio.unit import Unit

KIND = "mark"


def mark_last(unit: Unit, show_id: int | None, note: str | None = None) -> None:
    """Keep what was said last as a highlight of the show on air, with a note; a note may follow on the same sentence.

    Raises:
        Conflict: no show is on air, nothing was heard in it, or this sentence is marked already and no note is given.
    """
    of_show = select(Segment).where(Segment.show_id == show_id).order_by(Segment.start.desc(), Segment.seq.desc())
    said = unit.session.scalars(of_show.limit(1)).first() if show_id is not None else None
    if said is None or show_id is None:
        raise Conflict("还没有听到可以标记的话", "nothing was heard yet that could be marked")
    mark = unit.session.scalar(_marks(show_id, said.seq))
    if mark is not None and not note:
        raise Conflict("这一句已经标记过", "this sentence is marked already")
    if mark is None:
        fields = {name: getattr(said, name) for name in ("seq", "product", "start", "end", "text")}
        mark = Highlight(show_id=show_id, kind=KIND, **fields)
        unit.session.add(mark)
    _write(unit, mark, note)


def write_note(unit: Unit, show_id: int, seq: int, note: str | None) -> None:
    """Write on the mark of a sentence; None wipes it.

    Raises:
        NotFound: that sentence of the show is not marked.
    """
    mark = unit.session.scalar(_marks(show_id, seq))
    if mark is None:
        raise NotFound("这一句没有标记", "this sentence is not marked")
    _write(unit, mark, note)


def _marks(show_id: int, seq: int) -> Select[Highlight]:
    return select(Highlight).where(Highlight.show_id == show_id, Highlight.seq == seq, Highlight.kind == KIND)


def _write(unit: Unit, mark: Highlight, note: str | None) -> None:
    mark.note = mask_said(note) if note else None
    fields = {name: getattr(mark, name) for name in ("seq", "product", "start", "end", "text", "note")}
    unit.emit(SentenceMarked(show_id=ShowId(mark.show_id), **fields))
