"""The life of an order: paid, packed, fetched, closed, cancelled, refunded; docs/architecture.md has the table.

Each step moves the stock ledger and is noted in the history in one transaction; a repeated step changes nothing.
"""

from collections.abc import Mapping

from studio.errors import BadInput, Conflict, NotAllowed
from studio.events import OrderAdvanced, OrderCancelled, StockFreed
from studio.masking import mask_text
from studio.shop import caps, history, lots, stock
from studio.shop.history import By, add_steps
from studio.shop.models import Order, OrderLine, PaidVia, Product
from studio.shop.orders import announce_paid, find_order, worth_fen
from studio.shop.refunds import refund
from studio.types import Ms, OrderId, Sku
from studio.unit import Unit


def pay(unit: Unit, order_id: int, *, via: PaidVia | None, by: By, at: Ms) -> None:
    """Record that everything due was paid; an order whose hold ran out is opened again while there is stock.

    `via` None: the way that was agreed on, else 微信.

    Raises:
        Conflict: nothing may be paid: it waits in line, was cancelled or refunded, or came too late.
    """
    order = find_order(unit.session, order_id)
    via = via or _agreed(order)
    if order.status == "placed":
        stock.sell_held(unit, _units(order), order_id=order.id, at=at)
        _receive(unit, order, via, by, at)
    elif order.status == "cancelled":
        _reopen(unit, order, by, at)
        _receive(unit, order, via, by, at)
    elif order.status == "waitlisted":
        raise Conflict(
            "这张订单还在排队，货没有留住：请先不要收款，已收的请退回",
            "this order still waits in line and holds nothing: take no money yet, give back what was paid",
        )
    elif order.status == "refunded":
        raise Conflict("这张订单已全额退款", "this order was refunded whole")
    elif order.due_fen > 0:  # the goods weighed more
        amount_fen, order.paid_fen, order.due_fen = order.due_fen, order.paid_fen + order.due_fen, 0
        unit.session.flush()
        add_steps(unit, order.id, "paid", by=by, at=at, via=via, amount_fen=amount_fen)
        unit.emit(OrderAdvanced(order_id=OrderId(order.id), step="settled", at=at))


def pack(unit: Unit, order_id: int, *, by: By, at: Ms) -> None:
    """The goods are in the bag.

    Raises:
        Conflict: not paid, or ended.
    """
    order = find_order(unit.session, order_id)
    if order.status in {"packed", "picked_up", "closed"}:
        return
    _require_paid(order)
    order.status, order.packed_ms = "packed", at
    _advance(unit, order, "packed", by, at)


def pick_up(unit: Unit, order_id: int, *, by: By, at: Ms) -> None:
    """The buyer has it; an order that is paid when it is fetched (到付) is paid with it.

    Raises:
        Conflict: not paid, or ended.
    """
    order = find_order(unit.session, order_id)
    if order.status in {"picked_up", "closed"}:
        return
    if order.status == "placed" and order.paid_via == "cash":
        pay(unit, order_id, via="cash", by=by, at=at)
    _require_paid(order)
    order.status, order.picked_ms = "picked_up", at
    _advance(unit, order, "picked_up", by, at)


def close(unit: Unit, order_id: int, *, by: By, at: Ms) -> None:
    """Nothing is left to do.

    Raises:
        Conflict: not fetched yet, or money is still due in one direction.
    """
    order = find_order(unit.session, order_id)
    if order.status == "closed":
        return
    if order.status != "picked_up":
        raise Conflict("买家还没取货，不能完结", "it has not been picked up yet")
    if order.due_fen:
        raise Conflict(
            "这张订单还有差额没结清：请先收款或退款",
            "there is money due on this order: collect it or give it back first",
            due_fen=order.due_fen,
        )
    order.status, order.closed_ms = "closed", at
    _advance(unit, order, "closed", by, at)


def cancel(unit: Unit, order_id: int, *, reason: str = "", by: By, at: Ms) -> None:
    """End an order before it is fetched: its units are free again, what was paid is refunded.

    Raises:
        Conflict: fetched already, or a buyer's own that is paid.
        NotAllowed: a moderator may not give money back.
    """
    order = find_order(unit.session, order_id)
    if order.status in {"cancelled", "refunded"}:
        return
    if order.status in {"picked_up", "closed"}:
        raise Conflict("买家已经取货，请改用退款", "it was picked up already, refund it instead")
    if order.status in {"waitlisted", "placed"}:
        end_unpaid(unit, order, "cancelled", by=by, at=at, reason=reason)
        return
    if by == "buyer":
        raise Conflict("已付款的订单请联系主播退款", "it is paid already, ask the host for a refund")
    if by == "moderator":
        raise NotAllowed("退款要由导播或主播来做", "refunds are for the producer or the host")
    refund(unit, order_id, key=f"cancel:{order_id}", reason=reason or "取消订单", by=by, at=at)


def end_unpaid(unit: Unit, order: Order, step: history.Step, *, by: By, at: Ms, reason: str = "") -> None:
    """Cancel an order that nobody paid: by somebody (`cancelled`), or since its hold ran out (`expired`)."""
    held = order.status == "placed"
    if held:
        stock.release(unit, _units(order), order_id=order.id, at=at)
    order.status, order.closed_ms, order.hold_until_ms, order.due_fen = "cancelled", at, None, 0
    unit.session.flush()
    add_steps(unit, order.id, step, by=by, at=at, **({"reason": mask_text(reason)} if reason else {}))
    unit.emit(OrderCancelled(order_id=OrderId(order.id), refunded=False, expired=step == "expired", at=at))
    if held:
        unit.emit(StockFreed(skus=tuple(Sku(line.sku) for line in order.lines), at=at))


