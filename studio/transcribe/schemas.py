"""Speech on the HTTP border."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class SourceIn(BaseModel):
    """`mic`, `mic:NAME`, a file on this PC, or a URL that PyAV opens."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class SourcesOut(BaseModel):
    current: str
    microphones: list[str]


Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
"""A short word of an operator's on a mark; empty is none."""


class MarkIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Note | None = None


class RankedOut(BaseModel):
    """score 0..1; the best is rank 1."""

    rank: int
    score: float
    seq: int
    kind: str
    start: float
    end: float
    text: str


class SummaryOut(BaseModel):
    product: str
    highlights: list[RankedOut]


class TranscriptOut(BaseModel):
    segments: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    highlights: list[dict[str, Any]]
    qa: list[dict[str, Any]]
    prices: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    summary: list[SummaryOut]


class RetakeIn(BaseModel):
    """A recording on the studio's PC; offset_s: seconds after the show's start at which it begins, None finds out."""

    model_config = ConfigDict(extra="forbid")

    audio: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    model: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] = "base"
    beam: int = Field(default=5, ge=1, le=10)
    offset_s: float | None = Field(default=None, ge=-86_400, le=86_400)


class RetakeOut(BaseModel):
    """What can be heard again with what, and the hearing that runs or ran last."""

    models: list[str]
    recording: str | None
    job: dict[str, Any] | None


class EditIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class VersionOut(BaseModel):
    origin: Literal["live", "batch", "edited"]
    text: str
    at: int | None
    by: str | None
    model: str | None
    beam: int | None


class HistoryOut(BaseModel):
    """Oldest first; the last one is shown."""

    versions: list[VersionOut]


class PromiseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: Literal["confirmed", "dismissed"]


class OutcomeIn(BaseModel):
    """kept_ms: when it was kept, now unless given."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["kept", "broken", "void"] | None
    kept_ms: int | None = Field(default=None, ge=0, le=2**53)
