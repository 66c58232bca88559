"""Catalogue, stock and orders on the HTTP border."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studio.shop.stock import ManualKind

SkuIn = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class MovementIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: ManualKind
    quantity: int = Field(ge=0, le=1_000_000, strict=True)
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class LineIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: SkuIn
    quantity: int = Field(ge=1, le=999, strict=True)


class OrderIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    buyer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    lines: list[LineIn] = Field(min_length=1, max_length=50)
    paid: bool = False


class LotOut(BaseModel):
    batch: str
    produced_on: str | None
    best_before: str | None
    shelf_life_days: int | None
    storage: str | None
    origin: str | None


class ProductOut(BaseModel):
    sku: str
    name: str
    aliases: list[str]
    unit: str
    price_fen: int
    category: str
    producer: str | None
    image: str | None
    facts: dict[str, Any]
    verified: bool
    missing: list[str]
    lot: LotOut | None


class ProductsOut(BaseModel):
    products: list[ProductOut]


class StockCountOut(BaseModel):
    on_hand: int
    held: int
    sold: int
    available: int
    initial: int


class StockOut(BaseModel):
    as_of: int
    items: dict[str, StockCountOut]


class OrderLineOut(BaseModel):
    sku: str
    name: str
    quantity: int
    price_fen: int


class OrderOut(BaseModel):
    id: int
    number: str
    who: str
    status: Literal["placed", "paid", "cancelled", "refunded"]
    source: str
    total_fen: int
    placed_ms: int
    paid_ms: int | None
    lines: list[OrderLineOut]


class OrdersOut(BaseModel):
    orders: list[OrderOut]
