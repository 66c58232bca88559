"""The shop's topics: product card, catalogue, live stock, orders. Pure functions of the database and events."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from studio.events import StockChanged
from studio.masking import mask_name, mask_phone
from studio.shop import catalogue, evidence, history, orders, refunds, search
from studio.shop.models import (
    Buyer,
    Complaint,
    Lot,
    Order,
    OrderStep,
    PickupPoint,
    Producer,
    Product,
    Stock,
    StockMovement,
)
from studio.types import Ms
from studio.unit import Unit

K = TypeVar("K")
V = TypeVar("V")

RECENT_ORDERS = 20

_PHONE = select(Buyer.phone_sealed).where(Buyer.id == bindparam("id"))
_POINT = select(PickupPoint.name).where(PickupPoint.id == bindparam("id"))

OpenPhone = Callable[[str], str | None]
"""A sealed phone in the clear (`Vault.open`); only masked ones leave this module."""


def product_out(product: Product, lot: Lot | None, maker: Producer | None, on: date) -> dict[str, Any]:
    """A product with its current lot and its producer, as `ProductOut`; its papers are judged as of a day."""
    missing = catalogue.missing_labels(product, lot)
    return {
        "sku": product.sku,
        "name": product.name,
        "aliases": product.aliases,
        "unit": product.unit,
        "price_fen": product.price_fen,
        "price_per_kg_fen": product.price_per_kg_fen,
        "cap_per_buyer": product.cap_per_buyer,
        "category": product.category or "other",
        "producer": product.producer,
        "maker": maker_out(maker) if maker else None,
        "image": product.image,
        "facts": product.facts,
        "verified": evidence.is_verified(lot, missing, on),
        "missing": missing,
        "lot": lot
        and {
            "batch": lot.batch,
            "produced_on": lot.produced_on,
            "best_before": evidence.best_before(lot),
            "expired": evidence.is_expired(lot, on),
            "shelf_life_days": lot.shelf_life_days,
            "storage": lot.storage,
            "origin": lot.origin,
            "certificates": [evidence.certificate_out(paper, on) for paper in lot.certificates],
            "defects": lot.defects,
            "quality_log": lot.quality_log,
        },
    }


def maker_out(maker: Producer) -> dict[str, Any]:
    """A producer as `MakerOut`."""
    return {
        "name": maker.name,
        "place": maker.place,
        "latitude": maker.latitude,
        "longitude": maker.longitude,
        "story": maker.story,
        "photo": maker.photo,
    }


def catalogue_topic(session: Session) -> list[dict[str, Any]]:
    """Every product."""
    known, on = catalogue.makers(session), evidence.today()
    return [
        product_out(product, lot, known.get(product.producer or ""), on)
        for product, lot in catalogue.list_products(session)
    ]


def product_topic(session: Session, sku: str | None) -> dict[str, Any] | None:
    """The card on air."""
    product = session.get(Product, sku) if sku else None
    if product is None:
        return None
    maker = session.get(Producer, product.producer) if product.producer else None
    out = product_out(product, catalogue.current_lot(session, product.sku), maker, evidence.today())
    return {**out, "trace_url": None, "qr": None, "qr_lan": False}


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


def movement_out(row: StockMovement) -> dict[str, Any]:
    """A row of the ledger as `MovementOut`."""
    return {
        "id": row.id,
        "kind": row.kind,
        "delta_on_hand": row.delta_on_hand,
        "delta_held": row.delta_held,
        "delta_sold": row.delta_sold,
        "order_id": row.order_id,
        "cause": row.cause,
        "reason": row.reason,
        "at": row.at,
    }


def order_out(
    order: Any,
    lines: Sequence[Any],
    *,
    phone: str | None = None,
    point: str | None = None,
    complaints: int = 0,
) -> dict[str, Any]:
    """An order (a row with Order's columns) and its lines as `OrderOut`, its buyer masked.

    `phone` is masked already, `point` the name of the pickup point, `complaints` how many there are.
    """
    return {
        **standing_out(order),
        "id": order.id,
        "phone": phone,
        "source": order.source,
        "external_number": order.external_number,
        "note": order.note,
        "pickup_point": None if order.pickup_point_id is None else {"id": order.pickup_point_id, "name": point or ""},
        "complaints": complaints,
        "lines": [line_out(line) for line in lines],
    }


def standing_out(order: Any) -> dict[str, Any]:
    """How an order (a row with Order's columns) stands, as `StandingOut`: the same for the host and its buyer."""
    return {
        "number": orders.number_of(order.id),
        "who": mask_name(order.buyer),
        "status": order.status,
        "paid_via": order.paid_via,
        "total_fen": order.total_fen,
        "settled_fen": order.settled_fen,
        "paid_fen": order.paid_fen,
        "refunded_fen": order.refunded_fen,
        "due_fen": order.due_fen,
        "hold_until_ms": order.hold_until_ms,
        "placed_ms": order.placed_ms,
        "paid_ms": order.paid_ms,
        "packed_ms": order.packed_ms,
        "picked_ms": order.picked_ms,
        "closed_ms": order.closed_ms,
    }


def line_out(line: Any) -> dict[str, Any]:
    """A line of an order (a row with OrderLine's columns) as `OrderLineOut`."""
    return {
        "sku": line.sku,
        "name": line.name,
        "batch": line.batch,
        "quantity": line.quantity,
        "price_fen": line.price_fen,
        "by_weight": line.price_per_kg_fen is not None,
        "price_per_kg_fen": line.price_per_kg_fen,
        "weight_g": line.weight_g,
        "final_fen": line.final_fen,
        "returned": line.returned,
    }


def orders_out(session: Session, found: Sequence[Order], open_phone: OpenPhone) -> list[dict[str, Any]]:
    """Orders with what is kept elsewhere: phone, pickup point, complaints; three queries however many there are."""
    ids = [order.id for order in found]
    buyers = {order.buyer_id for order in found if order.buyer_id is not None}
    points = {order.pickup_point_id for order in found if order.pickup_point_id is not None}
    sealed = _pairs(session, select(Buyer.id, Buyer.phone_sealed).where(Buyer.id.in_(buyers)), buyers)
    names = _pairs(session, select(PickupPoint.id, PickupPoint.name).where(PickupPoint.id.in_(points)), points)
    reported = _pairs(
        session,
        select(Complaint.order_id, func.count()).where(Complaint.order_id.in_(ids)).group_by(Complaint.order_id),
        ids,
    )
    return [
        order_out(
            order,
            order.lines,
            phone=_masked(sealed.get(order.buyer_id or 0), open_phone),
            point=names.get(order.pickup_point_id or 0),
            complaints=reported.get(order.id, 0),
        )
        for order in found
    ]


def order_now(unit: Unit, order_id: int, open_phone: OpenPhone) -> dict[str, Any]:
    """`orders_out` of one order by plain rows, in the transaction of the command that it answers."""
    order, lines = orders.read_order(unit, order_id)
    connection = unit.connection
    sealed = None if order.buyer_id is None else connection.execute(_PHONE, {"id": order.buyer_id}).scalar()
    return order_out(
        order,
        lines,
        phone=_masked(sealed, open_phone),
        point=None
        if order.pickup_point_id is None
        else connection.execute(_POINT, {"id": order.pickup_point_id}).scalar(),
        complaints=order.complaints,
    )


def order_detail(session: Session, order: Order, open_phone: OpenPhone) -> dict[str, Any]:
    """One order with its history and refunds, as `OrderDetailOut`."""
    return {
        **orders_out(session, [order], open_phone)[0],
        "history": [
            {"step": row.step, "by": row.by, "detail": row.detail, "at": row.at}
            for row in history.list_steps(session, order.id)
        ],
        "refunds": [
            {"id": row.id, "amount_fen": row.amount_fen, "lines": row.lines, "reason": row.reason, "at": row.at}
            for row in refunds.list_refunds(session, order.id)
        ],
        "link": f"/o/{order.secret}",
    }


def orders_topic(session: Session, show_id: int | None, open_phone: OpenPhone) -> dict[str, Any]:
    """Figures and the newest orders of the show on stage (of all time when there is none).

    last_step changes with every step of any order: who shows older ones reads them again.
    """
    of_show = search.Search(show_id=show_id)
    counts = search.count(session, of_show)
    recent = search.find(session, of_show, limit=RECENT_ORDERS)
    return {
        "paid": sum(counts.get(status, (0, 0))[0] for status in search.PAID),
        "waiting": counts.get("placed", (0, 0))[0],
        "waitlisted": counts.get("waitlisted", (0, 0))[0],
        "total_fen": sum(counts.get(status, (0, 0))[1] for status in search.PAID),
        "last_step": session.scalar(select(func.max(OrderStep.id))) or 0,
        "recent": [
            {**out, "at": order.placed_ms}
            for order, out in zip(recent, orders_out(session, recent, open_phone), strict=True)
        ],
    }


def _counts(session: Session) -> list[Stock]:
    return list(session.scalars(select(Stock)))


def _pairs(session: Session, query: Select[K, V], wanted: Collection[object]) -> dict[K, V]:
    return dict(session.execute(query).all()) if wanted else {}


def _masked(sealed: str | None, open_phone: OpenPhone) -> str | None:
    phone = open_phone(sealed) if sealed else None
    return mask_phone(phone) if phone else None
