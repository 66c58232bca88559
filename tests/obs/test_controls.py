"""What the control page does with a real OBS beside scenes and mutes, through a whole studio."""

import pytest
import requests

from studio.obs.watch import levels
from tests.live import LiveStudio, fresh_dairy
from tests.obs.real_obs import SCENES


@pytest.fixture(scope="module")
def following(obs_process, tmp_path_factory):
    """A studio that follows the OBS of the tests."""
    where = {"obs_host": obs_process.host, "obs_port": obs_process.port, "obs_password": obs_process.password}
    studio = LiveStudio(tmp_path_factory.mktemp("controls") / "studio", obs_enabled=True, **where).start()
    yield studio
    studio.stop()


@pytest.fixture
def watching(obs, following):
    with following.listen("obs", "obs_controls", "meters", role="producer") as page:
        page.wait("obs", lambda value: value["state"] == "connected")
        page.wait("obs_controls", lambda value: value is not None)
        yield page


@pytest.mark.obs
def test_controls_follow_obs_and_obs_follows_them(hand, following, watching):
    hand.request("CreateInput", {"sceneName": SCENES[0], "inputName": "角标", "inputKind": "color_source_v3"})
    try:
        shown = watching.wait("obs_controls", lambda value: any(item["source"] == "角标" for item in value["items"]))
        item = next(item for item in shown["items"] if item["source"] == "角标")
        assert item["visible"]
        assert shown["scene"] == SCENES[0]
        answer = following.call("POST", "/obs/item", {"scene": SCENES[0], "id": item["id"], "visible": False})
        assert not next(each for each in answer["items"] if each["id"] == item["id"])["visible"]
        enabled = hand.request("GetSceneItemEnabled", {"sceneName": SCENES[0], "sceneItemId": item["id"]})
        assert enabled["sceneItemEnabled"] is False

        names = shown["transition"]["names"]
        other = next(name for name in names if name != shown["transition"]["name"])
        following.call("POST", "/obs/transition", {"name": other})
        watching.wait("obs_controls", lambda value: value["transition"]["name"] == other)
        fade = hand.request("GetSceneTransitionList")["transitions"]
        fading = next(each["transitionName"] for each in fade if not each["transitionFixed"])
        following.call("POST", "/obs/transition", {"name": fading, "duration_ms": 700})
        slow = {"name": fading, "names": names, "duration_ms": 700}
        watching.wait("obs_controls", lambda value: value["transition"] == slow)  # OBS answers before it has done it

        following.call("POST", "/obs/studio-mode", {"on": True})
        watching.wait("obs", lambda value: value["studio_mode"])
        following.call("POST", "/obs/preview", {"scene": SCENES[1]})
        watching.wait("obs", lambda value: value["preview"] == SCENES[1])  # OBS answers before it has done it
        following.call("POST", "/obs/preview/take")
        watching.wait("obs", lambda value: value["program"] == SCENES[1])
        following.call("POST", "/obs/studio-mode", {"on": False})
        watching.wait("obs_controls", lambda value: value["scene"] == SCENES[1])
    finally:
        hand.request("RemoveInput", {"inputName": "角标"})


@pytest.mark.obs
def test_outputs_recording_figures_and_pictures(hand, following, watching):
    value = watching.wait("obs_controls", lambda value: value["load"] is not None)
    assert value["load"]["disk_mb"] > 0
    assert value["load"]["render_total"] > 0
    assert not value["stream"]["active"]
    assert "SetSceneItemEnabled" in value["known"]

    # no replay buffer in this profile: OBS refuses with 604 and the host is told what it means
    assert value["replay"] is None
    refused = following.call("POST", "/obs/replay", {"on": True}, status=502)
    assert "回放缓存" in refused["detail"]

    following.call("POST", "/obs/record", {"on": True})
    watching.wait("obs_controls", lambda value: value["record"]["active"])
    # this profile records with the stream's encoder, which OBS cannot pause, and does not say so
    refused = following.call("POST", "/obs/record/pause", {"paused": True}, status=502)
    assert "与推流相同" in refused["detail"]
    following.call("POST", "/obs/record", {"on": False})
    watching.wait("obs", lambda value: not value["recording"])

    url = f"{following.url}/api/v1/obs/scenes/thumbnail.jpg"
    headers = {"Authorization": f"Bearer {following.token()}"}
    picture = requests.get(url, params={"scene": SCENES[2]}, headers=headers, timeout=10)
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert requests.get(url, params={"scene": "没有"}, headers=headers, timeout=10).status_code == 422


@pytest.mark.obs
def test_volume_and_meters_of_an_input(hand, following, watching):
    kinds = hand.request("GetInputKindList", {"unversioned": True})["inputKinds"]
    kind = next(kind for kind in kinds if kind in {"pulse_input_capture", "alsa_input_capture", "ffmpeg_source"})
    hand.request("CreateInput", {"sceneName": SCENES[0], "inputName": "话筒甲", "inputKind": kind})
    try:
        watching.wait("obs", lambda value: "话筒甲" in value["inputs"])
        answer = following.call("POST", "/obs/volume", {"input": "话筒甲", "db": -12.5})
        assert answer["volumes"]["话筒甲"] == -12.5
        refused = following.call("POST", "/obs/volume", {"input": "没有这个", "db": 0}, status=404)
        assert "话筒甲" in refused["detail"]
        assert "话筒甲" in watching.wait("meters", lambda value: value and "话筒甲" in value)
    finally:
        hand.request("RemoveInput", {"inputName": "话筒甲"})


