"""Buyers: known by a browser, by another shop's customer id, or by the phone number that an operator typed.

The three are never merged: nobody proves that a phone is theirs, and whoever typed a neighbour's number would see the
neighbour's orders. That several rows share a phone is found by its mark (studio/vault.py).
"""

import hashlib
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.errors import BadInput, Conflict, NotFound
from studio.events import BuyerQuieted, PersonalDataErased
from studio.masking import ERASED, mask_phone, mask_text
from studio.shop import forgetting, phones
from studio.shop.models import Buyer, Order, PickupPoint
from studio.shop.orders import number_of
from studio.types import Ms, OrderId
from studio.unit import Unit
from studio.vault import Vault

MAX_NICKNAME = 60
_NAMELESS = "匿名"
_MAX_CUSTOMER = 80
_RUNNING = ("waitlisted", "placed", "paid", "packed")


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


def set_quiet(unit: Unit, buyer_id: int, *, quiet: bool, at: Ms) -> None:
    """No shout-outs for this buyer from now on, or shout-outs again.

    Raises:
        NotFound: no such buyer, or one who was erased.
    """
    buyer = find_buyer(unit.session, buyer_id)
    if quiet and not buyer.quiet:
        unit.emit(BuyerQuieted(buyer_id=buyer.id, at=at))
    buyer.quiet = quiet
    unit.session.flush()


def erase(unit: Unit, buyer_id: int, *, at: Ms, force: bool = False) -> None:
    """Forget who the buyer was: everywhere, in one transaction; orders stay without anything personal.

    The row stays, empty, so that figures of orders and rewards still add up. A second time changes nothing.

    Raises:
        NotFound: there never was such a buyer.
        Conflict: an order still runs, which nobody could hand over without a name; `force` erases all the same.
    """
    buyer = unit.session.get(Buyer, buyer_id)
    if buyer is None:
        raise NotFound("没有这位买家", "no such buyer")
    if buyer.erased_ms is not None:
        return
    placed = unit.session.execute(select(Order.id, Order.status).where(Order.buyer_id == buyer.id)).all()
    running = [number_of(order_id) for order_id, status in placed if status in _RUNNING]
    if running and not force:
        listed = ", ".join(running)
        raise Conflict(
            f"还有没完成的订单 {listed}：请先取货、取消或退款，再删除资料",
            f"orders are still running ({listed}): hand them over, cancel or refund them first, then delete",
            orders=running,
        )
    visitor = buyer.visitor
    buyer.visitor = buyer.customer = buyer.phone_sealed = buyer.phone_mark = buyer.pickup_point_id = None
    buyer.nickname, buyer.quiet, buyer.erased_ms = ERASED, True, at
    unit.session.flush()
    forgetting.forget_touch(unit, visitor)
    forgetting.void_rewards_of(unit, buyer.id, at=at)
    order_ids = tuple(OrderId(order_id) for order_id, _status in placed)
    photos = forgetting.forget_orders(unit, order_ids, at=at)
    unit.emit(PersonalDataErased(visitor=visitor, order_ids=order_ids, photos=photos, at=at))


def erase_visitor(unit: Unit, visitor: str, *, at: Ms) -> None:
    """Forget a browser, also one that never ordered: its referral link, its questions and votes.

    Raises:
        Conflict: an order still runs.
    """
    buyer = find_visitor(unit.session, visitor)
    if buyer is not None:
        erase(unit, buyer.id, at=at)
        return
    forgetting.forget_touch(unit, visitor)
    unit.emit(PersonalDataErased(visitor=visitor, order_ids=(), photos=(), at=at))


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
    """A nickname on one line, without control characters, phone numbers masked, never empty."""
    shown = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in typed)
    return mask_text(" ".join(shown.split()))[:MAX_NICKNAME].rstrip() or _NAMELESS


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
