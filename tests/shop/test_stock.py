import gevent
import pytest
from sqlalchemy import select

from studio.errors import BadInput, Conflict, NotFound, OutOfStock
from studio.events import StockChanged
from studio.shop import life, orders, search, stock
from studio.shop.models import Stock
from studio.shop.orders import Line


@pytest.fixture
def shop(studio, api, dairy):
    assert api("POST", "/catalogue", dairy).status_code == 200
    return studio


def counts(studio):
    with studio.database.reading() as session:
        return {row.sku: (row.on_hand, row.held, row.sold) for row in session.scalars(select(Stock))}


def ledger(studio):
    with studio.database.reading() as session:
        return stock.ledger_totals(session)


def place(studio, key, quantity, *, paid, sku="MILK-950", buyer="张"):
    return studio.writer.run(
        lambda unit: orders.place(
            unit, key=key, buyer=buyer, lines=[Line(sku, quantity)], paid=paid, source="test", show_id=None, at=1
        )
    )


def test_catalogue_opens_the_ledger_and_a_second_import_leaves_it_alone(shop, api, dairy):
    place(shop, "a", 20, paid=True)
    dairy[0]["price_fen"] = 1490
    assert api("POST", "/catalogue", dairy).status_code == 200
    assert counts(shop)["MILK-950"] == (100, 0, 20)
    assert ledger(shop) == counts(shop)
    assert api("GET", "/products").json["products"][0]["price_fen"] == 1490


def test_two_hundred_buyers_for_one_unit_make_one_sale(shop):
    shop.writer.run(lambda unit: stock.move_by_hand(unit, "MILK-950", "recount", 1, reason="盘点", at=1))
    jobs = [gevent.spawn(place, shop, f"k{number}", 1, paid=True) for number in range(200)]
    gevent.joinall(jobs)
    assert sum(job.successful() for job in jobs) == 1
    assert {type(job.exception) for job in jobs if not job.successful()} == {OutOfStock}
    assert counts(shop)["MILK-950"] == (0, 0, 1)
    assert ledger(shop) == counts(shop)


def test_an_order_takes_all_its_lines_or_none(shop):
    lines = [Line("CHEESE-200", 2), Line("MILK-950", 121)]
    with pytest.raises(OutOfStock) as caught:
        shop.writer.run(
            lambda unit: orders.place(
                unit, key="x", buyer="李", lines=lines, paid=True, source="test", show_id=None, at=1
            )
        )
    assert caught.value.details["available"] == 120
    assert counts(shop)["CHEESE-200"] == (40, 0, 0)
    assert ledger(shop) == counts(shop)
    with shop.database.reading() as session:
        assert search.find(session, search.Search(), limit=10) == []


def test_repeated_skus_of_an_order_are_summed(shop):
    lines = [Line("CHEESE-200", 30), Line("CHEESE-200", 30)]
    with pytest.raises(OutOfStock):
        shop.writer.run(
            lambda unit: orders.place(
                unit, key="x", buyer="李", lines=lines, paid=False, source="test", show_id=None, at=1
            )
        )


def test_a_hold_becomes_a_sale_once_and_a_refund_comes_back_once(shop):
    order = place(shop, "a", 5, paid=False)
    assert counts(shop)["MILK-950"] == (120, 5, 0)
    for _ in range(2):
        shop.writer.run(lambda unit: life.pay(unit, order, via="wechat", by="host", at=2))
        assert counts(shop)["MILK-950"] == (115, 0, 5)
    for _ in range(2):
        shop.writer.run(lambda unit: life.cancel(unit, order, by="host", at=3))
        assert counts(shop)["MILK-950"] == (120, 0, 0)
    with pytest.raises(Conflict):
        shop.writer.run(lambda unit: life.pay(unit, order, via="wechat", by="host", at=4))
    assert ledger(shop) == counts(shop)


def test_waste_and_recount_may_not_touch_what_buyers_hold(shop):
    place(shop, "a", 100, paid=False)
    for kind, quantity in (("wasted", 21), ("recount", 99)):
        with pytest.raises(OutOfStock):
            shop.writer.run(
                lambda unit, kind=kind, quantity=quantity: stock.move_by_hand(
                    unit, "MILK-950", kind, quantity, reason="坏了", at=1
                )
            )
    assert counts(shop)["MILK-950"] == (120, 100, 0)


def test_every_movement_is_announced_with_the_counts_after_it(shop):
    heard = []
    shop.bus.listen(StockChanged, heard.append)
    place(shop, "a", 2, paid=False)
    place(shop, "b", 3, paid=True)
    assert [(event.on_hand, event.held, event.sold) for event in heard] == [(120, 2, 0), (117, 2, 3)]


def test_unknown_skus_are_named(shop):
    with pytest.raises(BadInput, match="NOPE"):
        place(shop, "a", 1, paid=True, sku="NOPE")
    with pytest.raises(NotFound, match="NOPE"):
        shop.writer.run(lambda unit: stock.move_by_hand(unit, "NOPE", "received", 1, reason="到货", at=1))
