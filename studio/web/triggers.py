"""`/triggers`: one POST an action for Stream Deck, Companion and foot switches, by a token that opens nothing else."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import request, url_for
from flask.typing import ResponseReturnValue
from gevent.lock import RLock
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studio.errors import BadInput, NotFound
from studio.types import Ms, Require, Role, View, now_ms

LIMIT = "120 per minute"
KEPT_MS = 600_000
_MOST_KEYS = 500
_MOST_KEY_CHARACTERS = 200


class TriggerIn(BaseModel):
    """position: of an item in the rundown, from 1. input: an audio input of OBS, without it the microphone.

    text: what a mark is for.
    """

    model_config = ConfigDict(extra="forbid")

    position: int | None = Field(default=None, ge=1, le=200)
    input: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] | None = None


class TriggerStateOut(BaseModel):
    live: bool
    position: int | None
    title: str | None
    next_title: str | None
    shoutouts_paused: bool
    shoutouts_waiting: int
    question: str | None
    recording: bool
    streaming: bool
    muted: bool | None
    undo: str | None


class TriggersOut(BaseModel):
    url: str
    token: str
    actions: list[str]


Action = Callable[[TriggerIn], object]


def blueprint(
    require: Require,
    limited: Callable[[str], Callable[[View], View]],
    actions: Mapping[str, Action],
    state: Callable[[], dict[str, Any]],
    *,
    token: Callable[[], str],
    renew: Callable[[], object],
) -> APIBlueprint:
    """Routes over named actions.

    Args:
        require: guards each route by role.
        limited: counts presses by address.
        actions: what a press does; raises StudioError when it cannot.
        state: what the buttons show after it.
        token: of the role `trigger`.
        renew: makes another token; the old one ends.
    """
    api = APIBlueprint("triggers", __name__, tag="Triggers 触发")
    pressed = Pressed()

    def connection() -> ResponseReturnValue:
        url = url_for("triggers.state_now", _external=True)
        return {"url": url, "token": token(), "actions": list(actions)}

    @api.get("/triggers")
    @limited(LIMIT)
    @require(Role.TRIGGER)
    @api.output(TriggerStateOut)
    def state_now() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What buttons show: on air, paused, recording, muted."""
        return state()

    @api.post("/triggers/<action>")
    @limited(LIMIT)
    @require(Role.TRIGGER)
    @api.input(TriggerIn, location="json_or_form")  # a body is not needed
    @api.output(TriggerStateOut)
    def press(action: str, json_or_form_data: TriggerIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """One press; a repeated `Idempotency-Key` presses once."""
        run = actions.get(action)
        if run is None:
            raise NotFound(
                f"没有这个动作；有：{'、'.join(actions)}", f"no such action; there are: {', '.join(actions)}"
            )
        pressed.once(request.headers.get("Idempotency-Key"), action, lambda: run(json_or_form_data))
        return state()

    @api.get("/triggers/connection")
    @require(Role.PRODUCER)
    @api.output(TriggersOut)
    def address() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Address, token and actions to enter into Stream Deck or Companion."""
        return connection()

    @api.post("/triggers/token")
    @require(Role.HOST)
    @api.output(TriggersOut)
    def new_token() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Another token; buttons with the old one stop working."""
        renew()
        return connection()

    return api


class Pressed:
    """Presses one after the other; those with a key that was there before are left out."""

    def __init__(self) -> None:
        self._turn = RLock()
        self._done: OrderedDict[str, tuple[str, Ms]] = OrderedDict()

    def once(self, key: str | None, action: str, run: Callable[[], object]) -> None:
        """Run it, unless its key ran within ten minutes. A press that failed may be tried again with its key.

        Raises:
            BadInput: the key is too long, or was another action's.
        """
        if key is not None and not 0 < len(key) <= _MOST_KEY_CHARACTERS:
            raise BadInput("Idempotency-Key 太长", "the Idempotency-Key is too long")
        with self._turn:
            before = self._done.get(key) if key is not None else None
            if before is not None and now_ms() - before[1] < KEPT_MS:
                if before[0] != action:
                    raise BadInput("这个 Idempotency-Key 用于另一个动作", "that Idempotency-Key was another action's")
                return
            run()
            if key is not None:
                self._done[key] = (action, now_ms())
                self._done.move_to_end(key)
                while len(self._done) > _MOST_KEYS:
                    self._done.popitem(last=False)
