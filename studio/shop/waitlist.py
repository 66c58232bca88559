"""The line: orders that found too little stock wait in the order they came, and hold nothing.

Whenever units become free, the line is walked from its head in the same transaction, so that no newcomer gets them.
Whoever's whole order fits is served: it is placed and holds its stock. An order that does not fit keeps its place and
is passed over: fresh goods are not kept waiting for a large order, and what is free between two units never fits
anybody who waits. What is past its shelf life is given to nobody; an order gets the lot that is on sale when it is
served, not the one that was sold out when it joined the line.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from studio.events import OrderPlaced
from studio.shop import lots, stock
from studio.shop.history import add_steps
from studio.shop.models import Order, OrderLine
from studio.types import Ms, OrderId
from studio.unit import Unit

_WAITING = (
    select(OrderLine.order_id)
    .join(Order, Order.id == OrderLine.order_id)
    .where(Order.status == "waitlisted", OrderLine.sku.in_(bindparam("skus", expanding=True)))
)


def count_ahead(session: Session, order: Order) -> int | None:
    """How many orders that want some of the same goods stand before this one; None when it does not wait."""
    if order.status != "waitlisted":
        return None
    same = select(OrderLine.order_id).where(OrderLine.sku.in_([line.sku for line in order.lines]))
    ahead = select(func.count()).where(Order.status == "waitlisted", Order.id < order.id, Order.id.in_(same))
    return session.scalar(ahead) or 0


def serve(unit: Unit, skus: Sequence[str], *, hold_ms: int, at: Ms) -> None:
    """Units of these SKUs became free: place whoever waits for them and fits, in line order."""
    unit.flush()
    found = set(unit.connection.scalars(_WAITING, {"skus": list(skus)}))
    if not found:  # nearly always, and an ORM query costs more than the movement itself
        return
    waiting = unit.session.scalars(select(Order).where(Order.id.in_(found)).order_by(Order.id)).all()
    free = stock.free_units(unit, list({line.sku for order in waiting for line in order.lines}))
    on_sale = lots.on_sale(unit.session, list(free))
    past = lots.past_shelf_life(on_sale)
    for order in waiting:
        wanted = {line.sku: line.quantity for line in order.lines}
        if past & wanted.keys() or any(free[sku] < quantity for sku, quantity in wanted.items()):
            continue
        for sku, quantity in wanted.items():
            free[sku] -= quantity
        stock.hold(unit, wanted, order_id=order.id, at=at)
        order.status, order.due_fen = "placed", order.total_fen
        order.hold_until_ms = None if order.paid_via == "cash" else Ms(at + hold_ms)
        lots.assign(order, on_sale)
        unit.session.flush()
        add_steps(unit, order.id, "placed", by="clock", at=at)
        unit.emit(OrderPlaced(order_id=OrderId(order.id), at=at))
