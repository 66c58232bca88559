"""老客带新客: one level, first touch, and a reward only for an order that was fetched and kept.

A browser that comes with a code is remembered for 30 days (`touch`). The first order that it ever pays makes one row:
pending, or void with the reason. It is released when the order was picked up, the after-sales window has passed, no
complaint is unresolved, and less than half of the money went back. Nothing is ever earned for what a referred buyer's
own friends order: a row knows one referrer, the one whose code was touched.

    pending ──picked up, window over, nothing open──▶ released      void: self, same_phone, refunded, erased, or
       └──────half or more refunded, by hand──────▶ void ◀──by hand──┘    the producer's own words
"""

import secrets
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import NotFound
from studio.events import OrderAdvanced, OrderPaid, OrderRefunded, ReferralChanged
from studio.masking import mask_name, mask_text
from studio.shop import buyers
from studio.shop.models import Buyer, Complaint, Order, Referral, ReferralCode, ReferralTouch
from studio.shop.orders import number_of
from studio.types import Ms
from studio.unit import Unit

FRESH_MS = 30 * 24 * 3_600_000
"""How long a touch counts, and keeps later codes away."""

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else on a phone
_CODE_LENGTH = 6
_LISTED = 200
_FETCHED = ("picked_up", "closed")

_orders, _buyers, _touches, _codes = table(Order), table(Buyer), table(ReferralTouch), table(ReferralCode)
_BROUGHT = (
    select(
        _orders.c.placed_ms,
        _orders.c.picked_ms,
        _touches.c.at,
        _touches.c.code,
        _buyers.c.id.label("buyer_id"),
        _buyers.c.phone_mark,
        _codes.c.buyer_id.label("referrer_id"),
    )
    .join(_buyers, _buyers.c.id == _orders.c.buyer_id)
    .join(_touches, _touches.c.visitor == _buyers.c.visitor)
    .join(_codes, _codes.c.code == _touches.c.code)
    .where(_orders.c.id == bindparam("b_id"))
)
"""One Core statement for every paid order, most of which nobody referred."""


def code_of(unit: Unit, buyer_id: int, *, at: Ms) -> str:
    """The buyer's code, made when first asked for.

    Raises:
        NotFound: no such buyer, or one who was erased.
    """
    buyer = buyers.find_buyer(unit.session, buyer_id)
    code = unit.session.scalar(select(ReferralCode.code).where(ReferralCode.buyer_id == buyer.id))
    while code is None:
        drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        if unit.session.get(ReferralCode, drawn) is None:
            unit.session.add(ReferralCode(code=drawn, buyer_id=buyer.id, created_ms=at))
            unit.session.flush()
            code = drawn
    return code


def touch(unit: Unit, visitor: str, code: str, *, at: Ms) -> bool:
    """Remember the code that a browser came with; False when there is no such code or an earlier one is fresh."""
    known = _find_code(unit.session, code)
    if known is None:
        return False
    earlier = unit.session.get(ReferralTouch, visitor)
    if earlier is None:
        unit.session.add(ReferralTouch(visitor=visitor, code=known.code, at=at))
    elif at - earlier.at >= FRESH_MS:
        earlier.code, earlier.at = known.code, at
    else:
        return False
    unit.session.flush()
    return True


def mine(session: Session, buyer_id: int) -> dict[str, Any]:
    """What a buyer's code brought: friends who ordered, rewards still waiting, rewards earned."""
    code = session.scalar(select(ReferralCode.code).where(ReferralCode.buyer_id == buyer_id))
    rows = session.execute(
        select(Referral.state, func.count(), func.sum(Referral.reward_fen))
        .where(Referral.referrer_id == buyer_id)
        .group_by(Referral.state)
    )
    by_state = {state: (count, int(fen or 0)) for state, count, fen in rows}
    pending, released = by_state.get("pending", (0, 0)), by_state.get("released", (0, 0))
    return {
        "code": code,
        "invited": pending[0] + released[0],
        "pending": pending[0],
        "pending_fen": pending[1],
        "earned_fen": released[1],
    }


