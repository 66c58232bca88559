"""Shout-outs against a real server: only paid orders, one after another, none lost."""

import pytest

from tests.live import LiveStudio


@pytest.fixture
def live(tmp_path):
    studio = LiveStudio(tmp_path / "studio", shoutout_seconds=0.3).start()
    studio.prepare_show()
    yield studio
    studio.stop()


def shown(buyer):
    return lambda value: value["current"] is not None and value["current"]["who"] == buyer


def test_a_paid_order_is_shown_masked_while_an_overlay_is_there(live):
    with live.listen("shoutout") as operator:
        live.order("a", buyer="张阿姨", quantity=2)
        operator.wait("shoutout", lambda value: value["waiting"] == 1)
        with live.listen("shoutout", role="overlay", page="shoutout"):
            current = operator.wait("shoutout", shown("张*"))["current"]
            assert (current["product"], current["quantity"], current["more"]) == ("巴氏鲜牛奶", 2, 0)
            assert current["until_ms"] - current["shown_ms"] == 300
            operator.wait("shoutout", lambda value: value["current"] is None and value["waiting"] == 0)


def test_an_unpaid_order_is_not_announced_until_it_is_paid(live):
    order = live.order("a", paid=False)
    with live.listen("shoutout", page="shoutout") as page:
        assert page.values["shoutout"] == {"current": None, "waiting": 0, "paused": False, "unseen": False}
        live.call("POST", f"/orders/{order['id']}/pay", {})
        page.wait("shoutout", shown("张*"))


def test_the_queue_pauses_skips_and_retracts(live):
    live.call("POST", "/shoutouts/pause", {"paused": True})
    orders = [live.order(f"k{number}", buyer=f"{name}姐") for number, name in enumerate("甲乙丙")]
    with live.listen("shoutout", page="shoutout") as page:
        assert page.values["shoutout"] == {"current": None, "waiting": 3, "paused": True, "unseen": False}
        live.call("POST", f"/orders/{orders[0]['id']}/cancel", {})
        page.wait("shoutout", lambda value: value["waiting"] == 2)
        live.call("POST", "/shoutouts/2/skip")
        page.wait("shoutout", lambda value: value["waiting"] == 1)
        live.call("POST", "/shoutouts/pause", {"paused": False})
        page.wait("shoutout", shown("丙*"))
        live.call("POST", f"/orders/{orders[2]['id']}/cancel", {})
        page.wait("shoutout", lambda value: value["current"] is None)


def test_a_pause_and_the_queue_survive_a_kill(live):
    live.call("POST", "/shoutouts/pause", {"paused": True})
    live.order("a")
    live.kill()
    live.start()
    with live.listen("shoutout", page="shoutout") as page:
        assert page.values["shoutout"] == {"current": None, "waiting": 1, "paused": True, "unseen": False}
        live.call("POST", "/shoutouts/pause", {"paused": False})
        page.wait("shoutout", shown("张*"))


def test_a_shoutout_on_screen_at_a_kill_is_not_shown_twice(live):
    with live.listen("shoutout", page="shoutout") as page:
        live.order("a")
        first = page.wait("shoutout", shown("张*"))["current"]
    live.kill()
    live.start()
    with live.listen("shoutout", page="shoutout") as page:
        value = page.wait("shoutout", lambda value: value["current"] is None or value["current"]["id"] == first["id"])
        if value["current"]:
            assert value["current"]["shown_ms"] == first["shown_ms"]
        page.wait("shoutout", lambda value: value["current"] is None and value["waiting"] == 0)


def test_an_order_without_a_live_show_is_not_announced(tmp_path):
    live = LiveStudio(tmp_path / "quiet").start()
    try:
        live.prepare_show(live=False)
        live.order("a")
        with live.listen("shoutout", page="shoutout") as page:
            assert page.values["shoutout"] == {"current": None, "waiting": 0, "paused": False, "unseen": False}
    finally:
        live.stop()


def test_skipping_an_unknown_one_is_not_found(live):
    live.call("POST", "/shoutouts/99/skip", status=404)
