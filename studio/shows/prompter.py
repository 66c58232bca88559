"""Where the prompters stand in the text of the item on air: one position for all of them, moved from anywhere.

A position is a line and a pace, told once: every prompter counts on from `at` by the server's clock, so that several of
them stay together without a message a line, at whatever size each shows its text. It is not kept: after a restart the
prompters begin at the top of the current item.
"""

from collections.abc import Callable
from typing import Any

from studio.types import now_ms

SPEED_LINES_PER_MIN = 8.0
SLOWEST, FASTEST = 1.0, 40.0
_MINUTE_MS = 60_000
_ALMOST = 0.99
"""So far down the last line one may go."""


class Prompter:
    """Keeps the topic `prompter` in step with the rundown and with whoever scrolls.

    Args:
        show: the `show` topic's value as it is now.
        put: sets the topic's value.
    """

    def __init__(self, show: Callable[[], Any], put: Callable[[dict[str, Any]], None]) -> None:
        self._show = show
        self._put = put
        self._value: dict[str, Any] = {
            "item": None,
            "lines": 0,
            "line": 0.0,
            "playing": False,
            "speed": SPEED_LINES_PER_MIN,
            "at": now_ms(),
        }

    def follow(self, *_event: object) -> None:
        """Listener: the rundown or its current item changed; another item is read from its top, at the same pace."""
        item = _item(self._show())
        item_id, lines = (item["id"], len(item["points"]) + len(item["trust"])) if item else (None, 0)
        here = 0.0 if item_id != self._value["item"] else min(self._here(), _last(lines))
        self._set(item=item_id, lines=lines, line=here)

    def scroll(
        self,
        *,
        line: float | None = None,
        by: int | None = None,
        playing: bool | None = None,
        speed: float | None = None,
    ) -> dict[str, Any]:
        """Go to a line or some lines on, run or stand still, faster or slower; the topic's new value.

        line: 2.5 is half down the third line, which may be longer than a screen; that goes for the last one, too.
        """
        here = self._here() if line is None else line
        last = _last(self._value["lines"])
        if by is not None:
            aim = (int(here) if by > 0 or here == int(here) else int(here) + 1) + by
            here = max(here, min(aim, last)) if by > 0 else aim
        here = max(0.0, min(float(here), last + _ALMOST if here < last + 1 else last))
        running = self._value["playing"] if playing is None else playing
        self._set(
            line=here,
            # who reached the end stands still, so that the next 播放 begins something
            playing=running and here < last,
            speed=self._value["speed"] if speed is None else speed,
        )
        return self._value

    def _here(self) -> float:
        value = self._value
        if not value["playing"]:
            return value["line"]
        passed = max(0, now_ms() - value["at"]) / _MINUTE_MS * value["speed"]
        return min(value["line"] + passed, _last(value["lines"]))

    def _set(self, **changes: Any) -> None:
        changed = {**self._value, **changes}
        if changed != self._value:
            self._value = {**changed, "at": now_ms()}
        self._put(self._value)


def _last(lines: int) -> float:
    return float(max(0, lines - 1))


def _item(show: Any) -> Any:
    """The item on air; before the show the one it begins with."""
    if not show or show["status"] == "ended":
        return None
    wanted = show["next_item"] if show["current_item"] is None else show["current_item"]
    return next((item for item in show["rundown"] if item["id"] == wanted), None)
