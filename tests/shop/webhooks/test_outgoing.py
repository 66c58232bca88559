"""Outgoing webhooks against a real HTTP server of the test's, which fails and recovers."""

import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread

import pytest
from sqlalchemy import update

from studio.shop.webhooks import sender
from studio.shop.webhooks.models import OutboxEvent
from studio.shop.webhooks.signatures import Keys, check
from studio.types import now_ms
from tests.live import LiveStudio
from tests.shop.webhooks.bodies import order

PATIENCE_S = 40
SECRET_OUT = "outgoing-secret"


class Listener:
    """Hears deliveries; `status` is what it answers, `verify` checks the signature of each."""

    def __init__(self):
        self.status = 200
        self.heard = Queue()
        self.refused = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = listener.status(json.loads(body)) if callable(listener.status) else listener.status
                if status < 300:
                    listener.heard.put((dict(self.headers), body))
                else:
                    listener.refused += 1
                self.send_response(status)
                if status in {301, 302}:
                    self.send_header("Location", f"{listener.url}/elsewhere")
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/in"
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next(self, kind=None):
        """The next delivery (of this kind), checked: its document."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                headers, body = self.heard.get(timeout=max(0.01, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"no {kind} came") from None
            lower = {name.lower(): value for name, value in headers.items()}
            check("generic", lower, body, Keys((SECRET_OUT,)), now=now_ms())
            document = json.loads(body)
            document["key"] = lower["idempotency-key"]
            if kind is None or document["event"] == kind:
                return document


class HastyStudio(LiveStudio):
    """Waits a tenth of a second where the studio waits five."""

    def script(self, settings):
        hasty = "from studio.shop.webhooks import sender\nsender.FIRST_PAUSE_S = 0.1\n"
        return f"import studio.server\n{hasty}{super().script(settings)}"


@pytest.fixture
def listener():
    server = Listener()
    yield server
    server.close()


@pytest.fixture
def live(tmp_path, database_url):
    studio = HastyStudio(tmp_path / "studio", database_url=database_url).start()
    studio.prepare_show()
    yield studio
    studio.stop()


@pytest.fixture
def quick(tmp_path):
    """On SQLite only."""
    studio = HastyStudio(tmp_path / "studio").start()
    studio.prepare_show()
    yield studio
    studio.stop()


def add(live, listener):
    return live.call("POST", "/webhooks/targets", {"url": listener.url, "secret": SECRET_OUT})["id"]


def target(live):
    return live.call("GET", "/webhooks")["targets"][0]


def test_life_of_an_order_is_told_in_order_signed_and_without_a_name(live, listener):
    add(live, listener)
    live.order("k1", buyer="张伟强", paid=False)
    live.call("POST", "/orders/1/pay", {})
    live.call("POST", "/orders/1/pack")
    live.call("POST", "/orders/1/refund", {"reason": "坏了"}, headers={"Idempotency-Key": "r1"})
    told = []
    while "order.cancelled" not in told:
        document = listener.next()
        if document["event"].startswith("order."):
            told.append(document["event"])
            assert "张" not in json.dumps(document, ensure_ascii=False)
    assert told[:3] == ["order.placed", "order.paid", "order.advanced"]
    assert set(told[3:]) == {"order.refunded", "order.cancelled"}
    assert document["order"]["total"] == "15.90"
    assert document["order"]["refunded"] == "15.90"
    assert document["order"]["lines"][0]["sku"] == "MILK-950"


def test_stock_is_told_once_a_second_with_its_latest_counts(live, listener):
    add(live, listener)
    before = live.call("GET", "/stock")["items"]["MILK-950"]
    for number in range(6):
        live.order(f"k{number}")
    counts = listener.next("stock.changed")["stock"]
    while counts["sold"] < 6:  # a slow machine: the first second ended before the last order
        counts = listener.next("stock.changed")["stock"]
    assert counts == {
        "sku": "MILK-950",
        "on_hand": before["on_hand"] - 6,
        "held": 0,
        "sold": 6,
        "available": before["available"] - 6,
    }
    assert live.call("GET", "/webhooks")["targets"][0]["dead"] == 0


def test_target_that_was_away_gets_everything_in_order(live, listener):
    listener.status = 503
    add(live, listener)
    for number in range(4):
        live.order(f"k{number}", sku="YOG-1K")
    with live.listen("webhooks") as page:
        page.wait("webhooks", lambda value: value["targets"][0]["last_failure"] == "HTTP 503", PATIENCE_S)
    assert target(live)["waiting"] >= 4
    live.kill()
    listener.status = 200
    live.start()
    numbers = [listener.next("order.paid")["order"]["number"] for _order in range(4)]
    assert numbers == ["L000001", "L000002", "L000003", "L000004"]
    with live.listen("webhooks") as page:
        page.wait("webhooks", lambda value: value["targets"][0]["waiting"] == 0, PATIENCE_S)


def test_refused_delivery_is_tried_again_alone(quick, listener):
    listener.status = lambda body: 422 if body.get("order", {}).get("number") == "L000001" else 200
    add(quick, listener)
    quick.order("k1")
    quick.order("k2")
    assert listener.next("order.paid")["order"]["number"] == "L000002"
    listener.status = 200
    late = listener.next("order.paid")
    assert late["order"]["number"] == "L000001"
    assert target(quick)["enabled"]


def test_redirect_is_not_followed(quick, listener):
    listener.status = 302
    add(quick, listener)
    answer = quick.call("POST", "/webhooks/targets/1/test")
    assert (answer["ok"], answer["status"]) == (False, 302)


def test_gone_switches_the_target_off(quick, listener):
    listener.status = 410
    add(quick, listener)
    quick.order("k1")
    with quick.listen("webhooks") as page:
        page.wait("webhooks", lambda value: not value["targets"][0]["enabled"], PATIENCE_S)


def test_nothing_is_written_while_no_target_is_enabled(quick, listener):
    quick.order("k1")
    target_id = add(quick, listener)
    quick.call("PUT", f"/webhooks/targets/{target_id}", {"enabled": False})
    quick.order("k2")
    quick.call("PUT", f"/webhooks/targets/{target_id}", {"enabled": True})
    quick.order("k3")
    assert listener.next("order.paid")["order"]["number"] == "L000003"


def test_deleted_target_takes_its_waiting_deliveries_along(live, listener):
    listener.status = 500
    target_id = add(live, listener)
    live.order("k1")
    live.call("DELETE", f"/webhooks/targets/{target_id}")
    assert live.call("GET", "/webhooks")["targets"] == []
    live.order("k2")


def test_silent_target_is_given_up_on_in_time(quick):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        quick.call("POST", "/webhooks/targets", {"url": url, "secret": SECRET_OUT})
        began = time.monotonic()
        answer = quick.call("POST", "/webhooks/targets/1/test")
    assert (answer["ok"], answer["status"]) == (False, 0)
    assert sender.TIMEOUT_S - 1 < time.monotonic() - began < 3 * sender.TIMEOUT_S


def test_one_studio_follows_another(tmp_path, quick):
    """What one tells, the other's generic source understands."""
    follower = LiveStudio(tmp_path / "follower").start()
    try:
        follower.prepare_show()
        follower.call("PUT", "/webhooks/sources/generic", {"enabled": True, "secret": SECRET_OUT})
        body = {"url": f"{follower.url}/hooks/generic", "secret": SECRET_OUT}
        quick.call("POST", "/webhooks/targets", body)
        quick.order("k1", quantity=3)
        with follower.listen("orders") as page:
            page.wait("orders", lambda value: value["paid"] == 1, PATIENCE_S)
        assert follower.call("GET", "/stock")["items"]["MILK-950"]["sold"] == 3
        lines = [{"sku": "MILK-950", "quantity": 1, "restock": True}]
        quick.call("POST", "/orders/1/refund", {"lines": lines, "reason": "坏了"}, headers={"Idempotency-Key": "r1"})
        with follower.listen("stock") as page:
            page.wait("stock", lambda value: value["items"]["MILK-950"]["sold"] == 2, PATIENCE_S)
        quick.call("POST", "/orders/1/cancel", {"reason": "撤单"})
        with follower.listen("stock") as page:
            page.wait("stock", lambda value: value["items"]["MILK-950"]["sold"] == 0, PATIENCE_S)
    finally:
        follower.stop()


