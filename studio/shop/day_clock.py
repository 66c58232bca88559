"""At midnight papers expire and shelf lives end: whatever depends on the day is read again."""

from collections.abc import Callable

from studio.routine import Routine
from studio.shop import evidence

LOOK_S = 20.0
"""The PC may sleep over midnight, or its clock may be set: the day is looked at, not waited for."""


class DayClock(Routine):
    """Tells when another day has begun.

    Args:
        turned: called with each new day.
    """

    def __init__(self, turned: Callable[[], object]) -> None:
        super().__init__(retry_s=LOOK_S)
        self._turned = turned
        self._day = evidence.today()

    def step(self) -> float:
        """Tell of the new day, where there is one; seconds until the next look."""
        today = evidence.today()
        if today != self._day:
            self._turned()
            self._day = today
        return LOOK_S
