"""The inbox and what its deliveries do to orders, stock and shout-outs."""

import itertools
import json

import hypothesis
import pytest
from hypothesis import strategies as st

from studio.shop.webhooks.models import InboxEvent
from tests.shop.webhooks.bodies import PERSONAL, SECRET, SOURCES, order, shopify_refund, signed


@pytest.fixture
def milk(shop):
    """Units of milk at the beginning."""
    return shop.stock()[0]


@pytest.fixture
def numbers(small_shop):
    """A shop with plenty of milk, and fresh order numbers."""
    movement = {"kind": "received", "quantity": 10_000, "reason": "测试"}
    assert small_shop.call("POST", "/stock/MILK-950/movements", movement).status_code == 200
    return small_shop, itertools.count(1)


@pytest.mark.parametrize("source", SOURCES)
def test_paid_order_sells_stock_and_queues_its_shoutout(shop, milk, source):
    shop.deliver(source, order(source, 1))
    assert [(status, refunded) for _source, _number, status, refunded in shop.orders()] == [("paid", 0)]
    assert shop.stock() == (milk - 2, 0, 2)
    assert len(shop.shoutouts()) == 1
    assert shop.rows() == [("done", "")]


@pytest.mark.parametrize("source", SOURCES)
def test_unpaid_order_holds_stock_and_is_announced_only_when_paid(shop, milk, source):
    shop.deliver(source, order(source, 1, paid=False))
    assert shop.stock() == (milk, 2, 0)
    assert shop.shoutouts() == []
    shop.deliver(source, order(source, 1, minute=1))
    assert shop.stock() == (milk - 2, 0, 2)
    assert len(shop.shoutouts()) == 1


@pytest.mark.parametrize("source", SOURCES)
def test_cancelled_order_gives_everything_back_once(shop, milk, source):
    shop.deliver(source, order(source, 1))
    for minute in (2, 2, 3):
        shop.deliver(source, order(source, 1, minute=minute, cancelled=True))
    assert shop.orders()[0][2] == "refunded"
    assert shop.stock() == (milk, 0, 0)
    assert shop.shoutouts() == ["retracted"]


def test_what_waits_in_another_studios_line_holds_nothing_here(shop, milk):
    lines = [{"sku": "MILK-950", "quantity": 1, "price": "15.90"}]
    told = {"id": "7", "updated_at": "2026-11-22T12:00:00Z", "lines": lines}
    shop.deliver("generic", ("order.advanced", {"event": "order.advanced", "order": {**told, "status": "waitlisted"}}))
    assert (shop.orders(), shop.rows()) == ([], [("ignored", "topic")])
    served = {**told, "status": "placed", "updated_at": "2026-11-22T12:01:00Z"}
    shop.deliver("generic", ("order.placed", {"event": "order.placed", "order": served}))
    assert [status for _source, _number, status, _fen in shop.orders()] == ["placed"]


@pytest.mark.parametrize("source", SOURCES)
def test_older_update_is_stale(shop, milk, source):
    shop.deliver(source, order(source, 1, minute=5))
    shop.deliver(source, order(source, 1, minute=4, paid=False))
    assert shop.rows()[1][0] == "stale"
    assert shop.orders()[0][2] == "paid"
    assert shop.stock() == (milk - 2, 0, 2)


@pytest.mark.parametrize("source", SOURCES)
def test_cancellation_before_its_order_keeps_it_away(shop, milk, source):
    shop.deliver(source, order(source, 1, minute=5, cancelled=True))
    shop.deliver(source, order(source, 1, minute=5, paid=False))
    shop.deliver(source, order(source, 1, minute=1))
    assert [state for state, _reason in shop.rows()] == ["done", "stale", "stale"]
    assert shop.orders() == []
    assert shop.stock() == (milk, 0, 0)


@pytest.mark.parametrize("source", SOURCES)
def test_personal_data_stays_outside(shop, source):
    shop.deliver(source, order(source, 1))
    kept = json.dumps(shop.bodies(), ensure_ascii=False)
    assert "张*" in kept
    assert not [secret for secret in PERSONAL if secret in kept]
    with shop.studio.database.reading() as session:
        everything = " ".join(
            str(tuple(row))
            for name in ("orders", "buyers", "order_steps", "shoutouts", "webhook_inbox")
            for row in session.connection().exec_driver_sql(f"SELECT * FROM {name}")
        )
    assert not [secret for secret in PERSONAL if secret in everything]


