"""One-click set-up on a real OBS: its scenes, what is missing, what the host changed, and the way back.

Debian's OBS has no browser source: that one is set up and corrected in test_browser_sources.
"""

import pytest

from studio.errors import ObsRequestFailed
from studio.obs import setup
from studio.obs.collection import NAMES, collection
from studio.obs.frames import Step
from studio.obs.layout import CAMERA, OVERLAY, OVERLAY_SIZE, PAPER, SCENES, transform
from studio.obs.link import Connection, ObsLink
from tests.obs.real_obs import RealObs

pytestmark = [pytest.mark.xdist_group("obs"), pytest.mark.obs]
OURS = {scene.name for scene in SCENES}


@pytest.fixture(scope="module")
def obs_of_ours(tmp_path_factory):
    """One OBS that has our collections for the whole module."""
    studio = RealObs(tmp_path_factory.mktemp("obs"), collections=[collection(each, url(each)) for each in NAMES])
    try:
        yield studio.start()
    finally:
        studio.stop()


@pytest.fixture
def obs(obs_of_ours):
    """The running OBS: one that died while it changed collections takes one test with it, not all that follow."""
    if obs_of_ours.process.poll() is not None:
        obs_of_ours.restart()
    return obs_of_ours


@pytest.fixture
def link(obs):
    """A connected link; whatever set-up made is gone afterwards."""
    states = []
    link = ObsLink(Connection(obs.host, obs.port, obs.password), states.append)
    link.start()
    host = obs.connect()
    while not link.connected:
        host.request("GetVersion")
    yield link
    everything = setup.Journal(scenes=sorted(OURS & scenes(host)), inputs=[PAPER])
    setup.undo(link, everything)
    host.disconnect()
    link.stop()


@pytest.fixture
def host(obs):
    """The host's own hand in OBS."""
    client = obs.connect()
    yield client
    client.disconnect()


def scenes(client):
    return {scene["sceneName"] for scene in client.request("GetSceneList")["scenes"]}


def gone(client, name):
    """Wait until OBS has let go of a scene or an input: it does so in its own time, and lists it meanwhile."""
    lookups = [Step("GetInputSettings", {"inputName": name}), Step("GetSceneItemList", {"sceneName": name})]
    while not all(isinstance(each, ObsRequestFailed) for each in client.batch(lookups, halt_on_failure=False)):
        client.batch([Step("Sleep", {"sleepMillis": 20})])


def url(orientation):
    return f"http://127.0.0.1:8733/overlay/composite?orientation={orientation}"


def set_up(link, journal=None):
    found = setup.look(link)
    planned = setup.plan(found, url)
    setup.apply(link, found, planned, journal if journal is not None else setup.Journal())
    return planned


def changes(link):
    return [change.zh for change in setup.plan(setup.look(link), url).changes]


def test_set_up_makes_the_scenes_and_says_that_browser_sources_are_missing(link, host):
    planned = set_up(link)
    assert not planned.browser
    assert scenes(host) >= OURS
    inside = host.request("GetSceneItemList", {"sceneName": "邻里·主播"})["sceneItems"]
    assert [item["sourceName"] for item in inside] == [CAMERA]


def test_set_up_twice_changes_nothing(link):
    set_up(link)
    assert changes(link) == []


def test_a_zoomed_scene_shows_the_middle_of_the_camera(link, host):
    set_up(link)
    canvas = setup.look(link).canvas
    (item,) = host.request("GetSceneItemList", {"sceneName": "邻里·特写"})["sceneItems"]
    place = item["sceneItemTransform"]
    assert place["boundsWidth"] == pytest.approx(canvas.width * 2)
    assert place["positionX"] == pytest.approx(-canvas.width / 2)


def test_a_deleted_source_is_repaired_in_its_place(link, host):
    set_up(link)
    for scene in ("邻里·开场", "邻里·结束"):  # as OBS's own window does it
        number = host.request("GetSceneItemId", {"sceneName": scene, "sourceName": PAPER})["sceneItemId"]
        host.request("RemoveSceneItem", {"sceneName": scene, "sceneItemId": number})
    gone(host, PAPER)
    assert changes(link) == ["在“邻里·开场”里新建“邻里·底色”", "把“邻里·底色”放进“邻里·结束”"]
    set_up(link)
    assert changes(link) == []


