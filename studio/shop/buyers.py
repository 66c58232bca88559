"""Buyers: known by a browser, by another shop's customer id, or by the phone number that an operator typed.

The three are never merged: nobody proves that a phone is theirs, and whoever typed a neighbour's number would see the
neighbour's orders. That several rows share a phone is found by its mark (studio/vault.py).
"""

import hashlib
import unicodedata
from contextlib import suppress
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from studio.errors import BadInput, NotFound
from studio.masking import mask_name, mask_phone
from studio.shop import phones
from studio.shop.models import Buyer, Order, PickupPoint
from studio.types import Ms
from studio.unit import Unit
from studio.vault import Vault

MAX_NICKNAME = 60
MAX_LISTED = 100
_NAMELESS = "匿名"
_MAX_CUSTOMER = 80


def of_visitor(
    unit: Unit,
    vault: Vault,
    visitor: str,
    *,
    nickname: str,
    phone: str | None,
    pickup_point_id: int | None,
    at: Ms,
) -> int:
    """The id of the buyer behind a browser, made at their first order; what is not given stays as it was.

    Raises:
        BadInput: no phone number, or no such pickup point.
    """
    buyer = find_visitor(unit.session, visitor)
    if buyer is None:
        buyer = Buyer(visitor=visitor, nickname="", created_ms=at)
        unit.session.add(buyer)
    return _describe(unit, vault, buyer, nickname=nickname, phone=phone, pickup_point_id=pickup_point_id)


def find_visitor(session: Session, visitor: str) -> Buyer | None:
    """The buyer behind a browser."""
    return session.scalars(select(Buyer).where(Buyer.visitor == visitor)).first()


def of_customer(unit: Unit, source: str, customer_id: str | None, *, nickname: str, at: Ms) -> int | None:
    """The id of another shop's customer, None when that shop names none."""
    if not customer_id:
        return None
    customer = f"{source}:{customer_id}"
    if len(customer) > _MAX_CUSTOMER or "\0" in customer:
        customer = f"{source}:{hashlib.sha256(customer_id.encode('utf-8', 'replace')).hexdigest()[:40]}"
    buyer = unit.session.scalars(select(Buyer).where(Buyer.customer == customer)).first()
    if buyer is None:
        buyer = Buyer(customer=customer, nickname="", created_ms=at)
        unit.session.add(buyer)
    _name(buyer, nickname)
    unit.session.flush()
    return buyer.id


def of_phone(unit: Unit, vault: Vault, phone: str, *, nickname: str, pickup_point_id: int | None, at: Ms) -> int:
    """The id of the buyer whom operators know by this phone number.

    Raises:
        BadInput: no phone number, or no such pickup point.
    """
    mark = vault.mark(phones.normalise(phone))
    known = select(Buyer).where(Buyer.phone_mark == mark, Buyer.visitor.is_(None), Buyer.customer.is_(None))
    buyer = unit.session.scalars(known.order_by(Buyer.id)).first()
    if buyer is None:
        buyer = Buyer(nickname="", created_ms=at)
        unit.session.add(buyer)
    return _describe(unit, vault, buyer, nickname=nickname, phone=phone, pickup_point_id=pickup_point_id)


def set_quiet(unit: Unit, buyer_id: int, *, quiet: bool, at: Ms) -> None:  # noqa: ARG001 - every command says when
    """No shout-outs for this buyer from now on, or shout-outs again.

    Raises:
        NotFound: no such buyer, or one who was erased.
    """
    find_buyer(unit.session, buyer_id).quiet = quiet


def find_buyer(session: Session, buyer_id: int) -> Buyer:
    """The buyer's row.

    Raises:
        NotFound: there is none, or it was erased.
    """
    buyer = session.get(Buyer, buyer_id)
    if buyer is None or buyer.erased_ms is not None:
        raise NotFound("没有这位买家，或者资料已注销", "no such buyer, or their data were erased")
    return buyer


