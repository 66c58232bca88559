"""The text of a sentence through time: heard live, heard again from a recording, edited by hand.

Nothing is overwritten. Shown is the last edit, else the text of the newest hearing of a recording, else what was heard
live. A new hearing of a recording therefore never undoes an edit.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio.errors import NotFound
from studio.transcribe.alignment import Aligned
from studio.transcribe.models import Segment, SegmentText
from studio.types import Ms
from studio.unit import Unit

Rows = list[dict[str, Any]]


def apply(session: Session, show_id: int, live: Rows) -> Rows:
    """Live segments with the text that is shown, its `origin` and what was heard live; and what only a recording has.

    The latter have a negative `seq`.
    """
    last_run = _last_run(session, show_id)
    rows = session.scalars(select(SegmentText).where(SegmentText.show_id == show_id).order_by(SegmentText.id)).all()
    shown: dict[int, SegmentText] = {}
    extra: Rows = []
    for row in rows:
        if row.kind == "batch" and row.at == last_run and row.seq is None:
            extra.append(_extra(row))
        elif row.seq is not None and (row.kind == "edit" or row.at == last_run):
            known = shown.get(row.seq)
            if known is None or known.kind == "batch" or row.kind == "edit":
                shown[row.seq] = row
    out: Rows = [{**segment, "origin": "live", "live_text": segment["text"]} for segment in live]
    out += extra
    for segment in out:
        row = shown.get(segment["seq"])
        if row is not None:
            segment["text"], segment["origin"] = row.text, "edited" if row.kind == "edit" else "batch"
    return sorted(out, key=lambda segment: (segment["start"], segment["seq"]))


def keep_hearing(
    unit: Unit, show_id: int, seqs: Sequence[int], aligned: Aligned, *, model: str, beam: int, at: Ms
) -> tuple[int, int]:
    """Keep what a recording says; `seqs` are the live sentences' numbers. Returns (sentences with a text, new ones)."""
    run = Ms(max(at, (_last_run(unit.session, show_id) or 0) + 1))  # two hearings in one millisecond are two
    common = {"show_id": show_id, "kind": "batch", "model": model, "beam": beam, "by": None, "at": run}
    for index, text in aligned.texts.items():
        unit.session.add(SegmentText(seq=seqs[index], start=None, end=None, text=text, **common))
    for piece in aligned.extra:
        unit.session.add(SegmentText(seq=None, start=piece.start, end=piece.end, text=piece.text, **common))
    return len(aligned.texts), len(aligned.extra)


def edit(unit: Unit, show_id: int, seq: int, text: str, *, by: str, at: Ms) -> None:
    """Write a sentence as it should be; the same text again changes nothing.

    Raises:
        NotFound: no such sentence.
    """
    versions = history(unit.session, show_id, seq)
    if versions[-1]["text"] != text:
        unit.session.add(
            SegmentText(
                show_id=show_id,
                seq=seq,
                start=None,
                end=None,
                text=text,
                kind="edit",
                model=None,
                beam=None,
                by=by,
                at=at,
            )
        )


def history(session: Session, show_id: int, seq: int) -> Rows:
    """Every text of a sentence, the one that is shown last.

    Raises:
        NotFound: no such sentence.
    """
    segment = session.get(Segment, (show_id, seq)) if seq >= 0 else None
    first = session.get(SegmentText, -seq) if seq < 0 else None
    if segment is None and (first is None or first.show_id != show_id or first.seq is not None):
        raise NotFound("没有这一句", "no such sentence")
    texts = select(SegmentText).where(SegmentText.show_id == show_id, SegmentText.seq == seq).order_by(SegmentText.id)
    rows = [*([first] if first else []), *session.scalars(texts)]
    versions: Rows = [] if segment is None else [{"origin": "live", "text": segment.text, **_NOBODY}]
    versions += [_version(row) for row in rows if row.kind == "batch"]
    return versions + [_version(row) for row in rows if row.kind == "edit"]


_NOBODY: dict[str, Any] = {"at": None, "by": None, "model": None, "beam": None}


def _version(row: SegmentText) -> dict[str, Any]:
    origin = "edited" if row.kind == "edit" else "batch"
    return {"origin": origin, "text": row.text, "at": row.at, "by": row.by, "model": row.model, "beam": row.beam}


def _extra(row: SegmentText) -> dict[str, Any]:
    return {
        "seq": -row.id,
        "start": row.start,
        "end": row.end,
        "text": row.text,
        "raw_text": row.text,
        "product": None,
        "confidence": None,
        "emitted_at": None,
        "origin": "batch",
        "live_text": None,
    }


def _last_run(session: Session, show_id: int) -> Ms | None:
    runs = select(func.max(SegmentText.at)).where(SegmentText.show_id == show_id, SegmentText.kind == "batch")
    return session.scalar(runs)
