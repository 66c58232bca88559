"""Who gets units that become free: those who wait, in line order, before anybody who comes later."""

from datetime import timedelta

import pytest

from studio.errors import BadInput, Conflict, OutOfStock
from studio.events import OrderAdvanced, OrderPlaced
from studio.shop import evidence, holds
from tests.shop.counter import NOON

HALF_HOUR = 30 * 60_000
TODAY = evidence.today()


def lot(batch, age_days, **more):
    made = (TODAY - timedelta(days=age_days)).isoformat()
    return {"batch": batch, "produced_on": made, "shelf_life_days": 7, **more}


def batches(shop, order):
    return [line.batch for line in shop.order(order).lines]


@pytest.fixture
def settings(both_databases):
    return both_databases


@pytest.fixture
def shop(counter):
    return counter(A=2, B=5)


def wait(shop, **wanted):
    return shop.place(waitlist=True, **wanted)


def expire(shop, order, at=NOON + HALF_HOUR):
    shop.run(lambda unit: holds.expire(unit, order, at=at))


def test_an_order_that_finds_too_little_waits_and_holds_nothing(shop):
    heard = []
    shop.studio.bus.listen(OrderAdvanced, heard.append)
    order = wait(shop, A=3, B=1)
    row = shop.order(order)
    assert (row.status, row.due_fen, row.hold_until_ms) == ("waitlisted", 0, None)
    assert (shop.counts("A"), shop.counts("B")) == ((2, 0, 0), (5, 0, 0))
    assert [event.step for event in heard] == ["waitlisted"]
    with pytest.raises(Conflict, match="take no money"):
        shop.pay(order)


def test_an_order_that_fits_does_not_wait(shop):
    assert shop.status(wait(shop, A=2)) == ["placed"]


def test_a_paid_order_cannot_wait(shop):
    with pytest.raises(BadInput):
        shop.place(A=9, paid=True, waitlist=True)


def free_by_cancelling(shop, first):
    shop.cancel(first)


def free_by_expiry(shop, first):
    expire(shop, first)


def free_by_refund(shop, first):
    shop.pay(first)
    shop.refund(first)


def free_by_receiving(shop, first):
    shop.move("A", "received", 2)


def free_by_recount(shop, first):
    shop.move("A", "recount", 4)


@pytest.mark.parametrize(
    "free", [free_by_cancelling, free_by_expiry, free_by_refund, free_by_receiving, free_by_recount]
)
def test_units_that_become_free_go_to_the_head_of_the_line_in_the_same_transaction(shop, free):
    placed = []
    first = shop.place(A=2)
    head, tail = wait(shop, A=2), wait(shop, A=1)
    shop.studio.bus.listen(OrderPlaced, lambda event: placed.append(event.order_id))
    free(shop, first)
    assert shop.status(head, tail) == ["placed", "waitlisted"]
    assert placed == [head]
    row = shop.order(head)
    assert row.due_fen == 200
    assert row.hold_until_ms >= NOON + HALF_HOUR
    assert shop.steps(head)[-1] == ("placed", "clock")
    with pytest.raises(OutOfStock):
        shop.place(A=1)  # a newcomer


def test_a_large_order_keeps_its_place_and_lets_smaller_ones_pass(shop):
    first = shop.place(A=2)
    large, small, other = wait(shop, A=4), wait(shop, A=1), wait(shop, A=1, B=5)
    shop.cancel(first)
    assert shop.status(large, small, other) == ["waitlisted", "placed", "placed"]
    shop.move("A", "received", 3)
    assert shop.status(large) == ["waitlisted"]
    shop.cancel(small)
    assert shop.status(large) == ["placed"]
    assert shop.counts() == (5, 5, 0)


def test_a_newcomer_gets_only_what_nobody_in_line_can_use(shop):
    large = wait(shop, A=3)
    newcomer = shop.place(A=2)
    assert shop.status(large, newcomer) == ["waitlisted", "placed"]
    shop.move("A", "received", 3)
    assert shop.status(large) == ["placed"]


