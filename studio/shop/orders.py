"""Orders: placing them, all lines or none, and finding them again. What happens to them then is studio/shop/life.py."""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, select
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import BadInput, Conflict, NotFound
from studio.events import OrderAdvanced, OrderPaid, OrderPlaced
from studio.masking import mask_name, mask_text
from studio.shop import caps, evidence, stock
from studio.shop.history import By, add_steps
from studio.shop.models import Complaint, Lot, Order, OrderLine, PaidVia, PickupPoint, Product
from studio.types import Fen, Ms, OrderId, ShowId
from studio.unit import Unit

HOLD_MS = 30 * 60_000

_orders, _lines, _products, _lots = table(Order), table(OrderLine), table(Product), table(Lot)
_FIND_KEY = select(_orders.c.id, _orders.c.body_hash).where(_orders.c.key == bindparam("b_key"))
_FIND_PRODUCT = (
    select(
        _products.c.name,
        _products.c.price_fen,
        _products.c.price_per_kg_fen,
        _products.c.cap_per_buyer,
        _lots.c.batch,
        _lots.c.produced_on,
        _lots.c.shelf_life_days,
    )
    .join_from(_products, _lots, and_(_lots.c.sku == _products.c.sku, _lots.c.current), isouter=True)
    .where(_products.c.sku == bindparam("b_sku"))
)
_ADD_ORDER = insert(_orders).returning(_orders.c.id)
_ADD_LINES = insert(_lines)
_COMPLAINTS = select(func.count()).select_from(table(Complaint)).where(table(Complaint).c.order_id == _orders.c.id)
_READ_ORDER = select(_orders, _COMPLAINTS.scalar_subquery().label("complaints")).where(
    _orders.c.id == bindparam("b_id")
)
_READ_LINES = select(_lines).where(_lines.c.order_id == bindparam("b_id")).order_by(_lines.c.id)


@dataclass(frozen=True, slots=True)
class Line:
    """One wanted product; quantity in units of sale, price_fen of one unit where another shop has set it."""

    sku: str
    quantity: int
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class External:
    """The order in the shop system that it came from; updated_ms tells a stale update."""

    id: str
    number: str
    updated_ms: Ms


def number_of(order_id: int) -> str:
    """What people call an order on the phone."""
    return f"L{order_id:06d}"


def place(
    unit: Unit,
    *,
    key: str,
    buyer: str,
    lines: Sequence[Line],
    paid: bool,
    source: str,
    show_id: int | None,
    at: Ms,
    by: By = "moderator",
    buyer_id: int | None = None,
    pickup_point_id: int | None = None,
    note: str = "",
    paid_via: PaidVia | None = None,
    waitlist: bool = False,
    hold_ms: int = HOLD_MS,
    external: External | None = None,
) -> int:
    """Place an order; all its lines or none. Returns its id, the earlier one's when `key` was used before.

    An unpaid order holds its stock for `hold_ms`; one that is paid when it is fetched (paid_via "cash") without end.
    With `waitlist` an unpaid order that finds too little waits in line and holds nothing (studio/shop/waitlist.py).

    Nobody orders what is past its shelf life; what another shop has sold already is taken down all the same.

    Raises:
        OutOfStock: some line has too few units left.
        OverCap: more than one buyer may have.
        BadInput: an unknown SKU or pickup point, or a paid order that would wait.
        Conflict: `key` was used for a different order, or some lot is past its shelf life.
    """
    asked = [asdict(line) for line in lines]
    body = [buyer, asked, paid, buyer_id, pickup_point_id, note, paid_via, waitlist, external and external.id]
    body_hash = hashlib.sha256(json.dumps(body).encode()).hexdigest()
    earlier = unit.connection.execute(_FIND_KEY, {"b_key": key}).first()
    if earlier is not None:
        if earlier.body_hash != body_hash:
            raise Conflict("这个订单编号已用于另一张订单", "this idempotency key belongs to a different order")
        return earlier.id
    if paid and waitlist:
        raise BadInput("已付款的订单不能排队", "a paid order cannot wait in line")
    rows = _price(unit, lines, sold_elsewhere=external is not None)
    wanted = {row["sku"]: row["quantity"] for row in rows}
    limits = {row["sku"]: (row["name"], cap) for row in rows if (cap := row.pop("cap"))}
    caps.check(unit, wanted, limits, buyer_id=buyer_id, show_id=show_id)
    if pickup_point_id is not None and unit.session.get(PickupPoint, pickup_point_id) is None:
        raise BadInput("没有这个自提点", "no such pickup point")
    waits = waitlist and not _fits(unit, wanted)
    total_fen = sum(worth_fen(row["quantity"], row["price_fen"], row["final_fen"]) for row in rows)
    status = "paid" if paid else "waitlisted" if waits else "placed"
    order_id: int = unit.connection.execute(
        _ADD_ORDER,
        {
            "key": key,
            "body_hash": body_hash,
            "show_id": show_id,
            "buyer": mask_text(buyer),  # phone numbers are kept sealed, in their own place, or not at all
            "buyer_id": buyer_id,
            "pickup_point_id": pickup_point_id,
            "note": mask_text(note),
            "secret": secrets.token_urlsafe(16),
            "source": source,
            "status": status,
            "paid_via": paid_via or ("other" if paid else None),
            "total_fen": total_fen,
            "paid_fen": total_fen if paid else 0,
            "due_fen": total_fen if status == "placed" else 0,
            "refunded_fen": 0,
            "hold_until_ms": at + hold_ms if status == "placed" and paid_via != "cash" else None,
            "placed_ms": at,
            "paid_ms": at if paid else None,
            "external_id": external and external.id,
            "external_number": external and external.number,
            "external_ms": external and external.updated_ms,
        },
    ).scalar_one()
    for row in rows:
        row["order_id"] = order_id
    unit.connection.execute(_ADD_LINES, rows)
    if waits:
        add_steps(unit, order_id, "waitlisted", by=by, at=at)
        unit.emit(OrderAdvanced(order_id=OrderId(order_id), step="waitlisted", at=at))
    elif paid:
        stock.sell_now(unit, wanted, order_id=order_id, at=at)
        add_steps(unit, order_id, "placed", "paid", by=by, at=at)
        first = (rows[0]["name"], rows[0]["quantity"], len(rows) - 1)
        who = (buyer, buyer_id)
        announce_paid(unit, order_id, show_id, who, first=first, total_fen=total_fen, at=at)
    else:
        stock.hold(unit, wanted, order_id=order_id, at=at)
        add_steps(unit, order_id, "placed", by=by, at=at)
        unit.emit(OrderPlaced(order_id=OrderId(order_id), at=at))
    return order_id


