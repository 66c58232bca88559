"""The door: what is turned away, what is taken in, and what a stranger can do to it."""

import json

import pytest

from tests.shop.webhooks.bodies import PERSONAL, SOURCES, order, signed
from tests.waiting import until


@pytest.mark.parametrize("source", SOURCES)
def test_wrong_or_missing_signature_is_401_and_counted(small_shop, source):
    shop = small_shop
    topic, document = order(source, 1)
    headers, raw = signed(source, document, topic=topic)
    assert shop.send(source, headers, raw + b" ").status_code == 401
    bare = {"X-Shopify-Topic": topic, "X-WC-Webhook-Topic": topic}
    answer = shop.send(source, bare, raw)
    assert answer.status_code == 401
    assert answer.json["code"] == "bad-signature"
    assert shop.rows() == []


def test_refusals_are_written_down_with_their_reason(shop):
    headers, raw = signed("shopify", {"id": 1}, secret="other")
    for _count in range(3):
        shop.send("shopify", headers, raw)
    until(lambda: source_of(shop, "shopify")["failures"] == 3)
    assert source_of(shop, "shopify")["last_failure"] == "wrong"
    assert source_of(shop, "shopify")["last_failure_ms"]


@pytest.mark.parametrize("path", ["unknown", "..%2fshopify", "shopify%00", "SHOPIFY"])
def test_unknown_source_is_404(small_shop, path):
    assert small_shop.client.post(f"/hooks/{path}", data=b"{}").status_code == 404


@pytest.mark.parametrize("source", SOURCES)
def test_disabled_source_is_404(small_shop, source):
    small_shop.set_up(source, enabled=False)
    topic, document = order(source, 1)
    assert small_shop.send(source, *signed(source, document, topic=topic)).status_code == 404


def test_get_is_not_a_delivery(small_shop):
    assert small_shop.client.get("/hooks/shopify").status_code == 405


def test_body_beyond_a_megabyte_is_413(small_shop):
    headers, raw = signed("generic", {"event": "order", "padding": "x" * (1024 * 1024)})
    assert small_shop.send("generic", headers, raw).status_code == 413
    assert small_shop.rows() == []


def test_woocommerce_ping_is_thanked_without_signature_and_effect(small_shop):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert small_shop.send("woocommerce", headers, b"webhook_id=12").status_code == 200
    assert small_shop.send("woocommerce", headers, b"webhook_id=12&id=1").status_code == 401
    assert small_shop.send("shopify", headers, b"webhook_id=12").status_code == 401
    assert small_shop.rows() == []


def test_foreign_host_name_is_refused(small_shop):
    headers, raw = signed("generic", order("generic", 1)[1])
    assert small_shop.send("generic", {**headers, "Host": "evil.example"}, raw).status_code == 403


def test_delivery_of_another_site_needs_no_origin_of_ours(small_shop):
    headers, raw = signed("generic", order("generic", 1)[1])
    assert small_shop.send("generic", {**headers, "Origin": "https://shop.example"}, raw).status_code == 200


