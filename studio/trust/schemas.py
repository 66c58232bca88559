"""Cold-chain readings on the HTTP border."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from studio.trust.cold_chain import Verdict
from studio.types import no_nul

Sensor = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(no_nul)]


class ReadingIn(BaseModel):
    """at: UTC milliseconds."""

    model_config = ConfigDict(extra="forbid")

    at: int = Field(strict=True, ge=0, le=2**53)
    celsius: float = Field(strict=True, allow_inf_nan=False)
    sensor: Sensor = ""


class ReadingsIn(BaseModel):
    """interval_s: how often the logger measures; without it, the usual distance between readings."""

    model_config = ConfigDict(extra="forbid")

    readings: list[ReadingIn] = Field(min_length=1, max_length=20_000)
    interval_s: int | None = Field(default=None, strict=True, ge=1, le=86_400)


class LoggerFileQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    interval_s: int | None = Field(default=None, ge=1, le=86_400)


class LimitOut(BaseModel):
    low: float | None
    high: float
    source: Literal["label", "category"]


class ColdChainOut(BaseModel):
    verdict: Verdict
    limit: LimitOut | None
    readings: list[list[float]]
    count: int
    sensors: int
    from_ms: int | None
    to_ms: int | None
    min_c: float | None
    max_c: float | None
    last_c: float | None
    mean_kinetic_c: float | None
    warm_ms: int
    cold_ms: int
    gap_ms: int
    gaps: list[list[int]]


class TakenOut(BaseModel):
    """known: readings that were there already; contradicting: their moment has another value, which stays."""

    added: int
    known: int
    contradicting: int
    verdict: Verdict
