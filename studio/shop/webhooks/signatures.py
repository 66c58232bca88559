"""Who sent a delivery: signatures over the raw bytes, compared in constant time, before anything is parsed.

Each source signs its own way (the table is in docs/webhooks.md). While a secret is being changed the previous one
still counts: what was sent before the change is on its way.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.errors import NotSignedIn
from studio.types import Ms

WINDOW_S = 300
"""How far the generic source's timestamp may be from our clock, in seconds."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a source's deliveries are checked with; the current secret comes first. client_id is 有赞's."""

    secrets: tuple[str, ...] = field(repr=False)
    client_id: str = ""


class BadSignature(NotSignedIn):
    """reason is short and stable, for the settings page: missing, wrong, or clock."""

    code = "bad-signature"

    def __init__(self, reason: str) -> None:
        zh, en = _REASONS[reason]
        super().__init__(zh, en)
        self.reason = reason


_REASONS = {
    "missing": ("这次推送没有签名", "this delivery is not signed"),
    "wrong": ("签名不对：两边的密钥要一样", "the signature is wrong: both sides need the same secret"),
    "clock": ("时间戳与本机相差超过 5 分钟", "the timestamp is more than 5 minutes from this machine's clock"),
}


def check(source: str, headers: Mapping[str, str], body: bytes, keys: Keys, *, now: Ms) -> None:
    """Return when one of the source's secrets signed these bytes; names of headers are in lower case.

    Raises:
        BadSignature: none did, the signature is missing, or its timestamp is out of the window.
    """
    if source == "generic":
        stamp = headers.get("x-studio-timestamp", "")
        given = headers.get("x-studio-signature", "")
        _require(given and stamp)
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or abs(now / 1000 - int(stamp)) > WINDOW_S:  # noqa: PLR2004
            raise BadSignature("clock")
        expected = [studio_signature(secret, stamp, body) for secret in keys.secrets]
    elif source == "youzan":
        given = headers.get("event-sign", "")
        expected = [youzan_signature(keys.client_id, secret, body) for secret in keys.secrets]
    else:
        name = "x-shopify-hmac-sha256" if source == "shopify" else "x-wc-webhook-signature"
        given = headers.get(name, "")
        expected = [base64_signature(secret, body) for secret in keys.secrets]
    _require(given)
    # every secret is tried whatever the first one says
    matches = [hmac.compare_digest(given.encode("utf-8", "replace"), known.encode()) for known in expected]
    if not any(matches):
        raise BadSignature("wrong")


def sign(source: str, keys: Keys, body: bytes, *, now: Ms) -> dict[str, str]:
    """The headers with which the source itself would have signed `body` now, with its current secret."""
    secret = keys.secrets[0]
    if source == "shopify":
        return {"X-Shopify-Hmac-SHA256": base64_signature(secret, body)}
    if source == "woocommerce":
        return {"X-WC-Webhook-Signature": base64_signature(secret, body)}
    if source == "youzan":
        return {"Event-Sign": youzan_signature(keys.client_id, secret, body)}
    stamp = str(now // 1000)
    return {"X-Studio-Timestamp": stamp, "X-Studio-Signature": studio_signature(secret, stamp, body)}


def base64_signature(secret: str, body: bytes) -> str:
    """Shopify's and WooCommerce's: base64 of the HMAC-SHA256 of the body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def youzan_signature(client_id: str, secret: str, body: bytes) -> str:
    """有赞's: hex MD5 of client_id, body and client_secret one after the other. Theirs to choose, weak as it is."""
    return hashlib.md5(client_id.encode() + body + secret.encode()).hexdigest()  # noqa: S324 - 有赞's algorithm


def studio_signature(secret: str, stamp: str, body: bytes) -> str:
    """The generic one, and ours on outgoing deliveries: HMAC-SHA256 over `timestamp.body`; stamp in Unix seconds."""
    return "sha256=" + hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()


def _require(given: object) -> None:
    if not given:
        raise BadSignature("missing")