def reward_first_order(unit: Unit, event: OrderPaid, *, reward_fen: int, window_ms: int) -> None:
    """Reaction: the first order that a referred browser ever pays may earn its referrer a reward."""
    if event.buyer_id is None:
        return
    brought = unit.connection.execute(_BROUGHT, {"b_id": event.order_id}).first()
    if brought is None or not 0 <= brought.placed_ms - brought.at < FRESH_MS:
        return
    if not _is_first(unit.session, event.order_id, brought.buyer_id, brought.phone_mark):
        return
    reason = _refusal(unit.session, brought.referrer_id, brought.buyer_id)
    row = Referral(
        code=brought.code,
        referrer_id=brought.referrer_id,
        buyer_id=brought.buyer_id,
        order_id=event.order_id,
        state="void" if reason else "pending",
        reason=reason,
        reward_fen=reward_fen,
        created_ms=event.at,
        due_ms=None if reason or brought.picked_ms is None else Ms(brought.picked_ms + window_ms),
        settled_ms=event.at if reason else None,
    )
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
    except IntegrityError:  # another server was faster: one row a buyer and order is what both wanted
        return
    _tell(unit, row, event.at)


def start_window(unit: Unit, event: OrderAdvanced, *, window_ms: int) -> None:
    """Reaction: the goods were fetched, the after-sales window begins."""
    row = _pending_of(unit, event.order_id) if event.step == "picked_up" else None
    if row is not None:
        row.due_ms = Ms(event.at + window_ms)
        _tell(unit, row, event.at)


def void_if_given_back(unit: Unit, event: OrderRefunded) -> None:
    """Reaction: half or more of the money went back: the order was not what a reward is for."""
    row = _pending_of(unit, event.order_id)
    if row is None:
        return
    paid_fen, refunded_fen = unit.session.execute(
        select(Order.paid_fen, Order.refunded_fen).where(Order.id == event.order_id)
    ).one()
    if event.whole or 2 * refunded_fen >= paid_fen:
        _void(unit, row, "refunded", event.at)


def list_due(session: Session, at: Ms) -> list[int]:
    """Rewards whose window is over and that no complaint keeps waiting."""
    query = select(Referral.id).where(Referral.state == "pending", Referral.due_ms <= at, ~_is_open())
    return list(session.scalars(query.order_by(Referral.due_ms)))


def next_due(session: Session, at: Ms) -> Ms | None:
    """When the next window ends after `at`."""
    query = select(func.min(Referral.due_ms)).where(Referral.state == "pending", Referral.due_ms > at)
    return session.scalar(query)


def release(unit: Unit, referral_id: int, *, at: Ms) -> None:
    """The reward is owed now if everything still holds; else it waits on or is void. Again changes nothing."""
    row = unit.session.get(Referral, referral_id)
    if row is None or row.state != "pending" or row.due_ms is None or row.due_ms > at:
        return
    reason = _refusal(unit.session, row.referrer_id, row.buyer_id)  # a phone may have been given since
    if reason:
        _void(unit, row, reason, at)
        return
    status = unit.session.scalar(select(Order.status).where(Order.id == row.order_id))
    unresolved = exists().where(Complaint.order_id == row.order_id, Complaint.state != "resolved")
    if status in _FETCHED and not unit.session.scalar(select(unresolved)):
        row.state, row.settled_ms = "released", at
        _tell(unit, row, at)


def void(unit: Unit, referral_id: int, *, reason: str, at: Ms) -> None:
    """The producer takes a reward back, also one that was released. A second time changes nothing.

    Raises:
        NotFound: no such reward.
    """
    row = unit.session.get(Referral, referral_id)
    if row is None:
        raise NotFound("没有这笔推荐奖励", "no such referral reward")
    if row.state != "void":
        _void(unit, row, mask_text(reason), at)


