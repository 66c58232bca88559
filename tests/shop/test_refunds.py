"""Money and units that come back: each once, never more than there was."""

import gevent
import pytest

from studio.errors import BadInput, Conflict
from studio.events import OrderCancelled, OrderRefunded


@pytest.fixture
def settings(both_databases):
    return both_databases


@pytest.fixture
def shop(counter):
    return counter(A=10, B={"price_fen": 333, "stock": 10})


def test_a_whole_refund_comes_back_once(shop):
    heard = []
    shop.studio.bus.listen(OrderRefunded, lambda event: heard.append((event.amount_fen, event.whole)))
    shop.studio.bus.listen(OrderCancelled, lambda event: heard.append(event.refunded))
    order = shop.place(A=4, B=1, paid=True)
    first = shop.refund(order)
    assert shop.refund(order) == first
    row = shop.order(order)
    assert (row.status, row.refunded_fen, [line.returned for line in row.lines]) == ("refunded", 733, [4, 1])
    assert (shop.counts("A"), shop.counts("B")) == ((10, 0, 0), (10, 0, 0))
    assert shop.movements()[-1] == ("returned", f"refund:{first}")
    assert heard == [(733, True), True]
    with pytest.raises(Conflict):
        shop.refund(order, "again")


def test_part_of_an_order_comes_back_and_the_rest_goes_on(shop):
    order = shop.place(A=4, paid=True)
    shop.refund(order, "one", lines=[("A", 1, True)])
    row = shop.order(order)
    assert (row.status, row.refunded_fen, row.due_fen, row.lines[0].returned) == ("paid", 100, 0, 1)
    assert shop.counts() == (7, 0, 3)
    shop.pack(order)
    shop.pick_up(order)
    shop.refund(order, "two", lines=[("A", 2, False)])
    assert shop.counts() == (7, 0, 1)
    assert [kind for kind, _ in shop.movements()] == ["received", "sold", "returned", "returned", "wasted"]
    shop.refund(order, "rest")
    assert shop.status(order) == ["refunded"]
    assert shop.counts() == (7, 0, 0)


def test_money_alone_moves_no_stock(shop):
    order = shop.place(A=4, paid=True)
    shop.refund(order, amount_fen=50)
    assert shop.counts() == (6, 0, 4)
    assert shop.status(order) == ["paid"]


def test_goods_that_never_left_the_shop_are_on_sale_again_when_all_money_is_back(shop):
    order = shop.place(A=4, paid=True)
    shop.refund(order, "half", amount_fen=150)
    shop.refund(order, "rest", amount_fen=250)
    assert shop.status(order) == ["refunded"]
    assert shop.counts() == (10, 0, 0)


def test_goods_that_were_fetched_are_not_on_sale_again_for_a_refund_of_money(shop):
    order = shop.place(A=4, paid=True)
    shop.pick_up(order)
    shop.refund(order, amount_fen=400)
    assert shop.status(order) == ["refunded"]
    assert shop.counts() == (6, 0, 4)


def test_units_of_an_uneven_price_add_up_to_the_fen(shop):
    from studio.shop.orders import Line  # noqa: PLC0415

    order = shop.place(lines=[Line("A", 2, 100), Line("A", 1, 99)], paid=True)
    shop.pick_up(order)
    for key in "abc":
        shop.refund(order, key, lines=[("A", 1, False)])
    assert shop.order(order).refunded_fen == 299


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"amount_fen": 401}, Conflict),
        ({"lines": [("A", 5, True)]}, Conflict),
        ({"lines": [("A", 3, True), ("A", 2, False)]}, Conflict),
        ({"lines": [("B", 1, True)]}, BadInput),
        ({"amount_fen": 0}, BadInput),
    ],
)
def test_no_more_comes_back_than_there_was(shop, given, error):
    order = shop.place(A=4, paid=True)
    with pytest.raises(error):
        shop.refund(order, **given)
    assert shop.counts() == (6, 0, 4)
    assert shop.order(order).refunded_fen == 0


def test_refunds_at_the_same_time_never_give_back_more_than_was_paid(shop):
    order = shop.place(A=4, paid=True)
    jobs = [gevent.spawn(shop.refund, order, f"k{number}", lines=[("A", 1, True)]) for number in range(20)]
    gevent.joinall(jobs)
    assert sum(job.successful() for job in jobs) == 4
    assert shop.order(order).refunded_fen == 400
    assert shop.counts() == (10, 0, 0)


def test_a_key_belongs_to_one_refund(shop):
    order, other = shop.place(A=4, paid=True), shop.place(A=1, paid=True)
    shop.refund(order, "k", amount_fen=10)
    for given in ((order, {"amount_fen": 20}), (other, {"amount_fen": 10})):
        with pytest.raises(Conflict):
            shop.refund(given[0], "k", **given[1])


def test_a_gift_is_refunded_when_its_units_are_back(counter):
    shop = counter(A={"price_fen": 0, "stock": 5})
    order = shop.place(A=2, paid=True)
    shop.refund(order, "one", lines=[("A", 1, True)])
    assert shop.status(order) == ["paid"]
    shop.refund(order, "two")
    assert shop.status(order) == ["refunded"]
    assert shop.counts() == (5, 0, 0)
