"""Referral rewards become due by themselves, read from the database: a restart forgets none."""

from studio.db import Database
from studio.routine import Routine
from studio.shop import referrals
from studio.types import now_ms
from studio.unit import Writer

LOOK_S = 3600.0
"""At least this often: the PC may have slept, or its clock may have been set."""


class RewardClock(Routine):
    """Releases rewards when their window is over, also those whose time came while the studio was off."""

    def __init__(self, writer: Writer, database: Database) -> None:
        super().__init__(retry_s=60.0)
        self._writer = writer
        self._database = database

    def step(self) -> float:
        """Release what is due; seconds until the next."""
        looked_at = now_ms()
        with self._database.reading() as session:
            due = referrals.list_due(session, looked_at)
        for referral_id in due:
            self._writer.run(lambda unit, referral_id=referral_id: referrals.release(unit, referral_id, at=now_ms()))
        with self._database.reading() as session:
            following = referrals.next_due(session, looked_at)
        return LOOK_S if following is None else min(LOOK_S, max(0.0, (following - now_ms()) / 1000))
