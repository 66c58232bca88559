"""The voice-driven show: what the host turns to is suggested to the operator, or goes on air by itself.

The ear tells what the host turned to (comparisons and asides are no turn). Here it is decided whether, and when, the
rundown follows: never within a few seconds of a hand on the rundown or of the last cue, never to what was dismissed.
What comes too early waits; whatever the host turns to meanwhile replaces it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from studio.events import ItemTaken, ProductIntroduced, ShowChanged
from studio.types import Ms

SUGGESTED_MS = 20_000
DWELL_MS = 6_000
"""A card that the voice cued stays at least so long."""
HAND_MS = 8_000
"""A take by hand is not overruled for so long."""
COOL_MS = 30_000
"""What was dismissed, or taken off by hand right after its cue, is not cued again for so long."""

Show = Mapping[str, Any]
"""The value of the topic `show`."""


class Timer(Protocol):
    def kill(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Cue:
    """An item that the host turned to; auto_ms: when it goes on air by itself, None where somebody must confirm it."""

    item_id: int
    sku: str
    title: str
    scene: str | None
    heard: str
    at: Ms
    until_ms: Ms
    auto_ms: Ms | None


class Cueing:
    """Follows the host's voice for the show on air.

    Args:
        show: the value of the topic `show`, None while there is none.
        obstacle: why a product's card cannot go on air, "" when it can; told to the operator by this callable.
        take: puts (show id, item id) on air; must not block.
        put: shows the suggestion, None takes it away.
        now: UTC milliseconds.
        after: calls a function after so many seconds.
    """

    def __init__(
        self,
        *,
        show: Callable[[], Show | None],
        obstacle: Callable[[str], bool],
        take: Callable[[int, int], None],
        put: Callable[[Cue | None], None],
        now: Callable[[], Ms],
        after: Callable[[float, Callable[[], None]], Timer],
    ) -> None:
        self._show = show
        self._obstacle = obstacle
        self._take = take
        self._put = put
        self._now = now
        self._after = after
        self._cue: Cue | None = None
        self._timer: Timer | None = None
        self._held_until = 0
        self._voiced: tuple[str, int] | None = None
        """The product that the voice put on air last, and when."""
        self._cool_until: dict[str, int] = {}

    def introduced(self, event: ProductIntroduced) -> None:
        """The host turned to a product."""
        show, now = self._show(), self._now()
        if show is None or show["status"] != "live" or show["cue_mode"] == "off":
            return
        item = _item_of(show, event.sku)
        if item is None or item["id"] == show["current_item"]:
            self._drop()  # he is back at what is on air
        elif now >= self._cool_until.get(event.sku, 0):
            if self._obstacle(event.sku):
                self._cool_until[event.sku] = now + COOL_MS
                self._drop()
                return
            auto = show["cue_mode"] == "auto"
            due = Ms(max(now, self._held_until))
            self._offer(
                Cue(
                    item_id=item["id"],
                    sku=event.sku,
                    title=item["title"],
                    scene=item["scene"],
                    heard=event.text,
                    at=now,
                    until_ms=Ms(due + SUGGESTED_MS),
                    auto_ms=due if auto else None,
                )
            )

    def taken(self, event: ItemTaken) -> None:
        """An item went on air: whatever was suggested before is past."""
        now = self._now()
        self._drop()
        if event.by == "start":
            self._held_until, self._voiced = 0, None
            return
        if event.by == "voice":
            self._held_until = now + DWELL_MS
            self._voiced = (event.sku, now) if event.sku else None
            return
        self._held_until = now + HAND_MS
        if self._voiced and self._voiced[0] != event.sku and now - self._voiced[1] < SUGGESTED_MS:
            self._cool_until[self._voiced[0]] = now + COOL_MS  # the hand put right what the voice had cued
        self._voiced = None

    def changed(self, _event: ShowChanged) -> None:
        """The show ended, its rundown changed, or the mode was switched."""
        show, cue = self._show(), self._cue
        if cue is None:
            return
        item = None if show is None else _item_of(show, cue.sku)
        if show is None or item is None or show["status"] != "live" or show["cue_mode"] == "off":
            self._drop()
        elif show["cue_mode"] == "confirm" and cue.auto_ms is not None:
            self._offer(replace(cue, auto_ms=None))

    def dismiss(self) -> None:
        """The operator does not want it."""
        if self._cue is not None:
            self._cool_until[self._cue.sku] = self._now() + COOL_MS
            self._drop()

    def _offer(self, cue: Cue) -> None:
        self._stop()
        now = self._now()
        if cue.auto_ms is not None and cue.auto_ms <= now:
            self._go(cue)
            return
        self._cue = cue
        self._put(cue)
        self._timer = self._after(((cue.auto_ms or cue.until_ms) - now) / 1000, self._ring)

    def _ring(self) -> None:
        """The timer: a cue that waited goes on air, a suggestion that nobody took goes away."""
        self._timer, cue = None, self._cue
        if cue is None:
            return
        if cue.auto_ms is None:
            self._drop()
        else:
            self._go(cue)

    def _go(self, cue: Cue) -> None:
        show = self._show()
        self._drop()
        if show is not None and show["status"] == "live" and show["current_item"] != cue.item_id:
            self._held_until = self._now() + DWELL_MS  # the take itself comes a moment later
            self._take(show["id"], cue.item_id)

    def _drop(self) -> None:
        self._stop()
        if self._cue is not None:
            self._cue = None
            self._put(None)

    def _stop(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.kill()


def _item_of(show: Show, sku: str) -> Mapping[str, Any] | None:
    """The item that shows a product: the one on air, else the next one after it, else the first of all."""
    items: list[Mapping[str, Any]] = show["rundown"]
    places = [place for place, item in enumerate(items) if item["sku"] == sku]
    here = next((place for place, item in enumerate(items) if item["id"] == show["current_item"]), -1)
    if not places:
        return None
    return items[next((place for place in places if place >= here), places[0])]
