"""Orders: placed, paid, cancelled or refunded; each step moves the stock ledger in the same transaction."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio.errors import BadInput, Conflict, NotFound
from studio.events import OrderCancelled, OrderPaid, OrderPlaced
from studio.shop import stock
from studio.shop.models import Order, OrderLine, Product
from studio.types import Fen, Ms, OrderId, ShowId
from studio.unit import Unit


@dataclass(frozen=True, slots=True)
class Line:
    """One wanted product; quantity in units of sale."""

    sku: str
    quantity: int


def mask_name(name: str) -> str:
    """How a buyer is named on screen: the first character, the rest hidden (张*)."""
    return f"{name.strip()[:1]}*"


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
    earlier = unit.session.scalars(select(Order).where(Order.key == key)).first()
    if earlier is not None:
        if earlier.body_hash != body_hash:
            raise Conflict("这个订单编号已用于另一张订单", "this idempotency key belongs to a different order")
        return earlier.id
    products = {row.sku: row for row in unit.session.scalars(select(Product).where(Product.sku.in_(wanted)))}
    unknown = next((sku for sku in wanted if sku not in products), None)
    if unknown is not None:
        raise BadInput(f"没有商品 {unknown}", f"no product {unknown}", sku=unknown)
    order = Order(
        key=key,
        body_hash=body_hash,
        show_id=show_id,
        buyer=buyer,
        source=source,
        status="paid" if paid else "placed",
        total_fen=sum(products[sku].price_fen * quantity for sku, quantity in wanted.items()),
        placed_ms=at,
        paid_ms=at if paid else None,
        lines=[
            OrderLine(sku=sku, name=products[sku].name, quantity=quantity, price_fen=products[sku].price_fen)
            for sku, quantity in wanted.items()
        ],
    )
    unit.session.add(order)
    unit.session.flush()
    move = stock.sell_now if paid else stock.hold
    for sku in sorted(wanted):
        move(unit, sku, wanted[sku], order_id=order.id, at=at)
    if paid:
        unit.emit(_paid_event(order, at))
    else:
        unit.emit(OrderPlaced(order_id=OrderId(order.id), at=at))
    return order.id


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
    unit.emit(_paid_event(order, at))


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


def recent_orders(session: Session, show_id: int | None, limit: int) -> list[Order]:
    """The newest orders, of one show if given."""
    query = select(Order).order_by(Order.id.desc()).limit(limit)
    return list(session.scalars(query if show_id is None else query.where(Order.show_id == show_id)))


def count_orders(session: Session, show_id: int | None) -> dict[str, tuple[int, int]]:
    """Status → (number of orders, fen), of one show if given."""
    query = select(Order.status, func.count(), func.sum(Order.total_fen)).group_by(Order.status)
    rows = session.execute(query if show_id is None else query.where(Order.show_id == show_id))
    return {status: (count, int(fen or 0)) for status, count, fen in rows}


def _paid_event(order: Order, at: Ms) -> OrderPaid:
    first = order.lines[0]
    return OrderPaid(
        order_id=OrderId(order.id),
        show_id=ShowId(order.show_id) if order.show_id is not None else None,
        who=mask_name(order.buyer),
        product=first.name,
        quantity=first.quantity,
        more=len(order.lines) - 1,
        total_fen=Fen(order.total_fen),
        at=at,
    )
