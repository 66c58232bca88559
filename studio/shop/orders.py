"""Orders: placed, paid, cancelled or refunded; each step moves the stock ledger in the same transaction."""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import BadInput, Conflict, NotFound
from studio.events import OrderCancelled, OrderPaid, OrderPlaced
from studio.masking import mask_name
from studio.shop import stock
from studio.shop.models import Order, OrderLine, Product
from studio.types import Fen, Ms, OrderId, ShowId
from studio.unit import Unit

_orders, _lines, _products = table(Order), table(OrderLine), table(Product)
_FIND_KEY = select(_orders.c.id, _orders.c.body_hash).where(_orders.c.key == bindparam("b_key"))
_FIND_PRODUCTS = select(_products.c.sku, _products.c.name, _products.c.price_fen).where(
    _products.c.sku.in_(bindparam("b_skus", expanding=True))
)
_ADD_ORDER = insert(_orders).returning(_orders.c.id)
_ADD_LINES = insert(_lines)
_READ_ORDER = select(_orders).where(_orders.c.id == bindparam("b_id"))
_READ_LINES = select(_lines).where(_lines.c.order_id == bindparam("b_id")).order_by(_lines.c.id)


@dataclass(frozen=True, slots=True)
class Line:
    """One wanted product; quantity in units of sale."""

    sku: str
    quantity: int


def number_of(order_id: int) -> str:
    """What people call an order on the phone."""
    return f"L{order_id:06d}"


def place(
    unit: Unit, *, key: str, buyer: str, lines: Sequence[Line], paid: bool, source: str, show_id: int | None, at: Ms
) -> int:
    """Place an order; all its lines or none. Returns its id, the earlier one's when `key` was used before.

    Raises:
        OutOfStock: some line has too few units left.
        BadInput: an unknown SKU.
        Conflict: `key` was used for a different order.
    """
    wanted = Counter[str]()
    for line in lines:
        wanted[line.sku] += line.quantity
    body_hash = hashlib.sha256(json.dumps([buyer, sorted(wanted.items()), paid]).encode()).hexdigest()
    earlier = unit.connection.execute(_FIND_KEY, {"b_key": key}).first()
    if earlier is not None:
        if earlier.body_hash != body_hash:
            raise Conflict("这个订单编号已用于另一张订单", "this idempotency key belongs to a different order")
        return earlier.id
    products = {row.sku: row for row in unit.connection.execute(_FIND_PRODUCTS, {"b_skus": list(wanted)})}
    unknown = next((sku for sku in wanted if sku not in products), None)
    if unknown is not None:
        raise BadInput(f"没有商品 {unknown}", f"no product {unknown}", sku=unknown)
    total_fen = sum(products[sku].price_fen * quantity for sku, quantity in wanted.items())
    order_id: int = unit.connection.execute(
        _ADD_ORDER,
        {
            "key": key,
            "body_hash": body_hash,
            "show_id": show_id,
            "buyer": buyer,
            "note": "",
            "secret": secrets.token_urlsafe(16),
            "refunded_fen": 0,
            "source": source,
            "status": "paid" if paid else "placed",
            "total_fen": total_fen,
            "placed_ms": at,
            "paid_ms": at if paid else None,
        },
    ).scalar_one()
    rows: list[dict[str, Any]] = [
        {
            "order_id": order_id,
            "sku": sku,
            "name": products[sku].name,
            "quantity": quantity,
            "price_fen": products[sku].price_fen,
            "returned": 0,
        }
        for sku, quantity in wanted.items()
    ]
    unit.connection.execute(_ADD_LINES, rows)
    move = stock.sell_now if paid else stock.hold
    for sku in sorted(wanted):
        move(unit, sku, wanted[sku], order_id=order_id, at=at)
    if paid:
        first = (rows[0]["name"], rows[0]["quantity"], len(rows) - 1)
        _announce(unit, order_id, show_id, buyer, first=first, total_fen=total_fen, at=at)
    else:
        unit.emit(OrderPlaced(order_id=OrderId(order_id), at=at))
    return order_id


def pay(unit: Unit, order_id: int, *, at: Ms) -> None:
    """Record an order's payment; a second time changes nothing.

    Raises:
        Conflict: the order was cancelled or refunded.
    """
    order = find_order(unit.session, order_id)
    if order.status == "paid":
        return
    if order.status != "placed":
        raise Conflict("这张订单已取消", "this order was cancelled")
    order.status, order.paid_ms = "paid", at
    for line in order.lines:
        stock.sell_held(unit, line.sku, line.quantity, order_id=order.id, at=at)
    first = (order.lines[0].name, order.lines[0].quantity, len(order.lines) - 1)
    _announce(unit, order.id, order.show_id, order.buyer, first=first, total_fen=order.total_fen, at=at)


def cancel(unit: Unit, order_id: int, *, at: Ms) -> None:
    """Cancel an unpaid order or refund a paid one; its units are back on sale. A second time changes nothing."""
    order = find_order(unit.session, order_id)
    if order.status in {"cancelled", "refunded"}:
        return
    refunded = order.status == "paid"
    order.status, order.closed_ms = ("refunded" if refunded else "cancelled"), at
    give_back = stock.take_back if refunded else stock.release
    for line in order.lines:
        give_back(unit, line.sku, line.quantity, order_id=order.id, at=at)
    unit.emit(OrderCancelled(order_id=OrderId(order.id), refunded=refunded, at=at))


def find_order(session: Session, order_id: int) -> Order:
    """The order's row.

    Raises:
        NotFound: there is none.
    """
    order = session.get(Order, order_id)
    if order is None:
        raise NotFound("没有这张订单", "no such order")
    return order


def read_order(session: Session, order_id: int) -> tuple[Any, Sequence[Any]]:
    """An order and its lines as plain rows with the columns of Order and OrderLine, for the answer to its command.

    Raises:
        NotFound: there is none.
    """
    connection = session.connection()
    order = connection.execute(_READ_ORDER, {"b_id": order_id}).first()
    if order is None:
        raise NotFound("没有这张订单", "no such order")
    return order, connection.execute(_READ_LINES, {"b_id": order_id}).all()


def recent_orders(session: Session, show_id: int | None, limit: int) -> list[Order]:
    """The newest orders, of one show if given."""
    query = select(Order).order_by(Order.id.desc()).limit(limit)
    return list(session.scalars(query if show_id is None else query.where(Order.show_id == show_id)))


def count_orders(session: Session, show_id: int | None) -> dict[str, tuple[int, int]]:
    """Status → (number of orders, fen), of one show if given."""
    query = select(Order.status, func.count(), func.sum(Order.total_fen)).group_by(Order.status)
    rows = session.execute(query if show_id is None else query.where(Order.show_id == show_id))
    return {status: (count, int(fen or 0)) for status, count, fen in rows}


def _announce(
    unit: Unit,
    order_id: int,
    show_id: int | None,
    buyer: str,
    *,
    first: tuple[str, int, int],
    total_fen: int,
    at: Ms,
) -> None:
    product, quantity, more = first
    unit.emit(
        OrderPaid(
            order_id=OrderId(order_id),
            show_id=ShowId(show_id) if show_id is not None else None,
            who=mask_name(buyer),
            product=product,
            quantity=quantity,
            more=more,
            total_fen=Fen(total_fen),
            at=at,
        )
    )
