"""What may happen to an order, step by step, on both databases."""

import pytest

from studio.errors import BadInput, Conflict, NotAllowed, NotFound
from studio.events import OrderAdvanced, OrderPaid
from tests.shop.counter import NOON

HALF_HOUR = 30 * 60_000


@pytest.fixture
def settings(both_databases):
    return both_databases


@pytest.fixture
def shop(counter):
    return counter(A=10, B=10)


def test_an_order_goes_from_placed_to_closed_and_its_history_says_so(shop):
    order = shop.place(A=3, B=1)
    assert shop.counts() == (10, 3, 0)
    for step in (shop.pay, shop.pack, shop.pick_up, shop.close):
        step(order)
        step(order)  # a second press
    assert shop.status(order) == ["closed"]
    assert shop.steps(order) == [
        ("placed", "moderator"),
        ("paid", "host"),
        ("packed", "host"),
        ("picked_up", "host"),
        ("closed", "host"),
    ]
    assert shop.counts() == (7, 0, 3)
    assert shop.movements() == [("received", None), ("held", f"order:{order}"), ("sold", f"order:{order}")]
    row = shop.order(order)
    assert (row.total_fen, row.paid_fen, row.due_fen, row.hold_until_ms) == (400, 400, 0, None)


def test_a_step_that_came_late_changes_nothing(shop):
    order = shop.place(A=1, paid=True)
    shop.pick_up(order, at=NOON + 1)
    shop.pack(order)
    shop.pay(order)
    row = shop.order(order)
    assert (row.status, row.packed_ms, row.picked_ms) == ("picked_up", None, NOON + 1)
    assert shop.steps(order) == [("placed", "moderator"), ("paid", "moderator"), ("picked_up", "host")]


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        ([], "pack"),
        ([], "pick_up"),
        ([], "close"),
        ([], "refund"),
        (["pay"], "close"),
        (["pay", "pick_up"], "cancel"),
        (["cancel"], "pay"),
        (["cancel"], "pack"),
        (["cancel"], "pick_up"),
        (["cancel"], "refund"),
        (["pay", "refund"], "pay"),
        (["pay", "refund"], "pack"),
        (["pay", "refund"], "close"),
    ],
)
def test_an_impossible_step_is_refused_and_leaves_no_trace(shop, steps, refused):
    order = shop.place(A=2)
    for step in steps:
        getattr(shop, step)(order)
    before = (shop.counts(), shop.status(order), shop.steps(order))
    with pytest.raises(Conflict):
        getattr(shop, refused)(order, *(["another"] if refused == "refund" else []))
    assert (shop.counts(), shop.status(order), shop.steps(order)) == before


def test_cash_at_the_pickup_point_is_paid_with_the_goods_and_its_hold_never_ends(shop):
    order = shop.place(A=2, paid_via="cash")
    assert shop.order(order).hold_until_ms is None
    shop.pick_up(order)
    row = shop.order(order)
    assert (row.status, row.paid_via, row.paid_fen) == ("picked_up", "cash", 200)
    assert [step for step, _ in shop.steps(order)] == ["placed", "paid", "picked_up"]
    assert shop.counts() == (8, 0, 2)


def test_an_unpaid_order_holds_for_as_long_as_it_was_told(shop):
    assert shop.order(shop.place(A=1)).hold_until_ms == NOON + HALF_HOUR
    assert shop.order(shop.place(A=1, hold_ms=5_000)).hold_until_ms == NOON + 5_000


def test_cancelling_frees_an_unpaid_order_and_refunds_a_paid_one(shop):
    unpaid, paid = shop.place(A=2), shop.place(A=3, paid=True)
    for order in (unpaid, paid):
        shop.cancel(order, reason="不要了")
        shop.cancel(order)
    assert shop.status(unpaid, paid) == ["cancelled", "refunded"]
    assert shop.counts() == (10, 0, 0)
    row = shop.order(paid)
    assert (row.paid_fen, row.refunded_fen, row.due_fen) == (300, 300, 0)


@pytest.mark.parametrize(("by", "error"), [("buyer", Conflict), ("moderator", NotAllowed)])
def test_neither_buyer_nor_moderator_gives_money_back_by_cancelling(shop, by, error):
    order = shop.place(A=2, paid=True)
    with pytest.raises(error):
        shop.cancel(order, by=by)
    assert shop.counts() == (8, 0, 2)


def test_weighing_sets_the_final_price_and_never_the_count(counter):
    shop = counter(A={"price_fen": 3000, "price_per_kg_fen": 2999, "stock": 10}, B=10)
    order = shop.place(A=2, B=1)
    shop.pay(order)
    shop.settle(order, A=1950)
    row = shop.order(order)
    assert (row.total_fen, row.settled_fen, row.due_fen) == (6100, 5848 + 100, -152)
    assert (row.lines[0].weight_g, row.lines[0].final_fen) == (1950, 5848)
    assert shop.counts() == (8, 0, 2)
    shop.settle(order, A=1950)
    assert [step for step, _ in shop.steps(order)] == ["placed", "paid", "settled"]
    shop.settle(order, A=2100)  # a correction
    row = shop.order(order)
    assert (row.settled_fen, row.due_fen) == (6298 + 100, 298)
    shop.pick_up(order)
    with pytest.raises(Conflict):
        shop.close(order)
    shop.pay(order, via="cash")
    row = shop.order(order)
    assert (row.paid_fen, row.due_fen, row.paid_via) == (6398, 0, "wechat")
    shop.close(order)