@pytest.mark.parametrize(("source", "same"), [("shopify", "id"), ("generic", "id"), ("youzan", "retry")])
def test_repeated_delivery_has_no_second_row(shop, source, same):
    topic, document = order(source, 1)
    answers = []
    for count in range(3):
        if same == "retry":
            document["sendCount"] = count
        answers.append(shop.deliver(source, (topic, document), key="the-same" if same == "id" else None).json)
    assert len(shop.rows()) == 1
    assert answers == ([{"code": 0, "msg": "success"}] if source == "youzan" else [{"status": "ok"}]) * 3


def test_woocommerce_is_known_by_order_time_and_bytes_not_by_its_delivery_id(shop):
    for minute in (0, 0, 1):
        shop.deliver("woocommerce", order("woocommerce", 1, minute=minute))
    shop.deliver("woocommerce", order("woocommerce", 2))
    assert len(shop.rows()) == 3


def test_shopify_refunds_restock_once_whether_told_alone_or_with_the_order(shop, milk):
    refund = (5001, 1, "15.90")
    _topic, snapshot = order("shopify", 1, minute=40, refunds=[refund])
    alone = ("refunds/create", shopify_refund(1, refund, snapshot["line_items"]))
    shop.deliver("shopify", order("shopify", 1))
    for told in (alone, ("orders/updated", snapshot), alone):
        shop.deliver("shopify", told)
    assert shop.orders()[0][3] == 1590
    assert shop.stock() == (milk - 1, 0, 1)
    whole = (5002, 1, "15.90")
    shop.deliver("shopify", order("shopify", 1, minute=50, refunds=[refund, whole]))
    assert shop.orders()[0][2:] == ("refunded", 3180)
    assert shop.stock() == (milk, 0, 0)
    assert shop.shoutouts() == ["retracted"]


def test_refund_before_its_order_waits_for_it(shop, milk):
    refund = (5001, 1, "15.90")
    _topic, snapshot = order("shopify", 1)
    shop.deliver("shopify", ("refunds/create", shopify_refund(1, refund, snapshot["line_items"])))
    assert shop.rows() == [("parked", "no-order")]
    shop.deliver("shopify", order("shopify", 1))
    shop.drain()
    assert [state for state, _reason in shop.rows()] == ["done", "done"]
    assert shop.stock() == (milk - 1, 0, 1)


def test_woocommerce_refunds_of_an_amount_move_no_stock(shop, milk):
    shop.deliver("woocommerce", order("woocommerce", 1))
    shop.deliver("woocommerce", order("woocommerce", 1, minute=2, refunds=[(71, 0, "5.00")]))
    shop.deliver("woocommerce", order("woocommerce", 1, minute=3, refunds=[(71, 0, "5.00")]))
    assert shop.orders()[0][2:] == ("paid", 500)
    assert shop.stock() == (milk - 2, 0, 2)


def test_youzan_refund_message_gives_money_back_once(shop):
    shop.deliver("youzan", order("youzan", 1))
    message = {"tid": "E2026112212000001", "refund_id": "R1", "refunded_fee": "5.00", "buyer_phone": PERSONAL[0]}
    document = {"type": "trade_refund_RefundSuccess", "id": "R1", "version": 1, "msg": json.dumps(message)}
    shop.deliver("youzan", ("trade_refund_RefundSuccess", document))
    shop.deliver("youzan", ("trade_refund_RefundSuccess", {**document, "version": 2}))
    assert shop.orders()[0][3] == 500


def test_woocommerce_deletion_needs_a_body_with_nothing_but_an_id(shop, milk):
    _topic, whole = order("woocommerce", 1)
    shop.deliver("woocommerce", ("order.updated", whole))
    shop.deliver("woocommerce", ("order.deleted", whole))  # the topic is not signed: a replay cannot cancel
    assert shop.orders()[0][2] == "paid"
    shop.deliver("woocommerce", ("order.deleted", {"id": 1}))
    assert shop.orders()[0][2] == "refunded"
    assert shop.stock() == (milk, 0, 0)


def test_discounts_lower_the_price_without_floats(shop):
    _topic, document = order("shopify", 1, lines=[("MILK-950", 3, "10.00")])
    document["line_items"][0]["discount_allocations"] = [{"amount": "0.05"}, {"amount": "0.04"}]
    shop.deliver("shopify", ("orders/paid", document))
    listed = shop.call("GET", "/orders").json["orders"]
    assert listed[0]["total_fen"] == 2991


def test_two_lines_of_one_sku_are_one_sale(shop, milk):
    shop.deliver("generic", order("generic", 1, lines=[("MILK-950", 2, "15.90"), ("MILK-950", 3, "14.00")]))
    assert shop.stock() == (milk - 5, 0, 5)
    assert shop.call("GET", "/orders").json["orders"][0]["total_fen"] == 2 * 1590 + 3 * 1400


