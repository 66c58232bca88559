"""Which steps can be taken back, as they are made, and how each is."""

from collections.abc import Callable
from typing import Any

import gevent

from studio import events
from studio.audience import questions
from studio.overlays import shoutouts
from studio.shows import show as shows
from studio.shows import standby
from studio.shows.models import Show
from studio.types import now_ms
from studio.unit import Unit
from studio.wiring import Core
from studio.wiring.undo import Undo


def make_undo(core: Core) -> Undo:
    """Connected to what operators do, and to the topic `undo`."""
    run = core.writer.run

    def with_show(do: Callable[[Unit, Show], object]) -> None:
        number = (core.state.get("show") or {"id": 0})["id"]
        run(lambda unit: do(unit, shows.find_show(unit.session, number)))

    undo = Undo(
        show=lambda value: core.state.put("undo", value),
        run={
            "take": lambda number: with_show(lambda unit, show: shows.take_item(unit, show.id, number, at=now_ms())),
            "standby": lambda number: with_show(lambda unit, show: standby.put_on_standby(unit, show, number or None)),
            "add": lambda number: with_show(lambda unit, show: standby.take_out(unit, show, number)),
            "skip": lambda number: run(lambda unit: shoutouts.restore(unit, number, at=now_ms())),
            "hide": lambda number: run(lambda unit: questions.reopen(unit, number, at=now_ms())),
        },
        now=now_ms,
    )
    undo.tell()
    steps = _Steps(core, undo)
    core.bus.listen(events.ItemTaken, steps.taken)
    core.bus.listen(events.ItemPutOnStandby, steps.stood_by)
    core.bus.listen(events.ShowChanged, steps.changed)
    core.bus.listen(events.ShoutoutChanged, steps.stepped)
    core.bus.listen(events.QuestionChanged, steps.asked)
    core.bus.listen(events.ShowEnded, lambda _event: undo.forget())
    return undo


def title_of(show: dict[str, Any] | None, item_id: int | None) -> str:
    """What an item of the topic `show` is called, "" when it is not there."""
    return next((item["title"] for item in (show or {"rundown": []})["rundown"] if item["id"] == item_id), "")


def _item_ids(show: dict[str, Any] | None) -> set[int]:
    return {item["id"] for item in show["rundown"]} if show else set()


class _Steps:
    """Tells the undo of each step; knows the show as it was before it."""

    def __init__(self, core: Core, undo: Undo) -> None:
        self._state = core.state
        self._undo = undo
        self._show: dict[str, Any] | None = core.state.get("show")

    def taken(self, event: events.ItemTaken) -> None:
        last = self._turn()
        left = last["current_item"] if last and last["id"] == event.show_id else None
        self._undo.forget("standby")  # it went on air, or something else did
        if left is not None and left != event.item_id:
            self._undo.done("take", title_of(self._show, event.item_id), event.item_id, left)

    def stood_by(self, event: events.ItemPutOnStandby) -> None:
        last = self._turn()
        what = title_of(self._show, event.item_id)
        if event.added and event.item_id is not None:
            self._undo.done("add", what, event.item_id, event.item_id)
        else:
            self._undo.done("standby", what, event.item_id or 0, (last or {}).get("standby_item") or 0)

    def changed(self, _event: events.ShowChanged) -> None:
        gone = _item_ids(self._turn()) - _item_ids(self._show)
        if gone:
            self._undo.forget_items(gone)

    def stepped(self, event: events.ShoutoutChanged) -> None:
        if event.state == "skipped":
            who = self._of("shoutouts", event.shoutout_id, "who")
            self._undo.done("skip", who, event.shoutout_id, event.shoutout_id)
            gevent.spawn_later(10.1, self._undo.tell)

    def asked(self, event: events.QuestionChanged) -> None:
        if event.state == "hidden":
            words = self._of("questions", event.question_id, "text")
            self._undo.done("hide", words, event.question_id, event.question_id)

    def _turn(self) -> dict[str, Any] | None:
        """The show as it was; from now on it is as the topic says."""
        last, self._show = self._show, self._state.get("show")
        return last

    def _of(self, topic: str, number: int, field: str) -> str:
        return next((row[field] for row in self._state.get(topic) or [] if row["id"] == number), "")
