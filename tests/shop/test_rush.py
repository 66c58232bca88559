"""Many buyers at once over real HTTP, a server killed in the middle: one sale a unit, nothing lost, nothing doubled."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from threading import Event

import pytest
import requests
from sqlalchemy import func, select

from studio.db import open_engine
from studio.overlays.models import Shoutout
from studio.shop import stock
from studio.shop.models import Order, Stock
from tests.live import LiveStudio

BUYERS = 200
ORDERS = 1000


@pytest.fixture
def live(tmp_path, database_url):
    studio = LiveStudio(tmp_path / "studio", database_url=database_url).start()
    yield studio
    studio.stop()


def body(paid=True):
    return {"buyer": "张阿姨", "lines": [{"sku": "MILK-950", "quantity": 1}], "paid": paid}


class Books:
    """What is in the database of a studio."""

    def __init__(self, live):
        url = live.settings.get("database_url") or f"sqlite:///{live.data_dir / 'studio.db'}"
        self.engine = open_engine(url)

    def __enter__(self):
        self.connection = self.engine.connect()
        return self

    def __exit__(self, *_exception):
        self.connection.close()
        self.engine.dispose()

    def orders(self):
        return {row.key: row for row in self.connection.execute(select(Order.__table__))}

    def shoutouts(self):
        rows = self.connection.execute(select(Shoutout.order_id, func.count()).group_by(Shoutout.order_id))
        return dict(rows.all())

    def shoutout_states(self):
        return set(self.connection.execute(select(Shoutout.state).distinct()).scalars())

    def balance(self, sku="MILK-950"):
        """(on hand, held, sold), which the ledger's movements add up to."""
        row = self.connection.execute(select(Stock.on_hand, Stock.held, Stock.sold).where(Stock.sku == sku)).one()
        from sqlalchemy.orm import Session  # noqa: PLC0415

        with Session(self.engine) as session:
            assert stock.ledger_totals(session)[sku] == tuple(row)
        return tuple(row)


def test_two_hundred_buyers_for_one_unit_make_one_sale_and_one_shoutout(live):
    live.prepare_show()
    live.call("POST", "/stock/MILK-950/movements", {"kind": "recount", "quantity": 1, "reason": "盘点"})
    deliveries = [f"buyer-{number}" for number in range(BUYERS)] * 2  # each delivery comes twice
    random.Random(1).shuffle(deliveries)
    token = live.token()

    def deliver(key):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        answer = requests.post(f"{live.url}/api/v1/orders", json=body(), headers=headers, timeout=60)
        return key, answer.status_code

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(deliver, deliveries))
    winners = {key for key, code in answers if code == 201}
    assert len(winners) == 1
    assert [code for key, code in answers if key in winners] == [201, 201]
    assert {code for key, code in answers if key not in winners} == {409}
    with Books(live) as books:
        orders = books.orders()
        assert set(orders) == winners
        assert books.balance() == (0, 0, 1)
        assert list(books.shoutouts().values()) == [1]


def test_payments_cancellations_and_refunds_in_any_order_and_twice_leave_each_order_in_one_state(live):
    live.prepare_show()
    token, chance = live.token(), random.Random(2)
    placed = [live.order(f"k{number}", paid=False)["id"] for number in range(20)]
    commands = [(order, step) for order in placed for step in ("pay", "cancel", "refund", "pay", "cancel", "pick-up")]
    chance.shuffle(commands)

    def send(command):
        order, step = command
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{step}-{order}"}
        given = {"reason": "坏了"} if step == "refund" else {}
        url = f"{live.url}/api/v1/orders/{order}/{step}"
        return requests.post(url, json=given, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(send, commands)) <= {200, 409}
    with Books(live) as books:
        rows = books.orders().values()
        sold = sum(row.status in {"paid", "picked_up"} for row in rows)
        assert {row.status for row in rows} <= {"paid", "picked_up", "cancelled", "refunded"}
        assert all(row.paid_fen == row.refunded_fen for row in rows if row.status == "refunded")
        fetched = sum(row.status == "refunded" and row.picked_ms is not None for row in rows)
        assert books.balance() == (120 - sold - fetched, 0, sold)
        assert set(books.shoutouts()) == {row.id for row in rows if row.paid_ms is not None}
        assert set(books.shoutouts().values()) <= {1}


def test_a_server_killed_in_the_middle_of_a_thousand_orders_loses_and_doubles_none(live):
    live.prepare_show()
    live.call("POST", "/stock/MILK-950/movements", {"kind": "recount", "quantity": ORDERS, "reason": "盘点"})
    acknowledged, numbers = {}, iter(range(ORDERS))
    half, back = Event(), Event()
    headers = {"Authorization": f"Bearer {live.token()}", "Content-Type": "application/json"}

    def buy():
        """Place orders; where no answer comes, the same again with the same key until one does."""
        connection = HTTPConnection("127.0.0.1", live.port, timeout=60)
        for number in numbers:
            key = f"k{number}"
            while key not in acknowledged:
                try:
                    given = {**headers, "Idempotency-Key": key}
                    connection.request("POST", "/api/v1/orders", json.dumps(body()), given)
                    answer = connection.getresponse()
                    content = answer.read()
                except (OSError, HTTPException):
                    connection.close()
                    back.wait()
                    continue
                assert answer.status == 201, content
                acknowledged[key] = json.loads(content)["id"]
            if len(acknowledged) >= ORDERS // 2:
                half.set()
        connection.close()

    with ThreadPoolExecutor(32) as pool:
        jobs = [pool.submit(buy) for _ in range(32)]
        half.wait()
        live.kill()
        survivors = dict(acknowledged)
        with Books(live) as books:
            kept = {key: row.id for key, row in books.orders().items()}
        live.start()
        back.set()
        for job in jobs:
            job.result()
    assert survivors.items() <= kept.items()
    assert ORDERS // 2 <= len(kept) < ORDERS
    with Books(live) as books:
        orders = books.orders()
        assert {key: row.id for key, row in orders.items()} == acknowledged
        assert len(orders) == ORDERS
        assert books.balance() == (0, 0, ORDERS)
        assert books.shoutouts() == {row.id: 1 for row in orders.values()}
        assert books.shoutout_states() <= {"queued", "shown", "ended"}, "each is pending or was shown"
