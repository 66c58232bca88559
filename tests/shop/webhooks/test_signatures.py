"""Signatures: the vectors of WIRE.md, two secrets, the clock."""

import pytest

from studio.shop.webhooks.signatures import BadSignature, Keys, check, sign
from studio.types import now_ms

BODY = b'{"id":1}'
BASE64 = "Y92rNNpYOOODVF6ckLQPdKTj2qvF3ZqNSaUYda1LJBg="
VECTORS = [
    ("shopify", {"x-shopify-hmac-sha256": BASE64}, Keys(("s3cret",))),
    ("woocommerce", {"x-wc-webhook-signature": BASE64}, Keys(("s3cret",))),
    ("youzan", {"event-sign": "fbe24983bc156af6287c293e40b32607"}, Keys(("csec",), "cid")),
]


@pytest.mark.parametrize(("source", "headers", "keys"), VECTORS)
def test_vector_is_accepted(source, headers, keys):
    check(source, headers, BODY, keys, now=now_ms())


@pytest.mark.parametrize(("source", "headers", "keys"), VECTORS)
def test_one_changed_byte_is_refused(source, headers, keys):
    with pytest.raises(BadSignature, match="wrong"):
        check(source, headers, BODY + b" ", keys, now=now_ms())


@pytest.mark.parametrize(("source", "headers", "keys"), VECTORS)
def test_missing_signature_is_refused(source, headers, keys):
    with pytest.raises(BadSignature) as refusal:
        check(source, dict.fromkeys(headers, ""), BODY, keys, now=now_ms())
    assert refusal.value.reason == "missing"


@pytest.mark.parametrize("source", ["shopify", "woocommerce", "youzan", "generic"])
def test_both_secrets_count_while_rotating_and_others_do_not(source):
    at = now_ms()
    keys = Keys(("new-secret", "old-secret"), "cid")
    for secret in keys.secrets:
        headers = _lower(sign(source, Keys((secret,), "cid"), BODY, now=at))
        check(source, headers, BODY, keys, now=at)
    headers = _lower(sign(source, Keys(("third",), "cid"), BODY, now=at))
    with pytest.raises(BadSignature):
        check(source, headers, BODY, keys, now=at)


def test_generic_signature_is_hex_of_timestamp_and_body():
    headers = sign("generic", Keys(("k",)), b"x", now=1_700_000_000_000)
    # printf '1700000000.x' | openssl dgst -sha256 -hmac k
    expected = "sha256=35e785f0777ca89fd2c639cc4f8c9806af1aa1f62afa88698a7e1f158f227cfc"
    assert headers["X-Studio-Timestamp"] == "1700000000"
    assert headers["X-Studio-Signature"] == expected


@pytest.mark.parametrize(("late_s", "accepted"), [(-301, False), (-299, True), (0, True), (299, True), (301, False)])
def test_generic_timestamp_counts_within_five_minutes(late_s, accepted):
    at = 1_795_000_000_000
    headers = _lower(sign("generic", Keys(("k",)), BODY, now=at))
    if accepted:
        check("generic", headers, BODY, Keys(("k",)), now=at + late_s * 1000)
        return
    with pytest.raises(BadSignature) as refusal:
        check("generic", headers, BODY, Keys(("k",)), now=at + late_s * 1000)
    assert refusal.value.reason == "clock"


@pytest.mark.parametrize("stamp", ["soon", "-1", "1e9", "٣٣٣", "9" * 400, "1795000000.5"])
def test_hostile_timestamp_is_refused(stamp):
    headers = {"x-studio-timestamp": stamp, "x-studio-signature": "sha256=00"}
    with pytest.raises(BadSignature):
        check("generic", headers, BODY, Keys(("k",)), now=now_ms())


@pytest.mark.parametrize("given", ["é", "签名", "A" * 100_000, "\udc80"])
def test_signature_of_any_characters_is_refused_not_a_defect(given):
    with pytest.raises(BadSignature):
        check("shopify", {"x-shopify-hmac-sha256": given}, BODY, Keys(("s3cret",)), now=now_ms())


def _lower(headers):
    return {name.lower(): value for name, value in headers.items()}
