"""Brings shout-outs on screen, one at a time, while an overlay is there to show them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from studio.db import Database
from studio.overlays import shoutouts
from studio.overlays.models import Shoutout, ShoutoutAck, ShoutoutQueue
from studio.overlays.shoutouts import Shoutouts
from studio.routine import Routine
from studio.types import Ms, now_ms
from studio.unit import Writer

LOOK_AHEAD = 1000
"""How many of the waiting ones are looked at for a burst."""
_CURRENT = (
    select(Shoutout.id, Shoutout.shown_ms, Shoutout.until_ms)
    .where(Shoutout.state == "shown", Shoutout.merged_into.is_(None))
    .order_by(Shoutout.id)
    .limit(1)
)
_WAITING = (
    select(
        Shoutout.id,
        Shoutout.product,
        Shoutout.priority,
        Shoutout.due_ms,
        exists().where(ShoutoutAck.shoutout_id == Shoutout.id).label("proven"),
    )
    .where(Shoutout.state == "queued", Shoutout.merged_into.is_(None))
    .order_by(Shoutout.priority.desc(), Shoutout.id)
    .limit(LOOK_AHEAD)
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one stays, how long a new one waits, and from how many waiting ones a burst is shown as one."""

    stay_ms: int
    undo_ms: int
    merge_from: int


class ShoutoutStage(Routine):
    """Runs the queue. Waiting is by the monotonic clock: a wall clock that jumps neither holds nor hurries it.

    Args:
        show_id: the live show, None when there is none.
        watched: how many overlays that show shout-outs are connected; without one the queue waits.
        now: the wall clock.
    """

    def __init__(
        self,
        rules: Shoutouts,
        writer: Writer,
        database: Database,
        pace: Pace,
        *,
        show_id: Callable[[], int | None],
        watched: Callable[[], int],
        now: Callable[[], Ms] = now_ms,
    ) -> None:
        super().__init__(retry_s=1.0)
        self._rules = rules
        self._writer = writer
        self._database = database
        self._pace = pace
        self._show_id = show_id
        self._watched = watched
        self._now = now
        self._overlays = 0
        self._came_s = float("-inf")
        """When an overlay last connected."""
        self._retry = False
        self._showing: Ms | None = None
        """shown_ms of what is on screen: who leads a burst may change while it is shown."""
        self._ends_s = 0.0
        self._ripe_s: dict[int, float] = {}
        """When each waiting one that was seen is due."""

    def queued(self, *_event: object) -> None:
        """Another one waits. While one is on screen that changes nothing: a rush of orders costs no look each."""
        if self._showing is None:
            self.wake()

    def overlays_changed(self, *_event: object) -> None:
        """An overlay came or went; one that came may paint what none has painted."""
        before, self._overlays = self._overlays, self._watched()
        if self._overlays > before:
            self._came_s = time.monotonic()
            self._retry = True
        self.wake()

    def proven(self, *_event: object) -> None:
        """An overlay painted something: one that was hidden is back."""
        self._retry = True
        self.wake()

    def step(self) -> float | None:
        """Do what is due; seconds until the next thing, None to wait for a change."""
        show_id = self._show_id()
        if self._retry and show_id is not None:
            self._retry = False
            self._writer.run(lambda unit: shoutouts.retry_unproven(unit, show_id, at=self._now()))
        with self._database.reading() as session:
            current = session.execute(_CURRENT).first()
            ids, wait_s = self._following(session, show_id) if current is None else ((), None)
        if current is not None:
            return self._finish(*current)
        self._showing = None
        if ids:
            at, stay_ms = self._now(), self._pace.stay_ms
            if self._writer.run(lambda unit: self._rules.show(unit, ids, at=at, stay_ms=stay_ms)):
                self._showing, self._ends_s = at, time.monotonic() + stay_ms / 1000
        return wait_s

    def _finish(self, shoutout_id: int, shown_ms: Ms | None, until_ms: Ms | None) -> float:
        """End what is on screen when its time is over; seconds until the next look."""
        now_s = time.monotonic()
        if self._showing != shown_ms:  # from before a restart
            self._showing = shown_ms
            self._ends_s = now_s + _between(0, (until_ms or 0) - self._now(), self._pace.stay_ms) / 1000
        if now_s < self._ends_s:
            return self._ends_s - now_s
        again = self._came_s > self._ends_s - self._pace.stay_ms / 1000
        self._writer.run(lambda unit: shoutouts.end(unit, shoutout_id, at=self._now(), again=again))
        return 0.0

    def _following(self, session: Session, show_id: int | None) -> tuple[Sequence[int], float | None]:
        """Who is shown next: one, or a burst of one product; else seconds until the first is due."""
        queue = session.get(ShoutoutQueue, 1)
        if show_id is None or (queue and queue.paused) or not self._watched():
            return (), None
        now_s, now = time.monotonic(), self._now()
        waiting = session.execute(_WAITING.where(Shoutout.show_id == show_id)).all()
        self._ripe_s = {
            row.id: self._ripe_s.get(row.id, now_s + _between(0, row.due_ms - now, self._pace.undo_ms) / 1000)
            for row in waiting
        }
        ripe = [row for row in waiting if self._ripe_s[row.id] <= now_s]
        if not ripe:
            return (), min(self._ripe_s.values()) - now_s if waiting else None
        head = ripe[0]
        if head.proven or len(ripe) < self._pace.merge_from:
            return (head.id,), 0.0
        same = [row for row in ripe if (row.product, row.priority) == (head.product, head.priority)]
        return [row.id for row in same if not row.proven], 0.0


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))
