"""The outbox: what other systems are to hear, written in the transaction that made it true.

Nothing is written, and nothing read, while no target is enabled. Bodies carry no personal data; an order is told in the
form that our own generic source understands (studio/shop/webhooks/generic.py).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, update

from studio.db import table
from studio.events import OrderAdvanced, OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded, StockChanged
from studio.shop import orders, refunds
from studio.shop.models import Refund
from studio.shop.webhooks.models import OutboxEvent
from studio.types import Ms
from studio.unit import Unit

OrderEvent = OrderPlaced | OrderPaid | OrderAdvanced | OrderCancelled | OrderRefunded
STOCK_PAUSE_MS = 1000
"""One SKU is told at most this often, with its latest counts."""

_KINDS: dict[type[OrderEvent], str] = {
    OrderPlaced: "order.placed",
    OrderPaid: "order.paid",
    OrderAdvanced: "order.advanced",
    OrderCancelled: "order.cancelled",
    OrderRefunded: "order.refunded",
}
_outbox = table(OutboxEvent)


class Outbox:
    """The reactions that write it.

    Args:
        targets: ids of the enabled targets, from memory: asked for every event of every order.
    """

    def __init__(self, targets: Callable[[], tuple[int, ...]]) -> None:
        self._targets = targets

    def order(self, unit: Unit, event: OrderEvent) -> None:
        """Tell the order as it is now."""
        targets = self._targets()
        if not targets:
            return
        order, lines = orders.read_order(unit, event.order_id)
        given_back = refunds.list_refunds(unit.session, order.id) if order.refunded_fen else ()
        told = tell_order(order, lines, given_back, event.at)
        body: dict[str, Any] = {"event": _KINDS[type(event)], "at": iso(event.at), "order": told}
        if isinstance(event, OrderAdvanced):
            body["step"] = event.step
        if isinstance(event, OrderRefunded):
            body["refund"] = {"amount": yuan(event.amount_fen), "whole": event.whole}
        _add(unit, targets, event.at, kind=body["event"], subject=orders.number_of(order.id), body=body)

    def stock(self, unit: Unit, event: StockChanged) -> None:
        """Tell the counts of a SKU a moment later; further changes until then are told with them."""
        for target in self._targets():
            counts = {"sku": event.sku, "on_hand": event.on_hand, "held": event.held, "sold": event.sold}
            counts["available"] = event.on_hand - event.held
            body: dict[str, Any] = {"event": "stock.changed", "at": iso(event.at), "stock": counts}
            # what the sender has claimed has an attempt already, and gets no newer body
            same = update(_outbox).where(
                _outbox.c.target_id == target,
                _outbox.c.kind == "stock.changed",
                _outbox.c.subject == event.sku,
                _outbox.c.state == "waiting",
                _outbox.c.attempts == 0,
            )
            if not unit.connection.execute(same.values(body=body).returning(_outbox.c.id)).first():
                row = {"kind": "stock.changed", "subject": event.sku, "body": body}
                _add(unit, (target,), event.at, **row, due_ms=event.at + STOCK_PAUSE_MS)


def tell_order(order: Any, lines: Sequence[Any], given_back: Sequence[Refund], at: Ms) -> dict[str, Any]:
    """An order and its lines (rows with the columns of Order and OrderLine) as they are at `at`, without the buyer."""
    ended = order.status in {"cancelled", "refunded"}
    total_fen = order.total_fen if order.settled_fen is None else order.settled_fen
    return {
        "id": str(order.id),
        "number": orders.number_of(order.id),
        "status": order.status,
        "source": order.source,
        "external_id": order.external_id,
        "created_at": iso(order.placed_ms),
        "updated_at": iso(at),
        "paid_at": iso(order.paid_ms),
        "cancelled_at": iso(order.closed_ms) if ended else None,
        "currency": "CNY",
        "total": yuan(total_fen),
        "refunded": yuan(order.refunded_fen),
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "price": yuan(line.price_fen),
                "returned": line.returned,
            }
            for line in lines
        ],
        "refunds": [
            {"id": str(refund.id), "amount": yuan(refund.amount_fen), "lines": refund.lines} for refund in given_back
        ],
    }


def yuan(fen: int) -> str:
    """1590 → "15.90"."""
    return f"{fen // 100}.{fen % 100:02d}"


def iso(at: Ms | None) -> str | None:
    """UTC milliseconds → 2026-11-22T12:00:00.000Z."""
    if at is None:
        return None
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _add(unit: Unit, targets: tuple[int, ...], at: Ms, **row: Any) -> None:
    fresh = {"state": "waiting", "attempts": 0, "answer": "", "created_ms": at, "due_ms": at}
    unit.connection.execute(insert(_outbox), [{**fresh, **row, "target_id": target} for target in targets])
