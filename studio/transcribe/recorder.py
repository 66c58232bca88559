"""Keeps what the ear hears: writes it to the show that is live, and holds the windows that the control page shows."""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any, TypeVar

from sqlalchemy import select

from studio.db import Base, Database
from studio.events import (
    CaptionPartial,
    EarStatus,
    Event,
    HighlightFound,
    PriceHeard,
    ProductMentioned,
    QuestionAnswered,
    QuestionHeard,
    SegmentHeard,
    SentenceMarked,
)
from studio.transcribe.models import HeardPrice, Highlight, Mention, QaPair, Segment
from studio.transcribe.settled import Shown, carry
from studio.transcribe.timeline import Timeline
from studio.transcribe.transcript import Transcript, read_highlights, read_transcript
from studio.transcribe.written import written
from studio.types import Ms, Seconds, now_ms
from studio.unit import Unit, Writer

WINDOW = 40
PRICE_WINDOW = 20
Names = Callable[[], Iterable[str]]
Put = Callable[[str, Any], None]
E = TypeVar("E", bound=Event)


class Recorder:
    """Listener of the ear's events.

    Args:
        timeline: the show's own.
        put: sets a topic's value.
        names: of tonight's products, which no line of a caption breaks.
    """

    def __init__(
        self, writer: Writer, database: Database, timeline: Timeline, *, put: Put, names: Names = lambda: ()
    ) -> None:
        self._writer = writer
        self._database = database
        self._timeline = timeline
        self._put = put
        self._names = names
        self._show_id: int | None = None
        self._segments: deque[dict[str, Any]] = deque(maxlen=WINDOW)
        self._highlights: deque[dict[str, Any]] = deque(maxlen=WINDOW)
        self._prices: deque[dict[str, Any]] = deque(maxlen=PRICE_WINDOW)
        self._questions: dict[int, dict[str, Any]] = {}
        self._newest: tuple[Ms | None, Seconds] = (None, Seconds(0.0))
        """Start of the newest segment of the ear's session."""

    def load(self, show_id: int | None) -> None:
        """Fill the windows from the show that is on stage."""
        self._show_id = show_id
        heard = Transcript()
        if show_id is not None:
            with self._database.reading() as session:
                heard = read_transcript(session, show_id)
        self._segments = deque(map(_shown, heard.segments), WINDOW)
        self._highlights = deque(heard.highlights, WINDOW)
        self._prices = deque(heard.prices, PRICE_WINDOW)
        self._questions = {row["question_seq"]: row for row in heard.qa[-WINDOW:]}
        self._put_windows()

    def status(self, event: EarStatus) -> None:
        """Where something waits to be written down; an ear that has no session yet knows nothing of it."""
        if event.session_ms is None:
            return
        shift = self._timeline.shift
        gaps = [(start, end) for start, end in event.gaps if self._timeline.is_of_now(end)]
        self._put("gaps", [{"start": shift(start), "end": shift(end)} for start, end in gaps])

    def partial(self, event: CaptionPartial) -> None:
        """A caption still being spoken."""
        shown = carry(Shown(event.text, event.settled), written)
        self._caption(shown, partial=True, seq=None, start=event.start, end=None)

    def segment(self, event: SegmentHeard) -> None:
        """A final utterance: caption, transcript, database."""
        show_id = self._timeline.show_of(event.end)
        placed = replace(
            event,
            seq=event.seq + self._timeline.base(),
            start=self._timeline.shift(event.start),
            end=self._timeline.shift(event.end),
            emitted_at=None if event.emitted_at is None else self._timeline.shift(event.emitted_at),
        )
        fields = asdict(placed)
        muted = fields.pop("muted")
        if show_id is not None:
            self._store(Segment(show_id=show_id, **fields))
        shown = _shown(fields)
        if self._is_late(event):
            self._insert(shown)
        else:
            self._segments.append(shown)
            text = "" if muted else written(event.text)
            self._caption(Shown(text, len(text)), **{**shown, "partial": False})
        self._put("transcript", list(self._segments))

    def _is_late(self, event: SegmentHeard) -> bool:
        """Whether it is filled in: the ear had no time for it when it was said, so it is no caption of now."""
        session_ms, newest = self._newest
        if session_ms != self._timeline.session_ms:
            newest = Seconds(0.0)
        self._newest = self._timeline.session_ms, max(newest, event.start)
        return event.start < newest

    def _insert(self, shown: dict[str, Any]) -> None:
        """Put a line where it was said, among those of its own session."""
        lines = list(self._segments)
        place = next((n for n, each in enumerate(lines) if each["start"] > shown["start"]), len(lines))
        self._segments = deque([*lines[:place], shown, *lines[place:]], WINDOW)

    def _caption(self, shown: Shown, **fields: Any) -> None:
        names = [name for name in self._names() if name in shown.text]
        self._put("caption", {**fields, "text": shown.text, "settled": shown.settled, "names": names, "at": now_ms()})

    def mention(self, event: ProductMentioned) -> None:
        """A product's name was said."""
        show_id = self._timeline.show_of(event.end)
        if show_id is not None:
            self._store(Mention(show_id=show_id, **self._timeline.placed(event)))

    def highlight(self, event: HighlightFound) -> None:
        """A sentence worth keeping."""
        show_id = self._timeline.show_of(event.end)
        fields = self._timeline.placed(event)
        if show_id is not None:
            self._store(Highlight(show_id=show_id, **fields))
        self._highlights.append(fields)
        self._put("highlights", list(self._highlights))

    def marked(self, event: SentenceMarked) -> None:
        """An operator marked a sentence, or wrote on its mark; the row is written."""
        if event.show_id != self._show_id:
            return
        with self._database.reading() as session:
            self._highlights = deque(read_highlights(session, event.show_id), WINDOW)
        self._put("highlights", list(self._highlights))

    def price(self, event: PriceHeard) -> None:
        """A price was said."""
        show_id = self._timeline.show_of(event.end)
        fields = self._timeline.placed(event)
        if show_id is not None:
            self._store(HeardPrice(show_id=show_id, **fields))
        self._prices.append(fields)
        self._put("prices", list(self._prices))

    def question(self, event: QuestionHeard) -> None:
        """The host read out a question."""
        self._keep_question(
            event.end,
            {
                "question_seq": event.question_seq + self._timeline.base(),
                "product": event.product,
                "asker": event.asker,
                "question": event.question,
                "question_start": self._timeline.shift(event.start),
                "question_end": self._timeline.shift(event.end),
                "answer": None,
                "answer_start": None,
                "answer_end": None,
            },
        )

    def answer(self, event: QuestionAnswered) -> None:
        """The answer came, or grew."""
        seq = event.question_seq + self._timeline.base()
        self._keep_question(
            event.answer_end,
            {
                "question_seq": seq,
                "product": event.product,
                "asker": self._questions.get(seq, {}).get("asker", ""),
                "question": event.question,
                "question_start": self._timeline.shift(event.question_start),
                "question_end": self._timeline.shift(event.question_end),
                "answer": event.answer,
                "answer_start": self._timeline.shift(event.answer_start),
                "answer_end": self._timeline.shift(event.answer_end),
            },
        )

    def _keep_question(self, end: Seconds, fields: dict[str, Any]) -> None:
        show_id = self._timeline.show_of(end)
        if show_id is not None:
            self._writer.run(lambda unit: _upsert_question(unit, show_id, fields))
        self._questions[fields["question_seq"]] = fields
        while len(self._questions) > WINDOW:
            self._questions.pop(next(iter(self._questions)))
        self._put("qa", list(self._questions.values()))

    def _store(self, row: Base) -> None:
        self._writer.run(lambda unit: unit.session.add(row))

    def _put_windows(self) -> None:
        self._put("transcript", list(self._segments))
        self._put("highlights", list(self._highlights))
        self._put("prices", list(self._prices))
        self._put("qa", list(self._questions.values()))


def _shown(segment: dict[str, Any]) -> dict[str, Any]:
    """A segment as the transcript topic gives it."""
    return {key: segment[key] for key in ("seq", "start", "end", "text", "product")}


def _upsert_question(unit: Unit, show_id: int, fields: dict[str, Any]) -> None:
    row = unit.session.scalars(
        select(QaPair).where(QaPair.show_id == show_id, QaPair.question_seq == fields["question_seq"])
    ).first()
    if row is None:
        unit.session.add(QaPair(show_id=show_id, **fields))
        return
    for name, value in fields.items():
        setattr(row, name, value)
