"""Browser sources from set-up to revival, without a hand moved: a studio, and an obs-websocket server with Chromium."""

import pytest

from tests.live import LiveStudio
from tests.obs.browser_obs import PASSWORD, BrowserObs, Cef
from tests.obs.real_obs import free_port

OVERLAY = "邻里·画面"


@pytest.fixture(scope="module")
def browser_obs():
    with BrowserObs() as obs:
        yield obs


@pytest.fixture(scope="module")
def cef(chromium, browser_obs):
    pages = Cef(chromium, browser_obs)
    yield pages
    pages.close()


@pytest.fixture(scope="module")
def following(browser_obs, tmp_path_factory):
    where = {"obs_host": "127.0.0.1", "obs_port": browser_obs.port, "obs_password": PASSWORD}
    studio = LiveStudio(tmp_path_factory.mktemp("healing") / "studio", obs_enabled=True, **where)
    studio.port = free_port()  # known beforehand: an address with another key on it is an old one of ours
    studio.start()
    yield studio
    studio.stop()


@pytest.fixture
def overlay(browser_obs, cef, following):
    """The studio's own browser source, set up and alive, with all its cures."""
    with following.listen("obs") as page:
        page.wait("obs", lambda value: value["state"] == "connected")
    following.call("POST", "/obs/setup")
    cef.until(lambda: cef.is_live(OVERLAY))
    state_of(following, "alive")
    following.call("POST", "/obs/overlays/retry", status=204)
    browser_obs.heard.clear()
    return OVERLAY


def state_of(following, wanted):
    with following.listen("overlay_sources") as page:
        return page.wait("overlay_sources", lambda value: value == [{"source": OVERLAY, "state": wanted}])


def cures(obs):
    """Refreshes and changes of the overlay's URL so far."""
    found = []
    for request, data in obs.heard:
        if request == "PressInputPropertiesButton":
            found.append("refresh")
        elif request == "SetInputSettings" and "url" in data["inputSettings"]:
            found.append("away" if data["inputSettings"]["url"] == "about:blank" else "back")
    return found


@pytest.mark.usefixtures("overlay")
def test_set_up_places_the_overlay_last_in_every_scene_and_twice_changes_nothing(browser_obs, following):
    planned = following.call("GET", "/obs/setup")
    assert (planned["browser"], planned["fits"], planned["changes"]) == (True, True, [])
    scenes = {name: [item["sourceName"] for item in items] for name, items in browser_obs.scenes.items()}
    shown = [name for name, items in scenes.items() if OVERLAY in items]
    assert shown == [f"邻里·{part}" for part in ("开场", "主播", "特写", "现场", "商品", "问答", "结束")]
    assert all(scenes[name][-1] == OVERLAY for name in shown)  # in front
    settings = dict(browser_obs.inputs[OVERLAY]["settings"])
    assert (settings["width"], settings["height"], settings["shutdown"]) == (1080, 1920, False)
    assert "orientation=portrait" in settings["url"]

    following.call("POST", "/obs/setup")
    assert not [request for request, _ in browser_obs.heard if request.startswith(("Create", "Set"))]

    old = settings["url"].replace(following.token("overlay"), "key-of-yesterday")
    browser_obs.SetInputSettings(OVERLAY, {"url": old})
    state_of(following, "outdated")
    (change,) = following.call("GET", "/obs/setup")["changes"]
    assert change["source"] == OVERLAY
    following.call("POST", "/obs/setup")
    assert browser_obs.inputs[OVERLAY]["settings"]["url"] == settings["url"]


def test_blank_overlay_is_refreshed_then_gets_its_url_anew_then_is_told(browser_obs, cef, following, overlay):
    cef.blank(overlay)
    cef.until(lambda: cures(browser_obs) and cef.is_live(OVERLAY))
    assert cures(browser_obs) == ["refresh"]
    state_of(following, "alive")

    cef.crash(overlay)
    cef.until(lambda: "back" in cures(browser_obs) and cef.is_live(OVERLAY))
    assert cures(browser_obs) == ["refresh", "away", "back"]
    state_of(following, "alive")

    with following.listen("notice", "overlay_sources") as page:
        cef.dead = True
        cef.blank(overlay)
        cef.until(lambda: f"“{overlay}”一直空白" in (page.values.get("notice") or {}).get("zh", ""))
        page.wait("overlay_sources", lambda value: value == [{"source": overlay, "state": "lost"}])
        assert cures(browser_obs) == ["refresh", "away", "back"]  # each once, and no loop

        cef.dead = False
        browser_obs.SetInputSettings(overlay, {})  # the host presses OK in OBS
        cef.until(lambda: cef.is_live(OVERLAY))
        page.wait("overlay_sources", lambda value: value == [{"source": overlay, "state": "alive"}])


def test_overlay_opened_before_the_server_appears_by_itself(browser_obs, cef, following, overlay):
    following.kill()
    cef.refresh(overlay)  # OBS was started first: its browser met nobody
    cef.until(lambda: not cef.is_live(OVERLAY))

    following.start()

    cef.until(lambda: cef.is_live(OVERLAY))
    assert cures(browser_obs) == ["refresh"]
    state_of(following, "alive")
