"""The shop's topics: product card, catalogue, live stock, orders. Pure functions of the database and events."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.events import StockChanged
from studio.masking import mask_name
from studio.shop import catalogue, orders
from studio.shop.models import Lot, Product, Stock
from studio.types import Ms

RECENT_ORDERS = 20


def product_out(product: Product, lot: Lot | None) -> dict[str, Any]:
    """A product with its lot, as `ProductOut`; `verified` stays False until a lot carries evidence to verify."""
    return {
        "sku": product.sku,
        "name": product.name,
        "aliases": product.aliases,
        "unit": product.unit,
        "price_fen": product.price_fen,
        "category": product.category or "other",
        "producer": product.producer,
        "image": product.image,
        "facts": product.facts,
        "verified": False,
        "missing": catalogue.missing_labels(product, lot),
        "lot": lot
        and {
            "batch": lot.batch,
            "produced_on": lot.produced_on,
            "best_before": catalogue.best_before(lot),
            "shelf_life_days": lot.shelf_life_days,
            "storage": lot.storage,
            "origin": lot.origin,
        },
    }


def catalogue_topic(session: Session) -> list[dict[str, Any]]:
    """Every product."""
    return [product_out(product, lot) for product, lot in catalogue.list_products(session)]


def product_topic(session: Session, sku: str | None) -> dict[str, Any] | None:
    """The card on air."""
    product = session.get(Product, sku) if sku else None
    if product is None:
        return None
    return {**product_out(product, catalogue.current_lot(session, product.sku)), "trace_url": None, "qr": None}


def count_out(on_hand: int, held: int, sold: int) -> dict[str, int]:
    """One SKU's counts as `StockCountOut`."""
    return {
        "on_hand": on_hand,
        "held": held,
        "sold": sold,
        "available": on_hand - held,
        "initial": on_hand + sold,
    }


def stock_topic(session: Session, at: Ms) -> dict[str, Any]:
    """Live stock of every SKU."""
    return {"as_of": at, "items": {row.sku: count_out(row.on_hand, row.held, row.sold) for row in _counts(session)}}


def stock_after(value: dict[str, Any], event: StockChanged) -> dict[str, Any]:
    """The stock topic after one movement."""
    items = {**value["items"], event.sku: count_out(event.on_hand, event.held, event.sold)}
    return {"as_of": event.at, "items": items}


def order_out(order: Any, lines: Sequence[Any]) -> dict[str, Any]:
    """An order (a row with Order's columns) with its buyer masked, as `OrderOut`."""
    return {
        "id": order.id,
        "number": orders.number_of(order.id),
        "who": mask_name(order.buyer),
        "status": order.status,
        "source": order.source,
        "total_fen": order.total_fen,
        "placed_ms": order.placed_ms,
        "paid_ms": order.paid_ms,
        "lines": [
            {"sku": line.sku, "name": line.name, "quantity": line.quantity, "price_fen": line.price_fen}
            for line in lines
        ],
    }


def orders_topic(session: Session, show_id: int | None) -> dict[str, Any]:
    """Figures and the newest orders of the show on stage (of all time when there is none)."""
    counts = orders.count_orders(session, show_id)
    paid, fen = counts.get("paid", (0, 0))
    recent = [
        {**order_out(order, order.lines), "at": order.placed_ms}
        for order in orders.recent_orders(session, show_id, RECENT_ORDERS)
    ]
    return {"paid": paid, "waiting": counts.get("placed", (0, 0))[0], "total_fen": fen, "recent": recent}


def _counts(session: Session) -> list[Stock]:
    return list(session.scalars(select(Stock)))
