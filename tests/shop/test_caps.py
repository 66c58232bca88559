"""The most that one buyer may have of a product in a show."""

import pytest

from studio.errors import Conflict, OverCap
from studio.shop import holds
from tests.shop.counter import NOON


@pytest.fixture
def settings(both_databases):
    return both_databases


@pytest.fixture
def shop(counter):
    return counter(A={"stock": 20, "cap_per_buyer": 3}, B=20)


def refused(shop, **given):
    with pytest.raises(OverCap) as caught:
        shop.place(**given)
    return caught.value.details


def test_a_buyer_gets_no_more_than_the_cap_over_all_orders_of_a_show(shop):
    buyer = shop.buyer()
    shop.place(A=2, B=9, buyer_id=buyer, show_id=1)
    assert refused(shop, A=2, buyer_id=buyer, show_id=1) == {"sku": "A", "cap": 3, "allowed": 1}
    shop.place(A=1, buyer_id=buyer, show_id=1)
    assert refused(shop, A=1, buyer_id=buyer, show_id=1)["allowed"] == 0
    assert shop.counts() == (20, 3, 0)
    shop.place(A=3, buyer_id=buyer, show_id=2)
    shop.place(A=3, buyer_id=buyer)
    shop.place(A=3, buyer_id=shop.buyer("李姐"), show_id=1)


def test_one_phone_is_one_buyer(shop):
    first, second = shop.buyer(mark="m" * 64), shop.buyer("也是张阿姨", mark="m" * 64)
    shop.place(A=2, buyer_id=first)
    assert refused(shop, A=2, buyer_id=second)["allowed"] == 1


def test_a_name_alone_is_nobody_in_particular(shop):
    shop.place(A=3)
    shop.place(A=3)
    assert refused(shop, A=4)["allowed"] == 3


def test_what_was_cancelled_refunded_or_returned_does_not_count_but_what_waits_does(shop):
    buyer = shop.buyer()
    shop.cancel(shop.place(A=3, buyer_id=buyer))
    shop.refund(shop.place(A=3, buyer_id=buyer, paid=True))
    part = shop.place(A=2, buyer_id=buyer, paid=True)
    shop.refund(part, "part", lines=[("A", 1, True)])
    shop.move("A", "recount", 1)
    assert shop.status(shop.place(A=2, buyer_id=buyer, waitlist=True)) == ["waitlisted"]
    assert refused(shop, A=1, buyer_id=buyer, waitlist=True)["allowed"] == 0


def test_a_second_delivery_of_the_same_order_is_no_second_order(shop):
    buyer = shop.buyer()
    assert shop.place("k", A=3, buyer_id=buyer) == shop.place("k", A=3, buyer_id=buyer)


def test_a_late_payment_does_not_go_beyond_the_cap(shop):
    buyer = shop.buyer()
    late = shop.place(A=2, buyer_id=buyer, hold_ms=1)
    shop.run(lambda unit: holds.expire(unit, late, at=NOON + 1))
    again = shop.place(A=2, buyer_id=buyer)
    with pytest.raises(Conflict, match="money back"):
        shop.pay(late)
    shop.cancel(again)
    shop.pay(late)
    assert shop.status(late) == ["paid"]
