"""The main job in one go: real OBS, real Chromium, real Whisper base, real buyers' orders, a crash in the middle."""

from pathlib import Path

import pytest

from tests.live import LiveStudio, fresh
from tests.obs.real_obs import RealObs

KITCHEN = Path(__file__).parents[1] / "shows"
CATALOGUE = fresh(KITCHEN / "kitchen.catalog.json")

pytestmark = [
    pytest.mark.xdist_group("obs"),
    pytest.mark.obs,
    pytest.mark.browser,
    pytest.mark.speech,
    pytest.mark.timeout(300),
]


@pytest.fixture
def obs(tmp_path):
    studio = RealObs(tmp_path / "obs", fps=10)
    try:
        yield studio.start()
    finally:
        studio.stop()


@pytest.fixture
def live(tmp_path, obs, model_dir):
    studio = LiveStudio(
        tmp_path / "studio",
        obs_enabled=True,
        obs_port=obs.port,
        obs_password=obs.password,
        ear_enabled=True,
        ear_source=str(KITCHEN / "kitchen.opus"),
        models_dir=str(model_dir.parent),
    ).start()
    yield studio
    studio.stop()


def item(product, scene):
    return {"title": product["name"], "sku": product["sku"], "scene": scene}


def test_a_host_runs_a_show_and_reads_it_afterwards(live, obs, chromium):
    eggs, cabbage, _ = CATALOGUE
    live.call("POST", "/catalogue", CATALOGUE)
    show = live.call("POST", "/shows", {"title": "厨房日记", "rundown": [item(eggs, "厨房"), item(cabbage, "牛奶")]})
    first, second = (entry["id"] for entry in show["rundown"])
    with live.listen("obs", "ear", "qa", "highlights", "shoutout", "transcript") as desk:
        desk.wait("obs", lambda value: value and value["state"] == "connected", timeout_s=30)
        desk.wait("ear", lambda value: value and value["state"] == "listening", timeout_s=60)
        live.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
        live.call("POST", "/ear/restart")  # the show begins: from the file's first second

        # OBS follows the rundown
        desk.wait("obs", lambda value: value["program"] == "厨房")
        page = chromium.new_page(viewport={"width": 1080, "height": 1920})
        page.goto(live.overlay_url("composite"))
        page.locator("[data-part=name]").filter(has_text=eggs["name"]).wait_for()

        # a neighbour orders: stock and shout-out follow
        live.order("one", buyer="王阿姨", sku=eggs["sku"], quantity=2)
        page.locator("[data-part=who]").filter(has_text="王*").wait_for()
        page.locator("[data-part=stock-number]").filter(has_text="78").wait_for()

        # the host speaks: captions, questions and answers, highlights
        page.locator("[data-overlay=caption]").filter(has_text="鸡蛋").wait_for(timeout=60_000)
        desk.wait("qa", lambda value: any(row["answer"] for row in value), timeout_s=60)
        desk.wait("highlights", lambda value: any(row["product"] == eggs["sku"] for row in value), timeout_s=30)

        # the next product, while OBS crashes and comes back
        obs.kill()
        desk.wait("obs", lambda value: value["state"] != "connected")
        live.call("POST", f"/shows/{show['id']}/take", {"item_id": second})
        page.locator("[data-part=name]").filter(has_text=cabbage["name"]).wait_for()
        obs.restart()
        desk.wait("obs", lambda value: value["state"] == "connected", timeout_s=30)
        live.call("POST", f"/shows/{show['id']}/take", {"item_id": first})
        desk.wait("obs", lambda value: value["program"] == "厨房")
        heard = len(desk.values["transcript"])

    # the server dies and comes back: the overlay goes on by itself, nothing heard is lost
    live.kill()
    live.start()
    page.locator("[data-part=name]").filter(has_text=eggs["name"]).wait_for()
    live.order("two", buyer="赵叔", sku=eggs["sku"])
    page.locator("[data-part=who]").filter(has_text="赵*").wait_for()
    page.close()

    live.call("POST", f"/shows/{show['id']}/end")
    kept = live.call("GET", f"/shows/{show['id']}/transcript")
    assert len(kept["segments"]) >= heard
    assert any("鸡蛋" in row["text"] for row in kept["segments"])
    assert any(row["product"] == eggs["sku"] for row in kept["highlights"])
    reviewer = chromium.new_page()
    reviewer.goto(live.login_url)
    reviewer.goto(f"{live.url}/review/{show['id']}")
    reviewer.get_by_text("鸡蛋").filter(visible=True).first.wait_for()
    with reviewer.expect_download() as download:
        reviewer.get_by_role("link", name="SRT").click()
    assert "-->" in download.value.path().read_text("utf-8")
    reviewer.close()
