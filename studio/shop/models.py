"""Rows of the catalogue, the stock ledger and the orders."""

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from studio.db import Base
from studio.types import Ms


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


class Lot(Base):
    """One batch of one product; the newest row of a product is the lot on sale."""

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


class Stock(Base):
    """Where the ledger of one SKU stands; every change has a movement that says why."""

    __tablename__ = "stock"
    __table_args__ = (CheckConstraint("held >= 0 AND on_hand >= held AND sold >= 0", name="ck_stock_never_oversold"),)

    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)


class StockMovement(Base):
    """Append-only: one row a movement. delta_* are the changes of the three counts."""

    __tablename__ = "stock_movements"
    __table_args__ = (UniqueConstraint("order_id", "sku", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    delta_on_hand: Mapped[int]
    delta_held: Mapped[int]
    delta_sold: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[Ms]


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_show_id_status", "show_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    show_id: Mapped[int | None]
    buyer: Mapped[str] = mapped_column(String(60))
    source: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    total_fen: Mapped[int] = mapped_column(BigInteger)  # 50 lines of 999 at the dearest price pass 32 bits
    placed_ms: Mapped[Ms]
    paid_ms: Mapped[Ms | None]
    closed_ms: Mapped[Ms | None]
    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.id", cascade="all, delete-orphan", lazy="selectin"
    )


class OrderLine(Base):
    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"))
    name: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int]
    price_fen: Mapped[int]