def test_all_lines_of_an_order_are_free_before_the_line_moves(shop):
    first = shop.place(A=2, B=5)
    both, only_a = wait(shop, A=2, B=5), wait(shop, A=2)
    shop.cancel(first)
    assert shop.status(both, only_a) == ["placed", "waitlisted"]


def test_leaving_the_line_frees_nothing_and_moves_nobody(shop):
    shop.place(A=2)
    head, tail = wait(shop, A=1), wait(shop, A=1)
    shop.cancel(head, by="buyer")
    assert shop.status(head, tail) == ["cancelled", "waitlisted"]
    assert shop.counts() == (2, 2, 0)


def test_a_hold_ends_at_its_time_and_not_before(shop):
    order, cash = shop.place(A=1), shop.place(A=1, paid_via="cash")
    expire(shop, order, at=NOON + HALF_HOUR - 1)
    assert shop.status(order) == ["placed"]
    expire(shop, order)
    expire(shop, cash, at=NOON * 2)
    expire(shop, 999)
    assert shop.status(order, cash) == ["cancelled", "placed"]
    assert shop.steps(order) == [("placed", "moderator"), ("expired", "clock")]
    assert shop.counts() == (2, 1, 0)


def test_a_late_payment_sells_while_there_is_stock(shop):
    order = shop.place(A=2)
    expire(shop, order)
    shop.pay(order, by="webhook")
    row = shop.order(order)
    assert (row.status, row.paid_fen, row.due_fen, row.closed_ms) == ("paid", 200, 0, None)
    assert [step for step, _ in shop.steps(order)] == ["placed", "expired", "reopened", "paid"]
    assert shop.counts() == (0, 0, 2)


def test_a_payment_that_comes_too_late_says_to_give_it_back(shop):
    order, cancelled = shop.place(A=1), shop.place(A=1)
    shop.cancel(cancelled)
    expire(shop, order)
    shop.place(A=2)
    for late in (order, cancelled):
        with pytest.raises(Conflict, match="give"):
            shop.pay(late)
    assert shop.status(order, cancelled) == ["cancelled", "cancelled"]
    assert [step for step, _ in shop.steps(order)] == ["placed", "expired"]


def test_who_waited_gets_the_lot_that_is_on_sale_then(counter):
    shop = counter(A=lot("OLD", 1, stock=1), B=5)
    shop.place(A=1, paid=True)
    order = wait(shop, A=1, B=1)
    shop.take_in(A=lot("NEW", 0))
    assert batches(shop, order) == ["OLD", None]
    shop.move("A", "received", 1)
    assert shop.status(order) == ["placed"]
    assert batches(shop, order) == ["NEW", None], "a recall of this lot finds its buyer"


def test_nobody_in_line_is_given_what_is_past_its_shelf_life(counter):
    shop = counter(A=lot("OLD", 7, stock=1))
    first, order = shop.place(A=1), wait(shop, A=1)
    shop.take_in(A=lot("OLD", 8))
    shop.cancel(first)
    assert shop.status(order) == ["waitlisted"]
    shop.move("A", "wasted", 1)
    shop.take_in(A=lot("NEW", 0))
    shop.move("A", "received", 1)
    assert (shop.status(order), batches(shop, order)) == (["placed"], ["NEW"])


def test_a_late_payment_buys_the_lot_of_today_and_never_one_past_its_shelf_life(counter):
    shop = counter(A=lot("OLD", 7, stock=2))
    order, other = shop.place(A=1), shop.place(A=1)
    expire(shop, order)
    expire(shop, other)
    shop.take_in(A=lot("OLD", 8))
    with pytest.raises(Conflict, match="shelf life"):
        shop.pay(order)
    shop.take_in(A=lot("NEW", 0))
    shop.pay(other)
    assert (shop.status(order, other), batches(shop, other)) == (["cancelled", "paid"], ["NEW"])