def test_a_deleted_scene_is_repaired(link, host):
    set_up(link)
    host.request("RemoveScene", {"sceneName": "邻里·问答"})
    gone(host, "邻里·问答")
    assert len(changes(link)) == 2
    set_up(link)
    assert changes(link) == []


def test_background_moved_by_hand_is_put_back_and_a_camera_is_not(link, host):
    set_up(link)
    for scene, source in (("邻里·开场", PAPER), ("邻里·主播", CAMERA)):
        number = host.request("GetSceneItemId", {"sceneName": scene, "sourceName": source})["sceneItemId"]
        moved = {"sceneItemTransform": {"positionX": 77.0}, "sceneName": scene, "sceneItemId": number}
        host.request("SetSceneItemTransform", moved)
    assert changes(link) == ["“邻里·开场”里的“邻里·底色”放回满屏"]
    set_up(link)
    assert changes(link) == []


def test_a_changed_colour_is_corrected_and_comes_back_by_undo(link, host):
    journal = setup.Journal()
    set_up(link)
    host.request("SetInputSettings", {"inputName": PAPER, "inputSettings": {"color": 0xFF00FF00}})
    assert changes(link) == ["改正“邻里·底色”的设置"]
    set_up(link, journal)
    assert changes(link) == []
    setup.undo(link, journal)
    assert host.request("GetInputSettings", {"inputName": PAPER})["inputSettings"]["color"] == 0xFF00FF00


def test_undo_leaves_obs_as_it_was(link, host):
    before = scenes(host)
    journal = setup.Journal()
    set_up(link, journal)
    assert setup.undo(link, journal) == []
    assert scenes(host) == before
    assert PAPER not in {each["inputName"] for each in host.request("GetInputList")["inputs"]}


def test_undo_keeps_the_scene_that_the_host_put_a_camera_into(link, host):
    journal = setup.Journal()
    set_up(link, journal)
    kind = next(kind for kind in host.request("GetInputKindList")["inputKinds"] if kind.startswith("color_source"))
    host.request("CreateInput", {"sceneName": CAMERA, "inputName": "我的相机", "inputKind": kind})
    try:
        assert setup.undo(link, journal) == [CAMERA]
        (item,) = host.request("GetSceneItemList", {"sceneName": CAMERA})["sceneItems"]
        assert item["sourceName"] == "我的相机"
    finally:
        host.request("RemoveSceneItem", {"sceneName": CAMERA, "sceneItemId": 1})
        gone(host, "我的相机")


def test_nothing_of_the_hosts_own_is_in_any_plan(link):
    planned = setup.plan(setup.look(link), url)
    assert all(change.scene is None or change.scene in OURS for change in planned.changes)


def test_transform_without_zoom_covers_the_canvas(link):
    canvas = setup.look(link).canvas
    assert transform(canvas, 1.0)["boundsWidth"] == canvas.width


@pytest.fixture(params=["portrait", "landscape"])
def imported(request, host):
    """A collection of ours, with a canvas of its size; afterwards all is as before."""
    before = host.request("GetVideoSettings")
    width, height = OVERLAY_SIZE[request.param]
    host.request("SetVideoSettings", {**before, "baseWidth": width, "baseHeight": height})
    choose(host, NAMES[request.param])
    yield request.param
    choose(host, "studio")
    host.request("SetVideoSettings", before)


def choose(client, name):
    client.request("SetCurrentSceneCollection", {"sceneCollectionName": name}, timeout_s=20)
    while client.request("GetSceneCollectionList")["currentSceneCollectionName"] != name:
        client.batch([Step("Sleep", {"sleepMillis": 20})])


def test_imported_scene_collection_is_what_set_up_would_make(imported, link, host):
    listed = host.request("GetSceneList")
    assert [scene["sceneName"] for scene in reversed(listed["scenes"])] == [scene.name for scene in SCENES]
    assert listed["currentProgramSceneName"] == "邻里·开场"
    assert setup.look(link).canvas.orientation == imported
    assert changes(link) == []
    inside = host.request("GetSceneItemList", {"sceneName": "邻里·主播"})["sceneItems"]
    assert [item["sourceName"] for item in inside] == [CAMERA, OVERLAY]  # kept, though this OBS cannot show it
    kinds = {each["inputName"]: each["inputKind"] for each in host.request("GetInputList")["inputs"]}
    assert kinds[OVERLAY] == "browser_source"
    assert kinds[PAPER].startswith("color_source")
