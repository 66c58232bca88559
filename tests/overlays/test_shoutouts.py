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


def test_a_new_one_waits_its_undo_time_and_can_be_taken_back_unseen(tmp_path):
    live = LiveStudio(tmp_path / "patient", shoutout_seconds=0.3, shoutout_undo_seconds=1).start()
    try:
        live.prepare_show()
        with live.listen("shoutout", "shoutouts", page="shoutout") as page:
            live.order("a")
            live.order("b", buyer="李叔叔")
            rows = page.wait("shoutouts", lambda rows: len(rows) == 2)
            assert [row["due_ms"] - row["queued_ms"] for row in rows] == [1000, 1000]
            live.call("POST", f"/shoutouts/{rows[0]['id']}/skip")
            current = page.wait("shoutout", shown("李*"))["current"]
            assert current["shown_ms"] - rows[1]["queued_ms"] >= 1000
            rows = page.wait("shoutouts", lambda rows: {row["state"] for row in rows} == {"ended", "skipped"})
            assert [row["showings"] for row in rows if row["state"] == "skipped"] == [0]
    finally:
        live.stop()


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


def test_a_shoutout_that_nobody_proved_before_a_kill_is_shown_again(live):
    with live.listen("shoutout", page="shoutout") as page:
        live.order("a")
        page.wait("shoutout", shown("张*"))
        live.kill()
    live.start()
    with live.listen("shoutouts", page="desk") as desk:
        first = desk.wait("shoutouts", lambda rows: rows[0]["state"] == "ended")[0]
        assert (first["showings"], first["acks"]) == (1, 0)
        with live.listen("shoutout", page="shoutout", role="overlay") as page:
            assert page.wait("shoutout", shown("张*"))["current"]["id"] == first["id"]
            page.say("ack", {"kind": "shoutout", "id": first["id"], "client": "obs-1"})
            row = desk.wait("shoutouts", lambda rows: rows[0]["acks"] == 1 and rows[0]["state"] == "ended")[0]
            assert row["showings"] == 2
        with live.listen("shoutout", page="shoutout"):
            assert desk.values["shoutouts"][0]["showings"] == 2


def test_words_that_are_no_proof_change_nothing(live):
    with live.listen("shoutouts") as desk, live.listen("shoutout", page="shoutout", role="overlay") as page:
        live.order("a")
        row = desk.wait("shoutouts", bool)[0]
        page.wait("shoutout", shown("张*"))
        good = {"kind": "shoutout", "id": row["id"], "client": "obs-1"}
        bad = ({"kind": "poll"}, {"id": "1"}, {"id": True}, {"id": -1}, {"id": 2**40}, {"id": row["id"] + 9})
        hostile = ({"client": ""}, {"client": "x" * 41}, {"client": "a\0b"}, {"client": 7}, {"client": None})
        for change in (*bad, *hostile):
            page.say("ack", {**good, **change})
        for nonsense in (None, [], "ack", 7, {}):
            page.say("ack", nonsense)
        desk.say("ack", {**good, "client": "no-overlay"})
        page.say("ack", good)
        page.say("ack", good)
        page.say("ack", {**good, "client": "obs-2"})
        assert desk.wait("shoutouts", lambda rows: rows[0]["acks"] == 2)[0]["acks"] == 2
        page.wait("shoutout", lambda value: value["current"] is None)
        live.order("b", buyer="李叔叔")
        rows = desk.wait("shoutouts", lambda rows: len(rows) == 2)
        assert next(one for one in rows if one["id"] == row["id"])["acks"] == 2


def test_nobody_but_operators_runs_the_queue(live):
    live.order("a")
    for path in ("pause", "1/skip", "1/restore", "1/replay", "1/priority"):
        live.call("POST", f"/shoutouts/{path}", {}, role="overlay", status=403)
    for body in ({}, {"priority": "1"}, {"priority": 1.5}, {"priority": 1001}, {"priority": True}, {"priority": None}):
        live.call("POST", "/shoutouts/1/priority", body, status=422)
    for path in ("restore", "replay"):
        live.call("POST", f"/shoutouts/99/{path}", status=404)


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
