"""Speech on the HTTP border."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints


class SourceIn(BaseModel):
    """`mic`, `mic:NAME`, a file on this PC, or a URL that PyAV opens."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class SourcesOut(BaseModel):
    current: str
    microphones: list[str]


class TranscriptOut(BaseModel):
    segments: list[dict[str, Any]]
    mentions: list[dict[str, Any]]
    highlights: list[dict[str, Any]]
    qa: list[dict[str, Any]]
    prices: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    promises: list[dict[str, Any]]


class PromiseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    state: Literal["confirmed", "dismissed"]
