"""The shout-out queue on the HTTP border."""

from pydantic import BaseModel, ConfigDict


class PauseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paused: bool


class ShownOut(BaseModel):
    id: int
    who: str
    product: str
    quantity: int
    more: int
    shown_ms: int
    until_ms: int


class QueueOut(BaseModel):
    current: ShownOut | None
    waiting: int
    paused: bool
