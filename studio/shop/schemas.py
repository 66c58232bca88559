"""Catalogue, stock and orders on the HTTP border."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from studio.shop.history import By, Step
from studio.shop.models import OrderStatus, PaidVia
from studio.shop.stock import ManualKind
from studio.types import no_nul

MAX_ID = 2**31 - 1

NoNul = AfterValidator(no_nul)
SkuIn = Annotated[str, StringConstraints(min_length=1, max_length=64), NoNul]
Text60 = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), NoNul]
Text200 = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), NoNul]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), NoNul]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{4,18}[0-9]$")]


class MovementIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: ManualKind
    quantity: int = Field(ge=0, le=1_000_000, strict=True)
    reason: Reason


class MovementsQuery(BaseModel):
    before: int | None = Field(default=None, ge=1, le=MAX_ID)
    limit: int = Field(default=100, ge=1, le=200)


class LineIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: SkuIn
    quantity: int = Field(ge=1, le=999, strict=True)


class OrderIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    buyer: Text60
    phone: Phone | None = None
    pickup_point_id: int | None = Field(default=None, strict=True, ge=1, le=MAX_ID)
    note: Text200 = ""
    lines: list[LineIn] = Field(min_length=1, max_length=50)
    paid: bool = False
    paid_via: PaidVia | None = None
    waitlist: bool = False


class OrdersQuery(BaseModel):
    status: OrderStatus | None = None
    point: int | None = Field(default=None, ge=1, le=MAX_ID)
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60), NoNul] = ""
    before: int | None = Field(default=None, ge=1, le=MAX_ID)
    limit: int = Field(default=100, ge=1, le=200)


class PayIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    via: PaidVia | None = None


class CancelIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Text200 = ""


class WeightIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: SkuIn
    weight_g: int = Field(ge=1, le=1_000_000, strict=True)


class SettleIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    lines: list[WeightIn] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _once_each(self) -> "SettleIn":
        if len({line.sku for line in self.lines}) < len(self.lines):
            raise ValueError("a SKU appears twice")
        return self


class ReturnIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: SkuIn
    quantity: int = Field(ge=1, le=100_000, strict=True)
    restock: bool


class RefundIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount_fen: int | None = Field(default=None, ge=0, le=1_000_000_000_000, strict=True)
    lines: list[ReturnIn] = Field(default_factory=list[ReturnIn], max_length=50)
    reason: Reason


class CertificateOut(BaseModel):
    """valid: whole, and valid today."""

    kind: str
    number: str | None
    issuer: str | None
    valid_from: str | None
    valid_until: str | None
    file: str | None
    sha256: str | None
    valid: bool


class QualityOut(BaseModel):
    on: str
    text: str


class LotOut(BaseModel):
    """expired: known to be past its shelf life today; it cannot be ordered."""

    batch: str
    produced_on: str | None
    best_before: str | None
    expired: bool
    shelf_life_days: int | None
    storage: str | None
    origin: str | None
    certificates: list[CertificateOut]
    defects: list[str]
    quality_log: list[QualityOut]


class MakerOut(BaseModel):
    name: str
    place: str | None
    latitude: float | None
    longitude: float | None
    story: str | None
    photo: str | None


class ProductOut(BaseModel):
    sku: str
    name: str
    aliases: list[str]
    unit: str
    price_fen: int
    price_per_kg_fen: int | None
    cap_per_buyer: int | None
    category: str
    producer: str | None
    maker: MakerOut | None
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


class MovementOut(BaseModel):
    id: int
    kind: str
    delta_on_hand: int
    delta_held: int
    delta_sold: int
    order_id: int | None
    cause: str | None
    reason: str
    at: int


class MovementsOut(BaseModel):
    movements: list[MovementOut]
    next_before: int | None


class OrderLineOut(BaseModel):
    """batch: the lot that was on sale when it got its goods, null where unknown.

    price_per_kg_fen: as it was ordered, whatever the product costs by now.
    """

    sku: str
    name: str
    batch: str | None
    quantity: int
    price_fen: int
    by_weight: bool
    price_per_kg_fen: int | None
    weight_g: int | None
    final_fen: int | None
    returned: int


class PickupPointRef(BaseModel):
    id: int
    name: str


class StandingOut(BaseModel):
    """How an order stands: the same for the host and its buyer."""

    number: str
    who: str
    status: OrderStatus
    paid_via: PaidVia | None
    total_fen: int
    settled_fen: int | None
    paid_fen: int
    refunded_fen: int
    due_fen: int
    hold_until_ms: int | None
    placed_ms: int
    paid_ms: int | None
    packed_ms: int | None
    picked_ms: int | None
    closed_ms: int | None


class OrderOut(StandingOut):
    id: int
    phone: str | None
    source: str
    external_number: str | None
    note: str
    pickup_point: PickupPointRef | None
    complaints: int
    lines: list[OrderLineOut]


class StepOut(BaseModel):
    step: Step
    by: By
    detail: dict[str, Any]
    at: int


class RefundOut(BaseModel):
    id: int
    amount_fen: int
    lines: list[ReturnIn]
    reason: str
    at: int


class OrderDetailOut(OrderOut):
    history: list[StepOut]
    refunds: list[RefundOut]
    link: str


class OrdersOut(BaseModel):
    orders: list[OrderOut]
    next_before: int | None
    counts: dict[str, int]
