"""有赞: an envelope whose `msg` is URL-encoded JSON.

Source: https://doc.youzanyun.com, message push.

`version` (milliseconds) says which of two messages is the newer. Times without a zone are China's.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote_plus

from studio.shop.webhooks import dialect, external
from studio.shop.webhooks.dialect import Arrival, Dialect, Told
from studio.shop.webhooks.documents import KEEP, Keep, clean, parse, reduce
from studio.types import Ms

PAID = frozenset({"TRADE_PAID", "WAIT_SELLER_SEND_GOODS", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_SUCCESS"})
CLOSED = "TRADE_CLOSED"
REFUND_TOPIC = "trade_refund_RefundSuccess"
_LEAST_VERSION = 10**12

_ENVELOPE: Keep = {"id": KEEP, "type": KEEP, "status": KEEP, "version": KEEP, "msg_id": KEEP}
_MESSAGE: Keep = {
    "tid": KEEP,
    "update_time": KEEP,
    "refund_id": KEEP,
    "refunded_fee": KEEP,
    "full_order_info": {
        "order_info": {"tid": KEEP, "status": KEEP, "created": KEEP, "update_time": KEEP, "pay_time": KEEP},
        "pay_info": {"payment": KEEP, "total_fee": KEEP},
        "buyer_info": {"buyer_id": KEEP, "yz_open_id": KEEP},
        "orders": [
            {
                "oid": KEEP,
                "outer_sku_id": KEEP,
                "outer_item_id": KEEP,
                "sku_id": KEEP,
                "item_id": KEEP,
                "title": KEEP,
                "num": KEEP,
                "payment": KEEP,
            }
        ],
    },
}


def key(_headers: Mapping[str, str], body_hash: str) -> str:
    """Only for what cannot be read."""
    return dialect.hash_key(body_hash)


def arrive(headers: Mapping[str, str], document: Mapping[str, Any], _body_hash: str) -> Arrival:
    envelope = reduce(document, _ENVELOPE)
    topic = dialect.header(headers, "Event-Type", dialect.MAX_TOPIC_LENGTH)
    topic = external.read_text(envelope.get("type"), dialect.MAX_TOPIC_LENGTH) or topic  # the body's is signed
    message = _message(document.get("msg"))
    buyer = external.read_object(
        external.read_object(message.get("full_order_info"), "order").get("buyer_info"), "buyer"
    )
    # sendCount grows with every retry: the bytes of one message differ
    parts = (topic, envelope.get("id"), envelope.get("status"), envelope.get("version"))
    event_id = external.read_text(envelope.get("msg_id"), dialect.MAX_EVENT_LENGTH)
    return Arrival(
        key=event_id or clean("|".join(str(part) for part in parts), dialect.MAX_KEY_LENGTH),
        topic=topic,
        body={**envelope, "message": reduce(message, _MESSAGE), "who": dialect.shown_name(buyer.get("fans_nickname"))},
        event_id=event_id or None,
        test=document.get("test") is True,
    )


def read(topic: str, body: dict[str, Any], _received: Ms) -> Told:
    if not topic.lower().startswith("trade_"):
        return None
    message = external.read_object(body.get("message"), "msg")
    whole = external.read_object(message.get("full_order_info"), "full_order_info")
    info = external.read_object(whole.get("order_info"), "order_info")
    order_id = external.read_id(info.get("tid") or message.get("tid") or body.get("id"), "tid")
    if topic == REFUND_TOPIC:
        return external.ExternalRefund(
            id=external.read_id(message.get("refund_id"), "refund_id"),
            order_id=order_id,
            amount_fen=external.read_fen(message.get("refunded_fee"), "refunded_fee"),
        )
    closed = topic == "trade_TradeClose" or CLOSED in (info.get("status"), body.get("status"))
    if not whole and not closed:
        return None
    buyer = external.read_object(whole.get("buyer_info"), "buyer_info")
    pay = external.read_object(whole.get("pay_info"), "pay_info")
    payment = pay.get("payment")
    return external.ExternalOrder(
        id=order_id,
        number=order_id[: external.MAX_NUMBER_LENGTH],
        updated_ms=_updated(body, message, info),
        paid=bool(info.get("pay_time")) or info.get("status") in PAID,
        cancelled=closed,
        total_fen=None if payment is None else external.read_fen(payment, "payment"),
        customer_id=external.read_optional_id(buyer.get("yz_open_id") or buyer.get("buyer_id"), "buyer_id"),
        who=body.get("who", ""),
        lines=tuple(_read_line(line) for line in external.read_list(whole.get("orders"), "orders")),
    )


def sample(stamp: str) -> dict[str, Any]:
    line = {"oid": "1", "outer_sku_id": "STUDIO-TEST", "title": "测试", "num": 1, "payment": "1.00"}
    moment = datetime.fromisoformat(stamp).astimezone(external.CHINA).strftime("%Y-%m-%d %H:%M:%S")
    info = {"tid": "TEST", "status": "TRADE_PAID", "update_time": moment, "pay_time": moment}
    message = {"full_order_info": {"order_info": info, "orders": [line]}}
    return {"type": "trade_TradePaid", "id": "TEST", "msg": quote(json.dumps(message, ensure_ascii=False))}


def _message(given: Any) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    if not isinstance(given, str):
        raise external.Unreadable("msg is missing")
    text = given if given.lstrip().startswith("{") else unquote_plus(given)
    return parse(text.encode("utf-8", "replace"))


def _updated(body: dict[str, Any], message: dict[str, Any], info: dict[str, Any]) -> Ms:
    version = external.read_text(body.get("version"), 20)
    if version.isascii() and version.isdigit() and _LEAST_VERSION <= int(version) < 4 * _LEAST_VERSION:
        return Ms(int(version))
    return external.read_time(info.get("update_time") or message.get("update_time"), "update_time", external.CHINA)


def _read_line(line: dict[str, Any]) -> external.ExternalLine:
    quantity = external.read_quantity(line.get("num"), "num")
    return external.ExternalLine(
        id=external.read_id(line.get("oid"), "oid"),
        sku=_sku(line),
        name=external.read_text(line.get("title"), external.MAX_SKU_LENGTH),
        quantity=quantity,
        price_fen=external.net_price(external.read_yuan(line.get("payment"), "payment"), quantity),
    )


def _sku(line: dict[str, Any]) -> str:
    for name in ("outer_sku_id", "outer_item_id", "sku_id", "item_id", "title"):
        found = external.read_text(line.get(name), external.MAX_SKU_LENGTH)
        if found and found != "0":
            return found
    raise external.Unreadable("a line without goods")


DIALECT = Dialect(arrive, read, key, sample)
