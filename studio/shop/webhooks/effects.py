"""What a delivery does to our orders.

Only the state that it tells counts, not the name of its topic: paid and cancelled never turn back, refunds are known by
their id, an older state than the newest known one changes nothing. So deliveries may come in any order, and twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import OutOfStock, OverCap, StudioError
from studio.events import WebhooksChanged
from studio.shop import buyers, life, orders, refunds
from studio.shop.models import Order, Product, Refund
from studio.shop.webhooks import inbox
from studio.shop.webhooks.external import ExternalOrder, ExternalRefund, Unreadable
from studio.shop.webhooks.models import InboxEvent, SkuAlias
from studio.types import Ms
from studio.unit import Unit

NAMELESS = "邻居"
_ENDED = frozenset({"cancelled", "refunded"})
_inbox = table(InboxEvent)


class Parked(Exception):
    """A person has to look; nothing of the delivery happened. reason as `InboxEvent.reason`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.reason = f"{code}: {detail}" if detail else code


@dataclass(frozen=True, slots=True)
class Setting:
    """What an order gets from this studio: the show on air, and how long an unpaid one holds its stock."""

    show_id: int | None
    hold_ms: int


def process(unit: Unit, inbox_id: int, setting: Setting, at: Ms) -> None:
    """Give one new delivery its effect, and note it, in this transaction.

    Raises:
        Parked: a person has to look.
        StudioError: the shop's rules refuse it.
    """
    row = unit.session.get(InboxEvent, inbox_id)
    if row is None or row.state != "new":
        return
    try:
        told = inbox.read_row(row)
    except Unreadable as error:
        raise Parked("unreadable", str(error)) from error
    if told is None:
        inbox.settle(unit, inbox_id, "ignored", "topic", at=at)
    elif isinstance(told, ExternalRefund):
        order = _find(unit.session, row.source, told.order_id)
        if order is None:
            raise Parked("no-order")
        _refund(unit, order, told, _aliases(unit.session, row.source, {line.sku for line in told.lines}), at)
        inbox.settle(unit, inbox_id, "done", order_id=order.id, at=at)
    elif _is_stale(unit.session, row, told):
        inbox.settle(unit, inbox_id, "stale", at=at)
    else:
        order_id = _follow(unit, row.source, told, setting, at)
        inbox.settle(unit, inbox_id, "done", order_id=order_id, at=at)
        if _supersede(unit, row, at):
            unit.emit(WebhooksChanged(at=at))
        if order_id is not None:
            waiting = [_inbox.c.state == "parked", _inbox.c.reason == "no-order", *_same_order(row)]
            inbox.requeue(unit, waiting, at)


def park(unit: Unit, inbox_id: int, error: Parked | StudioError, at: Ms) -> None:
    """Put a delivery into the list of those that wait for a person."""
    row = unit.session.get(InboxEvent, inbox_id)
    if row is None or row.state != "new":
        return
    inbox.settle(unit, inbox_id, "parked", reason_of(error), at=at)
    _supersede(unit, row, at)
    unit.emit(WebhooksChanged(at=at))


def reason_of(error: Parked | StudioError) -> str:
    """The reason as it is kept: a code, and what a person needs to know about it."""
    if isinstance(error, Parked):
        return error.reason
    sku = str(error.details.get("sku", ""))
    if isinstance(error, OutOfStock):
        return f"out-of-stock: {sku}"
    if isinstance(error, OverCap):
        return f"over-cap: {sku}"
    return f"refused: {json.dumps([error.zh, error.en], ensure_ascii=False)}"


def _follow(unit: Unit, source: str, told: ExternalOrder, setting: Setting, at: Ms) -> int | None:
    """Bring our order to the state that is told; None when there is none and none is needed."""
    order = _find(unit.session, source, told.id)
    if order is None:
        if told.cancelled or not told.lines:
            return None
        order = _place(unit, source, told, setting, at)
    elif not told.cancelled and order.status not in _ENDED:
        _require_same_lines(unit.session, source, told, order)
    order.external_ms = told.updated_ms
    unit.session.flush()
    _require_yuan(told)
    if told.cancelled and order.paid_ms is None:
        life.cancel(unit, order.id, reason="shop", by="webhook", at=at)
        return order.id
    if told.paid and order.paid_ms is None:
        life.pay(unit, order.id, via="shop", by="webhook", at=at)
    skus = _aliases(unit.session, source, {line.sku for refund in told.refunds for line in refund.lines})
    for refund in told.refunds:
        _refund(unit, order, refund, skus, at)
    if told.cancelled and order.status not in _ENDED:
        if order.status in {"picked_up", "closed"}:
            refunds.refund(unit, order.id, key=f"cancel:{order.id}", reason="shop", by="webhook", at=at)
        else:
            life.cancel(unit, order.id, reason="shop", by="webhook", at=at)
    return order.id


