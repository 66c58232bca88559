"""Our own format, for any system that can sign: `{"event": "order", "order": {…}}` as docs/webhooks.md describes.

Outgoing deliveries tell orders in the same form, so that one studio can follow another.
"""

from collections.abc import Mapping
from typing import Any

from studio.shop.webhooks import dialect, external
from studio.shop.webhooks.dialect import Arrival, Dialect, Told
from studio.shop.webhooks.documents import KEEP, Keep, reduce
from studio.types import Ms

_LINES: list[Keep] = [{"id": KEEP, "sku": KEEP, "name": KEEP, "quantity": KEEP, "price": KEEP}]
_ORDER: Keep = {
    "id": KEEP,
    "number": KEEP,
    "status": KEEP,
    "created_at": KEEP,
    "updated_at": KEEP,
    "paid_at": KEEP,
    "cancelled_at": KEEP,
    "currency": KEEP,
    "total": KEEP,
    "discount": KEEP,
    "customer": {"id": KEEP},
    "lines": _LINES,
    "refunds": [{"id": KEEP, "amount": KEEP, "lines": [{"sku": KEEP, "quantity": KEEP, "restock": KEEP}]}],
}


def key(headers: Mapping[str, str], body_hash: str) -> str:
    """The sender's Idempotency-Key."""
    return dialect.header(headers, "Idempotency-Key", dialect.MAX_KEY_LENGTH) or dialect.hash_key(body_hash)


def arrive(headers: Mapping[str, str], document: Mapping[str, Any], body_hash: str) -> Arrival:
    body = reduce(document, {"event": KEEP, "order": _ORDER})
    order = external.read_object(document.get("order"), "order")
    customer = external.read_object(order.get("customer"), "customer")
    return Arrival(
        key=key(headers, body_hash),
        topic=external.read_text(body.get("event"), dialect.MAX_TOPIC_LENGTH),
        body={**body, "who": dialect.shown_name(customer.get("name"))},
        test=document.get("test") is True,
    )


def read(topic: str, body: dict[str, Any], _received: Ms) -> Told:
    if topic != "order" and not topic.startswith("order."):
        return None
    order = external.read_object(body.get("order"), "order")
    if order.get("status") == "waitlisted":  # of another studio: it holds nothing there, so nothing here
        return None
    order_id = external.read_id(order.get("id"), "order.id")
    total = order.get("total")
    return external.ExternalOrder(
        id=order_id,
        number=external.read_text(order.get("number"), external.MAX_NUMBER_LENGTH) or None,
        updated_ms=external.read_time(order.get("updated_at"), "order.updated_at"),
        paid=_happened(order, "paid_at"),
        cancelled=_happened(order, "cancelled_at"),
        currency=external.read_text(order.get("currency") or "CNY", 3),
        total_fen=None if total is None else external.read_fen(total, "order.total"),
        discount_fen=external.read_fen(order.get("discount") or 0, "order.discount"),
        customer_id=external.read_optional_id((order.get("customer") or {}).get("id"), "customer.id"),
        who=body.get("who", ""),
        lines=tuple(
            _read_line(line, place) for place, line in enumerate(external.read_list(order.get("lines"), "order.lines"))
        ),
        refunds=tuple(
            _read_refund(refund, order_id) for refund in external.read_list(order.get("refunds"), "order.refunds")
        ),
    )


def sample(stamp: str) -> dict[str, Any]:
    line = {"sku": "STUDIO-TEST", "name": "测试", "quantity": 1, "price": "1.00"}
    return {"event": "order", "order": {"id": "TEST", "updated_at": stamp, "paid_at": stamp, "lines": [line]}}


def _happened(order: dict[str, Any], name: str) -> bool:
    """A time that is there must be one: a wrong `paid_at` announces nothing."""
    if not order.get(name):
        return False
    external.read_time(order[name], f"order.{name}")
    return True


def _read_line(line: dict[str, Any], place: int) -> external.ExternalLine:
    quantity = external.read_quantity(line.get("quantity"), f"lines.{place}.quantity")
    sku = external.read_text(line.get("sku"), external.MAX_SKU_LENGTH)
    if not sku or not quantity:
        raise external.Unreadable(f"lines.{place} needs sku and quantity")
    return external.ExternalLine(
        id=external.read_optional_id(line.get("id"), f"lines.{place}.id") or str(place),
        sku=sku,
        name=external.read_text(line.get("name"), external.MAX_SKU_LENGTH),
        quantity=quantity,
        price_fen=external.read_fen(line.get("price"), f"lines.{place}.price"),
    )


def _read_refund(refund: dict[str, Any], order_id: str) -> external.ExternalRefund:
    amount = refund.get("amount")
    lines = [
        external.ReturnedLine(
            sku=external.read_text(line.get("sku"), external.MAX_SKU_LENGTH),
            quantity=external.read_quantity(line.get("quantity"), "refunds.quantity"),
            restock=line.get("restock") is True,
        )
        for line in external.read_list(refund.get("lines"), "refunds.lines")
    ]
    if amount is None and not lines:
        raise external.Unreadable("a refund needs an amount or lines")
    return external.ExternalRefund(
        id=external.read_id(refund.get("id"), "refunds.id"),
        order_id=order_id,
        amount_fen=None if amount is None else external.read_fen(amount, "refunds.amount"),
        lines=tuple(lines),
    )


DIALECT = Dialect(arrive, read, key, sample)
