"""The stage's state: topic → (revision, whole value), rebuilt from the database at every start.

A changed value is announced at once; further changes within the topic's interval are folded into one announcement
of the latest value, so that a burst (captions, meters, a rush of orders) cannot flood the sockets. Where there are so
many sockets that an announcement takes long, the interval grows with it: announcing such a topic never takes more than
a fifth of the server's time.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gevent
from gevent.lock import RLock

Announce = Callable[[str, int, Any], None]
_log = logging.getLogger(__name__)

ANNOUNCING_SHARE = 0.2


@dataclass(slots=True)
class _Topic:
    value: Any = None
    revision: int = 0
    announced: int = 0
    announced_at: float = float("-inf")
    took_s: float = 0.0
    compute: Callable[[], Any] | None = None
    computing: RLock = field(default_factory=RLock)
    timer: "gevent.Greenlet[..., None] | None" = None


class State:
    """Latest value of every topic.

    Args:
        announce: called with (topic, revision, value) when others should hear of it.
        interval_s: topic → least seconds between two announcements; 0 (always at once) if not named.
        watched: whether anybody would hear an announcement of the topic; what nobody hears is not computed for it.
        retry_s: after which a topic that could not be read is read again.
    """

    def __init__(
        self,
        announce: Announce,
        interval_s: Mapping[str, float] | None = None,
        watched: Callable[[str], bool] = lambda _topic: True,
        retry_s: float = 1.0,
    ) -> None:
        self._announce = announce
        self._watched = watched
        self._retry_s = retry_s
        self._interval_s = dict(interval_s or {})
        self._topics: dict[str, _Topic] = {}

    def put(self, topic: str, value: Any) -> None:
        """Set the whole value of a topic; an equal value changes nothing."""
        entry = self._topics.setdefault(topic, _Topic())
        entry.compute = None
        self._set(entry, value)
        self._plan(topic, entry)

    def refresh(self, topic: str, compute: Callable[[], Any]) -> None:
        """The topic's value has changed; `compute` reads it when it is next announced or asked for."""
        entry = self._topics.setdefault(topic, _Topic())
        entry.compute = compute
        if self._watched(topic):
            self._plan(topic, entry)

    def get(self, topic: str) -> Any:
        """The latest value, or None while there is none."""
        entry = self._topics.get(topic)
        return self._current(entry).value if entry else None

    def snapshot(self, topics: list[str]) -> dict[str, dict[str, Any]]:
        """`{topic: {"rev": int, "value": JSON}}` for a page that just subscribed."""
        out: dict[str, dict[str, Any]] = {}
        for topic in topics:
            entry = self._current(self._topics.get(topic) or _Topic())
            out[topic] = {"rev": entry.revision, "value": entry.value}
        return out

    def stop(self) -> None:
        """Announce nothing more; whatever is being read is read to its end."""
        for entry in self._topics.values():
            if entry.timer is not None:
                entry.timer.kill()
            with entry.computing:
                entry.compute = None

    def _set(self, entry: _Topic, value: Any) -> None:
        if not entry.revision or entry.value != value:
            entry.value = value
            entry.revision += 1

    def _current(self, entry: _Topic) -> _Topic:
        # Reading PostgreSQL lets other greenlets run: one computes at a time, so that what was read first is never set
        # last, and whoever asks while another computes waits for what is true now.
        with entry.computing:
            while entry.compute is not None:
                compute, entry.compute = entry.compute, None
                try:
                    value = compute()
                except Exception:
                    entry.compute = entry.compute or compute
                    raise
                self._set(entry, value)
        return entry

    def _plan(self, topic: str, entry: _Topic) -> None:
        if entry.timer is not None:
            return
        interval_s = self._interval_s.get(topic, 0.0)
        if interval_s:
            interval_s = max(interval_s, entry.took_s / ANNOUNCING_SHARE)
        wait_s = entry.announced_at + interval_s - gevent.get_hub().loop.now()
        if wait_s <= 0:
            self._send(topic, entry)
        else:
            entry.timer = gevent.spawn_later(wait_s, self._send, topic, entry)

    def _send(self, topic: str, entry: _Topic) -> None:
        entry.timer = None
        try:
            self._current(entry)
        except Exception:
            _log.exception("topic %s could not be read, trying again", topic)
            entry.timer = gevent.spawn_later(self._retry_s, self._send, topic, entry)
            return
        if entry.revision != entry.announced:
            entry.announced = entry.revision
            entry.announced_at = gevent.get_hub().loop.now()
            began = time.perf_counter()
            self._announce(topic, entry.revision, entry.value)
            entry.took_s = time.perf_counter() - began
