"""Two servers on one database: they take turns, so that keys, caps and the line hold across both."""

import gevent
import pytest

from studio.app import create_app
from studio.errors import OutOfStock, OverCap
from tests.shop.counter import Counter


@pytest.fixture
def settings(both_databases):
    return both_databases


@pytest.fixture
def servers(studio, settings, tmp_path):
    """Two counters, the second's studio on the database of the first's."""
    other = settings.model_copy(update={"data_dir": tmp_path / "other", "database_url": settings.database})
    second = create_app(other).extensions["studio"]
    yield Counter(studio), Counter(second)
    second.stop()


def at_once(jobs):
    jobs = [gevent.spawn(job) for job in jobs]
    gevent.joinall(jobs)
    return jobs


def test_the_same_orders_at_two_servers_are_placed_once(servers):
    servers[0].take_in(A=10)
    jobs = at_once([(lambda shop=shop, n=n: shop.place(f"k{n}", A=1)) for n in range(30) for shop in servers])
    placed = {job.value for job in jobs if job.successful()}
    assert len(placed) == 10
    assert {type(job.exception) for job in jobs if not job.successful()} == {OutOfStock}
    assert servers[1].counts() == (10, 10, 0)


def test_a_buyer_at_two_servers_gets_no_more_than_the_cap(servers):
    servers[0].take_in(A={"stock": 50, "cap_per_buyer": 3})
    buyer = servers[0].buyer()
    jobs = at_once(
        [(lambda shop=shop, n=n: shop.place(f"{n}", buyer_id=buyer, A=1)) for n, shop in enumerate(servers * 10)]
    )
    assert sum(job.successful() for job in jobs) == 3
    assert {type(job.exception) for job in jobs if not job.successful()} == {OverCap}


def test_who_joins_the_line_at_one_server_is_served_by_the_other(servers):
    first, second = servers
    first.take_in(A=5)
    holding = [first.place(A=1) for _ in range(5)]
    at_once(
        [(lambda n=n: second.place(f"w{n}", A=1, waitlist=True)) for n in range(10)]
        + [(lambda order=order: first.cancel(order)) for order in holding]
    )
    statuses = [order.status for order in first.orders()]
    assert (statuses.count("placed"), statuses.count("waitlisted")) == (5, 5)
    assert first.counts() == (5, 5, 0)
