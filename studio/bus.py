"""The event bus: facts go from where they became true to whoever listens, in order."""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from studio.events import Event

E = TypeVar("E", bound=Event)
_log = logging.getLogger(__name__)


class Bus:
    """Synchronous, ordered delivery on the caller's greenlet; a failing listener is logged and skipped."""

    def __init__(self) -> None:
        self._listeners: dict[type[Event], list[Callable[[Any], object]]] = defaultdict(list)

    def listen(self, kind: type[E], listener: Callable[[E], object]) -> None:
        """Call `listener` with every published event of exactly this kind."""
        self._listeners[kind].append(listener)

    def publish(self, event: Event) -> None:
        """Deliver one event to every listener of its kind."""
        for listener in self._listeners[type(event)]:
            try:
                listener(event)
            except Exception:
                _log.exception("listener %r failed on %s", listener, type(event).__name__)
