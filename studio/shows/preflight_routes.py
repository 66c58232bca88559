"""`/shows/{id}/preflight`: the checks before 开播."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel

from studio.shows.preflight import Check, reds
from studio.types import Require, Role

Examine = Callable[[int], list[Check]]


class LineOut(BaseModel):
    level: Literal["green", "amber", "red"]
    zh: str
    en: str


class CheckOut(BaseModel):
    name: str
    level: Literal["green", "amber", "red"]
    lines: list[LineOut]


class PreflightOut(BaseModel):
    show_id: int
    ready: bool
    checks: list[CheckOut]


def report_out(show_id: int, report: Sequence[Check]) -> dict[str, Any]:
    """As `PreflightOut`."""
    return {"show_id": show_id, "ready": not reds(report), "checks": [check.out() for check in report]}


def blueprint(require: Require, examine: Examine, measure: Examine) -> APIBlueprint:
    """Routes over two functions: look at everything now; measure what takes a while first, then look."""
    api = APIBlueprint("preflight", __name__, tag="Shows 直播")

    @api.get("/shows/<int:show_id>/preflight")
    @require(Role.MODERATOR)
    @api.output(PreflightOut)
    def look(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What is ready and what is not."""
        return report_out(show_id, examine(show_id))

    @api.post("/shows/<int:show_id>/preflight")
    @require(Role.PRODUCER)
    @api.output(PreflightOut)
    def look_closely(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Measure the speed of speech recognition on this PC too; some seconds."""
        return report_out(show_id, measure(show_id))

    return api