def find_all(session: Session, vault: Vault, wanted: str) -> list[Buyer]:
    """The buyers that a phone number or a buyer's id means; one phone may be known from several sides."""
    text = wanted.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:  # noqa: PLR2004 - shorter than any phone
        buyer = session.get(Buyer, int(text))
        return [buyer] if buyer and buyer.erased_ms is None else []
    mark = vault.mark(phones.normalise(text))
    return list(session.scalars(select(Buyer).where(Buyer.phone_mark == mark).order_by(Buyer.id)))


def search(session: Session, vault: Vault, wanted: str) -> list[dict[str, Any]]:
    """Buyers, newest first, at most MAX_LISTED; `wanted` is part of a nickname, a phone number, an id or nothing."""
    query = select(Buyer).where(Buyer.erased_ms.is_(None)).order_by(Buyer.id.desc()).limit(MAX_LISTED)
    wanted = unicodedata.normalize("NFC", wanted).replace("\0", "").strip()
    if wanted:
        found = [Buyer.nickname.icontains(wanted, autoescape=True)]
        with suppress(BadInput):  # no number: a name
            found.append(Buyer.id.in_([buyer.id for buyer in find_all(session, vault, wanted)]))
        query = query.where(or_(*found))
    rows = list(session.scalars(query))
    figures = _figures(session, [row.id for row in rows])
    points = {point.id: point.name for point in session.scalars(select(PickupPoint))}
    return [
        {
            "id": row.id,
            "who": mask_name(row.nickname),
            "phone": masked_phone(vault, row),
            "known_by": known_by(row),
            "pickup_point": points.get(row.pickup_point_id or 0),
            "quiet": row.quiet,
            "created_ms": row.created_ms,
            **figures.get(row.id, {"orders": 0, "spent_fen": 0, "last_order_ms": None}),
        }
        for row in rows
    ]


def known_by(buyer: Buyer) -> str:
    """visitor, customer or phone: how we know them."""
    return "visitor" if buyer.visitor else "customer" if buyer.customer else "phone"


def masked_phone(vault: Vault, buyer: Buyer) -> str | None:
    """138****1234; None when there is none, **** when the key that sealed it is gone."""
    if buyer.phone_sealed is None:
        return None
    phone = vault.open(buyer.phone_sealed)
    return mask_phone(phone) if phone else "****"


def clean_nickname(typed: str) -> str:
    """A nickname on one line, without control characters, never empty."""
    shown = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in typed)
    return " ".join(shown.split())[:MAX_NICKNAME].rstrip() or _NAMELESS


def _describe(
    unit: Unit, vault: Vault, buyer: Buyer, *, nickname: str, phone: str | None, pickup_point_id: int | None
) -> int:
    _name(buyer, nickname)
    if phone:
        number = phones.normalise(phone)
        mark = vault.mark(number)
        if buyer.phone_mark != mark:  # sealing differs every time: an unchanged number is no change of the row
            buyer.phone_sealed, buyer.phone_mark = vault.seal(number), mark
    if pickup_point_id is not None:
        if unit.session.get(PickupPoint, pickup_point_id) is None:
            raise BadInput("没有这个自提点，请重新选择", "no such pickup point, choose again", field="pickup_point_id")
        buyer.pickup_point_id = pickup_point_id
    unit.session.flush()
    return buyer.id


def _name(buyer: Buyer, typed: str) -> None:
    if typed.strip() or not buyer.nickname:
        buyer.nickname = clean_nickname(typed)


def _figures(session: Session, buyer_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Buyer id → paid orders, what they kept of them, and when the last order came."""
    kept = func.coalesce(Order.settled_fen, Order.total_fen) - Order.refunded_fen
    rows = session.execute(
        select(
            Order.buyer_id,
            func.count(Order.paid_ms),
            func.coalesce(func.sum(kept).filter(Order.paid_ms.is_not(None)), 0),
            func.max(Order.placed_ms),
        )
        .where(Order.buyer_id.in_(buyer_ids))
        .group_by(Order.buyer_id)
    )
    return {
        buyer_id: {"orders": orders, "spent_fen": int(spent), "last_order_ms": last}
        for buyer_id, orders, spent, last in rows
        if buyer_id is not None
    }
