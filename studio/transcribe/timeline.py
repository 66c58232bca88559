"""The show's own time line: seconds since it went live, segments counted through.

The ear counts segments and seconds from its own start, and may be restarted in mid-show.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from studio.db import Database
from studio.events import EarStatus, Event
from studio.transcribe.models import Segment
from studio.types import Ms, Seconds

Live = Callable[[], tuple[int, Ms] | None]


class Timeline:
    """Puts what the ear says on the time line of the show on air.

    Args:
        live: (id, started_ms) of the show on air, or None; asked for every event.
    """

    def __init__(self, database: Database, live: Live) -> None:
        self._database = database
        self._live = live
        self._session_ms: Ms | None = None
        self._followed: tuple[int, Ms] | None = None
        self._first_seq = 0
        self._shift_s = 0.0

    def status(self, event: EarStatus) -> None:
        """Follow the ear's session: a new one counts from zero again."""
        if event.session_ms is not None and event.session_ms != self._session_ms:
            self._session_ms = event.session_ms
            self._followed = None

    @property
    def session_ms(self) -> Ms | None:
        """Which session of the ear's is followed: UTC time of its second 0."""
        return self._session_ms

    def show_of(self, end: Seconds) -> int | None:
        """The show on air, unless what was heard ended (on the ear's clock) before it began."""
        live = self._follow()
        return None if live is None or end + self._shift_s <= 0 else live[0]

    def is_of_now(self, end: Seconds) -> bool:
        """Whether what ended then belongs to the show on air; all does while there is none."""
        return self._follow() is None or end + self._shift_s > 0

    def base(self) -> int:
        """What is added to the ear's segment numbers."""
        self._follow()
        return self._first_seq

    def shift(self, at: Seconds) -> Seconds:
        """A time of the ear's on the show's line, never before its start."""
        return Seconds(round(max(0.0, at + self._shift_s), 3))

    def wall(self, at: Seconds) -> Ms | None:
        """A time of the ear's in UTC milliseconds; None before the ear told when it began."""
        return None if self._session_ms is None else Ms(self._session_ms + round(at * 1000))

    def placed(self, event: Event) -> dict[str, Any]:
        """The fields of an event with seq, start and end, on the show's line."""
        fields = asdict(event)
        fields["seq"] += self.base()
        fields["start"], fields["end"] = self.shift(fields["start"]), self.shift(fields["end"])
        return fields

    def _follow(self) -> tuple[int, Ms] | None:
        live = self._live()
        if live == self._followed or live is None:
            if live is None:
                self._followed, self._first_seq, self._shift_s = None, 0, 0.0
            return live
        with self._database.reading() as session:
            last = session.scalar(select(func.max(Segment.seq)).where(Segment.show_id == live[0]))
        self._followed = live
        self._first_seq = 0 if last is None else last + 1
        self._shift_s = (self._session_ms - live[1]) / 1000 if self._session_ms is not None else 0.0
        return live