def _place(unit: Unit, source: str, told: ExternalOrder, setting: Setting, at: Ms) -> Order:
    _require_yuan(told)
    skus = _aliases(unit.session, source, {line.sku for line in told.lines})
    unknown = sorted({line.sku for line in told.lines} - skus.keys())
    if unknown:
        raise Parked("unknown-sku", json.dumps(unknown, ensure_ascii=False))
    who = told.who or NAMELESS
    order_id = orders.place(
        unit,
        key=f"{source}:order:{told.id}",
        buyer=who,
        buyer_id=buyers.of_customer(unit, source, told.customer_id, nickname=who, at=at),
        lines=[orders.Line(skus[line.sku], line.quantity, int(line.price_fen)) for line in told.lines],
        paid=told.paid,
        paid_via="shop" if told.paid else None,
        source=source,
        show_id=setting.show_id,
        hold_ms=setting.hold_ms,
        external=orders.External(told.id, told.number or told.id[:40], told.updated_ms),
        by="webhook",
        at=at,
    )
    return orders.find_order(unit.session, order_id)


def _refund(unit: Unit, order: Order, told: ExternalRefund, skus: Mapping[str, str], at: Ms) -> None:
    key = f"{order.source}:refund:{told.id}"
    if order.status in _ENDED or unit.session.scalars(select(Refund.id).where(Refund.key == key)).first() is not None:
        return
    if order.paid_ms is None:
        raise Parked("no-order")  # the payment is on its way
    ours = {line.sku for line in order.lines}
    returned = [refunds.Return(skus.get(line.sku, line.sku), line.quantity, line.restock) for line in told.lines]
    # shipping is part of their refunds, not of our order: never more than was paid for the goods
    left = order.paid_fen - order.refunded_fen
    amount = None if told.amount_fen is None else min(int(told.amount_fen), left)
    given = [line for line in returned if line.sku in ours]
    if amount == 0 and not given:
        return
    refunds.refund(unit, order.id, key=key, amount_fen=amount, lines=given, reason=order.source, by="webhook", at=at)


def _require_yuan(told: ExternalOrder) -> None:
    if told.currency != "CNY":
        raise Parked("currency", told.currency)


def _require_same_lines(session: Session, source: str, told: ExternalOrder, order: Order) -> None:
    """An order that was edited over there is not followed silently: the goods may be packed."""
    skus = _aliases(session, source, {line.sku for line in told.lines})
    theirs: dict[str, int] = {}
    for line in told.lines:
        sku = skus.get(line.sku, line.sku)
        theirs[sku] = theirs.get(sku, 0) + line.quantity
    if theirs != {line.sku: line.quantity for line in order.lines}:
        raise Parked("edited", orders.number_of(order.id))


def _is_stale(session: Session, row: InboxEvent, told: ExternalOrder) -> bool:
    """Whether a newer state of the order is known.

    Where the order ended before we had it, one of the same moment is stale, too: their clocks count whole seconds.
    """
    known = select(_inbox.c.id).where(*_same_order(row), _inbox.c.id != row.id)
    newer = (_inbox.c.updated_ms > told.updated_ms) & _inbox.c.state.in_(("done", "parked", "failed"))
    if _find(session, row.source, told.id) is None:
        newer |= (_inbox.c.updated_ms == told.updated_ms) & (_inbox.c.state == "done")
    return session.execute(known.where(newer).limit(1)).first() is not None


def _supersede(unit: Unit, row: InboxEvent, at: Ms) -> bool:
    """Older states of the same order wait for nobody any more; whether there were any."""
    if row.updated_ms is None:
        return False
    changed = unit.connection.execute(
        update(_inbox)
        .where(
            *_same_order(row),
            _inbox.c.id != row.id,
            _inbox.c.updated_ms <= row.updated_ms,
            _inbox.c.state.in_(("parked", "failed")),
        )
        .values(state="stale", reason="superseded", processed_ms=at)
        .returning(_inbox.c.id)
    ).all()
    return bool(changed)


def _same_order(row: InboxEvent) -> tuple[ColumnElement[bool], ...]:
    return (_inbox.c.external_id == row.external_id, _inbox.c.source == row.source)


def _find(session: Session, source: str, external_id: str) -> Order | None:
    return session.scalars(select(Order).where(Order.source == source, Order.external_id == external_id)).first()


def _aliases(session: Session, source: str, external: set[str]) -> dict[str, str]:
    """Their SKU → ours, of those that are known: as the producer said, else where both call it the same."""
    if not external:
        return {}
    same = {sku: sku for sku in session.scalars(select(Product.sku).where(Product.sku.in_(external)))}
    said = select(SkuAlias.external, SkuAlias.sku).where(SkuAlias.source == source, SkuAlias.external.in_(external))
    return same | {row[0]: row[1] for row in session.execute(said)}
