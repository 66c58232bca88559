"""Shopify: snapshots of orders, and refunds.

Source: https://shopify.dev/docs/api/webhooks

The topic header is not signed, so it only says how to read the body; what becomes of an order follows from the body.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from studio.shop.webhooks import dialect, external
from studio.shop.webhooks.dialect import Arrival, Dialect, Told
from studio.shop.webhooks.documents import KEEP, Keep, reduce
from studio.types import Ms

ORDER_TOPICS = frozenset(
    {
        "orders/create",
        "orders/updated",
        "orders/paid",
        "orders/cancelled",
        "orders/fulfilled",
        "orders/partially_fulfilled",
    }
)
PAID = frozenset({"paid", "partially_refunded", "refunded"})
RESTOCKED = frozenset({"return", "cancel", "legacy_restock"})

_LINE: Keep = {
    "id": KEEP,
    "sku": KEEP,
    "title": KEEP,
    "product_id": KEEP,
    "variant_id": KEEP,
    "quantity": KEEP,
    "price": KEEP,
    "total_discount": KEEP,
    "discount_allocations": [{"amount": KEEP}],
}
_REFUND: Keep = {
    "id": KEEP,
    "order_id": KEEP,
    "created_at": KEEP,
    "refund_line_items": [{"line_item_id": KEEP, "quantity": KEEP, "restock_type": KEEP, "line_item": _LINE}],
    "transactions": [{"kind": KEEP, "status": KEEP, "amount": KEEP}],
}
_ORDER: Keep = {
    "id": KEEP,
    "name": KEEP,
    "created_at": KEEP,
    "updated_at": KEEP,
    "cancelled_at": KEEP,
    "financial_status": KEEP,
    "currency": KEEP,
    "total_price": KEEP,
    "total_discounts": KEEP,
    "test": KEEP,
    "customer": {"id": KEEP},
    "line_items": [_LINE],
    "refunds": [_REFUND],
}


def key(headers: Mapping[str, str], body_hash: str) -> str:
    """The webhook id, the same at every retry."""
    return dialect.header(headers, "X-Shopify-Webhook-Id", dialect.MAX_KEY_LENGTH) or dialect.hash_key(body_hash)


def arrive(headers: Mapping[str, str], document: Mapping[str, Any], body_hash: str) -> Arrival:
    topic = dialect.header(headers, "X-Shopify-Topic", dialect.MAX_TOPIC_LENGTH)
    body = reduce(document, _REFUND if topic == "refunds/create" else _ORDER)
    customer = external.read_object(document.get("customer"), "customer")
    first, last = customer.get("first_name"), customer.get("last_name")
    who = dialect.shown_name(last, first) if dialect.is_chinese(last) else dialect.shown_name(first, last)
    return Arrival(
        key=key(headers, body_hash),
        topic=topic,
        body={**body, "who": who},
        event_id=dialect.header(headers, "X-Shopify-Event-Id", dialect.MAX_EVENT_LENGTH) or None,
        test=document.get("test") is True,
    )


def read(topic: str, body: dict[str, Any], _received: Ms) -> Told:
    if topic == "refunds/create":
        return _read_refund(body, external.read_id(body.get("order_id"), "order_id"), {})
    if topic not in ORDER_TOPICS:
        return None
    order_id = external.read_id(body.get("id"), "id")
    lines = [_read_line(line) for line in external.read_list(body.get("line_items"), "line_items")]
    skus = {line.id: line.sku for line in lines}
    status = body.get("financial_status")
    return external.ExternalOrder(
        id=order_id,
        number=external.read_text(body.get("name"), external.MAX_NUMBER_LENGTH) or None,
        updated_ms=external.read_time(body.get("updated_at"), "updated_at"),
        paid=status in PAID,
        cancelled=body.get("cancelled_at") is not None or status in {"voided", "refunded"},
        currency=external.read_text(body.get("currency"), 3),
        total_fen=external.read_fen(body.get("total_price"), "total_price"),
        discount_fen=external.read_fen(body.get("total_discounts") or 0, "total_discounts"),
        customer_id=external.read_optional_id((body.get("customer") or {}).get("id"), "customer.id"),
        who=body.get("who", ""),
        lines=tuple(line for line in lines if line.quantity),
        refunds=tuple(
            _read_refund(refund, order_id, skus) for refund in external.read_list(body.get("refunds"), "refunds")
        ),
    )


def sample(stamp: str) -> dict[str, Any]:
    line = {"id": 1, "sku": "STUDIO-TEST", "title": "测试", "quantity": 1, "price": "1.00"}
    return {
        "id": 1,
        "name": "#TEST",
        "updated_at": stamp,
        "financial_status": "paid",
        "currency": "CNY",
        "total_price": "1.00",
        "line_items": [line],
    }


def _read_line(line: dict[str, Any]) -> external.ExternalLine:
    quantity = external.read_quantity(line.get("quantity"), "quantity")
    allocated = external.read_list(line.get("discount_allocations"), "discount_allocations")
    discount = sum((external.read_yuan(part.get("amount"), "amount") for part in allocated), Decimal(0))
    if not allocated:
        discount = external.read_yuan(line.get("total_discount") or 0, "total_discount")
    total = external.read_yuan(line.get("price"), "price") * quantity
    return external.ExternalLine(
        id=external.read_id(line.get("id"), "line id"),
        sku=_sku(line),
        name=external.read_text(line.get("title"), external.MAX_SKU_LENGTH),
        quantity=quantity,
        price_fen=external.net_price(max(Decimal(0), total - discount), quantity),
    )


def _read_refund(refund: dict[str, Any], order_id: str, skus: Mapping[str, str]) -> external.ExternalRefund:
    given = [
        external.read_yuan(entry.get("amount"), "amount")
        for entry in external.read_list(refund.get("transactions"), "transactions")
        if entry.get("kind") == "refund" and entry.get("status") == "success"
    ]
    returned: list[external.ReturnedLine] = []
    for entry in external.read_list(refund.get("refund_line_items"), "refund_line_items"):
        line_id = external.read_optional_id(entry.get("line_item_id"), "line_item_id") or ""
        sku = skus.get(line_id) or _sku(external.read_object(entry.get("line_item"), "line_item"))
        quantity = external.read_quantity(entry.get("quantity"), "quantity")
        if quantity:
            restock = entry.get("restock_type") in RESTOCKED
            returned.append(external.ReturnedLine(sku=sku, quantity=quantity, restock=restock))
    return external.ExternalRefund(
        id=external.read_id(refund.get("id"), "refund id"),
        order_id=order_id,
        amount_fen=external.to_fen(sum(given, Decimal(0))) if given else None,
        lines=tuple(returned),
    )


def _sku(line: dict[str, Any]) -> str:
    for name in ("sku", "variant_id", "product_id", "title"):
        found = external.read_text(line.get(name), external.MAX_SKU_LENGTH)
        if found:
            return found
    raise external.Unreadable("a line without sku, product and title")


DIALECT = Dialect(arrive, read, key, sample)
