"""Undo, and the actions of Stream Deck, Companion and foot switches."""

import re
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict

from studio.audience import questions
from studio.errors import BadInput, Conflict, NotFound
from studio.overlays import shoutouts
from studio.overlays.shoutouts import Shoutouts
from studio.shows import show as shows
from studio.shows import standby
from studio.types import Role, now_ms
from studio.web import triggers
from studio.web.triggers import TriggerIn
from studio.wiring import Core
from studio.wiring.overlays import BUYERS
from studio.wiring.speech import mark_last
from studio.wiring.undo import Undo
from studio.wiring.undo_steps import make_undo, title_of

_MICROPHONE = re.compile("麦|mic|aux|话筒", re.IGNORECASE)


class UndoIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: int


def wire(core: Core) -> None:
    """What was done can be taken back; what the control page's keys do, a button outside does too."""
    undo = make_undo(core)
    api = APIBlueprint("undo", __name__, tag="Shows 直播")

    @api.post("/undo")
    @core.guard.require(Role.MODERATOR)
    @api.input(UndoIn)
    @api.output({}, status_code=204)
    def take_back(json_data: UndoIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take the last step back, that of the topic `undo`: refused when something else was done since."""
        newest = undo.newest
        if newest is not None and newest.kind in {"take", "standby", "add"}:
            core.guard.check(Role.PRODUCER)
        undo.back(json_data.id)
        return ""

    tokens = core.tokens
    for blueprint in (
        api,
        triggers.blueprint(
            core.guard.require,
            core.visitors.deliveries,
            _Actions(core, undo).by_name(),
            lambda: _state(core, undo),
            token=lambda: tokens.of(Role.TRIGGER),
            renew=lambda: tokens.renew(Role.TRIGGER),
        ),
    ):
        core.app.register_blueprint(blueprint, url_prefix="/api/v1")


class _Actions:
    """One method an action; docs/triggers.md names them all."""

    def __init__(self, core: Core, undo: Undo) -> None:
        self._core = core
        self._undo = undo
        self._rules = Shoutouts(BUYERS, undo_ms=round(core.settings.shoutout_undo_seconds * 1000))

    def by_name(self) -> dict[str, triggers.Action]:
        link = self._core.link
        return {
            "next": self._next,
            "previous": self._previous,
            "take": self._take,
            "standby": self._standby,
            "undo": lambda _given: self._undo.back(),
            "pause-shoutouts": lambda _given: self._pause(paused=True),
            "resume-shoutouts": lambda _given: self._pause(paused=False),
            "skip-shoutout": self._skip,
            "show-question": self._show_question,
            "clear-question": self._clear_question,
            "mark": lambda given: mark_last(self._core, given.text),
            "start-record": lambda _given: link.record(True),
            "stop-record": lambda _given: link.record(False),
            "mute": lambda given: self._mute(given, muted=True),
            "unmute": lambda given: self._mute(given, muted=False),
        }

    def _live(self) -> dict[str, Any]:
        show = self._core.state.get("show")
        if not show or show["status"] != "live":
            raise Conflict("还没开播", "the show is not live")
        return show

    def _put_on_air(self, show: dict[str, Any], item_id: int) -> None:
        self._core.writer.run(lambda unit: shows.take_item(unit, show["id"], item_id, at=now_ms()))

    def _next(self, _given: TriggerIn) -> None:
        show = self._live()
        if show["next_item"] is None:
            raise Conflict("后面没有能上屏的了", "no item after this one can go on air")
        self._put_on_air(show, show["next_item"])

    def _previous(self, _given: TriggerIn) -> None:
        show = self._live()
        if show["previous_item"] is None:
            raise Conflict("前面没有能上屏的了", "no item before this one can go on air")
        self._put_on_air(show, show["previous_item"])

    def _take(self, given: TriggerIn) -> None:
        show = self._live()
        self._put_on_air(show, _chosen(show, given))

    def _standby(self, given: TriggerIn) -> None:
        show = self._live()
        item_id = _chosen(show, given)
        self._core.writer.run(
            lambda unit: standby.put_on_standby(unit, shows.find_show(unit.session, show["id"]), item_id)
        )

    def _pause(self, *, paused: bool) -> None:
        self._live()
        self._core.writer.run(lambda unit: shoutouts.set_paused(unit, paused=paused))

    def _skip(self, _given: TriggerIn) -> None:
        current = (self._core.state.get("shoutout") or {}).get("current")
        queue = self._core.state.get("shoutouts") or []
        first = current or next((row for row in queue if row["state"] == "queued"), None)
        if first is None:
            raise Conflict("没有感谢播报可跳过", "there is no shout-out to skip")
        self._core.writer.run(lambda unit: self._rules.skip(unit, first["id"], at=now_ms()))

    def _show_question(self, _given: TriggerIn) -> None:
        asked = self._core.state.get("questions") or []
        first = next((row for row in asked if row["state"] == "open"), None)
        if first is None:
            raise Conflict("没有等着回答的问题", "no question is waiting")
        self._core.writer.run(lambda unit: questions.show(unit, first["id"], at=now_ms()))

    def _clear_question(self, _given: TriggerIn) -> None:
        self._core.writer.run(lambda unit: questions.clear(unit, self._core.view.show_id, at=now_ms()))

    def _mute(self, given: TriggerIn, *, muted: bool) -> None:
        name = given.input or _microphone(self._core)
        if name is None:
            raise NotFound("OBS 里没有声音来源", "OBS has no audio input")
        self._core.link.set_muted(name, muted)


def _microphone(core: Core) -> str | None:
    """The input that is named like one, else the first: as the control page's key."""
    names = list(core.link.state.inputs)
    return next((name for name in names if _MICROPHONE.search(name)), names[0] if names else None)


def _chosen(show: dict[str, Any], given: TriggerIn) -> int:
    if given.position is None:
        raise BadInput("要写第几项：position", "say which item: position")
    if given.position > len(show["rundown"]):
        raise NotFound("流程里没有这一项", "the rundown has no such item")
    return show["rundown"][given.position - 1]["id"]


def _place(show: dict[str, Any]) -> int | None:
    return next((index for index, item in enumerate(show["rundown"]) if item["id"] == show["current_item"]), None)


def _state(core: Core, undo: Undo) -> dict[str, Any]:
    show = core.state.get("show")
    here = _place(show) if show else None
    shoutout = core.state.get("shoutout") or {"paused": False, "waiting": 0}
    question, obs, newest = core.state.get("question"), core.link.state, undo.newest
    microphone = _microphone(core)
    return {
        "live": bool(show and show["status"] == "live"),
        "position": None if here is None else here + 1,
        "title": show["rundown"][here]["title"] if show and here is not None else None,
        "next_title": title_of(show, show["next_item"]) or None if show else None,
        "shoutouts_paused": shoutout["paused"],
        "shoutouts_waiting": shoutout["waiting"],
        "question": question["text"] if question else None,
        "recording": obs.recording,
        "streaming": obs.streaming,
        "muted": obs.inputs[microphone] if microphone else None,
        "undo": newest.kind if newest else None,
    }
