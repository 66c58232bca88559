"""Which question the overlay shows: the one on screen, and after its answer came, that answer for a reading time."""

from collections.abc import Callable
from typing import Any

import gevent
from sqlalchemy.orm import Session

from studio.audience import topics
from studio.audience.models import Question

READ_MS = 4000
READ_MS_PER_CHARACTER = 200
READ_MOST_MS = 15_000


def reading_ms(characters: int) -> int:
    """How long a buyer needs for so many characters."""
    return min(READ_MOST_MS, READ_MS + characters * READ_MS_PER_CHARACTER)


class Screen:
    """Follows the question on screen; the reading time is this process's own, a restart ends it.

    Args:
        read: runs a function with a session of the database.
        show: puts the value that the overlay shows.
        reading_ms: how long an answer of so many characters stays.
    """

    def __init__(
        self,
        read: Callable[[Callable[[Session], Any]], Any],
        show: Callable[[Any], None],
        reading_ms: Callable[[int], int] = reading_ms,
    ) -> None:
        self._read = read
        self._show = show
        self._reading_ms = reading_ms
        self._shown: int | None = None
        self._timer: gevent.Greenlet[..., None] | None = None

    def refresh(self, show_id: int | None) -> None:
        """The questions, or the show on stage, changed."""
        now = self._read(lambda session: topics.on_screen(session, show_id))
        left = self._shown
        stay_ms = 0
        if now is None and left is not None:
            words = self._read(lambda session: _answer_length(session.get(Question, left), show_id))
            stay_ms = self._reading_ms(words) if words else 0
        if not stay_ms:
            self._stop()
        elif self._timer is None:
            self._timer = gevent.spawn_later(stay_ms / 1000, self.drop)
        self._shown = left if stay_ms else now
        self._show(self._read(lambda session: topics.question_topic(session, self._shown)))

    def drop(self) -> None:
        """An answer has been read long enough, or somebody wants it off the screen."""
        if self._timer is not None:
            self._stop()
            self._shown = None
            self._show(None)

    def start(self) -> None:
        """Nothing runs until an answer comes."""

    def stop(self) -> None:
        """End a reading time."""
        self._stop()

    def _stop(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None and timer is not gevent.getcurrent():
            timer.kill(block=False)


def _answer_length(row: Question | None, show_id: int | None) -> int:
    """Characters of the answer of a question that left the screen; 0 when it has none, or was hidden or reopened."""
    return len(row.answer) if row and row.state == "answered" and row.show_id == show_id else 0
