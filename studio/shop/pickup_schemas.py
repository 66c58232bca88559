"""Pickup points, pickup lists and 接龙 on the HTTP border."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studio.shop.chain.paste import MAX_CHARS, MAX_ROW_CHARS, MAX_ROWS
from studio.shop.chain.reading import MAX_LINES
from studio.shop.schemas import MAX_ID, LineIn, NoNul, Phone, Text60, Text200

PointId = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]


class PointIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), NoNul]
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), NoNul] = ""
    hours: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), NoNul] = ""
    active: bool = True


class PointOut(BaseModel):
    id: int
    name: str
    address: str
    hours: str
    active: bool


class PointsOut(BaseModel):
    points: list[PointOut]


class PickupQuery(BaseModel):
    point: int | None = Field(default=None, ge=1, le=MAX_ID)
    format: Literal["json", "csv"] = "json"


class ChainOut(BaseModel):
    text: str


class PasteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(max_length=MAX_CHARS)]


class EarlierOut(BaseModel):
    id: int
    number: str
    status: str


class WantedOut(BaseModel):
    """One product of a row; sku is null where none, or more than one, was meant."""

    sku: str | None
    written: str
    quantity: int
    confidence: float
    candidates: list[str]
    issues: list[str]


class RowOut(BaseModel):
    line: int
    number: int | None
    text: str
    repeat: int
    buyer: str
    phone: str | None
    pickup_point_id: int | None
    note: str
    paid: bool
    lines: list[WantedOut]
    issues: list[str]
    ready: bool
    known: bool
    earlier: EarlierOut | None


class AsideOut(BaseModel):
    line: int
    text: str
    why: str


class PreviewOut(BaseModel):
    rows: list[RowOut]
    problems: list[AsideOut]


class RowIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_ROW_CHARS)]
    repeat: int = Field(default=0, ge=0, le=MAX_ROWS, strict=True)
    buyer: Text60
    phone: Phone | None = None
    pickup_point_id: PointId | None = None
    note: Text200 = ""
    lines: list[LineIn] = Field(min_length=1, max_length=MAX_LINES)
    paid: bool = False
    waitlist: bool = False


class ImportIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rows: list[RowIn] = Field(min_length=1, max_length=MAX_ROWS)


class TakenOut(BaseModel):
    """What became of one row; code and detail say why it was refused."""

    text: str
    repeat: int
    result: Literal["placed", "paid", "waitlisted", "known", "refused"]
    order: EarlierOut | None
    code: str | None
    detail: str | None


class ImportedOut(BaseModel):
    rows: list[TakenOut]
