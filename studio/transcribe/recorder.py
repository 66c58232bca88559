"""Keeps what the ear hears: writes it to the show that is live, and holds the windows that the control page shows.

The ear counts segments and seconds from its own start; it may be restarted in mid-show. The recorder puts every
ear session on the show's own time line: seconds since the show went live, segments counted through.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, TypeVar

from sqlalchemy import func, select

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
)
from studio.transcribe.models import HeardPrice, Highlight, Mention, QaPair, Segment
from studio.transcribe.transcript import Transcript, read_transcript
from studio.types import Ms, Seconds, now_ms
from studio.unit import Unit, Writer

WINDOW = 40
PRICE_WINDOW = 20
Put = Callable[[str, Any], None]
Live = Callable[[], tuple[int, Ms] | None]
E = TypeVar("E", bound=Event)


class Recorder:
    """Listener of the ear's events.

    Args:
        live: (id, started_ms) of the show on air, or None; asked for every event.
        put: sets a topic's value.
    """

    def __init__(self, writer: Writer, database: Database, *, live: Live, put: Put) -> None:
        self._writer = writer
        self._database = database
        self._live = live
        self._put = put
        self._session_ms: Ms | None = None
        self._timeline: tuple[int, Ms] | None = None
        self._first_seq = 0
        self._shift_s = 0.0
        self._segments: deque[dict[str, Any]] = deque(maxlen=WINDOW)
        self._highlights: deque[dict[str, Any]] = deque(maxlen=WINDOW)
        self._prices: deque[dict[str, Any]] = deque(maxlen=PRICE_WINDOW)
        self._questions: dict[int, dict[str, Any]] = {}

    def load(self, show_id: int | None) -> None:
        """Fill the windows from the show that is on stage."""
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
        """Follow the ear's session: a new one counts from zero again."""
        if event.session_ms is not None and event.session_ms != self._session_ms:
            self._session_ms = event.session_ms
            self._timeline = None

    def partial(self, event: CaptionPartial) -> None:
        """A caption still being spoken."""
        self._put(
            "caption",
            {"text": event.text, "partial": True, "seq": None, "start": event.start, "end": None, "at": now_ms()},
        )

    def segment(self, event: SegmentHeard) -> None:
        """A final utterance: caption, transcript, database."""
        show_id = self._show_of(event.end)
        placed = replace(
            event,
            seq=event.seq + self._first_seq,
            start=self._shift(event.start),
            end=self._shift(event.end),
            emitted_at=None if event.emitted_at is None else self._shift(event.emitted_at),
        )
        fields = asdict(placed)
        if show_id is not None:
            self._store(Segment(show_id=show_id, **fields))
        shown = _shown(fields)
        self._segments.append(shown)
        self._put("caption", {**shown, "partial": False, "at": now_ms()})
        self._put("transcript", list(self._segments))

    def mention(self, event: ProductMentioned) -> None:
        """A product's name was said."""
        show_id = self._show_of(event.end)
        if show_id is not None:
            self._store(Mention(show_id=show_id, **self._fields(event)))

    def highlight(self, event: HighlightFound) -> None:
        """A sentence worth keeping."""
        show_id = self._show_of(event.end)
        fields = self._fields(event)
        if show_id is not None:
            self._store(Highlight(show_id=show_id, **fields))
        self._highlights.append(fields)
        self._put("highlights", list(self._highlights))

    def price(self, event: PriceHeard) -> None:
        """A price was said."""
        show_id = self._show_of(event.end)
        fields = self._fields(event)
        if show_id is not None:
            self._store(HeardPrice(show_id=show_id, **fields))
        self._prices.append(fields)
        self._put("prices", list(self._prices))

    def question(self, event: QuestionHeard) -> None:
        """The host read out a question."""
        self._keep_question(
            {
                "question_seq": event.question_seq + self._base(),
                "product": event.product,
                "asker": event.asker,
                "question": event.question,
                "question_start": self._shift(event.start),
                "question_end": self._shift(event.end),
                "answer": None,
                "answer_start": None,
                "answer_end": None,
            }
        )

    def answer(self, event: QuestionAnswered) -> None:
        """The answer came, or grew."""
        seq = event.question_seq + self._base()
        self._keep_question(
            {
                "question_seq": seq,
                "product": event.product,
                "asker": self._questions.get(seq, {}).get("asker", ""),
                "question": event.question,
                "question_start": self._shift(event.question_start),
                "question_end": self._shift(event.question_end),
                "answer": event.answer,
                "answer_start": self._shift(event.answer_start),
                "answer_end": self._shift(event.answer_end),
            }
        )

    def _keep_question(self, fields: dict[str, Any]) -> None:
        live = self._follow()
        if live is not None:
            self._writer.run(lambda unit: _upsert_question(unit, live[0], fields))
        self._questions[fields["question_seq"]] = fields
        while len(self._questions) > WINDOW:
            self._questions.pop(next(iter(self._questions)))
        self._put("qa", list(self._questions.values()))

    def _show_of(self, end: Seconds) -> int | None:
        """The show on air, unless what was heard ended before it began."""
        live = self._follow()
        return None if live is None or end + self._shift_s <= 0 else live[0]

    def _follow(self) -> tuple[int, Ms] | None:
        live = self._live()
        if live == self._timeline or live is None:
            if live is None:
                self._timeline, self._first_seq, self._shift_s = None, 0, 0.0
            return live
        with self._database.reading() as session:
            last = session.scalar(select(func.max(Segment.seq)).where(Segment.show_id == live[0]))
        self._timeline = live
        self._first_seq = 0 if last is None else last + 1
        self._shift_s = (self._session_ms - live[1]) / 1000 if self._session_ms is not None else 0.0
        return live

    def _base(self) -> int:
        self._follow()
        return self._first_seq

    def _shift(self, at: Seconds) -> Seconds:
        return Seconds(round(max(0.0, at + self._shift_s), 3))

    def _fields(self, event: Event) -> dict[str, Any]:
        fields = asdict(event)
        fields["seq"] += self._first_seq
        fields["start"], fields["end"] = self._shift(fields["start"]), self._shift(fields["end"])
        return fields

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
