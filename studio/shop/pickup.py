"""自提点 and what is to be fetched there: lists by point and buyer, totals for packing, a table for spreadsheets."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from studio.errors import Conflict, NotFound
from studio.masking import mask_name, mask_text
from studio.shop.models import Buyer, Order, PickupPoint, Product
from studio.shop.orders import number_of
from studio.types import Ms
from studio.unit import Unit

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class _Person:
    who: str
    phone_tail: str | None
    orders: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def list_points(session: Session) -> list[PickupPoint]:
    """Every point, those in use first."""
    return list(session.scalars(select(PickupPoint).order_by(PickupPoint.active.desc(), PickupPoint.id)))


def save_point(unit: Unit, point_id: int | None, *, name: str, address: str, hours: str, active: bool) -> int:
    """Add a point, or change one; points are never deleted, orders name them. Returns its id.

    Raises:
        NotFound: no such point.
        Conflict: another point has this name.
    """
    point = PickupPoint() if point_id is None else unit.session.get(PickupPoint, point_id)
    if point is None:
        raise NotFound("没有这个自提点", "no such pickup point")
    same = unit.session.scalars(select(PickupPoint.id).where(PickupPoint.name == name)).first()
    if same not in {None, point_id}:
        raise Conflict(f"已经有叫“{name}”的自提点了", f"there is a pickup point called '{name}' already")
    point.name, point.address, point.hours, point.active = name, address, hours, active
    unit.session.add(point)
    unit.session.flush()
    return point.id


def pickup_list(
    session: Session, open_phone: Callable[[str], str | None], *, point_id: int | None, at: Ms
) -> dict[str, Any]:
    """What waits to be fetched, as `PickupListOut`: paid and packed orders, and those paid when fetched.

    Args:
        session: to read from.
        open_phone: opens a sealed phone number; only its last four digits leave here.
        point_id: this point's only.
        at: when.
    """
    query = select(Order).where(
        or_(
            Order.status.in_(("paid", "packed")),
            and_(Order.status == "placed", Order.paid_via == "cash"),
        )
    )
    if point_id is not None:
        query = query.where(Order.pickup_point_id == point_id)
    waiting = session.scalars(query.order_by(Order.id)).all()
    points = {point.id: point for point in session.scalars(select(PickupPoint).order_by(PickupPoint.id))}
    phones = _phones(session, waiting)
    units = {product.sku: product.unit for product in session.scalars(select(Product))}
    by_point: dict[int | None, list[Order]] = {key: [] for key in (*points, None)}
    for order in waiting:
        by_point.setdefault(order.pickup_point_id, []).append(order)
    return {
        "as_of": at,
        "points": [
            _point_out(points.get(key or 0), found, phones, units, open_phone)
            for key, found in by_point.items()
            if found
        ],
    }


def table(listed: dict[str, Any], headings: Sequence[str], nowhere: str) -> str:
    """The list as CSV that Excel opens as it is: a byte order mark, nothing that runs as a formula, a row an order.

    Args:
        listed: of `pickup_list`.
        headings: of the columns point, number, who, phone's end, goods, note, to be paid in yuan, fetched.
        nowhere: what orders without a point have in its place.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(headings)
    for point in listed["points"]:
        for person in point["buyers"]:
            for order in person["orders"]:
                goods = "；".join(f"{line['name']}×{line['quantity']}" for line in order["lines"])
                due = f"{order['due_fen'] / 100:.2f}"
                tail = f"*{person['phone_tail']}" if person["phone_tail"] else ""  # bare, Excel drops its zeros
                cells = (point["name"] or nowhere, order["number"], person["who"], tail, goods)
                writer.writerow([*(_safe_cell(cell) for cell in (*cells, order["note"])), due, ""])
    return "\ufeff" + buffer.getvalue()


def _point_out(
    point: PickupPoint | None,
    found: Sequence[Order],
    phones: dict[int, str],
    units: dict[str, str],
    open_phone: Callable[[str], str | None],
) -> dict[str, Any]:
    people: dict[tuple[int | None, str], _Person] = {}
    totals = Counter[str]()
    names: dict[str, str] = {}
    for order in found:
        lines = [line for line in order.lines if line.quantity > line.returned]
        if not lines:
            continue
        sealed = phones.get(order.buyer_id or 0)
        phone = open_phone(sealed) if sealed else None
        known_as = (order.buyer_id, "") if order.buyer_id else (None, order.buyer)
        person = people.setdefault(known_as, _Person(mask_name(order.buyer), phone[-4:] if phone else None))
        person.orders.append(_order_out(order, lines))
        for line in lines:
            totals[line.sku] += line.quantity - line.returned
            names[line.sku] = line.name
    return {
        "id": point.id if point else None,
        "name": point.name if point else "",
        "address": point.address if point else "",
        "hours": point.hours if point else "",
        "buyers": [
            {"who": person.who, "phone_tail": person.phone_tail, "orders": person.orders} for person in people.values()
        ],
        "totals": [
            {"sku": sku, "name": names[sku], "unit": units.get(sku, ""), "quantity": quantity}
            for sku, quantity in sorted(totals.items(), key=lambda item: names[item[0]])
        ],
    }


def _order_out(order: Order, lines: Sequence[Any]) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": number_of(order.id),
        "status": order.status,
        "placed_ms": order.placed_ms,
        "note": mask_text(order.note),
        "due_fen": order.due_fen,
        "lines": [{"sku": line.sku, "name": line.name, "quantity": line.quantity - line.returned} for line in lines],
    }


def _phones(session: Session, waiting: Sequence[Order]) -> dict[int, str]:
    """Buyer → sealed phone."""
    ids = {order.buyer_id for order in waiting if order.buyer_id}
    rows = session.execute(select(Buyer.id, Buyer.phone_sealed).where(Buyer.id.in_(ids))) if ids else ()
    return {buyer_id: sealed for buyer_id, sealed in rows if sealed}


def _safe_cell(text: str) -> str:
    """Text that a spreadsheet does not run as a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