def test_what_was_overpaid_is_given_back_without_moving_stock(counter):
    shop = counter(A={"price_fen": 3000, "price_per_kg_fen": 3000, "stock": 10})
    order = shop.place(A=1, paid=True)
    shop.settle(order, A=900)
    assert shop.order(order).due_fen == -300
    shop.refund(order, amount_fen=300, reason="称重差额")
    row = shop.order(order)
    assert (row.status, row.due_fen, row.refunded_fen) == ("paid", 0, 300)
    assert shop.counts() == (9, 0, 1)


def test_an_order_is_settled_once_all_its_goods_are_weighed(counter):
    fish = {"price_fen": 1000, "price_per_kg_fen": 1000, "stock": 5}
    shop = counter(A=fish, B=fish)
    order = shop.place(A=1, B=1)
    shop.settle(order, A=1200)
    assert (shop.order(order).settled_fen, shop.order(order).due_fen) == (None, 2000)
    shop.settle(order, B=1300)
    assert (shop.order(order).settled_fen, shop.order(order).due_fen) == (2500, 2500)
    shop.pay(order)
    assert shop.order(order).paid_fen == 2500


def test_units_given_back_before_the_scales_keep_the_price_they_were_given_back_at(counter):
    shop = counter(A={"price_fen": 3000, "price_per_kg_fen": 3000, "stock": 10})
    order = shop.place(A=2, paid=True)
    shop.refund(order, lines=[("A", 1, True)])
    shop.settle(order, A=900)
    row = shop.order(order)
    assert (row.refunded_fen, row.settled_fen, row.due_fen) == (3000, 3000 + 2700, -300)
    shop.settle(order, A=1100)  # a correction
    row = shop.order(order)
    assert (row.settled_fen, row.due_fen) == (3000 + 3300, 300)


def test_the_scales_wait_for_nothing_that_was_given_back_whole(counter):
    fish = {"price_fen": 1000, "price_per_kg_fen": 1000, "stock": 5}
    shop = counter(A=fish, B=fish)
    before, after = shop.place(A=1, B=1, paid=True), shop.place(A=1, B=1, paid=True)
    shop.refund(before, "r1", lines=[("B", 1, False)])
    shop.settle(before, A=1200)
    shop.settle(after, A=1200)
    shop.refund(after, "r2", lines=[("B", 1, False)])
    assert shop.order(after).settled_fen is None
    shop.settle(after, A=1200)
    for order in (before, after):
        assert (shop.order(order).settled_fen, shop.order(order).due_fen) == (2200, 200)


def test_only_goods_sold_by_weight_are_weighed(shop):
    order = shop.place(A=1)
    for sku in ("A", "NOPE"):
        with pytest.raises(BadInput, match=sku):
            shop.settle(order, **{sku: 500})


def test_a_paid_order_is_announced_once(shop):
    paid, advanced = [], []
    shop.studio.bus.listen(OrderPaid, paid.append)
    shop.studio.bus.listen(OrderAdvanced, advanced.append)
    order = shop.place(A=2, B=1)
    for _ in range(2):
        shop.pay(order, at=NOON + 5)
        shop.pack(order)
    assert [(e.order_id, e.who, e.product, e.quantity, e.more, e.total_fen) for e in paid] == [
        (order, "张*", "商品A", 2, 1, 300)
    ]
    assert [event.step for event in advanced] == ["packed"]


def test_prices_of_another_shop_are_kept_to_the_fen(shop):
    from studio.shop.orders import External, Line  # noqa: PLC0415

    order = shop.place(
        lines=[Line("A", 2, 95), Line("A", 1, 50), Line("B", 1)],
        paid=True,
        source="shopify",
        external=External("9007199254740993", "#1001", NOON),
    )
    row = shop.order(order)
    assert row.total_fen == 2 * 95 + 50 + 100
    assert [(line.sku, line.quantity, line.price_fen) for line in row.lines] == [("A", 3, 80), ("B", 1, 100)]
    assert (row.external_id, row.external_number, row.external_ms) == ("9007199254740993", "#1001", NOON)
    other = shop.order(shop.place(lines=[Line("A", 1, 95), Line("A", 1, 50)], paid=True))
    assert (other.total_fen, other.lines[0].final_fen) == (145, 145)


def test_the_same_key_is_the_same_order_whatever_happened_to_it(shop):
    order = shop.place("k", A=2)
    shop.cancel(order)
    assert shop.place("k", A=2) == order
    with pytest.raises(Conflict):
        shop.place("k", A=2, note="快点")
    assert shop.counts() == (10, 0, 0)


def test_unknown_orders_and_pickup_points_are_named(shop):
    with pytest.raises(NotFound):
        shop.pay(77)
    with pytest.raises(BadInput):
        shop.place(A=1, pickup_point_id=9)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_the_database_cannot_hold_is_bad_input(shop):
    with pytest.raises(BadInput):
        shop.place(A=1, buyer="张\0")
    assert shop.counts() == (10, 0, 0)
