"""Processes the inbox after the answers: each delivery in a unit of its own, which either happens whole or not at all.

What was received and not processed when the studio ended is processed at the next start.
"""

import logging
from collections.abc import Callable

import gevent
from gevent.pool import Pool

from studio.db import Database
from studio.errors import Overloaded, StudioError, Unavailable
from studio.events import WebhooksChanged
from studio.routine import Routine
from studio.shop.webhooks import effects, inbox
from studio.types import now_ms
from studio.unit import Unit, Writer

_log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
BATCH = 64
AT_ONCE = 16
LOOK_S = 5.0
"""Also without a sign: another process (`linli-studio webhooks replay`) may have put rows back."""

RETRY_S = 0.5


class Drain(Routine):
    """Takes new deliveries in order; one that fails is tried again after the others.

    Args:
        setting: what orders placed now get, asked inside the unit.
    """

    def __init__(self, writer: Writer, database: Database, setting: Callable[[Unit], effects.Setting]) -> None:
        super().__init__(retry_s=LOOK_S)
        self._writer = writer
        self._database = database
        self._setting = setting

    def drain(self) -> bool:
        """Process what is new now; False when something failed and is to be tried again in a moment."""
        while True:
            with self._database.reading() as session:
                waiting = inbox.list_new(session, BATCH)
            # side by side, so that they share commits; the writer still takes them in this order
            fine: list[bool] = Pool(AT_ONCE).map(self._process, waiting)
            if not all(fine) or len(waiting) < BATCH:
                return all(fine)

    def step(self) -> float:
        """Drain; seconds until the next look, not sooner after a failure however many deliveries come in."""
        if self.drain():
            return LOOK_S
        gevent.sleep(RETRY_S)
        return 0.0

    def _process(self, inbox_id: int) -> bool:
        def work(unit: Unit) -> None:
            effects.process(unit, inbox_id, self._setting(unit), now_ms())

        try:
            self._writer.run(work)
        except (Overloaded, Unavailable) as error:  # the database's fault: counted, so that no row is tried for ever
            return self._count(inbox_id, error)
        except (effects.Parked, StudioError) as error:
            self._writer.run(lambda unit, error=error: effects.park(unit, inbox_id, error, now_ms()))
            return True
        except Exception as error:
            _log.exception("webhook delivery %d failed", inbox_id)
            return self._count(inbox_id, error)
        return True

    def _count(self, inbox_id: int, error: Exception) -> bool:
        """One attempt more; after the last one the row is `failed`. Returns whether that was the last."""

        def work(unit: Unit) -> bool:
            row = unit.session.get(inbox.InboxEvent, inbox_id)
            if row is None or row.state != "new":
                return True
            last = row.attempts + 1 >= MAX_ATTEMPTS
            state = "failed" if last else "new"
            inbox.settle(unit, inbox_id, state, f"defect: {type(error).__name__}", at=now_ms(), attempts=1)
            if last:
                unit.emit(WebhooksChanged(at=now_ms()))
            return last

        try:
            return self._writer.run(work)
        except StudioError:
            return False
