"""Deliveries as the four sources send them, with the personal data that they carry; signed with the test's secrets."""

import json
import uuid
from urllib.parse import quote

from studio.shop.webhooks.signatures import Keys, sign
from studio.types import now_ms

SECRET = "s3cret-of-the-test"
CLIENT_ID = "cid0123"
SOURCES = ("shopify", "woocommerce", "youzan", "generic")
PERSONAL = ("13812345678", "zhang@example.com", "203.0.113.9", "翠园小区", "伟强")
"""Appears in every order below, and must appear nowhere in our database."""

PAID_MS = 1_795_000_000_000


def stamp(minute):
    return f"2026-11-22T12:{minute:02d}:00Z"


def order(source, number, *, minute=0, paid=True, cancelled=False, lines=(("MILK-950", 2, "15.90"),), refunds=()):
    """(topic, document): the state of order `number` at `minute`."""
    return {"shopify": _shopify, "woocommerce": _woocommerce, "youzan": _youzan, "generic": _generic}[source](
        number, minute, paid=paid, cancelled=cancelled, lines=lines, refunds=refunds
    )


def signed(source, document, *, topic="", key=None, secret=SECRET, **headers):
    """(headers, raw body) of a delivery."""
    raw = json.dumps(document, ensure_ascii=False).encode() if not isinstance(document, bytes) else document
    named = {
        "shopify": {"X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": key or uuid.uuid4().hex},
        "woocommerce": {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Delivery-ID": "same-for-all"},
        "youzan": {"Event-Type": topic},
        "generic": {"Idempotency-Key": key or uuid.uuid4().hex},
    }[source]
    signature = sign(source, Keys((secret,), CLIENT_ID), raw, now=now_ms())
    return {"Content-Type": "application/json", **named, **signature, **headers}, raw


def _shopify(number, minute, *, paid, cancelled, lines, refunds):
    items = [
        {"id": 9007199254740993 + place, "sku": sku, "title": f"商品{sku}", "quantity": count, "price": price}
        for place, (sku, count, price) in enumerate(lines)
    ]
    status = "partially_refunded" if refunds else "paid" if paid else "pending"
    document = {
        "id": 820982911946154500 + number,
        "name": f"#{number}",
        "email": PERSONAL[1],
        "browser_ip": PERSONAL[2],
        "created_at": stamp(0),
        "updated_at": stamp(minute),
        "cancelled_at": stamp(minute) if cancelled else None,
        "financial_status": status,
        "currency": "CNY",
        "total_price": "31.80",
        "total_discounts": "0.00",
        "note": f"打电话 {PERSONAL[0]}",
        "customer": {"id": 7001, "first_name": "伟强", "last_name": "张", "email": PERSONAL[1], "phone": PERSONAL[0]},
        "shipping_address": {"address1": PERSONAL[3], "phone": PERSONAL[0], "name": "张伟强"},
        "line_items": items,
        "refunds": [shopify_refund(number, refund, items) for refund in refunds],
    }
    return "orders/updated", document


def shopify_refund(number, refund, items):
    """refund: (id, quantity of the first line, amount)."""
    refund_id, quantity, amount = refund
    line = {"line_item_id": items[0]["id"], "quantity": quantity, "restock_type": "return", "line_item": items[0]}
    return {
        "id": refund_id,
        "order_id": 820982911946154500 + number,
        "created_at": stamp(30),
        "note": f"退给 {PERSONAL[0]}",
        "refund_line_items": [line],
        "transactions": [{"kind": "refund", "status": "success", "amount": amount}],
    }


def _woocommerce(number, minute, *, paid, cancelled, lines, refunds):
    moment = stamp(minute).removesuffix("Z")
    document = {
        "id": number,
        "number": str(number),
        "status": "cancelled" if cancelled else "processing" if paid else "pending",
        "currency": "CNY",
        "date_created_gmt": stamp(0).removesuffix("Z"),
        "date_modified_gmt": moment,
        "date_paid_gmt": moment if paid else None,
        "total": "31.80",
        "discount_total": "0.00",
        "customer_id": 7001,
        "customer_ip_address": PERSONAL[2],
        "customer_note": f"打电话 {PERSONAL[0]}",
        "billing": {
            "first_name": "伟强",
            "last_name": "张",
            "email": PERSONAL[1],
            "phone": PERSONAL[0],
            "address_1": PERSONAL[3],
        },
        "line_items": [
            {
                "id": 100 + place,
                "name": f"商品{sku}",
                "product_id": 1,
                "sku": sku,
                "quantity": count,
                "price": float(price),
                "total": f"{float(price) * count:.2f}",
                "total_tax": "0.00",
            }
            for place, (sku, count, price) in enumerate(lines)
        ],
        "refunds": [{"id": refund_id, "reason": "", "total": f"-{amount}"} for refund_id, _count, amount in refunds],
    }
    return "order.updated", document


def _youzan(number, minute, *, paid, cancelled, lines, refunds):
    assert not refunds, "有赞 tells refunds by messages of their own"
    tid = f"E2026112212{number:06d}"
    status = "TRADE_CLOSED" if cancelled else "WAIT_SELLER_SEND_GOODS" if paid else "WAIT_BUYER_PAY"
    info = {
        "tid": tid,
        "status": status,
        "created": "2026-11-22 20:00:00",
        "update_time": f"2026-11-22 20:{minute:02d}:00",
        "pay_time": f"2026-11-22 20:{minute:02d}:00" if paid else "",
    }
    whole = {
        "order_info": info,
        "pay_info": {"payment": "31.80"},
        "buyer_info": {"yz_open_id": "7001", "fans_nickname": "张伟强", "buyer_phone": PERSONAL[0]},
        "address_info": {"receiver_tel": PERSONAL[0], "delivery_address": PERSONAL[3], "receiver_name": "张伟强"},
        "remark_info": {"buyer_message": f"打电话 {PERSONAL[0]} {PERSONAL[1]} {PERSONAL[2]}"},
        "orders": [
            {
                "oid": str(100 + place),
                "outer_sku_id": sku,
                "title": f"商品{sku}",
                "num": count,
                "payment": f"{float(price) * count:.2f}",
            }
            for place, (sku, count, price) in enumerate(lines)
        ],
    }
    topic = "trade_TradeClose" if cancelled else "trade_TradePaid" if paid else "trade_TradeCreate"
    document = {
        "client_id": CLIENT_ID,
        "type": topic,
        "id": tid,
        "status": status,
        "version": PAID_MS + minute * 60_000,
        "sendCount": 0,
        "test": False,
        "msg": quote(json.dumps({"full_order_info": whole}, ensure_ascii=False)),
    }
    return topic, document


def _generic(number, minute, *, paid, cancelled, lines, refunds):
    document = {
        "event": "order",
        "order": {
            "id": f"A{number}",
            "number": str(number),
            "updated_at": stamp(minute),
            "paid_at": stamp(minute) if paid else None,
            "cancelled_at": stamp(minute) if cancelled else None,
            "currency": "CNY",
            "total": "31.80",
            "customer": {"id": "7001", "name": "张伟强", "phone": PERSONAL[0], "email": PERSONAL[1]},
            "address": PERSONAL[3],
            "ip": PERSONAL[2],
            "lines": [
                {"sku": sku, "name": f"商品{sku}", "quantity": count, "price": price} for sku, count, price in lines
            ],
            "refunds": [
                {"id": refund_id, "amount": amount, "lines": [{"sku": lines[0][0], "quantity": count, "restock": True}]}
                for refund_id, count, amount in refunds
            ],
        },
    }
    return "order", document
