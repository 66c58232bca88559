"""开播检查: what blocks a show, what only warns, and what is kept when the host goes live all the same."""

import time

import pytest
from sqlalchemy import text

from studio.events import AudioLevel, EarStatus, ObsChanged
from studio.shows.preflight import Sound, Speed, check_disk, check_model, check_obs, check_sound
from studio.types import Ms, now_ms
from studio.wiring.preflight import Preflight
from tests.live import fresh_dairy


@pytest.fixture
def plan(api):
    """plan(points=[…], catalogue=None) → a draft on the milk with these talking points."""
    api("POST", "/catalogue", fresh_dairy())

    def make(*points, sku="MILK-950", **item):
        rundown = [{"title": "鲜奶", "sku": sku, "points": list(points), **item}]
        return api("POST", "/shows", {"title": "周三", "rundown": rundown}).json["id"]

    return make


@pytest.fixture
def checks(api):
    def look(show_id):
        answer = api("GET", f"/shows/{show_id}/preflight", role="moderator")
        assert answer.status_code == 200, answer.text
        return {check["name"]: check for check in answer.json["checks"]}

    return look


def test_a_sound_plan_goes_live_with_what_is_unknown_in_amber(api, plan, checks, studio):
    show_id = plan("早上五点挤的")
    found = checks(show_id)
    assert list(found) == [
        "obs", "overlays", "sound", "model", "disk", "labels", "cold_chain", "stock", "prices", "script",
    ]  # fmt: skip
    assert found["cold_chain"]["level"] == "amber"
    assert "未知" in found["cold_chain"]["lines"][0]["zh"]
    assert found["stock"]["level"] == "green"  # it came in today, with the catalogue
    assert {name for name, check in found.items() if check["level"] == "red"} == set()
    assert studio.state.get("preflight")["checks"] == list(found.values())
    assert api("POST", f"/shows/{show_id}/live").status_code == 200
    assert studio.state.get("preflight") is None


def test_one_red_item_blocks_and_only_a_reason_of_the_host_opens_and_is_kept(api, app, plan, studio):
    show_id = plan("这款奶增强免疫力")
    refused = api("POST", f"/shows/{show_id}/live")
    assert (refused.status_code, refused.json["code"]) == (409, "not-ready")
    assert [check["name"] for check in refused.json["checks"]] == ["script"]
    assert "增强免疫力" in refused.json["detail"]
    for reason in ("", "   ", "x", 5, "长" * 301):
        assert api("POST", f"/shows/{show_id}/live", {"override": reason}).status_code == 422
    assert api("POST", f"/shows/{show_id}/live", {"override": "已改口"}, role="producer").status_code == 403
    assert api("GET", f"/shows/{show_id}").json["status"] == "draft"
    assert api("POST", f"/shows/{show_id}/live", {"override": "<b>已改口</b>"}).status_code == 200
    client = app.test_client()
    client.get(f"/login?token={studio.tokens.of('host')}")
    page = client.get(f"/review/{show_id}", headers={"Accept-Language": "zh"}).text
    assert "&lt;b&gt;已改口&lt;/b&gt;" in page
    assert "增强免疫力" in page


@pytest.mark.parametrize(
    ("point", "check", "level"),
    [
        ("全网最低", "script", "red"),
        ("这是有机奶", "script", "amber"),
        ("不能降血糖，只是奶", "script", "green"),
        ("原价三十块", "prices", "amber"),
        ("只剩3瓶了", "script", "red"),  # the ledger has 120
        ("最好放冰箱冷藏", "script", "green"),
    ],
)
def test_the_script_is_held_to_the_rules_of_the_live_guard(plan, checks, point, check, level):
    assert checks(plan(point))[check]["level"] == level


def test_a_price_is_held_against_real_sales(api, plan, checks, studio):
    plan()
    order = {"buyer": "张", "lines": [{"sku": "MILK-950", "quantity": 1}], "paid": True}
    assert api("POST", "/orders", order, headers={"Idempotency-Key": "one"}).status_code < 300
    yesterday = text("UPDATE orders SET paid_ms = paid_ms - 86400000")
    studio.writer.run(lambda unit: unit.connection.execute(yesterday))
    assert checks(plan("原价三十块"))["prices"]["level"] == "red"
    assert checks(plan("原价15.9元"))["prices"]["level"] == "green"


def test_labels_and_shelf_life_of_every_product_are_looked_at(api, plan, checks):
    assert checks(plan(sku="NOPE"))["labels"]["level"] == "red"
    old = {**fresh_dairy()[0], "sku": "OLD", "name": "陈奶", "batch": "X1", "produced_on": "2020-01-01"}
    api("POST", "/catalogue", [{"sku": "BARE", "name": "散装", "price_fen": 1}, old])
    bare, expired = checks(plan(sku="BARE"))["labels"], checks(plan(sku="OLD"))["labels"]
    assert (bare["level"], "产地" in bare["lines"][0]["zh"]) == ("red", True)
    assert (expired["level"], "2020-01-08" in expired["lines"][0]["zh"]) == ("red", True)
    assert checks(plan(sku="BARE"))["stock"]["level"] == "amber"


