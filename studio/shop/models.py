"""Rows of the catalogue, the stock ledger, the orders and their buyers."""

from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, CheckConstraint, Double, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from studio.db import Base
from studio.types import Ms

OrderStatus = Literal["waitlisted", "placed", "paid", "packed", "picked_up", "closed", "cancelled", "refunded"]
PaidVia = Literal["wechat", "cash", "shop", "other"]


class Product(Base):
    __tablename__ = "products"

    sku: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    unit: Mapped[str] = mapped_column(String(40))
    price_fen: Mapped[int]
    category: Mapped[str | None] = mapped_column(String(60))
    producer: Mapped[str | None] = mapped_column(String(60))
    image: Mapped[str | None] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    cap_per_buyer: Mapped[int | None]
    price_per_kg_fen: Mapped[int | None]
    """Set for goods sold by weight: the final price of a line is its weight's; price_fen is then the estimate."""


class Producer(Base):
    """Who grew or made it; unknown coordinates are None, never 0."""

    __tablename__ = "producers"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    place: Mapped[str | None] = mapped_column(String(200))
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    story: Mapped[str | None] = mapped_column(String(1000))
    photo: Mapped[str | None] = mapped_column(String(200))


class Lot(Base):
    """One batch of one product; `current` marks the lot on sale.

    certificates, quality_log: as the catalogue document writes them (studio/catalogue_parts.py), dates in ISO form.
    defects: known ones, of this lot alone.
    """

    __tablename__ = "lots"
    __table_args__ = (UniqueConstraint("sku", "batch"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), index=True)
    batch: Mapped[str] = mapped_column(String(40))
    produced_on: Mapped[str | None] = mapped_column(String(10))
    shelf_life_days: Mapped[int | None]
    origin: Mapped[str | None] = mapped_column(String(200))
    storage: Mapped[str | None] = mapped_column(String(200))
    current: Mapped[bool]
    certificates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    defects: Mapped[list[str]] = mapped_column(JSON, default=list)
    quality_log: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class Stock(Base):
    """Where the ledger of one SKU stands; every change has a movement that says why."""

    __tablename__ = "stock"
    __table_args__ = (CheckConstraint("held >= 0 AND on_hand >= held AND sold >= 0", name="ck_stock_never_oversold"),)

    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)


class StockMovement(Base):
    """Append-only: one row a movement. delta_* are the changes of the three counts.

    cause ("order:12", "refund:3") makes it happen once; movements by hand have none.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (UniqueConstraint("sku", "kind", "cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    delta_on_hand: Mapped[int]
    delta_held: Mapped[int]
    delta_sold: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    cause: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[Ms]


class PickupPoint(Base):
    """自提点: where neighbours fetch their orders."""

    __tablename__ = "pickup_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    address: Mapped[str] = mapped_column(String(120))
    hours: Mapped[str] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(default=True)


class Buyer(Base):
    """A neighbour, known by a browser (`visitor`), by another shop's customer id (`customer`), or by phone.

    The phone is sealed (studio/vault.py); phone_mark is its keyed hash, for finding the same phone again.
    """

    __tablename__ = "buyers"

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor: Mapped[str | None] = mapped_column(String(64), unique=True)
    customer: Mapped[str | None] = mapped_column(String(80), unique=True)
    nickname: Mapped[str] = mapped_column(String(60))
    phone_sealed: Mapped[str | None] = mapped_column(String(200))
    phone_mark: Mapped[str | None] = mapped_column(String(64), index=True)
    pickup_point_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_points.id"))
    quiet: Mapped[bool] = mapped_column(default=False)
    """Wants no shout-outs."""
    created_ms: Mapped[Ms]
    erased_ms: Mapped[Ms | None]


class Order(Base):
    """One order; `external_*` are those of the shop system it came from.

    settled_fen replaces total_fen once every line sold by weight is weighed. paid_fen is what was received,
    refunded_fen what of it was given back; due_fen > 0 is still to be paid, < 0 to be given back: it weighed less.
    paid_via of an unpaid order is how it will be paid: "cash" pays when it is fetched (到付), its hold has no end.
    secret is the buyer's private link.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index("ix_orders_show_id_status", "show_id", "status"),
        Index("ix_orders_status_hold_until_ms", "status", "hold_until_ms"),
        UniqueConstraint("source", "external_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    show_id: Mapped[int | None]
    buyer: Mapped[str] = mapped_column(String(60))
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("buyers.id"), index=True)
    pickup_point_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_points.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    paid_via: Mapped[str | None] = mapped_column(String(10))
    secret: Mapped[str] = mapped_column(String(32), unique=True)
    total_fen: Mapped[int] = mapped_column(BigInteger)  # 50 lines of 999 at the dearest price pass 32 bits
    settled_fen: Mapped[int | None] = mapped_column(BigInteger)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    due_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    hold_until_ms: Mapped[Ms | None]
    placed_ms: Mapped[Ms]
    paid_ms: Mapped[Ms | None]
    packed_ms: Mapped[Ms | None]
    picked_ms: Mapped[Ms | None]
    closed_ms: Mapped[Ms | None]
    external_id: Mapped[str | None] = mapped_column(String(64))
    external_number: Mapped[str | None] = mapped_column(String(40))
    external_ms: Mapped[Ms | None]
    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.id", cascade="all, delete-orphan", lazy="selectin"
    )


class OrderLine(Base):
    """price_fen is one unit's; returned counts units given back.

    batch is the lot that was on sale when the order got its goods, None where unknown. price_per_kg_fen marks goods
    sold by weight. final_fen is the whole line's price where that is not quantity × price: weighed, or ordered
    elsewhere at several prices.
    """

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"))
    name: Mapped[str] = mapped_column(String(60))
    batch: Mapped[str | None] = mapped_column(String(40))
    quantity: Mapped[int]
    price_fen: Mapped[int]
    price_per_kg_fen: Mapped[int | None]
    weight_g: Mapped[int | None]
    final_fen: Mapped[int | None] = mapped_column(BigInteger)
    returned: Mapped[int] = mapped_column(default=0)


class OrderStep(Base):
    """The order's history: append-only, one row a step."""

    __tablename__ = "order_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[Ms]


class Refund(Base):
    """Money given back, once per key; which units went back on sale is in `lines`."""

    __tablename__ = "refunds"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[Ms]


class Complaint(Base):
    """What a buyer reported about an order, and what was answered."""

    __tablename__ = "complaints"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    sku: Mapped[str | None] = mapped_column(String(64))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lots.id"))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(500))
    photo: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10), default="open")
    reply: Mapped[str] = mapped_column(String(500), default="")
    reported_ms: Mapped[Ms]
    replied_ms: Mapped[Ms | None]
    resolved_ms: Mapped[Ms | None]


class ReferralCode(Base):
    __tablename__ = "referral_codes"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyers.id"), unique=True)
    created_ms: Mapped[Ms]


class ReferralTouch(Base):
    """The first code a browser came with; later ones change nothing while it is fresh."""

    __tablename__ = "referral_touches"

    visitor: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("referral_codes.code"))
    at: Mapped[Ms]


class Referral(Base):
    """One referred buyer's first paid order and the reward it may earn; one row a referred buyer for ever."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("referral_codes.code"))
    referrer_id: Mapped[int] = mapped_column(ForeignKey("buyers.id"), index=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyers.id"), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    reason: Mapped[str] = mapped_column(String(40), default="")
    reward_fen: Mapped[int]
    created_ms: Mapped[Ms]
    due_ms: Mapped[Ms | None]
    settled_ms: Mapped[Ms | None]
