"""When an alarm of OBS goes off, over HTTP: what counts, what may be chosen, and the studio's own choice."""

from collections.abc import Callable
from dataclasses import asdict

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field

from studio.obs.alarms import RANGES, Limits, checked
from studio.types import Require, Role


class LimitsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    dropped_percent: float = Field(strict=True)
    disk_gb: float = Field(strict=True)
    cpu_percent: float = Field(strict=True)


class LimitsOut(BaseModel):
    """ranges: least and most of each."""

    limits: dict[str, float]
    defaults: dict[str, float]
    ranges: dict[str, tuple[float, float]]


def blueprint(require: Require, limits: Callable[[], Limits], choose: Callable[[Limits], object]) -> APIBlueprint:
    """Routes over the limits that count; `choose` keeps others, which count at once."""
    api = APIBlueprint("obs_alarms", __name__, tag="OBS")

    def now() -> ResponseReturnValue:
        return {"limits": asdict(limits()), "defaults": asdict(Limits()), "ranges": RANGES}

    @api.get("/obs/alarm-limits")
    @require(Role.PRODUCER)
    @api.output(LimitsOut)
    def read() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """When alarms go off."""
        return now()

    @api.put("/obs/alarm-limits")
    @require(Role.PRODUCER)
    @api.input(LimitsIn)
    @api.output(LimitsOut)
    def change(json_data: LimitsIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Choose when they go off; kept, and so from now on."""
        choose(checked(Limits(**json_data.model_dump())))
        return now()

    return api
