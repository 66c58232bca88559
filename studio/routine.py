"""What goes on beside the requests: done again and again, and sooner when something changed."""

import logging
from abc import ABC, abstractmethod

import gevent
from gevent.event import Event as Signal

_log = logging.getLogger(__name__)


class Routine(ABC):
    """Takes its steps on a greenlet of its own until it is stopped; a step that fails is logged and tried again.

    Args:
        retry_s: until the step after one that failed.
        rest_s: between two steps at least, however often it is woken.
    """

    def __init__(self, *, retry_s: float, rest_s: float = 0.0) -> None:
        self._retry_s = retry_s
        self._rest_s = rest_s
        self._woken = Signal()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin with a step: something may have become due while the studio was off."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Leave the rest to the next start."""
        if self._greenlet:
            self._greenlet.kill()

    def wake(self, *_event: object) -> None:
        """Something changed: the next step is due now."""
        self._woken.set()

    @abstractmethod
    def step(self) -> float | None:
        """Do what is due; seconds until the next step, None to wait until woken."""

    def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                wait_s = self.step()
            except Exception:
                _log.exception("%s stumbled, going on", type(self).__name__)
                wait_s = self._retry_s
            if self._rest_s:
                gevent.sleep(self._rest_s)
            self._woken.wait(wait_s)
