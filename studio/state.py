"""The stage's state: topic → (revision, whole value), rebuilt from the database at every start.

A changed value is announced at once; further changes within the topic's interval are folded into one
announcement of the latest value, so that a burst (captions, meters, a rush of orders) cannot flood the sockets.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gevent

Announce = Callable[[str, int, Any], None]


@dataclass(slots=True)
class _Topic:
    value: Any = None
    revision: int = 0
    announced_at: float = 0.0
    timer: gevent.Greenlet[..., None] | None = None


class State:
    """Latest value of every topic.

    Args:
        announce: called with (topic, revision, value) when others should hear of it.
        interval_s: topic → least seconds between two announcements; 0 (always at once) if not named.
        clock: monotonic seconds; the event loop's own by default.
    """

    def __init__(
        self,
        announce: Announce,
        interval_s: Mapping[str, float] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._announce = announce
        self._interval_s = dict(interval_s or {})
        self._clock = clock or gevent.get_hub().loop.now
        self._topics: dict[str, _Topic] = {}

    def put(self, topic: str, value: Any) -> None:
        """Set the whole value of a topic; an equal value changes nothing."""
        entry = self._topics.setdefault(topic, _Topic())
        if entry.revision and entry.value == value:
            return
        entry.value = value
        entry.revision += 1
        if entry.timer is not None:
            return
        wait_s = entry.announced_at + self._interval_s.get(topic, 0.0) - self._clock()
        if wait_s <= 0:
            self._send(topic, entry)
        else:
            entry.timer = gevent.spawn_later(wait_s, self._send, topic, entry)

    def get(self, topic: str) -> Any:
        """The latest value, or None while there is none."""
        entry = self._topics.get(topic)
        return entry.value if entry else None

    def snapshot(self, topics: list[str]) -> dict[str, dict[str, Any]]:
        """`{topic: {"rev": int, "value": JSON}}` for a page that just subscribed."""
        return {
            topic: {"rev": entry.revision, "value": entry.value} if entry else {"rev": 0, "value": None}
            for topic in topics
            for entry in [self._topics.get(topic)]
        }

    def _send(self, topic: str, entry: _Topic) -> None:
        entry.timer = None
        entry.announced_at = self._clock()
        self._announce(topic, entry.revision, entry.value)