def settle(unit: Unit, order_id: int, weights: Mapping[str, int], *, by: By, at: Ms) -> None:
    """Weigh goods that are sold by weight: their lines get their final price, the count of units stays as it is.

    Once every such line is weighed, settled_fen is what the order costs and due_fen what is still to be paid or given
    back. Weighing again corrects. `weights`: SKU → grams of what was not given back; units that were keep the price
    they were given back at.

    Raises:
        BadInput: a SKU that is not sold by weight or not in the order.
        Conflict: the order waits in line or has ended.
    """
    order = find_order(unit.session, order_id)
    if order.status not in {"placed", "paid", "packed", "picked_up"}:
        raise Conflict("这张订单现在不能称重结算", "this order cannot be weighed now", status=order.status)
    lines = {line.sku: line for line in order.lines}
    for sku in weights:
        if sku not in lines or lines[sku].price_per_kg_fen is None:
            raise BadInput(f"{sku} 不是这张订单里按重量卖的商品", f"{sku} is not sold by weight in this order", sku=sku)
    whole = not any(_waits_for_scales(line) and line.sku not in weights for line in order.lines)
    known = all(lines[sku].weight_g == grams for sku, grams in weights.items())
    if known and (order.settled_fen is not None or not whole):
        return
    for sku, grams in weights.items():
        _weigh(lines[sku], grams)
    if whole:
        final_fen = sum(worth_fen(line.quantity, line.price_fen, line.final_fen) for line in order.lines)
        order.due_fen += final_fen - _price_fen(order)
        order.settled_fen = final_fen
    unit.session.flush()
    add_steps(unit, order.id, "settled", by=by, at=at, weights=dict(weights), settled_fen=order.settled_fen)
    unit.emit(OrderAdvanced(order_id=OrderId(order.id), step="settled", at=at))


def _weigh(line: OrderLine, grams: int) -> None:
    worth = worth_fen(line.quantity, line.price_fen, line.final_fen)
    if line.weight_g is None:
        replaced = worth - worth * line.returned // line.quantity
    else:
        replaced = _weight_fen(line, line.weight_g)
    line.weight_g, line.final_fen = grams, worth - replaced + _weight_fen(line, grams)


def _weight_fen(line: OrderLine, grams: int) -> int:
    return ((line.price_per_kg_fen or 0) * grams + 500) // 1000


def _waits_for_scales(line: OrderLine) -> bool:
    return line.price_per_kg_fen is not None and line.weight_g is None and line.returned < line.quantity


def _reopen(unit: Unit, order: Order, by: By, at: Ms) -> None:
    """The payment of an order whose hold ran out: it is sold after all, if that takes nothing from anybody else."""
    if history.last_step(unit.session, order.id) != "expired":
        raise Conflict("这张订单已取消，收到的款请退回", "this order was cancelled; give back what was paid")
    wanted = _units(order)
    on_sale = lots.on_sale(unit.session, list(wanted))
    if order.external_id is None and lots.past_shelf_life(on_sale):
        raise Conflict(
            "付款来得太晚，这一批已过保质期：请把钱退给买家",
            "the payment came too late, the lot is past its shelf life: give the money back",
        )
    try:
        caps.check(unit, wanted, _caps(unit, order), buyer_id=order.buyer_id, show_id=order.show_id, but=order.id)
        stock.sell_now(unit, wanted, order_id=order.id, at=at)
    except Conflict as error:
        raise Conflict(
            f"付款来得太晚，货已经给了别人（{error.zh}）：请把钱退给买家",
            f"the payment came too late and the stock is gone ({error.en}): give the money back",
            **error.details,
        ) from error
    order.due_fen, order.closed_ms = _price_fen(order), None
    lots.assign(order, on_sale)
    add_steps(unit, order.id, "reopened", by=by, at=at)
    unit.emit(OrderAdvanced(order_id=OrderId(order.id), step="reopened", at=at))


def _receive(unit: Unit, order: Order, via: PaidVia, by: By, at: Ms) -> None:
    amount_fen = order.due_fen
    order.status, order.paid_ms, order.paid_via, order.hold_until_ms = "paid", at, via, None
    order.paid_fen, order.due_fen = amount_fen, 0
    unit.session.flush()
    add_steps(unit, order.id, "paid", by=by, at=at, via=via, amount_fen=amount_fen)
    first = (order.lines[0].name, order.lines[0].quantity, len(order.lines) - 1)
    who = (order.buyer, order.buyer_id)
    announce_paid(unit, order.id, order.show_id, who, first=first, total_fen=amount_fen, at=at)


def _advance(unit: Unit, order: Order, step: history.Advance, by: By, at: Ms) -> None:
    unit.session.flush()
    add_steps(unit, order.id, step, by=by, at=at)
    unit.emit(OrderAdvanced(order_id=OrderId(order.id), step=step, at=at))


def _require_paid(order: Order) -> None:
    if order.status in {"waitlisted", "placed"}:
        raise Conflict("这张订单还没付款，先收款", "it is not paid yet, record the payment first")
    if order.status in {"cancelled", "refunded"}:
        raise Conflict("这张订单已取消或退款", "this order was cancelled or refunded")


def _price_fen(order: Order) -> int:
    return order.total_fen if order.settled_fen is None else order.settled_fen


def _agreed(order: Order) -> PaidVia:
    return "cash" if order.paid_via == "cash" else "wechat"


def _units(order: Order) -> dict[str, int]:
    return {line.sku: line.quantity for line in order.lines}


def _caps(unit: Unit, order: Order) -> dict[str, tuple[str, int]]:
    products = [unit.session.get_one(Product, line.sku) for line in order.lines]
    return {product.sku: (product.name, product.cap_per_buyer) for product in products if product.cap_per_buyer}
