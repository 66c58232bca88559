"""What buyers see: the shop front of a show, and one's own orders. Read models, nothing is changed here."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import NotFound
from studio.masking import mask_text
from studio.shop import catalogue, complaints, endings, evidence, topics, waitlist
from studio.shop.models import Order, OrderLine, PickupPoint, Stock
from studio.shop.schemas import MAX_ID
from studio.types import Ms, now_ms

KEEP_MS = 500
MAX_KEPT = 8
MAX_ORDERS = 50
CANCELLABLE = frozenset({"placed", "waitlisted"})

ShowOf = Callable[[Session, int | None], dict[str, Any] | None]
"""Reads a show with its rundown, the one on stage for None; None when there is none.

Raises:
    NotFound: no show has that id.
"""


@dataclass(frozen=True, slots=True)
class Front:
    """The shop at one moment. `etag` changes whenever anything but as_of does."""

    value: dict[str, Any]
    etag: str


class Shopfront:
    """The shop as buyers see it, read at most twice a second however many ask.

    Args:
        show_of, poll_of, answers_of: read a show, its poll (shape of the `poll` topic) and its answered questions;
            they are of other rooms.
    """

    def __init__(
        self,
        database: Database,
        show_of: ShowOf,
        poll_of: Callable[[Session, int | None], dict[str, Any] | None],
        answers_of: Callable[[Session, int | None], list[dict[str, Any]]],
    ) -> None:
        self._database = database
        self._show_of = show_of
        self._poll_of = poll_of
        self._answers_of = answers_of
        self._kept: dict[int | None, tuple[Ms, Front]] = {}

    def look(self, show_id: int | None = None) -> Front:
        """The shop of one show, of the one on stage unless named.

        Raises:
            NotFound: no show has that id.
        """
        if show_id is not None and not 0 < show_id <= MAX_ID:
            raise NotFound("没有这场直播", "no such show")
        known = self._kept.get(show_id)
        now = now_ms()
        if known is not None and abs(now - known[0]) < KEEP_MS:
            return known[1]
        front = self._read(show_id)
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[show_id] = (now, front)
        return front

    def _read(self, show_id: int | None) -> Front:
        with self._database.reading() as session:
            stage = self._show_of(session, None)
            show = stage if show_id is None else self._show_of(session, show_id)
            at_show = show["id"] if show else None
            value: dict[str, Any] = {
                "show": _show_out(show) if show else None,
                "stage_id": stage["id"] if stage else None,
                "products": _products(session, show),
                "pickup_points": [_point_out(point) for point in active_points(session)],
                "poll": self._poll_of(session, at_show),
                "questions": [
                    {**answer, "text": mask_text(answer["text"])} for answer in self._answers_of(session, at_show)
                ],
            }
        value["layout"] = mark(_layout(value))
        return Front({**value, "as_of": now_ms()}, mark(value))


def active_points(session: Session) -> list[PickupPoint]:
    """Pickup points that an order may name."""
    return list(session.scalars(select(PickupPoint).where(PickupPoint.active).order_by(PickupPoint.id)))


def find_by_secret(session: Session, secret: str) -> Order:
    """The order of a private link.

    Raises:
        NotFound: the link leads nowhere.
    """
    order = session.scalars(select(Order).where(Order.secret == secret)).first() if secret.isascii() else None
    if order is None:
        raise NotFound("没有这张订单，请检查链接是否完整", "no such order; is the link complete?")
    return order


def order_value(session: Session, order: Order) -> dict[str, Any]:
    """One order as its buyer sees it, with its pickup point, why it ended, and what was reported about it."""
    point = session.get(PickupPoint, order.pickup_point_id) if order.pickup_point_id else None
    return {
        **_order_out(order),
        **endings.told(session, order),
        "ahead": waitlist.count_ahead(session, order),
        "note": order.note,
        "pickup_point": _point_out(point) if point else None,
        "complaints": [complaints.buyers_value(row) for row in complaints.of_order(session, order.id)],
    }


def orders_of(session: Session, buyer_id: int) -> list[dict[str, Any]]:
    """A buyer's newest orders."""
    rows = session.scalars(select(Order).where(Order.buyer_id == buyer_id).order_by(Order.id.desc()).limit(MAX_ORDERS))
    return [_order_out(row) for row in rows]


def _order_out(order: Order) -> dict[str, Any]:
    return {
        **topics.standing_out(order),
        "secret": order.secret,
        "cancellable": order.status in CANCELLABLE,
        "lines": [_line_out(line) for line in order.lines],
    }


def _line_out(line: OrderLine) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "price_fen": line.price_fen,
        "by_weight": line.price_per_kg_fen is not None,
        "weight_g": line.weight_g,
        "final_fen": line.final_fen,
        "returned": line.returned,
    }


def _products(session: Session, show: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Those of the rundown first, in its order, then what else is in stock: last month's peaches are no goods."""
    planned = [item["sku"] for item in show["rundown"]] if show else []
    place = {sku: index for index, sku in enumerate(dict.fromkeys(sku for sku in planned if sku))}
    listed = sorted(catalogue.list_products(session), key=lambda pair: place.get(pair[0].sku, len(place)))
    known, on = catalogue.makers(session), evidence.today()
    available = {row.sku: row.on_hand - row.held for row in session.scalars(select(Stock))}
    return [
        {
            **topics.product_out(product, lot, known.get(product.producer or ""), on),
            "cap": product.cap_per_buyer,
            "price_per_kg_fen": product.price_per_kg_fen,
            "available": available.get(product.sku, 0),
            "expired": evidence.is_expired(lot, on),
            "planned": product.sku in place,
        }
        for product, lot in listed
        if not place or product.sku in place or available.get(product.sku, 0) > 0
    ]


def _show_out(show: dict[str, Any]) -> dict[str, Any]:
    """Without the host's talking points and scenes."""
    current = next((item["sku"] for item in show["rundown"] if item["id"] == show["current_item"]), None)
    named = ("id", "title", "status", "created_ms", "started_ms", "ended_ms")
    return {**{name: show[name] for name in named}, "current_sku": current}


def _point_out(point: PickupPoint) -> dict[str, Any]:
    return {"id": point.id, "name": point.name, "address": point.address, "hours": point.hours}


def _layout(value: dict[str, Any]) -> dict[str, Any]:
    """What a page that is open must be drawn anew for: everything but the live figures."""
    show, poll = value["show"], value["poll"]
    still = {"show": show and {**show, "current_sku": None}}
    still["products"] = [{**product, "available": None} for product in value["products"]]
    if poll:
        options = [{**option, "votes": 0} for option in poll["options"]]
        still["poll"] = {**poll, "total": 0, "options": options}
    return {**value, **still}


def mark(value: object) -> str:
    """16 digits that change when the value does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]
