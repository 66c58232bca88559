"""The voice cues the rundown: what the ear says the host turned to, and what the operator makes of it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import gevent

from studio import events
from studio.errors import StudioError
from studio.shows import show as shows
from studio.shows.cueing import Cue, Cueing, Timer
from studio.types import now_ms
from studio.wiring import Core


def make_cueing(core: Core) -> Cueing:
    """Connected to the ear's events, the rundown's, and the topic `cue`."""
    state = core.state

    def notice(zh: str, en: str) -> None:
        state.put("notice", {"zh": zh, "en": en, "at": now_ms()})

    def obstacle(sku: str) -> bool:
        product = next((each for each in state.get("catalogue") or [] if each["sku"] == sku), None)
        if product is None or not product["missing"]:
            return False
        name, missing = product["name"], product["missing"]
        notice(
            f"主播讲到“{name}”，但它还缺标签项：{'、'.join(missing)}，补全后才能上屏",
            f"the host turned to '{name}', which lacks label items: its card stays off air until they are filled in",
        )
        return True

    def take(show_id: int, item_id: int) -> None:
        gevent.spawn(carry_out, show_id, item_id)

    def carry_out(show_id: int, item_id: int) -> None:
        try:
            core.writer.run(lambda unit: shows.take_item(unit, show_id, item_id, at=now_ms(), by="voice"))
        except StudioError as error:
            notice(error.zh, error.en)

    def put(cue: Cue | None) -> None:
        state.put("cue", None if cue is None else asdict(cue))

    def after(seconds: float, call: Callable[[], None]) -> Timer:
        return gevent.spawn_later(seconds, call)

    def show() -> Any:
        return state.get("show")

    cueing = Cueing(show=show, obstacle=obstacle, take=take, put=put, now=now_ms, after=after)
    core.bus.listen(events.ProductIntroduced, cueing.introduced)
    core.bus.listen(events.ItemTaken, cueing.taken)
    core.bus.listen(events.ShowChanged, cueing.changed)
    return cueing
