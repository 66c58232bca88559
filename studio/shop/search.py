"""Finding orders: by status, pickup point, number and buyer, a page at a time, and their figures."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from studio.shop.models import Order

PAID = ("paid", "packed", "picked_up", "closed")
"""Paid, and not given back whole."""

_NUMBER = re.compile(r"L?0*([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; words: an order's number, its number elsewhere, or a part of the buyer's name."""

    status: str | None = None
    point: int | None = None
    words: str = ""
    show_id: int | None = None


def find(session: Session, search: Search, *, before: int | None = None, limit: int) -> list[Order]:
    """The newest orders first, from below the id `before`."""
    query = select(Order).where(*_conditions(search)).order_by(Order.id.desc()).limit(limit)
    if search.status is not None:
        query = query.where(Order.status == search.status)
    if before is not None:
        query = query.where(Order.id < before)
    return list(session.scalars(query))


def count(session: Session, search: Search) -> dict[str, tuple[int, int]]:
    """Status → (number of orders, what they cost less what was given back); the status looked for does not matter."""
    fen = func.coalesce(Order.settled_fen, Order.total_fen) - Order.refunded_fen
    figures = select(Order.status, func.count(), func.sum(fen)).where(*_conditions(search)).group_by(Order.status)
    return {status: (number, int(total or 0)) for status, number, total in session.execute(figures)}


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.show_id is not None:
        conditions.append(Order.show_id == search.show_id)
    if search.point is not None:
        conditions.append(Order.pickup_point_id == search.point)
    if search.words:
        found = [Order.buyer.contains(search.words, autoescape=True), Order.external_number == search.words]
        number = _NUMBER.fullmatch(search.words)
        conditions.append(or_(*found, *([Order.id == int(number[1])] if number else [])))
    return conditions
