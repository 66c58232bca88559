"""`/rehearsal`: start, look, end."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, StringConstraints

from studio.types import Require, Role


class RehearsalIn(BaseModel):
    """path: of a recording. text: a script, SRT or VTT. from_show: a show whose transcript is said again."""

    model_config = ConfigDict(extra="forbid")

    show_id: int
    source: Literal["mic", "file", "script", "show"]
    path: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=300_000)] | None = None
    from_show: int | None = None
    neighbours: bool = False


class RehearsalOut(BaseModel):
    state: Literal["off", "starting", "running", "failed"]
    show_id: int | None
    source: str | None
    since_ms: int | None
    port: int | None
    message_zh: str
    message_en: str


class RehearsalLinkOut(BaseModel):
    control: str
    stage: str


def blueprint(
    require: Require,
    *,
    begin: Callable[[RehearsalIn], dict[str, Any]],
    end: Callable[[], dict[str, Any]],
    links: Callable[[], dict[str, str]],
) -> APIBlueprint:
    """Routes over three functions; begin and end answer with the topic's value."""
    api = APIBlueprint("rehearsal", __name__, tag="Rehearsal 彩排")

    @api.post("/rehearsal")
    @require(Role.PRODUCER)
    @api.input(RehearsalIn)
    @api.output(RehearsalOut, status_code=202)
    def start(json_data: RehearsalIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Rehearse a draft in a studio of its own; nothing of it reaches the real one."""
        return begin(json_data)

    @api.delete("/rehearsal")
    @require(Role.PRODUCER)
    @api.output(RehearsalOut)
    def stop() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """End the rehearsal and remove everything of it."""
        return end()

    @api.get("/rehearsal/links")
    @require(Role.PRODUCER)
    @api.output(RehearsalLinkOut)
    def where() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Where its control page and its stage are."""
        return links()

    return api
