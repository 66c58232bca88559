"""What buyers send and get."""

import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from studio.shop.complaints import Kind
from studio.shop.endings import EndedBy
from studio.shop.schemas import LineIn, LotOut, MakerOut, SkuIn, StandingOut

_UNWRITABLE = frozenset({"Cc", "Cs", "Co"})


def _plain(text: str) -> str:
    """No control characters, no half characters: databases and screens choke on them."""
    if any(unicodedata.category(sign) in _UNWRITABLE and sign not in "\n\t" for sign in text):
        raise ValueError("holds characters that cannot be kept")
    return text


Nickname = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30), AfterValidator(_plain)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_plain)]
Report = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_plain)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
"""Checked by studio/shop/phones.py; empty is none."""


class PublicOrderIn(BaseModel):
    """paid_via: how it will be paid, "cash" when it is fetched. total_fen: what the buyer was shown as the sum."""

    model_config = ConfigDict(extra="forbid")

    nickname: Nickname
    phone: Phone = ""
    pickup_point_id: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)] | None = None
    note: Note = ""
    paid_via: Literal["wechat", "cash"] = "wechat"
    lines: list[LineIn] = Field(min_length=1, max_length=50)
    total_fen: int | None = Field(default=None, strict=True, ge=0, le=10**12)
    waitlist: bool = Field(default=False, strict=True)


class ReportIn(BaseModel):
    """Fields of the form that may come with a file `photo`."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    text: Report
    sku: SkuIn | None = None


class ReplyIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reply: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_plain)] = ""
    resolved: bool = Field(strict=True)


class MeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    quiet: bool = Field(strict=True)
    nickname: Nickname | None = None


class ShopShowOut(BaseModel):
    id: int
    title: str
    status: str
    created_ms: int
    started_ms: int | None
    ended_ms: int | None
    current_sku: str | None


class ShopProductOut(BaseModel):
    """available: units that can be had now. cap: most units one buyer gets. planned: in the show's rundown.

    expired: the lot on sale is known to be past its shelf life; it cannot be ordered.
    """

    sku: str
    name: str
    unit: str
    price_fen: int
    price_per_kg_fen: int | None
    category: str
    producer: str | None
    maker: MakerOut | None
    image: str | None
    facts: dict[str, Any]
    verified: bool
    missing: list[str]
    lot: LotOut | None
    cap: int | None
    available: int
    expired: bool
    planned: bool


class PointOut(BaseModel):
    id: int
    name: str
    address: str
    hours: str


class AnswerOut(BaseModel):
    id: int
    sku: str | None
    text: str
    answer: str
    askers: int


class ShopOut(BaseModel):
    """layout: changes when an open page must be drawn anew, not with the live figures."""

    show: ShopShowOut | None
    stage_id: int | None
    products: list[ShopProductOut]
    pickup_points: list[PointOut]
    poll: dict[str, Any] | None
    questions: list[AnswerOut]
    layout: str
    as_of: int


class MyLineOut(BaseModel):
    sku: str
    name: str
    quantity: int
    price_fen: int
    by_weight: bool
    weight_g: int | None
    final_fen: int | None
    returned: int


class MyOrderOut(StandingOut):
    """secret: of the private link `/o/{secret}`. due_fen > 0: still to be paid, < 0: comes back."""

    secret: str
    cancellable: bool
    lines: list[MyLineOut]


class MyOrdersOut(BaseModel):
    orders: list[MyOrderOut]


class MyComplaintOut(BaseModel):
    id: int
    sku: str | None
    kind: str
    text: str
    photo: bool
    state: str
    reply: str
    reported_ms: int
    replied_ms: int | None
    resolved_ms: int | None


class EndedOut(BaseModel):
    """by "time": the hold ran out; reason: what the host wrote, "" when nothing."""

    by: EndedBy
    reason: str


class MyRefundOut(BaseModel):
    amount_fen: int
    reason: str
    at: int


class MyOrderDetailOut(MyOrderOut):
    """ahead: orders before this one in the line, null when it does not wait."""

    note: str
    ahead: int | None
    pickup_point: PointOut | None
    ended: EndedOut | None
    refunds: list[MyRefundOut]
    complaints: list[MyComplaintOut]
    as_of: int


class MeOut(BaseModel):
    """Null until this browser has ordered; phone masked."""

    nickname: str | None
    phone: str | None
    pickup_point_id: int | None
    quiet: bool


class MyReferralOut(BaseModel):
    """code: null until this browser has ordered."""

    code: str | None
    url: str | None
    reward_fen: int
    invited: int
    pending: int
    pending_fen: int
    earned_fen: int


class ComplaintOut(BaseModel):
    """photo: its address."""

    id: int
    order_id: int
    number: str
    who: str
    sku: str | None
    lot_id: int | None
    kind: str
    text: str
    photo: str | None
    state: str
    reply: str
    reported_ms: int
    replied_ms: int | None
    resolved_ms: int | None


class ComplaintsOut(BaseModel):
    complaints: list[ComplaintOut]
