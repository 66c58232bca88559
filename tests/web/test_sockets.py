"""The wire contract, over a real socket to a real server."""

import json
from contextlib import contextmanager

import pytest
import websocket

from tests.live import DAIRY, LiveStudio


def test_subscribe_gives_whole_values_and_then_every_change(live):
    live.prepare_show()
    with live.listen("show", "product", "stock", "nonsense", role="overlay") as page:
        assert page.hello.keys() == {"build", "epoch", "role", "now"}
        assert page.values.keys() == {"show", "product", "stock"}
        assert page.values["product"]["sku"] == "MILK-950"
        before = page.revisions["stock"]
        live.order("a", quantity=3)
        stock = page.wait("stock", lambda value: value["items"]["MILK-950"]["sold"] == 3)
        assert stock["items"]["MILK-950"] == {"on_hand": 117, "held": 0, "sold": 3, "available": 117, "initial": 120}
        assert page.revisions["stock"] > before
        show = page.values["show"]
        live.call("POST", f"/shows/{show['id']}/take", {"item_id": show["next_item"]})
        assert page.wait("product", lambda value: value["sku"] == "YOG-1K")["lot"]["batch"] == DAIRY[1]["batch"]


def test_overlays_cannot_read_what_operators_read(live):
    live.prepare_show()
    live.order("a")
    with live.listen("orders", "transcript", "obs", "show", role="overlay") as page:
        assert page.values.keys() == {"show"}
    with live.listen("orders", role="moderator") as page:
        assert page.values["orders"]["recent"][0]["who"] == "张*"


ACCEPTED = ("40", "42")  # the hello may come before the acknowledgement


@contextmanager
def raw_socket(live, **options):
    """A bare WebSocket that has just read the server's Engine.IO greeting."""
    url = f"ws://127.0.0.1:{live.port}/socket.io/?EIO=4&transport=websocket"
    socket = websocket.create_connection(url, timeout=10, **options)
    try:
        assert socket.recv().startswith("0")
        yield socket
    finally:
        socket.close()


def first_answer(live, auth, **options):
    """What the server says first to a Socket.IO CONNECT packet; `44…` is a refusal."""
    with raw_socket(live, **options) as socket:
        socket.send("40" + json.dumps(auth))
        return socket.recv()


def test_strangers_are_refused(live):
    for auth in (None, {}, {"token": "wrong"}, {"token": 5}, {"token": ["x"]}, "text", [1]):
        assert first_answer(live, auth).startswith("44"), auth
    assert first_answer(live, {"token": live.token(), "page": "x"}).startswith(ACCEPTED)


def test_another_sites_page_is_refused(live):
    auth = {"token": live.token(), "page": "x"}
    with pytest.raises(websocket.WebSocketBadStatusException):
        first_answer(live, auth, origin="https://evil.example")
    assert first_answer(live, auth, host="evil.example", suppress_origin=True).startswith("44")


def test_a_strange_subscription_harms_nobody(live):
    with raw_socket(live) as socket:
        socket.send("40" + json.dumps({"token": live.token(), "page": 7}))
        for topics in (None, 5, "show", {"show": 1}, [["show"], 5, None], ["show"] * 1000):
            socket.send("420" + json.dumps(["subscribe", topics]))
            while not (answer := socket.recv()).startswith("430"):
                assert answer.startswith(ACCEPTED)
            (snapshot,) = json.loads(answer.removeprefix("430"))
            assert snapshot == {} or snapshot.keys() == {"show"}
    live.call("GET", "/shows")


def test_garbage_on_a_socket_ends_at_most_that_socket(live):
    with live.listen("show") as page:
        for message in ("", "x", "42", "42{", '42["subscribe"', "9" * 1000, "420[]", "450-", '42["topic",{}]'):
            with raw_socket(live) as socket:
                socket.send("40" + json.dumps({"token": live.token(), "page": "x"}))
                socket.send(message)
        live.prepare_show()
        page.wait("show", lambda value: value is not None)


def test_overlay_pages_are_counted_while_they_are_there(live):
    with live.listen("overlays") as operator:
        with live.listen("show", role="overlay", page="card"):
            operator.wait("overlays", lambda value: value == {"pages": {"card": 1}})
            with live.listen("show", role="overlay", page="card"):
                operator.wait("overlays", lambda value: value == {"pages": {"card": 2}})
        operator.wait("overlays", lambda value: value == {"pages": {}})


def test_a_killed_server_comes_back_with_everything_acknowledged(tmp_path):
    live = LiveStudio(tmp_path / "studio").start()
    try:
        live.prepare_show()
        acknowledged = [live.order(f"k{number}", quantity=1)["id"] for number in range(20)]
        with live.listen("show") as page:
            epoch = page.hello["epoch"]
        live.kill()
        live.start()
        with live.listen("show", "stock", "orders") as page:
            assert page.hello["epoch"] != epoch
            assert page.values["show"]["status"] == "live"
            assert page.values["stock"]["items"]["MILK-950"]["sold"] == len(acknowledged)
            assert page.values["orders"]["paid"] == len(acknowledged)
    finally:
        live.stop()


def test_a_second_studio_on_the_port_says_so_and_leaves_the_first_alone(live, tmp_path):
    other = LiveStudio(tmp_path / "other")
    other.port = live.port
    with pytest.raises(AssertionError, match="is in use"):
        other.start()
    live.call("GET", "/shows")
