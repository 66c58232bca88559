"""Sentences that an operator marks while they are fresh: highlights by hand."""

from sqlalchemy import select

from studio.errors import Conflict
from studio.events import SentenceMarked
from studio.transcribe.models import Highlight, Segment
from studio.types import ShowId
from studio.unit import Unit


def mark_last(unit: Unit, show_id: int | None) -> None:
    """Keep what was said last as a highlight of the show on air.

    Raises:
        Conflict: no show is on air, nothing was heard in it, or this sentence is marked already.
    """
    of_show = select(Segment).where(Segment.show_id == show_id).order_by(Segment.start.desc(), Segment.seq.desc())
    said = unit.session.scalars(of_show.limit(1)).first() if show_id is not None else None
    if said is None or show_id is None:
        raise Conflict("还没有听到可以标记的话", "nothing was heard yet that could be marked")
    before = select(Highlight.id).where(
        Highlight.show_id == show_id, Highlight.seq == said.seq, Highlight.kind == "mark"
    )
    if unit.session.scalar(before) is not None:
        raise Conflict("这一句已经标记过", "this sentence is marked already")
    fields = {name: getattr(said, name) for name in ("seq", "product", "start", "end", "text")}
    unit.session.add(Highlight(show_id=show_id, kind="mark", **fields))
    unit.emit(SentenceMarked(show_id=ShowId(show_id), **fields))