def worth_fen(quantity: int, price_fen: int, final_fen: int | None) -> int:
    """What a line costs: its own price where it has one, else its units'."""
    return quantity * price_fen if final_fen is None else final_fen


def find_order(session: Session, order_id: int) -> Order:
    """The order's row.

    Raises:
        NotFound: there is none.
    """
    order = session.get(Order, order_id)
    if order is None:
        raise NotFound("没有这张订单", "no such order")
    return order


def read_order(unit: Unit, order_id: int) -> tuple[Any, Sequence[Any]]:
    """An order and its lines as plain rows with the columns of Order and OrderLine, for the answer to its command.

    The order has `complaints` besides, how many there are.

    Raises:
        NotFound: there is none.
    """
    unit.flush()
    order = unit.connection.execute(_READ_ORDER, {"b_id": order_id}).first()
    if order is None:
        raise NotFound("没有这张订单", "no such order")
    return order, unit.connection.execute(_READ_LINES, {"b_id": order_id}).all()


def announce_paid(
    unit: Unit,
    order_id: int,
    show_id: int | None,
    who: tuple[str, int | None],
    *,
    first: tuple[str, int, int],
    total_fen: int,
    at: Ms,
) -> None:
    """Emit OrderPaid.

    `who`: the buyer's name and id; `first`: the first line's product and quantity, and how many lines follow.
    """
    (buyer, buyer_id), (product, quantity, more) = who, first
    unit.emit(
        OrderPaid(
            order_id=OrderId(order_id),
            show_id=ShowId(show_id) if show_id is not None else None,
            who=mask_name(buyer),
            buyer_id=buyer_id,
            product=product,
            quantity=quantity,
            more=more,
            total_fen=Fen(total_fen),
            at=at,
        )
    )


def _price(unit: Unit, lines: Sequence[Line], *, sold_elsewhere: bool) -> list[dict[str, Any]]:
    """Rows of order lines, one a SKU: repeated SKUs are summed, and keep their exact price in final_fen."""
    wanted = Counter[str]()
    for line in lines:
        wanted[line.sku] += line.quantity
    today = evidence.today()
    rows: list[dict[str, Any]] = []
    for sku, quantity in wanted.items():
        product = unit.connection.execute(_FIND_PRODUCT, {"b_sku": sku}).first()
        if product is None:
            raise BadInput(f"没有商品 {sku}", f"no product {sku}", sku=sku)
        if not sold_elsewhere and evidence.is_past(product.produced_on, product.shelf_life_days, today):
            raise Conflict(
                f"“{product.name}”这一批已过保质期，不能下单",
                f"this lot of '{product.name}' is past its shelf life",
                sku=sku,
            )
        given = [(line.quantity, line.price_fen) for line in lines if line.sku == sku]
        paid_fen = sum(count * (product.price_fen if price is None else price) for count, price in given)
        price_fen = paid_fen // quantity
        rows.append(
            {
                "sku": sku,
                "name": product.name,
                "batch": product.batch,
                "quantity": quantity,
                "price_fen": price_fen,
                "price_per_kg_fen": product.price_per_kg_fen,
                "final_fen": None if price_fen * quantity == paid_fen else paid_fen,
                "returned": 0,
                "cap": product.cap_per_buyer,
            }
        )
    return rows


def _fits(unit: Unit, wanted: stock.Quantities) -> bool:
    free = stock.free_units(unit, list(wanted))
    return all(free[sku] >= quantity for sku, quantity in wanted.items())
