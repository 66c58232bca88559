"""The shout-out queue on the HTTP border."""

from pydantic import BaseModel, ConfigDict, Field


class PauseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paused: bool


class PriorityIn(BaseModel):
    """0 is where a payment puts it; higher ones go first."""

    model_config = ConfigDict(extra="forbid")

    priority: int = Field(strict=True, ge=-1000, le=1000)


class ShownOut(BaseModel):
    id: int
    who: str
    product: str
    quantity: int
    more: int
    people: int
    shown_ms: int
    until_ms: int


class QueueOut(BaseModel):
    current: ShownOut | None
    waiting: int
    paused: bool
    unseen: bool