def test_stock_that_nobody_counted_today_is_amber(plan, checks, time_machine):
    show_id = plan()
    time_machine.move_to(time.time() + 24 * 3600)
    assert checks(show_id)["stock"]["level"] == "amber"


def test_stock_that_unpaid_orders_hold_is_named(api, plan, checks):
    api("POST", "/catalogue", [{"sku": "LAST", "name": "最后两盒", "price_fen": 1, "stock": 2}])
    order = {"buyer": "李姐", "paid_via": "cash", "lines": [{"sku": "LAST", "quantity": 2}]}
    assert api("POST", "/orders", order, headers={"Idempotency-Key": "k"}).status_code == 201
    found = checks(plan(sku="LAST"))["stock"]
    assert found["level"] == "amber"
    assert "2 份留给还没付款的订单" in found["lines"][0]["zh"]


def test_the_cold_chain_is_the_one_of_the_lots_record(api, plan, checks, studio):
    show_id = plan()
    batch = next(item["lot"]["batch"] for item in studio.state.get("catalogue") if item["sku"] == "MILK-950")
    now = now_ms()
    for celsius, since, level in ((4.0, 360, "green"), (-1.0, 240, "amber"), (15.0, 120, "red")):
        readings = [{"at": now - minutes * 60_000, "celsius": celsius} for minutes in range(since, since - 120, -10)]
        body = {"interval_s": 600, "readings": readings}
        assert api("POST", f"/lots/MILK-950/{batch}/temperatures", body).status_code < 300
        assert checks(show_id)["cold_chain"]["level"] == level


def test_obs_that_was_there_must_be_there(plan, checks, studio):
    show_id = plan(scene="厨房")
    assert checks(show_id)["obs"]["level"] == "amber"  # switched off in the settings
    studio.bus.publish(ObsChanged(state="connected", version="31.0", scenes=("主播",)))
    assert "厨房" in checks(show_id)["obs"]["lines"][0]["zh"]
    studio.bus.publish(ObsChanged(state="connected", version="31.0", scenes=("厨房",)))
    assert checks(show_id)["obs"]["level"] == "green"
    studio.bus.publish(ObsChanged(state="off", message_zh="连不上", message_en="away"))
    assert checks(show_id)["obs"]["level"] == "red"


def test_levels_have_their_limits():
    obs = {"state": "refused", "message_zh": "密码不对", "message_en": "wrong password"}
    assert check_obs(obs, (), expected=False).level == "red"
    assert [check_disk(size).level for size in (10**12, 10**9, 10**8)] == ["green", "amber", "red"]
    ear = {"state": "listening", "message_zh": "", "message_en": ""}
    factors = [check_model(ear, None, Speed("base", factor, Ms(0))).level for factor in (0.3, 0.8, 1.2)]
    assert factors == ["green", "amber", "red"]
    assert check_model(ear, ("缺", "missing"), None).level == "red"
    now = Ms(100_000)
    for sound, level in (
        (Sound(None, None, None), "amber"),
        (Sound(Ms(0), Ms(95_000), Ms(95_000)), "green"),
        (Sound(Ms(0), None, Ms(99_000)), "amber"),  # a quiet room
        (Sound(Ms(0), None, None), "red"),  # muted
        (Sound(Ms(95_000), None, None), "amber"),
    ):
        assert check_sound(ear, sound, now).level == level
    assert check_sound({**ear, "state": "failed"}, Sound(None, None, None), now).level == "red"


def test_speech_counts_as_heard_for_a_minute(studio, time_machine):
    time_machine.move_to(1_900_000_000)
    checks = Preflight(_Core(studio))
    checks.ear_status(EarStatus(state="listening", source="mic", model="base"))
    assert not checks.audio_level(AudioLevel(rms_db=-70, peak_db=-60))
    assert checks.audio_level(AudioLevel(rms_db=-30, peak_db=-10))
    time_machine.shift(30)
    assert not checks.audio_level(AudioLevel(rms_db=-30, peak_db=-10))  # no news


class _Core:
    """As much of a Core as the memory of the checks reads."""

    def __init__(self, studio):
        self.settings = studio.settings


@pytest.mark.speech
def test_the_speed_of_this_pc_is_measured_by_the_real_model(model_dir):
    from studio.config import asset_root  # noqa: PLC0415
    from studio.transcribe.speed import measure  # noqa: PLC0415 - loads the model's libraries

    factor = measure(model_dir, str(asset_root() / "scenes/demo/dairy.opus"))
    assert 0.001 < factor < 30
