"""A pasted 接龙 compared with the orders there are, and its rows made orders: each row one order, once.

A row is known again by its own text, so that the list pasted tomorrow with new rows at its end brings only those.
The same text twice in one list is two rows: the second may be a second order or a slip, which a person decides.
A name that orders twice with different goods has ordered twice (加单).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.errors import Conflict, StudioError
from studio.shop import orders
from studio.shop.buyers import clean_nickname
from studio.shop.chain import paste, reading, telling
from studio.shop.chain.extras import Point
from studio.shop.chain.names import Names, names_of
from studio.shop.models import Order, PickupPoint
from studio.types import Ms
from studio.unit import Unit

BuyerOf = Callable[[Unit, str, str, "int | None", Ms], int]
"""(unit, phone, nickname, pickup point, at) → id of the buyer with this phone."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of the preview.

    repeat: how often the same text stood above. earlier: the order that this row is already, or, with the issue
    "changed", the one that the same name has and that the list no longer tells.
    issues: those of `reading`, and "struck", "same-again", "same-name", "changed".
    """

    row: paste.Row
    reading: reading.Reading
    repeat: int
    issues: tuple[str, ...]
    earlier: Order | None = None
    known: bool = False

    @property
    def ready(self) -> bool:
        """Can be imported as it is understood."""
        return not self.known and self.reading.sure and not set(self.issues) - {"same-name"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A row as a person has confirmed it. text and repeat are the preview's: they name the row."""

    text: str
    repeat: int
    buyer: str
    lines: tuple[orders.Line, ...]
    phone: str | None = None
    pickup_point_id: int | None = None
    note: str = ""
    paid: bool = False
    waitlist: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row; `refusal` says why it became nothing."""

    result: Literal["placed", "paid", "waitlisted", "known", "refused"]
    order_id: int | None = None
    refusal: StudioError | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    row: paste.Row
    reading: reading.Reading
    repeat: int
    key: str


@dataclass(slots=True)
class Preview:
    rows: list[Seen] = field(default_factory=list[Seen])
    asides: list[paste.Aside] = field(default_factory=list[paste.Aside])


def preview(session: Session, text: str, show: telling.Announced) -> Preview:
    """Understand a pasted list; changes nothing."""
    products = telling.offered(session, show.skus)
    names = names_of((product.sku, product.name, product.aliases, product.unit) for product in products)
    points = _points(session)
    rows, asides = paste.cut(text, reading.understanding(names, points))
    return Preview(_compare(session, _read(rows, names, points, show.show_id), show), asides)


def key_of(show_id: int | None, text: str, repeat: int) -> str:
    """The idempotency key of a row's order."""
    squeezed = re.sub(r"[\W_]", "", paste.plain(text).lower())
    content = f"{squeezed}|{paste.plain(text) if not squeezed else ''}|{repeat}"
    return f"chain:{show_id or 0}:{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def take(unit: Unit, row: Checked, *, show_id: int | None, buyer_of: BuyerOf, at: Ms) -> Taken:
    """Make one row an order: paid through WeChat, or to be paid when it is fetched.

    Raises:
        OutOfStock, OverCap, BadInput: as `orders.place`.
        Conflict: a paid row that should wait in line.
    """
    key = key_of(show_id, row.text, row.repeat)
    earlier = unit.session.scalars(select(Order.id).where(Order.key == key)).first()
    buyer = clean_nickname(row.buyer)
    if earlier is not None:
        return Taken("known", earlier)
    if row.paid and row.waitlist:
        raise Conflict("已付款的订单不能候补，请先退款", "a paid order cannot wait in line, give the money back first")
    buyer_id = buyer_of(unit, row.phone, buyer, row.pickup_point_id, at) if row.phone else None
    order_id = orders.place(
        unit,
        key=key,
        buyer=buyer,
        lines=row.lines,
        paid=row.paid,
        source=telling.SOURCE,
        show_id=show_id,
        at=at,
        buyer_id=buyer_id,
        pickup_point_id=row.pickup_point_id,
        note=paste.plain(row.note).strip(),
        paid_via="wechat" if row.paid else "cash",
        waitlist=row.waitlist,
    )
    status = unit.session.scalars(select(Order.status).where(Order.id == order_id)).one()
    return Taken("waitlisted" if status == "waitlisted" else "paid" if row.paid else "placed", order_id)


def _read(rows: Sequence[paste.Row], names: Names, points: Sequence[Point], show_id: int | None) -> list[_Read]:
    repeats = Counter[str]()
    out: list[_Read] = []
    for row in rows:
        first = key_of(show_id, row.text, 0)
        repeat = repeats[first]
        repeats[first] += 1
        out.append(_Read(row, reading.read(row.text, names, points), repeat, key_of(show_id, row.text, repeat)))
    return out


def _points(session: Session) -> list[Point]:
    query = select(PickupPoint).where(PickupPoint.active).order_by(PickupPoint.id)
    return [Point(point.id, point.name) for point in session.scalars(query)]


def _compare(session: Session, read: Sequence[_Read], show: telling.Announced) -> list[Seen]:
    known = {order.key: order for order in _with_keys(session, [row.key for row in read])}
    gone = {order.id: order for order in telling.told_orders(session, show)}
    for order in known.values():
        gone.pop(order.id, None)
    _know_our_own(read, known, gone)
    names_above = Counter[str]()
    out: list[Seen] = []
    for row in read:
        buyer = row.reading.buyer
        issues = [*row.reading.issues, *(["struck"] if row.row.struck else [])]
        earlier = known.get(row.key) or next((one for one in gone.values() if _same_person(one, row.reading)), None)
        if row.repeat:
            issues.append("same-again")
        elif earlier is not None and row.key not in known:
            issues.append("changed")
        elif names_above[buyer]:
            issues.append("same-name")
        names_above[buyer] += 1
        out.append(Seen(row.row, row.reading, row.repeat, tuple(issues), earlier, row.key in known))
    return out


def _know_our_own(read: Sequence[_Read], known: dict[str, Order], gone: dict[int, Order]) -> None:
    """Rows that our own text has told: moves their orders from `gone` to `known`."""
    told: dict[telling.Told, list[Order]] = {}
    for order in gone.values():
        told.setdefault(telling.told(order), []).append(order)
    for row in read:
        same = told.get(_told(row.reading), [])
        if row.key not in known and same:
            known[row.key] = same.pop(0)
            del gone[known[row.key].id]


def _with_keys(session: Session, keys: Sequence[str]) -> list[Order]:
    return list(session.scalars(select(Order).where(Order.key.in_(keys)))) if keys else []


def _told(understood: reading.Reading) -> telling.Told:
    wanted = Counter[str]()
    for line in understood.lines:
        wanted[line.sku or ""] += line.quantity
    return understood.buyer, tuple(sorted(wanted.items()))


def _same_person(order: Order, understood: reading.Reading) -> bool:
    return order.source == telling.SOURCE and order.buyer == understood.buyer != ""
