"""The board: undo, countdowns that do not restart, goals that the ledger counts, honest words of one lot."""

import time

import pytest

from studio.overlays.food_miles import bearing_deg, miles_topic, straight_km
from studio.transcribe.models import Highlight

MINUTE = 60_000


@pytest.fixture
def on_stage(api, dairy, studio):
    assert api("PUT", "/board/panel", {"panel": "trace"}).status_code == 409  # no show yet
    api("POST", "/catalogue", dairy)
    rundown = [{"title": item["name"], "sku": item["sku"]} for item in dairy]
    show = api("POST", "/shows", {"title": "t", "rundown": rundown}).json
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    return show


def now():
    return round(time.time() * 1000)


def test_every_part_is_undone_and_redone(api, on_stage, studio):
    first = {"title": "一百户", "measure": "households", "target": 100}
    api("PUT", "/board/goal", first)
    assert api("PUT", "/board/goal", {**first, "target": 200}).json["goal"]["target"] == 200
    assert api("POST", "/board/goal/undo").json["goal"] == {**first, "count": 0}
    assert api("POST", "/board/goal/undo").json["goal"]["target"] == 200
    assert api("DELETE", "/board/goal").json["goal"] is None
    assert api("POST", "/board/goal/undo").json["goal"]["target"] == 200
    assert api("POST", "/board/ticker/undo").status_code == 409
    assert api("POST", "/board/nothing/undo").status_code == 404
    assert api("PUT", "/board/panel", {"panel": "miles"}).json["panel"] == "miles"
    assert studio.state.get("panel") == "miles"
    assert api("PUT", "/board/panel", {"panel": "x"}).status_code == 422


def test_a_goal_counts_paid_orders_of_different_households_and_refunds_leave_it(api, on_stage, studio):
    def order(key, buyer, quantity, *, paid=True):
        body = {"buyer": buyer, "lines": [{"sku": "MILK-950", "quantity": quantity}], "paid": paid}
        return api("POST", "/orders", body, headers={"Idempotency-Key": key}).json["id"]

    order("a", "张阿姨", 2)
    order("b", "张阿姨", 1)
    refunded = order("c", "李叔", 3)
    order("d", "王姐", 5, paid=False)
    counts = {"orders": 3, "households": 2, "units": 6}
    for measure, count in counts.items():
        goal = api("PUT", "/board/goal", {"title": "g", "measure": measure, "target": 10}).json["goal"]
        assert goal["count"] == count
    api("POST", f"/orders/{refunded}/refund", {"reason": "坏了"}, headers={"Idempotency-Key": "r"})
    assert studio.state.get("goal")["count"] == 3


def test_a_countdown_is_real_says_when_it_was_moved_and_never_restarts(api, on_stage, studio, time_machine):
    ends = now() + 20 * MINUTE
    begin = {"title": "截单", "ends_ms": ends}
    assert api("PUT", "/board/countdown", {"title": "截单", "ends_ms": now() - 1}).status_code == 422
    assert api("PUT", "/board/countdown", {"title": "截单", "ends_ms": now() + 25 * 60 * MINUTE}).status_code == 422
    assert not api("PUT", "/board/countdown", begin).json["countdown"]["moved"]
    moved = api("PUT", "/board/countdown", {"title": "截单", "ends_ms": ends + 5 * MINUTE}).json["countdown"]
    assert moved["moved"]
    api("DELETE", "/board/countdown")
    assert api("PUT", "/board/countdown", begin).json["countdown"]["moved"]  # taking it off hides nothing
    time_machine.move_to((ends + 1) / 1000)
    again = api("PUT", "/board/countdown", {"title": "截单", "ends_ms": ends + 10 * MINUTE})
    assert again.status_code == 409
    assert api("PUT", "/board/countdown", {"title": "抽奖", "ends_ms": ends + 10 * MINUTE}).status_code == 200


def test_honest_words_stand_on_their_own_lot_only(api, on_stage, studio, dairy):
    fields = {"show_id": on_stage["id"], "start": 1.0, "end": 2.0}
    said = [
        Highlight(seq=1, product="MILK-950", kind="honest", text="这一批瓶盖印字有深有浅", **fields),
        Highlight(seq=2, product="YOG-1K", kind="honest", text="桶口有一点乳清", **fields),
        Highlight(seq=3, product="MILK-950", kind="fact", text="蛋白质三点四", **fields),
        Highlight(seq=4, product=None, kind="honest", text="今天来晚了", **fields),
    ]
    studio.writer.run(lambda unit: unit.session.add_all(said))
    assert api("POST", "/board/honesty", {"seq": 1}).json["honesty"]["notes"] == ["这一批瓶盖印字有深有浅"]
    answer = api("POST", "/board/honesty", {"seq": 2}).json
    assert answer["honesty"]["notes"] == ["这一批瓶盖印字有深有浅"]
    assert [note["sku"] for note in answer["notes"]] == ["MILK-950", "YOG-1K"]
    assert api("POST", "/board/honesty", {"seq": 3}).status_code == 404
    assert api("POST", "/board/honesty", {"seq": 4}).status_code == 409
    newer = [{**dairy[0], "batch": "20261123A", "defects": ["奶皮厚一点"], "certificates": []}]
    api("POST", "/catalogue", newer)
    assert studio.state.get("honesty")["notes"] == []  # another lot
    assert studio.state.get("honesty")["defects"] == ["奶皮厚一点"]
    assert api("DELETE", "/board/honesty/1").json["notes"][0]["seq"] == 2
    assert api("DELETE", "/board/honesty/1").status_code == 404


def test_ticker_lines_and_pickup_points(api, on_stage, studio):
    api("POST", "/pickup-points", {"name": "东门", "address": "1 号", "hours": "16-20", "active": True})
    api("PUT", "/board/ticker", {"texts": [" 今晚截单 "], "pickup": True})
    assert studio.state.get("ticker") == {
        "texts": ["今晚截单"],
        "points": [{"name": "东门", "address": "1 号", "hours": "16-20"}],
    }
    assert api("PUT", "/board/ticker", {"texts": ["字" * 81]}).status_code == 422
    assert api("PUT", "/board/ticker", {"texts": ["x"]}, role="overlay").status_code == 403


def test_food_miles_are_the_great_circle_and_unknown_without_a_place(api, on_stage, studio):
    shanghai, beijing = (31.2304, 121.4737), (39.9042, 116.4074)
    assert straight_km(shanghai, beijing) == pytest.approx(1067, abs=1)  # as any great-circle table has it
    assert bearing_deg((0.0, 0.0), (0.0, 1.0)) == pytest.approx(90)
    assert studio.state.get("miles")["km"] is None
    assert api("PUT", "/community", {"name": "梧桐苑", "latitude": 31.2304, "longitude": 121.4737}).status_code == 200
    assert studio.state.get("miles")["km"] == pytest.approx(48.3, abs=0.3)
    assert "community_latitude = 31.2304" in (studio.settings.data_dir / "studio.toml").read_text("utf-8")
    assert (
        miles_topic({"sku": "A", "name": "a", "lot": None}, {"name": "x", "latitude": 1.0, "longitude": 1.0})["km"]
        is None
    )
