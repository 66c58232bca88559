"""`/prompter`: scroll, and the link for a second device."""

from collections.abc import Callable
from typing import Annotated, Any, Self

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, model_validator

from studio.shows.prompter import FASTEST, SLOWEST, Prompter
from studio.types import Require, Role


class ScrollIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    line: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    by: Annotated[int, Field(ge=-50, le=50)] | None = None
    playing: bool | None = None
    speed: Annotated[float, Field(ge=SLOWEST, le=FASTEST, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name line, by, playing or speed")
        return self


class PrompterOut(BaseModel):
    item: int | None
    lines: int
    line: float
    playing: bool
    speed: float
    at: int


class LinkOut(BaseModel):
    url: str
    local: bool


def blueprint(prompter: Prompter, require: Require, link: Callable[[], dict[str, Any]]) -> APIBlueprint:
    """Routes over the one prompter position.

    Args:
        prompter: holds it.
        require: guards each route by role.
        link: as `LinkOut`; local: other devices cannot open it.
    """
    api = APIBlueprint("prompter", __name__, tag="Prompter 提词器")

    @api.post("/prompter")
    @require(Role.PROMPTER)
    @api.input(ScrollIn)
    @api.output(PrompterOut)
    def scroll(json_data: ScrollIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Scroll every prompter."""
        return prompter.scroll(**json_data.model_dump())

    @api.get("/prompter/link")
    @require(Role.PRODUCER)
    @api.output(LinkOut)
    def second_device() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """A link that shows and scrolls the prompter and may do nothing else."""
        return link()

    return api