def test_unknown_sku_is_parked_and_resolved_with_its_siblings(shop, milk):
    for number in (1, 2):
        shop.deliver("shopify", order("shopify", number, lines=[("their-milk", 2, "15.90")]))
    shop.deliver("woocommerce", order("woocommerce", 3, lines=[("their-milk", 1, "15.90")]))
    parked = shop.call("GET", "/webhooks/parked").json["deliveries"]
    assert [(row["reason"], row["unknown"]) for row in parked] == [("unknown-sku", ["their-milk"])] * 3
    assert parked[1]["who"] == "张*"
    assert parked[1]["lines"] == [{"sku": "their-milk", "name": "商品their-milk", "quantity": 2, "price_fen": 1590}]
    assert shop.orders() == []
    answer = shop.call("POST", f"/webhooks/parked/{parked[1]['id']}/resolve", {"skus": {"their-milk": "MILK-950"}})
    assert answer.status_code == 200
    shop.drain()
    assert [source for source, *_rest in shop.orders()] == ["shopify", "shopify"]
    assert shop.stock() == (milk - 4, 0, 4)
    assert len(shop.call("GET", "/webhooks/parked").json["deliveries"]) == 1  # another source, another name


def test_order_beyond_the_stock_is_parked_and_goes_on_when_stock_came(shop, milk):
    shop.deliver("shopify", order("shopify", 1, lines=[("MILK-950", milk + 1, "15.90")]))
    assert shop.rows() == [("parked", "out-of-stock: MILK-950")]
    assert shop.stock() == (milk, 0, 0)
    assert shop.shoutouts() == []
    parked = shop.call("GET", "/webhooks/parked").json["deliveries"]
    movement = {"kind": "received", "quantity": 1, "reason": "送到了"}
    assert shop.call("POST", "/stock/MILK-950/movements", movement).status_code == 200
    shop.call("POST", f"/webhooks/parked/{parked[0]['id']}/resolve", {"skus": {}})
    shop.drain()
    assert shop.stock() == (0, 0, milk + 1)


def test_newer_state_of_a_parked_order_takes_its_place(shop):
    shop.deliver("shopify", order("shopify", 1, lines=[("nobody-knows", 1, "1.00")]))
    shop.deliver("shopify", order("shopify", 1, minute=2, lines=[("nobody-knows", 1, "1.00")]))
    assert [state for state, _reason in shop.rows()] == ["stale", "parked"]
    shop.deliver("shopify", order("shopify", 1, minute=3, cancelled=True, lines=[("nobody-knows", 1, "1.00")]))
    assert [state for state, _reason in shop.rows()] == ["stale", "stale", "done"]
    assert shop.call("GET", "/webhooks").json["parked"] == 0


def test_dismissed_delivery_keeps_the_reason_and_waits_no_more(shop):
    shop.deliver("shopify", order("shopify", 1, lines=[("nobody-knows", 1, "1.00")]))
    parked = shop.call("GET", "/webhooks/parked").json["deliveries"]
    path = f"/webhooks/parked/{parked[0]['id']}/dismiss"
    assert shop.call("POST", path, {"reason": ""}).status_code == 422
    assert shop.call("POST", path, {"reason": "线下已处理"}, role="producer").json == {"deliveries": []}
    assert shop.rows() == [("ignored", "dismissed: 线下已处理")]
    assert shop.call("POST", path, {"reason": "again"}).status_code == 409


def test_foreign_money_is_parked(shop):
    topic, document = order("shopify", 1)
    shop.deliver("shopify", (topic, {**document, "currency": "USD"}))
    assert shop.rows() == [("parked", "currency: USD")]
    assert shop.orders() == []


def test_edited_order_is_parked_not_followed(shop, milk):
    shop.deliver("shopify", order("shopify", 1))
    shop.deliver("shopify", order("shopify", 1, minute=2, lines=[("MILK-950", 5, "15.90")]))
    assert shop.rows()[1] == ("parked", "edited: L000001")
    assert shop.stock() == (milk - 2, 0, 2)


def test_payment_after_the_order_was_cancelled_here_needs_a_person(shop, milk):
    shop.deliver("shopify", order("shopify", 1, paid=False))
    assert shop.call("POST", "/orders/1/cancel", {"reason": "撤单"}).status_code == 200
    shop.deliver("shopify", order("shopify", 1, minute=2))
    parked = shop.call("GET", "/webhooks/parked").json["deliveries"]
    assert parked[0]["reason"] == "refused"
    assert parked[0]["message"]["en"].startswith("this order was cancelled")
    assert shop.stock() == (milk, 0, 0)


