"""At midnight papers expire and shelf lives end: whatever depends on the day is read again."""

import logging
from collections.abc import Callable

import gevent

from studio.shop import evidence

_log = logging.getLogger(__name__)

LOOK_S = 20.0
"""The PC may sleep over midnight, or its clock may be set: the day is looked at, not waited for."""


class DayClock:
    """Tells when another day has begun.

    Args:
        turned: called with each new day.
    """

    def __init__(self, turned: Callable[[], object]) -> None:
        self._turned = turned
        self._day = evidence.today()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Look now and then."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Look no more."""
        if self._greenlet:
            self._greenlet.kill()

    def look(self) -> None:
        """Tell of the new day, where there is one; it is told again at the next look when that failed."""
        today = evidence.today()
        if today == self._day:
            return
        try:
            self._turned()
            self._day = today
        except Exception:
            _log.exception("the new day could not be told, trying again")

    def _run(self) -> None:
        while True:
            gevent.sleep(LOOK_S)
            self.look()
