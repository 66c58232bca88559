"""Buyers and referral rewards on the HTTP border."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class FindIn(BaseModel):
    """q: part of a nickname, a phone number, or a buyer's id; with `exact` no nickname, and 422 when it is neither."""

    q: str = Field(default="", max_length=60)
    exact: bool = False


class QuietIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    quiet: bool = Field(strict=True)


class EraseIn(BaseModel):
    force: bool = False
    """Also while orders are still running."""


class VoidIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason


class BuyerOut(BaseModel):
    """who, phone: masked. orders, spent_fen: paid ones, after refunds."""

    id: int
    who: str
    phone: str | None
    known_by: Literal["visitor", "customer", "phone"]
    pickup_point: str | None
    quiet: bool
    created_ms: int
    orders: int
    spent_fen: int
    last_order_ms: int | None


class BuyersOut(BaseModel):
    buyers: list[BuyerOut]


class PlacedOut(BaseModel):
    id: int
    number: str
    status: str
    total_fen: int
    refunded_fen: int
    placed_ms: int


class MineOut(BaseModel):
    """invited: friends whose first order counts, pending and earned rewards together."""

    code: str | None
    invited: int
    pending: int
    pending_fen: int
    earned_fen: int


class BuyerDetailOut(BuyerOut):
    placed: list[PlacedOut]
    referral: MineOut


class PersonOut(BaseModel):
    id: int
    who: str


class ReferralOut(BaseModel):
    """reason: self, same_phone, refunded, erased, or the producer's words. waits_for: what keeps a pending one."""

    id: int
    code: str
    referrer: PersonOut
    buyer: PersonOut
    order_id: int
    number: str
    state: Literal["pending", "released", "void"]
    reason: str
    waits_for: Literal["pickup", "window", "complaint"] | None
    reward_fen: int
    created_ms: int
    due_ms: int | None
    settled_ms: int | None


class OwedOut(BaseModel):
    buyer_id: int
    who: str
    rewards: int
    earned_fen: int


class ReferralsOut(BaseModel):
    """released: what the host owes, by referrer."""

    referrals: list[ReferralOut]
    released: list[OwedOut]