def test_delivery_of_a_day_ago_is_dead_and_lets_the_next_pass(small_shop, listener):
    """The clock cannot be waited for: the row's creation is set back."""
    shop, part = small_shop, next(p for p in small_shop.studio.parts if isinstance(p, sender.Sender))
    shop.call("POST", "/webhooks/targets", {"url": listener.url, "secret": SECRET_OUT})
    for number in (1, 2):
        shop.deliver("generic", order("generic", number, lines=[("YOG-1K", 1, "1.00")]))
    old = update(OutboxEvent).where(OutboxEvent.subject == "L000001").values(created_ms=now_ms() - 25 * 3_600_000)
    shop.studio.writer.run(lambda unit: unit.connection.execute(old) and None)
    listener.status = lambda body: 400 if body.get("order", {}).get("number") == "L000001" else 200
    part._send_due(1)
    assert listener.next("order.paid")["order"]["number"] == "L000002"
    assert shop.call("GET", "/webhooks").json["targets"][0]["dead"] == 1


def test_pauses_double_and_end_at_an_hour():
    pauses = [sender.pause_s(attempts) for attempts in (1, 2, 3, 30)]
    assert 4 <= pauses[0] <= 6
    assert 8 <= pauses[1] <= 12
    assert 16 <= pauses[2] <= 24
    assert 2880 <= pauses[3] <= 4320
