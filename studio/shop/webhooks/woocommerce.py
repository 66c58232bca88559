"""WooCommerce: snapshots of orders.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks

Its delivery id repeats (webhook id and second), so a delivery is known by the order, its modification and its bytes.
The topic header is not signed; only a body with nothing but an id can be a deletion.
"""

import re
from collections.abc import Mapping
from typing import Any

from studio.shop.webhooks import dialect, external
from studio.shop.webhooks.dialect import Arrival, Dialect, Told
from studio.shop.webhooks.documents import KEEP, Keep, clean, reduce
from studio.types import Ms

ORDER_TOPICS = frozenset({"order.created", "order.updated", "order.restored"})
ENDED = frozenset({"cancelled", "failed", "trash", "refunded"})
PING = re.compile(rb"webhook_id=\d{1,12}")
"""Sent unsigned when the webhook is saved; it wants a 200 and nothing else."""

_ORDER: Keep = {
    "id": KEEP,
    "number": KEEP,
    "status": KEEP,
    "currency": KEEP,
    "date_created_gmt": KEEP,
    "date_modified_gmt": KEEP,
    "date_paid_gmt": KEEP,
    "total": KEEP,
    "discount_total": KEEP,
    "customer_id": KEEP,
    "line_items": [
        {
            "id": KEEP,
            "name": KEEP,
            "product_id": KEEP,
            "variation_id": KEEP,
            "sku": KEEP,
            "quantity": KEEP,
            "total": KEEP,
            "total_tax": KEEP,
        }
    ],
    "refunds": [{"id": KEEP, "total": KEEP}],
}


def key(headers: Mapping[str, str], body_hash: str) -> str:
    """Only for what cannot be read: topic and bytes."""
    return clean(f"{_topic(headers)}|{body_hash}", dialect.MAX_KEY_LENGTH)


def arrive(headers: Mapping[str, str], document: Mapping[str, Any], body_hash: str) -> Arrival:
    topic = _topic(headers)
    body = reduce(document, _ORDER)
    billing = external.read_object(document.get("billing") or None, "billing")
    first, last = billing.get("first_name"), billing.get("last_name")
    who = dialect.shown_name(last, first) if dialect.is_chinese(last) else dialect.shown_name(first, last)
    parts = (topic, body.get("id"), body.get("date_modified_gmt"), body_hash)
    return Arrival(
        key=clean("|".join(str(part) for part in parts), dialect.MAX_KEY_LENGTH + 200)[-dialect.MAX_KEY_LENGTH :],
        topic=topic,
        body={**body, "who": who},
        event_id=dialect.header(headers, "X-WC-Webhook-Delivery-ID", dialect.MAX_EVENT_LENGTH) or None,
    )


def read(topic: str, body: dict[str, Any], received: Ms) -> Told:
    if topic == "order.deleted" and set(body) <= {"id", "who"}:
        order_id = external.read_id(body.get("id"), "id")
        return external.ExternalOrder(id=order_id, number=None, updated_ms=received, paid=False, cancelled=True)
    if topic not in ORDER_TOPICS:
        return None
    order_id = external.read_id(body.get("id"), "id")
    lines = [_read_line(line) for line in external.read_list(body.get("line_items"), "line_items")]
    return external.ExternalOrder(
        id=order_id,
        number=external.read_text(body.get("number"), external.MAX_NUMBER_LENGTH) or None,
        updated_ms=external.read_time(body.get("date_modified_gmt"), "date_modified_gmt"),
        paid=bool(body.get("date_paid_gmt")),
        cancelled=body.get("status") in ENDED,
        currency=external.read_text(body.get("currency"), 3),
        total_fen=external.read_fen(body.get("total"), "total"),
        discount_fen=external.read_fen(body.get("discount_total") or 0, "discount_total"),
        customer_id=external.read_optional_id(body.get("customer_id"), "customer_id"),
        who=body.get("who", ""),
        lines=tuple(line for line in lines if line.quantity),
        refunds=tuple(_read_refund(refund, order_id) for refund in external.read_list(body.get("refunds"), "refunds")),
    )


def sample(stamp: str) -> dict[str, Any]:
    moment = stamp.removesuffix("Z")
    line = {"id": 1, "name": "测试", "product_id": 1, "sku": "STUDIO-TEST", "quantity": 1, "total": "1.00"}
    return {
        "id": 1,
        "number": "TEST",
        "status": "processing",
        "currency": "CNY",
        "date_modified_gmt": moment,
        "date_paid_gmt": moment,
        "total": "1.00",
        "line_items": [line],
    }


def _topic(headers: Mapping[str, str]) -> str:
    return dialect.header(headers, "X-WC-Webhook-Topic", dialect.MAX_TOPIC_LENGTH)


def _read_line(line: dict[str, Any]) -> external.ExternalLine:
    quantity = external.read_quantity(line.get("quantity"), "quantity")
    total = external.read_yuan(line.get("total"), "total") + external.read_yuan(line.get("total_tax") or 0, "total_tax")
    return external.ExternalLine(
        id=external.read_id(line.get("id"), "line id"),
        sku=_sku(line),
        name=external.read_text(line.get("name"), external.MAX_SKU_LENGTH),
        quantity=quantity,
        price_fen=external.net_price(total, quantity),
    )


def _read_refund(refund: dict[str, Any], order_id: str) -> external.ExternalRefund:
    """Totals come negative ("-10.00"); which goods came back is not told, so none are put back on sale."""
    amount = external.read_text(refund.get("total"), 40).removeprefix("-")
    return external.ExternalRefund(
        id=external.read_id(refund.get("id"), "refund id"),
        order_id=order_id,
        amount_fen=external.read_fen(amount, "refund total"),
    )


def _sku(line: dict[str, Any]) -> str:
    for name in ("sku", "variation_id", "product_id", "name"):
        found = external.read_text(line.get(name), external.MAX_SKU_LENGTH)
        if found and found != "0":
            return found
    raise external.Unreadable("a line without sku, product and name")


DIALECT = Dialect(arrive, read, key, sample)
