"""Referral rewards become due by themselves, read from the database: a restart forgets none."""

import logging

import gevent
from gevent.event import Event as Signal

from studio.db import Database
from studio.shop import referrals
from studio.types import now_ms
from studio.unit import Writer

_log = logging.getLogger(__name__)

LOOK_S = 3600.0
"""At least this often: the PC may have slept, or its clock may have been set."""


class RewardClock:
    """Releases rewards when their window is over, also those whose time came while the studio was off."""

    def __init__(self, writer: Writer, database: Database) -> None:
        self._writer = writer
        self._database = database
        self._changed = Signal()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin with whatever is due already."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Leave the rest to the next start."""
        if self._greenlet:
            self._greenlet.kill()

    def wake(self, *_event: object) -> None:
        """A window began, or a complaint was resolved."""
        self._changed.set()

    def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                wait_s = self._step()
            except Exception:
                _log.exception("referral rewards could not be looked at, going on")
                wait_s = 60.0
            self._changed.wait(wait_s)

    def _step(self) -> float:
        """Release what is due; seconds until the next."""
        looked_at = now_ms()
        with self._database.reading() as session:
            due = referrals.list_due(session, looked_at)
        for referral_id in due:
            self._writer.run(lambda unit, referral_id=referral_id: referrals.release(unit, referral_id, at=now_ms()))
        with self._database.reading() as session:
            following = referrals.next_due(session, looked_at)
        return LOOK_S if following is None else min(LOOK_S, max(0.0, (following - now_ms()) / 1000))
