"""A whole recording at once: the worker's pipeline in this process, its events as one log file."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.catalogue_file import load_catalogue
from studio.errors import BadInput
from studio.events import (
    AudioProgressed,
    ClaimHeard,
    Event,
    HighlightFound,
    PriceHeard,
    ProductMentioned,
    PromiseHeard,
    QuestionAnswered,
    QuestionHeard,
    SegmentHeard,
)
from studio.transcribe.audio import open_source
from studio.transcribe.engine import Engine
from studio.transcribe.session import Session
from studio.transcribe.store import check_model
from studio.transcribe.understanding import Understanding

Progress = Callable[[str, float | None], None]


def transcribe_file(
    audio: str,
    catalog_path: Path,
    out_path: Path,
    model_dir: Path,
    *,
    realtime: bool = False,
    beam: int = 1,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Transcribe a file or URL and write the log that `tests/score/score_show.py` reads.

    Args:
        audio: path or URL.
        catalog_path: catalogue document.
        out_path: the log; written whole at the end, or not at all.
        model_dir: folder of the speech model.
        realtime: feed the audio at its own pace, so that `emitted_at` means something; else as fast as
            the machine allows.
        beam: beam size; larger hears a little better and takes longer.
        progress: told the last text heard and how far it is (0..1, None when unknown).

    Returns:
        The log.

    Raises:
        CatalogueError, AudioUnreadable, ModelError: bad input, before anything is written.
        BadInput: the log cannot be written.
    """
    products = load_catalogue(catalog_path)
    source = open_source(audio)
    _check_writable(out_path)
    check_model(model_dir)
    log = Log()

    def take(event: Event) -> None:
        log.take(event)
        if progress is None:
            return
        if isinstance(event, SegmentHeard):
            share = min(1.0, event.end / source.duration_s) if source.duration_s else None
            progress(event.text, share)
        elif isinstance(event, AudioProgressed) and not log.segments:
            progress("", 0.0)

    listen(Session(source, Engine(model_dir, beam=beam), Understanding(products), take, realtime=realtime))
    document = log.document()
    _write(out_path, document)
    return document


def listen(session: Session) -> None:
    """Run a session to the end of its source.

    Raises:
        AudioUnreadable: the source broke off.
    """
    session.start()
    try:
        while session.step():
            pass
    finally:
        session.stop()
    if session.error is not None:
        raise session.error


class Log:
    """Collects events into the log document."""

    def __init__(self) -> None:
        self.segments: list[SegmentHeard] = []
        self._mentions: list[ProductMentioned] = []
        self._highlights: list[HighlightFound] = []
        self._prices: list[PriceHeard] = []
        self._questions: dict[int, QuestionHeard] = {}
        self._answers: dict[int, QuestionAnswered] = {}
        self._claims: dict[tuple[int, str], ClaimHeard] = {}
        self._promises: list[PromiseHeard] = []

    def take(self, event: Event) -> None:
        """Keep what belongs into the log."""
        match event:
            case SegmentHeard():
                self.segments.append(event)
            case ProductMentioned():
                self._mentions.append(event)
            case HighlightFound():
                self._highlights.append(event)
            case PriceHeard():
                self._prices.append(event)
            case QuestionHeard():
                self._questions[event.question_seq] = event
            case QuestionAnswered():
                self._answers[event.question_seq] = event
            case ClaimHeard():
                self._claims[event.seq, event.kind] = event
            case PromiseHeard():
                self._promises.append(event)
            case _:
                pass

    def document(self) -> dict[str, Any]:
        """All keys of the log."""
        return {
            "segments": [
                {
                    "start": segment.start,
                    "end": segment.end,
                    "text": segment.text,
                    "raw_text": segment.raw_text,
                    "product": segment.product,
                    "confidence": segment.confidence,
                    "emitted_at": segment.emitted_at,
                }
                for segment in self.segments
            ],
            "mentions": [
                {"sku": mention.sku, "start": mention.start, "end": mention.end, "text": mention.text}
                for mention in self._mentions
            ],
            "highlights": [
                {
                    "product": highlight.product,
                    "kind": highlight.kind,
                    "start": highlight.start,
                    "end": highlight.end,
                    "text": highlight.text,
                }
                for highlight in self._highlights
            ],
            "qa": [self._pair(seq) for seq in self._questions],
            "claims": [
                {
                    "kind": claim.kind,
                    "level": claim.level,
                    "term": claim.term,
                    "start": claim.start,
                    "end": claim.end,
                    "retracted": claim.retracted,
                }
                for claim in self._claims.values()
            ],
            "promises": [
                {
                    "kind": promise.kind,
                    "within_hours": promise.within_hours,
                    "start": promise.start,
                    "end": promise.end,
                    "text": promise.text,
                }
                for promise in self._promises
            ],
            "prices": [
                {
                    "sku": price.sku,
                    "price_fen": price.price_fen,
                    "expected_fen": price.expected_fen,
                    "start": price.start,
                    "end": price.end,
                }
                for price in self._prices
            ],
        }

    def _pair(self, seq: int) -> dict[str, Any]:
        question, answer = self._questions[seq], self._answers.get(seq)
        return {
            "question": question.question,
            "asker": question.asker,
            "answer": answer.answer if answer else None,
            "product": question.product,
            "question_start": question.start,
            "question_end": question.end,
            "answer_start": answer.answer_start if answer else None,
            "answer_end": answer.answer_end if answer else None,
        }


def _check_writable(out_path: Path) -> None:
    if not out_path.absolute().parent.is_dir() or out_path.is_dir():
        raise BadInput(
            f"写不了 {out_path}：请给出现有文件夹里的一个文件名",
            f"cannot write {out_path}: give a file name in an existing folder",
        )


def _write(out_path: Path, document: dict[str, Any]) -> None:
    partial = ""
    try:
        descriptor, partial = tempfile.mkstemp(dir=out_path.absolute().parent, prefix=f".{out_path.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(0o644)
        Path(partial).replace(out_path)
    except OSError as error:
        if partial:
            Path(partial).unlink(missing_ok=True)
        raise BadInput(f"写不了 {out_path}：{error}", f"cannot write {out_path}: {error}") from error