@pytest.mark.parametrize("source", ["shopify", "youzan", "generic"])
def test_test_order_of_the_shop_has_no_effect(shop, milk, source):
    topic, document = order(source, 1)
    shop.deliver(source, (topic, {**document, "test": True}))
    assert shop.rows() == [("ignored", "test-order")]
    assert shop.stock() == (milk, 0, 0)


@pytest.mark.parametrize(
    ("source", "topic"),
    [("shopify", "products/update"), ("woocommerce", "coupon.created"), ("youzan", "item_Update"), ("generic", "ping")],
)
def test_other_topics_are_kept_without_effect(shop, source, topic):
    document = {"id": 5, "event": topic, "type": topic, "msg": "{}"}
    shop.deliver(source, (topic, document))
    assert shop.rows() == [("ignored", "topic")]


def test_replaying_everything_changes_nothing(shop):
    for source in SOURCES:
        shop.deliver(source, order(source, 1, paid=False))
        shop.deliver(source, order(source, 1, minute=2))
        shop.deliver(source, order(source, 2, minute=2, cancelled=True))
    before = (shop.orders(), shop.stock(), shop.shoutouts())
    from studio.shop.webhooks import inbox  # noqa: PLC0415

    for state in ("done", "stale"):
        shop.studio.writer.run(lambda unit, state=state: inbox.replay(unit, state=state, at=1))
        shop.drain()
    assert (shop.orders(), shop.stock(), shop.shoutouts()) == before


def test_poison_row_fails_after_five_attempts_and_blocks_nobody(small_shop):
    shop = small_shop

    def write(body):
        shop.studio.writer.run(lambda unit: setattr(unit.session.get(InboxEvent, 1), "body", body))

    shop.deliver("shopify", order("shopify", 1), drain=False)
    (sound,) = shop.bodies()
    write(["no object"])
    shop.deliver("shopify", order("shopify", 2), drain=False)
    shop.drain()
    assert [state for state, _reason in shop.rows()] == ["new", "done"]
    for _attempt in range(4):
        shop.drain()
    assert shop.rows()[0] == ("failed", "defect: AttributeError")
    write(sound)
    assert shop.call("POST", "/webhooks/parked/1/resolve", {"skus": {}}).status_code == 200
    shop.drain()
    assert [state for state, _reason in shop.rows()] == ["done", "done"]


STEPS = (
    {"paid": False},
    {"minute": 1},
    {"minute": 2, "refund": True},
    {"minute": 3, "refund": True, "cancelled": True},
)


@hypothesis.settings(
    max_examples=40, deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(
    turn=st.lists(st.sampled_from(range(4)), min_size=1, max_size=8), source=st.sampled_from(["shopify", "generic"])
)
def test_deliveries_in_any_order_end_as_the_newest_says(numbers, turn, source):
    """Placed, paid, refunded in part, cancelled: some of them, in any order, some twice."""
    shop, count = numbers
    before, number = shop.stock(), next(count)
    for step in turn:
        change = dict(STEPS[step])
        refunds = [(9000 + number, 1, "15.90")] if change.pop("refund", False) else []
        shop.deliver(source, order(source, number, refunds=refunds, **change))
    ours = [row for row in shop.orders() if row[1] in {f"#{number}", str(number)}]
    newest = max(turn)
    on_hand, held, sold = (after - old for after, old in zip(shop.stock(), before, strict=True))
    assert (on_hand, held, sold) == [(0, 2, 0), (-2, 0, 2), (-1, 0, 1), (0, 0, 0)][newest]
    if newest == 3:
        assert not ours or ours[0][2] in {"cancelled", "refunded"}
    else:
        assert ours[0][2:] == [("placed", 0), ("paid", 0), ("paid", 1590)][newest]


def test_secret_rotation_accepts_both_until_the_old_one_is_forgotten(small_shop):
    shop = small_shop
    shop.set_up("generic", secret="second-secret")
    _topic, document = order("generic", 1)
    for secret, status in ((SECRET, 200), ("second-secret", 200), ("third", 401)):
        assert shop.send("generic", *signed("generic", document, secret=secret)).status_code == status
    shop.set_up("generic", secret=None, forget_previous=True)
    assert shop.send("generic", *signed("generic", document)).status_code == 401
    assert shop.send("generic", *signed("generic", document, secret="second-secret")).status_code == 200
