"""The test button: a delivery that the studio signs for itself, sent the whole way that a shop's would take."""

import json
import secrets

import requests

from studio.shop.webhooks.dialects import DIALECTS
from studio.shop.webhooks.inbox import SELF_TEST
from studio.shop.webhooks.outgoing import iso
from studio.shop.webhooks.sender import Answer
from studio.shop.webhooks.signatures import Keys, sign
from studio.types import now_ms

TIMEOUT_S = 10.0
_TOPICS = {
    "shopify": {"X-Shopify-Topic": "orders/paid"},
    "woocommerce": {"X-WC-Webhook-Topic": "order.updated"},
    "youzan": {"Event-Type": "trade_TradePaid"},
    "generic": {},
}


def send_sample(base_url: str, source: str, keys: Keys) -> Answer:
    """Post an order as this source would tell and sign it, marked to have no effect; never raises for the network."""
    at = now_ms()
    body = {**DIALECTS[source].sample(iso(at) or ""), SELF_TEST: secrets.token_hex(8)}
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", **_TOPICS[source], **sign(source, keys, raw, now=at)}
    try:
        answer = requests.post(
            f"{base_url}/hooks/{source}", data=raw, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
        )
    except requests.RequestException as error:
        return Answer(0, type(error).__name__, now_ms() - at)
    return Answer(answer.status_code, f"HTTP {answer.status_code}", now_ms() - at)
