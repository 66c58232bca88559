"""Money given back and units taken back, once per key; two refunds together never exceed what was paid."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.errors import BadInput, Conflict
from studio.events import OrderCancelled, OrderRefunded, StockFreed
from studio.masking import mask_text
from studio.shop import stock
from studio.shop.history import By, add_steps
from studio.shop.models import Order, OrderLine, Refund
from studio.shop.orders import find_order, worth_fen
from studio.types import Fen, Ms, OrderId, Sku
from studio.unit import Unit

_IN_SHOP = frozenset({"paid", "packed"})
"""Nobody has the goods yet."""


@dataclass(frozen=True, slots=True)
class Return:
    """Units that come back; restock puts them on sale again, else they are written off as wasted."""

    sku: str
    quantity: int
    restock: bool


def refund(
    unit: Unit,
    order_id: int,
    *,
    key: str,
    amount_fen: int | None = None,
    lines: Sequence[Return] = (),
    reason: str,
    by: By,
    at: Ms,
) -> int:
    """Give money back, whole or in part; returns the refund's id, the earlier one's when `key` was used before.

    Without amount and lines it is the whole rest, and every unit comes back; goods that are still in the shop go on
    sale again. An amount without lines moves no stock, unless it is the whole rest and the goods are still in the shop.
    Lines without an amount give back what their units cost. An order whose money is all given back is `refunded`.

    Raises:
        Conflict: not paid, or more than is left of money or units, or `key` was used for another refund.
        BadInput: a SKU that is not in the order, or nothing to give back.
    """
    body = json.dumps([order_id, amount_fen, [asdict(line) for line in lines], reason])
    body_hash = hashlib.sha256(body.encode()).hexdigest()
    earlier = unit.session.scalars(select(Refund).where(Refund.key == key)).first()
    if earlier is not None:
        if earlier.body_hash != body_hash:
            raise Conflict("这个退款编号已用于另一笔退款", "this idempotency key belongs to a different refund")
        return earlier.id
    order = find_order(unit.session, order_id)
    _require_refundable(order)
    in_shop = order.status in _IN_SHOP
    given = list(lines)
    if amount_fen is None and not given:
        given, amount_fen = _rest(order, restock=in_shop), order.paid_fen - order.refunded_fen
    amount_fen, whole = _agree(order, amount_fen, _take_units(order, given))
    if not amount_fen and not given:
        raise BadInput("请填退款金额或退回的商品", "give an amount or the units that come back")
    if whole and in_shop:
        rest = _rest(order, restock=True)
        _take_units(order, rest)
        given += rest
    reason = mask_text(reason)
    row = Refund(order_id=order.id, key=key, body_hash=body_hash, amount_fen=amount_fen, reason=reason, at=at)
    row.lines = [asdict(line) for line in given]
    unit.session.add(row)
    order.refunded_fen += amount_fen
    if order.due_fen < 0:
        order.due_fen = min(0, order.due_fen + amount_fen)
    if whole:
        order.status, order.closed_ms, order.due_fen = "refunded", at, 0
    unit.session.flush()
    _move_stock(unit, row, given, at)
    add_steps(unit, order.id, "refunded", by=by, at=at, refund_id=row.id, amount_fen=amount_fen, reason=reason)
    unit.emit(OrderRefunded(order_id=OrderId(order.id), amount_fen=Fen(amount_fen), whole=whole, at=at))
    if whole:
        unit.emit(OrderCancelled(order_id=OrderId(order.id), refunded=True, at=at))
    restocked = tuple(Sku(line.sku) for line in given if line.restock)
    if restocked:
        unit.emit(StockFreed(skus=restocked, at=at))
    return row.id


def list_refunds(session: Session, order_id: int) -> Sequence[Refund]:
    """An order's refunds, oldest first."""
    return session.scalars(select(Refund).where(Refund.order_id == order_id).order_by(Refund.id)).all()


def _require_refundable(order: Order) -> None:
    if order.status in {"waitlisted", "placed"}:
        raise Conflict("这张订单还没付款，取消就好", "it is not paid, cancel it instead")
    if order.status == "cancelled":
        raise Conflict("这张订单没付款就取消了，没有可退的", "it was cancelled unpaid, there is nothing to give back")
    if order.status == "refunded":
        raise Conflict("这张订单已全额退款", "this order was refunded whole already")


def _agree(order: Order, amount_fen: int | None, units_fen: int) -> tuple[int, bool]:
    """How much is given back, by default what the units cost; and whether nothing of the order is left then."""
    left_fen = order.paid_fen - order.refunded_fen
    amount_fen = min(units_fen, left_fen) if amount_fen is None else amount_fen
    if amount_fen > left_fen:
        raise Conflict(
            f"最多还能退 {left_fen / 100:.2f} 元",
            f"at most {left_fen / 100:.2f} yuan can still be given back",
            left_fen=left_fen,
        )
    return amount_fen, amount_fen == left_fen and (amount_fen > 0 or not _rest(order, restock=False))


def _rest(order: Order, *, restock: bool) -> list[Return]:
    """Every unit that has not come back."""
    return [
        Return(line.sku, line.quantity - line.returned, restock)
        for line in order.lines
        if line.quantity > line.returned
    ]


def _take_units(order: Order, given: Sequence[Return]) -> int:
    """Count the units as returned; what they cost together."""
    lines = {line.sku: line for line in order.lines}
    total_fen = 0
    for item in given:
        line = lines.get(item.sku)
        if line is None:
            raise BadInput(f"这张订单里没有 {item.sku}", f"there is no {item.sku} in this order", sku=item.sku)
        left = line.quantity - line.returned
        if item.quantity > left:
            raise Conflict(
                f"“{line.name}” 最多还能退 {left} 份", f"at most {left} of '{line.name}' can come back", sku=item.sku
            )
        before_fen = _share_fen(line)
        line.returned += item.quantity
        total_fen += _share_fen(line) - before_fen
    return total_fen


def _share_fen(line: OrderLine) -> int:
    """What the returned units of a line cost; over all of them the line's price to the fen."""
    return worth_fen(line.quantity, line.price_fen, line.final_fen) * line.returned // line.quantity


def _move_stock(unit: Unit, row: Refund, given: Sequence[Return], at: Ms) -> None:
    for move, restock in ((stock.take_back, True), (stock.write_off, False)):
        units: dict[str, int] = {}
        for item in given:
            if item.restock == restock:
                units[item.sku] = units.get(item.sku, 0) + item.quantity
        move(unit, units, order_id=row.order_id, refund_id=row.id, reason=row.reason, at=at)