def test_stranger_who_guesses_is_slowed_down_and_the_shop_still_delivers(small_shop):
    headers, raw = signed("generic", order("generic", 1)[1], secret="guess")
    statuses = [small_shop.send("generic", headers, raw).status_code for _guess in range(70)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    small_shop.deliver("generic", order("generic", 1))
    assert small_shop.rows() == [("done", "")]


DEEP = b'{"a":' * 60_000 + b"1" + b"}" * 60_000
HOSTILE = {
    "deep": DEEP,
    "empty": b"",
    "no JSON": b"hello",
    "a list": b"[1,2]",
    "a number": b"7",
    "invalid UTF-8": b'{"id": "\xff\xfe"}',
    "NaN": b'{"id": 1, "total_price": NaN}',
    "huge integer": b'{"id": ' + b"9" * 5000 + b"}",
    "long integer": b'{"id": ' + b"9" * 400 + b"}",
    "huge exponent": b'{"id": 1, "updated_at": "2026-11-22T12:00:00Z", "total_price": 1e999999999, "line_items": []}',
    "truth as id": b'{"id": true, "updated_at": "2026-11-22T12:00:00Z"}',
    "object as id": b'{"id": {"phone": "13812345678"}}',
    "lines are text": b'{"id": 1, "updated_at": "2026-11-22T12:00:00Z", "line_items": "13812345678"}',
    "half": b'{"id": 1, "line_items": [{"sku": "MILK-950"',
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("name", HOSTILE)
def test_signed_nonsense_is_kept_for_a_person_and_changes_nothing(small_shop, source, name):
    shop = small_shop
    topic = {"shopify": "orders/paid", "woocommerce": "order.updated", "youzan": "trade_TradePaid", "generic": "order"}
    before = shop.stock()
    answer = shop.send(source, *signed(source, HOSTILE[name], topic=topic[source]))
    assert answer.status_code == 200
    shop.drain()
    assert {state for state, _reason in shop.rows()} <= {"parked", "ignored"}
    assert shop.orders() == []
    assert shop.stock() == before
    assert PERSONAL[0] not in json.dumps(shop.bodies())
    assert shop.call("GET", "/webhooks/parked").status_code == 200


QUANTITIES = [0, 0.5, "0.5", -1, "-3", 1e400, "1e9", True, None, [], {}, "two", 99999]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_impossible_quantity_is_parked(small_shop, quantity):
    _topic, document = order("generic", 1)
    document["order"]["lines"][0]["quantity"] = quantity
    before = small_shop.stock()
    assert small_shop.send("generic", *signed("generic", document)).status_code == 200
    small_shop.drain()
    assert small_shop.stock() == before
    state, reason = small_shop.rows()[0]
    assert (state, reason.partition(":")[0]) == ("parked", "unreadable")


def test_nul_and_lone_surrogates_in_texts_are_taken_out(shop):
    topic, document = order("shopify", 1, lines=[("their\0-milk\ud800", 1, "1.00")])
    document["customer"]["last_name"] = "\0\ud800张"
    raw = json.dumps(document).encode()  # as escapes
    headers, _raw = signed("shopify", raw, topic=topic)
    assert shop.send("shopify", headers, raw).status_code == 200
    shop.drain()
    state, reason = shop.rows()[0]
    assert state == "parked"
    assert reason.startswith("unknown-sku")
    assert shop.call("GET", "/webhooks/parked").status_code == 200


def test_hostile_headers_are_cut(shop):
    _topic, document = order("generic", 1)
    assert shop.deliver("generic", ("order", document), key="k" * 5000).status_code == 200
    headers, raw = signed("shopify", order("shopify", 2)[1], topic="t" * 3000, key="\xff" * 900)
    assert shop.send("shopify", {**headers, "X-Shopify-Event-Id": "e" * 3000}, raw).status_code == 200
    assert len(shop.rows()) == 2


@pytest.mark.parametrize(
    ("method", "path", "body", "role", "status"),
    [
        ("GET", "/webhooks", None, "producer", 200),
        ("GET", "/webhooks", None, "moderator", 403),
        ("GET", "/webhooks", None, None, 401),
        ("PUT", "/webhooks/sources/shopify", {"enabled": False}, "producer", 403),
        ("PUT", "/webhooks/sources/ebay", {"enabled": False}, "host", 404),
        ("PUT", "/webhooks/sources/shopify", {"enabled": True, "secret": "x" * 151}, "host", 422),
        ("PUT", "/webhooks/sources/shopify", {"enabled": True, "secret": "有 空格"}, "host", 422),
        ("PUT", "/webhooks/sources/youzan", {"enabled": True, "client_id": ""}, "host", 422),
        ("POST", "/webhooks/targets", {"url": "https://example.com/x"}, "producer", 403),
        ("POST", "/webhooks/targets", {"url": "ftp://example.com/x"}, "host", 422),
        ("POST", "/webhooks/targets", {"url": "https://user:pw@example.com/"}, "host", 422),
        ("POST", "/webhooks/targets", {"url": "https://example.com:99999/"}, "host", 422),
        ("POST", "/webhooks/targets", {"url": "https:///nowhere"}, "host", 422),
        ("DELETE", "/webhooks/targets/9", None, "host", 404),
        ("POST", "/webhooks/parked/9/resolve", {"skus": {}}, "producer", 404),
        ("POST", "/webhooks/parked/9/dismiss", {"reason": "\0"}, "producer", 422),
    ],
)
def test_operator_calls_are_guarded(small_shop, method, path, body, role, status):  # noqa: PLR0917
    assert small_shop.call(method, path, body, role=role).status_code == status


def test_secrets_are_never_told_and_sealed_at_rest(shop):
    assert "s3cret-of-the-test" not in shop.call("GET", "/webhooks").text
    made = shop.call("POST", "/webhooks/targets", {"url": "https://example.com/in"}).json
    assert len(made["secret"]) > 20
    with shop.studio.database.reading() as session:
        rows = [
            str(tuple(row))
            for name in ("webhook_sources", "webhook_targets")
            for row in session.connection().exec_driver_sql(f"SELECT * FROM {name}")
        ]
    assert not [row for row in rows if "s3cret-of-the-test" in row or made["secret"] in row]
    assert made["secret"] not in shop.call("GET", "/webhooks").text
    shop.call("POST", "/webhooks/targets", {"url": "https://example.com/in?key=abcdef"})
    assert shop.call("GET", "/webhooks").json["targets"][1]["url"] == "https://example.com/in?…"


def test_resolving_with_a_product_that_we_do_not_have_is_404(small_shop):
    small_shop.deliver("shopify", order("shopify", 1, lines=[("theirs", 1, "1.00")]))
    answer = small_shop.call("POST", "/webhooks/parked/1/resolve", {"skus": {"theirs": "NOPE"}})
    assert answer.status_code == 404
    assert small_shop.rows()[0][0] == "parked"


def test_unreadable_delivery_can_only_be_dismissed(small_shop):
    small_shop.send("generic", *signed("generic", b"{}x"))
    assert small_shop.call("POST", "/webhooks/parked/1/resolve", {"skus": {}}).status_code == 409
    assert small_shop.call("POST", "/webhooks/parked/1/dismiss", {"reason": "坏的"}).status_code == 200


def source_of(shop, name):
    return next(source for source in shop.call("GET", "/webhooks").json["sources"] if source["name"] == name)