def list_rewards(session: Session) -> list[dict[str, Any]]:
    """The newest rewards, people masked; `waits_for` says what keeps a pending one."""
    rows = session.execute(
        select(Referral, Order.status, _is_open())
        .join(Order, Order.id == Referral.order_id)
        .order_by(Referral.id.desc())
        .limit(_LISTED)
    ).all()
    ids = {row.referrer_id for row, *_ in rows} | {row.buyer_id for row, *_ in rows}
    names = {buyer.id: mask_name(buyer.nickname) for buyer in session.scalars(select(Buyer).where(Buyer.id.in_(ids)))}
    return [
        {
            "id": row.id,
            "code": row.code,
            "referrer": {"id": row.referrer_id, "who": names[row.referrer_id]},
            "buyer": {"id": row.buyer_id, "who": names[row.buyer_id]},
            "order_id": row.order_id,
            "number": number_of(row.order_id),
            "state": row.state,
            "reason": row.reason,
            "waits_for": _waits_for(row, status, is_open),
            "reward_fen": row.reward_fen,
            "created_ms": row.created_ms,
            "due_ms": row.due_ms,
            "settled_ms": row.settled_ms,
        }
        for row, status, is_open in rows
    ]


def list_owed(session: Session) -> list[dict[str, Any]]:
    """Who has earned how much, dearest first: what the host pays out."""
    total = func.sum(Referral.reward_fen)
    rows = session.execute(
        select(Buyer.id, Buyer.nickname, func.count(), total)
        .join(Referral, Referral.referrer_id == Buyer.id)
        .where(Referral.state == "released")
        .group_by(Buyer.id, Buyer.nickname)
        .order_by(total.desc(), Buyer.id)
    )
    return [
        {"buyer_id": buyer_id, "who": mask_name(nickname), "rewards": count, "earned_fen": int(fen)}
        for buyer_id, nickname, count, fen in rows
    ]


def _find_code(session: Session, typed: str) -> ReferralCode | None:
    """A code as it came in an address; None when it is nobody's any more."""
    code = session.get(ReferralCode, typed.strip().lower()) if typed.isascii() and "\0" not in typed else None
    if code is None:
        return None
    erased_ms = session.scalar(select(Buyer.erased_ms).where(Buyer.id == code.buyer_id))
    return code if erased_ms is None else None


def _is_first(session: Session, order_id: int, buyer_id: int, phone_mark: str | None) -> bool:
    """Whether nothing was ever paid before by this buyer, or by anybody with the same phone."""
    same = Buyer.id == buyer_id
    if phone_mark is not None:
        same = or_(same, Buyer.phone_mark == phone_mark)
    earlier = exists().where(Order.buyer_id == Buyer.id, same, Order.paid_ms.is_not(None), Order.id != order_id)
    return not session.scalar(select(earlier))


def _refusal(session: Session, referrer_id: int, buyer_id: int) -> str:
    """Why there is no reward between these two, "" when there is one."""
    referrer, buyer = session.get_one(Buyer, referrer_id), session.get_one(Buyer, buyer_id)
    if referrer.id == buyer.id:
        return "self"
    if referrer.erased_ms is not None:
        return "erased"
    if referrer.phone_mark is not None and referrer.phone_mark == buyer.phone_mark:
        return "same_phone"
    return ""


def _is_open():  # noqa: ANN202 - an EXISTS over Referral's order
    return exists().where(Complaint.order_id == Referral.order_id, Complaint.state != "resolved")


def _waits_for(row: Referral, status: str, is_open: bool) -> str | None:
    if row.state != "pending":
        return None
    if row.due_ms is None or status not in _FETCHED:
        return "pickup"
    return "complaint" if is_open else "window"


def _pending_of(unit: Unit, order_id: int) -> Referral | None:
    query = select(Referral).where(Referral.order_id == order_id, Referral.state == "pending")
    return unit.session.scalars(query).first()


def _void(unit: Unit, row: Referral, reason: str, at: Ms) -> None:
    row.state, row.reason, row.due_ms, row.settled_ms = "void", reason, None, at
    _tell(unit, row, at)


def _tell(unit: Unit, row: Referral, at: Ms) -> None:
    unit.session.flush()
    unit.emit(ReferralChanged(referral_id=row.id, state=row.state, at=at))  # pyright: ignore[reportArgumentType] - one of the three