@pytest.mark.obs
def test_collection_and_profile_are_followed_and_chosen(hand, following, watching):
    hand.request("CreateSceneCollection", {"sceneCollectionName": "另一套"})
    changed = watching.wait("obs_controls", lambda value: value["collection"]["name"] == "另一套")
    assert "studio" in changed["collection"]["names"]
    watching.wait("obs", lambda value: SCENES[0] not in value["scenes"])
    refused = following.call("POST", "/obs/collection", {"name": "没有"}, status=404)
    assert "studio" in refused["detail"]
    following.call("POST", "/obs/collection", {"name": "studio"})
    watching.wait("obs", lambda value: set(SCENES) <= set(value["scenes"]))
    watching.wait("obs_controls", lambda value: value["collection"]["name"] == "studio")


@pytest.mark.obs
def test_collection_and_profile_stay_while_obs_records(following, watching):
    following.call("POST", "/obs/record", {"on": True})
    watching.wait("obs", lambda value: value["recording"])
    for path in ("/obs/collection", "/obs/profile"):
        assert "正在录像" in following.call("POST", path, {"name": "studio"}, status=409)["detail"]
    following.call("POST", "/obs/record", {"on": False})
    watching.wait("obs", lambda value: not value["recording"])


@pytest.mark.obs
def test_show_whose_scenes_go_with_the_collection_is_alarmed_until_they_are_back(hand, following, watching):
    rundown = [{"title": "牛奶", "scene": SCENES[1]}, {"title": "厨房", "scene": SCENES[2]}]
    show = following.call("POST", "/shows", {"title": "换集合", "rundown": rundown})
    following.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    with following.listen("obs_alarms", role="prompter") as prompter:
        prompter.wait("obs_alarms", lambda value: not [alarm for alarm in value if alarm["code"] == "scenes"])
        hand.request("CreateSceneCollection", {"sceneCollectionName": "别的"}, timeout_s=20)
        found = prompter.wait("obs_alarms", lambda value: [alarm for alarm in value if alarm["code"] == "scenes"])
        (alarm,) = [alarm for alarm in found if alarm["code"] == "scenes"]
        assert (alarm["level"], SCENES[1] in alarm["zh"], SCENES[2] in alarm["en"]) == ("red", True, True)
        following.call("POST", "/obs/collection", {"name": "studio"})
        prompter.wait("obs_alarms", lambda value: not [alarm for alarm in value if alarm["code"] == "scenes"])
    following.call("POST", f"/shows/{show['id']}/end")


@pytest.mark.obs
def test_a_limit_that_is_changed_counts_at_once(following, watching):
    before = following.call("GET", "/obs/alarm-limits")
    following.call("PUT", "/obs/alarm-limits", {**before["limits"], "disk_gb": 10_000})
    watching.wait("obs_controls", lambda value: any(alarm["code"] == "disk" for alarm in value["alarms"]))
    following.call("PUT", "/obs/alarm-limits", {**before["defaults"], "disk_gb": 0})
    watching.wait("obs_controls", lambda value: all(alarm["code"] != "disk" for alarm in value["alarms"]))


@pytest.mark.parametrize("data", [{}, {"inputs": None}, {"inputs": [None, 3, {"inputName": 5}]}])
def test_levels_of_garbage_are_none(data):
    assert levels(data) == {}


def test_levels_are_the_loudest_channels_peak():
    row = {"inputName": "麦", "inputLevelsMul": [[0.1, 0.5, 0.5], [0.1, 0.25, 0.3]]}
    quiet = {"inputName": "静", "inputLevelsMul": []}

    assert levels({"inputs": [row, quiet]}) == {"麦": -6.0, "静": -100.0}


@pytest.mark.obs
def test_item_on_standby_is_in_the_preview_and_taken_from_there(hand, following, watching):
    product = fresh_dairy()[0]
    following.call("POST", "/catalogue", [product])
    rundown = [{"title": "牛奶", "sku": product["sku"], "scene": SCENES[1]}, {"title": "厨房", "scene": SCENES[2]}]
    show = following.call("POST", "/shows", {"title": "备好", "rundown": rundown})
    following.call("POST", "/obs/studio-mode", {"on": True})
    watching.wait("obs", lambda value: value["studio_mode"])
    following.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    kitchen = show["rundown"][1]["id"]
    watching.wait("obs", lambda value: value["program"] == SCENES[1])
    following.call("PUT", f"/shows/{show['id']}/standby", {"item_id": kitchen})
    watching.wait("obs", lambda value: value["preview"] == SCENES[2])
    assert hand.request("GetCurrentPreviewScene")["currentPreviewSceneName"] == SCENES[2]
    assert hand.request("GetCurrentProgramScene")["currentProgramSceneName"] == SCENES[1]
    following.call("POST", f"/shows/{show['id']}/take", {"item_id": kitchen})
    watching.wait("obs", lambda value: value["program"] == SCENES[2])
    following.call("POST", "/obs/studio-mode", {"on": False})
    following.call("POST", f"/shows/{show['id']}/end")
