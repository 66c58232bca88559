"""A recording's sentences laid over those that were heard live; edits stay as they are."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studio.db import Database, writing
from studio.errors import BadInput
from studio.transcribe import versions
from studio.transcribe.alignment import Aligned, Piece, align, find_offset
from studio.transcribe.transcript import read_live
from studio.types import now_ms
from studio.unit import Unit

NO_MATCH_ZH = "这份录音和这场直播的原话对不上。是这一场的录音吗？也可以填上录音比开播晚几秒"
NO_MATCH_EN = (
    "this recording does not match what was heard live: is it of this show? "
    "or enter how many seconds after the show's start it begins"
)
UNTIL_S = 24 * 3600.0


def heard_live(session: Session, show_id: int) -> tuple[list[int], list[Piece]]:
    """Numbers and pieces of what was heard while the show was on air."""
    rows = read_live(session, show_id)
    return [row["seq"] for row in rows], pieces_of(rows)


def pieces_of(rows: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """Pieces of rows with start, end and text."""
    return [Piece(row["start"], row["end"], row["text"]) for row in rows]


def lay_over(live: list[Piece], again: list[Piece], offset_s: float | None) -> tuple[float | None, Aligned | None]:
    """(offset, what belongs to which sentence); no alignment where the recording does not fit the show."""
    offset = offset_s if offset_s is not None else (find_offset(live, again) if live else 0.0)
    if offset is None:
        return None, None
    moved = [Piece(piece.start + offset, piece.end + offset, piece.text) for piece in again]
    return offset, align(live, moved, until_s=max((piece.end for piece in live), default=UNTIL_S))


def lay_over_show(
    engine: Engine, show_id: int, again: list[Piece], *, model: str, beam: int, offset_s: float | None
) -> tuple[int, int]:
    """The same from the command line, beside a running studio or without one; (sentences with a text, new ones).

    Raises:
        BadInput: the recording does not fit the show.
    """
    with Database(engine).reading() as session:
        seqs, live = heard_live(session, show_id)
    _offset, aligned = lay_over(live, again, offset_s)
    if aligned is None:
        raise BadInput(NO_MATCH_ZH, NO_MATCH_EN)
    with writing(engine) as connection:
        unit = Unit(connection, {})
        counts = versions.keep_hearing(unit, show_id, seqs, aligned, model=model, beam=beam, at=now_ms())
        unit.end(well=True)
    return counts
