"""The board on the HTTP border."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from studio.types import no_nul

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), AfterValidator(no_nul)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(no_nul)]
Measure = Literal["orders", "households", "units"]
Panel = Literal["trace", "honesty", "promises", "miles", "temperature"]


class GoalIn(BaseModel):
    """orders: paid ones; households: their different buyers; units: what they bought, returned ones not."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    measure: Measure
    target: int = Field(strict=True, ge=1, le=1_000_000)


class CountdownIn(BaseModel):
    """ends_ms: UTC milliseconds, 10 seconds to 24 hours from now."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    ends_ms: int = Field(strict=True, ge=0, le=2**53)


class TickerIn(BaseModel):
    """pickup: the active pickup points run along after the texts."""

    model_config = ConfigDict(extra="forbid")

    texts: list[Line] = Field(max_length=8)
    pickup: bool = False


class PanelIn(BaseModel):
    """What stands in the composite's place for trust; null is nothing."""

    model_config = ConfigDict(extra="forbid")

    panel: Panel | None


class CaptionsIn(BaseModel):
    """Whether what the host says stands on screen."""

    model_config = ConfigDict(extra="forbid")

    shown: bool = Field(strict=True)


class NoteIn(BaseModel):
    """seq of an honest sentence that was heard in the show on stage."""

    model_config = ConfigDict(extra="forbid")

    seq: int = Field(strict=True, ge=0, le=2**31 - 1)


class CommunityIn(BaseModel):
    """Where the buyers live; coordinates in degrees (WGS 84)."""

    model_config = ConfigDict(extra="forbid")

    name: Title
    latitude: float = Field(strict=True, ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(strict=True, ge=-180, le=180, allow_inf_nan=False)


class BoardOut(BaseModel):
    """The topics of these names."""

    goal: dict[str, Any] | None
    countdown: dict[str, Any] | None
    ticker: dict[str, Any] | None
    panel: Panel | None
    honesty: dict[str, Any] | None
    captions: Literal["on", "off"]
    notes: list[dict[str, Any]]
