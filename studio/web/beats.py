"""Heartbeats of overlay pages: which page instance is where, whether it is seen, and when it last painted."""

import time
from dataclasses import dataclass, replace
from typing import Any

_LONGEST_ADDRESS = 2000
_MOST_FRAMES = 2**53


@dataclass(frozen=True, slots=True)
class Beat:
    """What a page said last.

    address: its path and query. in_obs: it runs in OBS's browser source. visible: OBS shows it. heard, painted:
    monotonic seconds of the last word and of the last word with more frames than before. build: of its scripts.
    """

    address: str
    in_obs: bool
    visible: bool
    frames: int
    build: str
    heard: float
    painted: float


class Beats:
    """The last beat of every connection."""

    def __init__(self) -> None:
        self._beats: dict[str, Beat] = {}

    def take(self, sid: str, message: object) -> None:
        """`{address, in_obs, visible, frames, build}`; anything else is passed over."""
        given: dict[str, Any] = message if isinstance(message, dict) else {}
        address, frames, build = given.get("address"), given.get("frames"), given.get("build")
        if not isinstance(address, str) or len(address) > _LONGEST_ADDRESS or not isinstance(build, str):
            return
        if type(frames) is not int or not 0 <= frames < _MOST_FRAMES:
            return
        now = time.monotonic()
        beat = Beat(address, given.get("in_obs") is True, given.get("visible") is True, frames, build[:40], now, now)
        before = self._beats.get(sid)
        # a page that was out of sight paints nothing; its time begins when it is seen
        if before is not None and before.frames == frames and before.visible:
            beat = replace(beat, painted=before.painted)
        self._beats[sid] = beat

    def drop(self, sid: str) -> None:
        """The connection is over."""
        self._beats.pop(sid, None)

    def all(self) -> tuple[Beat, ...]:
        """Every connected page's last beat."""
        return tuple(self._beats.values())
