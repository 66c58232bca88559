"""One-click set-up on a real OBS: its scenes, what is missing, what the host changed, and the way back.

Debian's OBS has no browser source: that one is set up and corrected in test_browser_sources.
"""

import pytest

from studio.errors import Conflict, ObsRequestFailed
from studio.obs import restoration, setup
from studio.obs.collection import NAMES, collection
from studio.obs.frames import Step
from studio.obs.inventory import look
from studio.obs.journal import Journal
from studio.obs.layout import CAMERA, OVERLAY, OVERLAY_SIZE, PAPER, SCENES, transform
from studio.obs.link import Connection, ObsLink
from tests.obs.real_obs import RealObs

pytestmark = [pytest.mark.xdist_group("obs"), pytest.mark.obs]
OURS = {scene.name for scene in SCENES}


def url(orientation):
    return f"http://127.0.0.1:8733/overlay/composite?orientation={orientation}"


def with_group():
    """Our collection, in which the host has put the background of 邻里·开场 into a group."""
    document = collection("landscape", url("landscape"))
    document["name"] = "有组"
    opening = next(each for each in document["sources"] if each["name"] == "邻里·开场")
    listed = opening["settings"]["items"]
    (paper,) = (item for item in listed if item["name"] == PAPER)
    group = {**paper, "name": "组", "id": 9, "group_item_backup": False}
    opening["settings"] |= {
        "items": [*({**i, "group_item_backup": i is paper} for i in listed), group],
        "id_counter": 9,
    }
    members = {"items": [paper], "custom_size": True, "cx": 1920, "cy": 1080, "id_counter": 2}
    document["groups"] = [{"id": "group", "versioned_id": "group", "name": "组", "settings": members}]
    return document


WITH_GROUP = with_group()


@pytest.fixture(scope="module")
def obs_of_ours(tmp_path_factory):
    """One OBS that has our collections for the whole module."""
    studio = RealObs(
        tmp_path_factory.mktemp("obs"), collections=[*(collection(each, url(each)) for each in NAMES), WITH_GROUP]
    )
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
    everything = Journal(scenes=sorted(OURS & scenes(host)), inputs=[PAPER])
    restoration.undo(link, everything)
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


def set_up(link, journal=None):
    """The journal of what was done."""
    kept = [journal or Journal()]
    found = look(link)
    setup.apply(link, found, setup.plan(found, url), kept[0], kept.append)
    return kept[-1]


def told(change):
    return f"{change.scene}：{change.zh}" if change.scene else change.zh


def changes(link):
    return [told(change) for change in setup.plan(look(link), url).changes]


def test_set_up_makes_the_scenes_and_says_that_browser_sources_are_missing(link, host):
    assert not setup.plan(look(link), url).browser
    set_up(link)
    assert scenes(host) >= OURS
    inside = host.request("GetSceneItemList", {"sceneName": "邻里·主播"})["sceneItems"]
    assert [item["sourceName"] for item in inside] == [CAMERA]


def test_set_up_twice_changes_nothing(link):
    set_up(link)
    assert changes(link) == []


def test_a_zoomed_scene_shows_the_middle_of_the_camera(link, host):
    set_up(link)
    canvas = look(link).canvas
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
    assert changes(link) == ["邻里·开场：新建“邻里·底色”", "邻里·结束：放进“邻里·底色”"]
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
    assert changes(link) == ["邻里·开场：“邻里·底色”放回满屏"]
    set_up(link)
    assert changes(link) == []


def test_a_changed_colour_is_corrected_and_comes_back_by_undo(link, host):
    set_up(link)
    host.request("SetInputSettings", {"inputName": PAPER, "inputSettings": {"color": 0xFF00FF00}})
    assert changes(link) == ["改正“邻里·底色”的设置"]
    journal = set_up(link)
    assert changes(link) == []
    restoration.undo(link, journal)
    assert host.request("GetInputSettings", {"inputName": PAPER})["inputSettings"]["color"] == 0xFF00FF00


def test_undo_leaves_obs_as_it_was(link, host):
    before = scenes(host)
    journal = set_up(link)
    assert restoration.undo(link, journal) == []
    assert scenes(host) == before
    assert PAPER not in {each["inputName"] for each in host.request("GetInputList")["inputs"]}


def test_undo_keeps_the_scene_that_the_host_put_a_camera_into(link, host):
    journal = set_up(link)
    kind = next(kind for kind in host.request("GetInputKindList")["inputKinds"] if kind.startswith("color_source"))
    host.request("CreateInput", {"sceneName": CAMERA, "inputName": "我的相机", "inputKind": kind})
    try:
        assert restoration.undo(link, journal) == [CAMERA]
        (item,) = host.request("GetSceneItemList", {"sceneName": CAMERA})["sceneItems"]
        assert item["sourceName"] == "我的相机"
    finally:
        host.request("RemoveSceneItem", {"sceneName": CAMERA, "sceneItemId": 1})
        gone(host, "我的相机")


def items(client, scene):
    """Of a scene, all that OBS tells of each item."""
    return client.request("GetSceneItemList", {"sceneName": scene})["sceneItems"]


def survey(client):
    """All that a host can see of his OBS: scenes in order, what is in them and how, sources, filters, what is on."""
    listed = client.request("GetSceneList")
    inputs = client.request("GetInputList")["inputs"]
    everything = [*(each["inputName"] for each in inputs), *(scene["sceneName"] for scene in listed["scenes"])]
    return {
        "scenes": listed,
        "items": {scene["sceneName"]: items(client, scene["sceneName"]) for scene in listed["scenes"]},
        "inputs": {name: client.request("GetInputSettings", {"inputName": name}) for name in everything[: len(inputs)]},
        "filters": {name: client.request("GetSourceFilterList", {"sourceName": name}) for name in everything},
        "video": client.request("GetVideoSettings"),
    }


@pytest.fixture
def own(host):
    """The host's own scene 我的: two sources, one turned, hidden, locked and with a filter, and another scene in it."""
    host.request("CreateScene", {"sceneName": "我的"})
    for name in ("甲", "乙"):
        host.request("CreateInput", {"sceneName": "我的", "inputName": name, "inputKind": "color_source_v3"})
    host.request("CreateSceneItem", {"sceneName": "我的", "sourceName": "片头"})
    data = {"sceneName": "我的", "sceneItemId": item_id(host, "我的", "甲")}
    host.request("SetSceneItemTransform", {**data, "sceneItemTransform": {"rotation": 12.0, "cropLeft": 5}})
    host.request("SetSceneItemEnabled", {**data, "sceneItemEnabled": False})
    host.request("SetSceneItemLocked", {**data, "sceneItemLocked": True})
    host.request("CreateSourceFilter", {"sourceName": "甲", "filterName": "暗", "filterKind": "color_filter_v2"})
    host.request("SetCurrentProgramScene", {"sceneName": "我的"})
    yield "我的"
    host.request("SetCurrentProgramScene", {"sceneName": "片头"})
    host.request("RemoveScene", {"sceneName": "我的"})
    for name in ("甲", "乙"):
        gone(host, name)


def item_id(client, scene, source):
    return client.request("GetSceneItemId", {"sceneName": scene, "sourceName": source})["sceneItemId"]


def wait_for_program(client, scene):
    while client.request("GetCurrentProgramScene")["currentProgramSceneName"] != scene:
        client.batch([Step("Sleep", {"sleepMillis": 20})])


@pytest.mark.usefixtures("own")
def test_set_up_and_undo_leave_the_hosts_own_untouched(link, host):
    host.request("SetCurrentProgramScene", {"sceneName": "片头"})  # not the one that OBS would choose
    wait_for_program(host, "片头")
    before = survey(host)
    journal = set_up(link)
    during = survey(host)
    for part in ("items", "inputs", "filters"):
        assert {name: during[part].get(name) for name in before[part]} == before[part]
    assert during["scenes"]["currentProgramSceneName"] == "片头"
    host.request("SetCurrentProgramScene", {"sceneName": "邻里·主播"})  # on ours when it is undone

    assert restoration.undo(link, journal) == []

    wait_for_program(host, "片头")
    assert survey(host) == before


def test_undo_of_a_repair_brings_back_how_it_stood(link, host):
    set_up(link)
    data = {"sceneName": "邻里·开场", "sceneItemId": item_id(host, "邻里·开场", PAPER)}
    turned = {"rotation": 20.0, "cropTop": 8, "positionX": 31.0, "boundsType": "OBS_BOUNDS_NONE", "scaleX": 0.5}
    host.request("SetSceneItemTransform", {**data, "sceneItemTransform": turned})
    host.request("SetSceneItemEnabled", {**data, "sceneItemEnabled": False})
    before = survey(host)
    where = "邻里·开场：“邻里·底色”"
    assert changes(link) == [f"{where}重新显示", f"{where}放回满屏"]

    repair = set_up(link)

    assert changes(link) == []
    assert restoration.undo(link, repair) == []
    assert survey(host) == before


def test_what_the_host_uses_himself_stays_after_undo(link, host, own):
    journal = set_up(link)
    for name in (PAPER, CAMERA):
        host.request("CreateSceneItem", {"sceneName": own, "sourceName": name})
    before = items(host, own)

    assert sorted(restoration.undo(link, journal)) == sorted([CAMERA, PAPER])

    assert items(host, own) == before
    assert OURS & scenes(host) == {CAMERA}


def test_nothing_is_undone_while_obs_records(link, host):
    journal = set_up(link)
    host.request("StartRecord")
    while not host.request("GetRecordStatus")["outputActive"]:
        host.batch([Step("Sleep", {"sleepMillis": 20})])
    try:
        with pytest.raises(Conflict, match="recording"):
            restoration.undo(link, journal)
        assert scenes(host) >= OURS
    finally:
        while host.request("GetRecordStatus")["outputActive"]:
            host.batch([Step("StopRecord"), Step("Sleep", {"sleepMillis": 100})], halt_on_failure=False)


def test_names_in_the_way_are_told_and_nothing_is_done(link, host):
    host.request("CreateInput", {"sceneName": "片头", "inputName": "邻里·问答", "inputKind": "color_source_v3"})
    host.request("CreateScene", {"sceneName": PAPER})
    try:
        before = survey(host)
        found = look(link)
        planned = setup.plan(found, url)
        assert [each.name for each in planned.obstacles] == ["邻里·问答", PAPER]
        with pytest.raises(Conflict, match="rename"):
            setup.apply(link, found, planned, Journal(), lambda _journal: None)
        assert survey(host) == before
    finally:
        host.request("RemoveInput", {"inputName": "邻里·问答"})
        host.request("RemoveScene", {"sceneName": PAPER})
        gone(host, "邻里·问答")
        gone(host, PAPER)
    assert setup.plan(look(link), url).obstacles == ()


def test_our_name_on_another_kind_of_source_is_in_the_way(link, host):
    host.request("CreateInput", {"sceneName": "片头", "inputName": PAPER, "inputKind": "image_source"})
    try:
        assert [each.name for each in setup.plan(look(link), url).obstacles] == [PAPER]
    finally:
        host.request("RemoveInput", {"inputName": PAPER})
        gone(host, PAPER)


@pytest.mark.parametrize("size", [(1080, 1920), (2560, 1440), (1366, 767)])
def test_another_canvas_takes_along_all_that_nobody_moved(link, host, size):
    set_up(link)
    data = {"sceneName": "邻里·问答", "sceneItemId": item_id(host, "邻里·问答", CAMERA)}
    host.request("SetSceneItemTransform", {**data, "sceneItemTransform": {"positionX": 40.0}})
    before = host.request("GetVideoSettings")
    host.request("SetVideoSettings", {**before, "baseWidth": size[0], "baseHeight": size[1]})
    try:
        set_up(link)
        assert changes(link) == []
        for scene, zoom in (("邻里·主播", 1.0), ("邻里·特写", 2.0)):
            (item,) = items(host, scene)
            place = item["sceneItemTransform"]
            assert (place["boundsWidth"], place["boundsHeight"]) == (size[0] * zoom, size[1] * zoom)
        (item,) = items(host, "邻里·问答")
        assert item["sceneItemTransform"]["positionX"] == 40.0  # where the host put it
        paper = host.request("GetInputSettings", {"inputName": PAPER})["inputSettings"]
        assert (paper["width"], paper["height"]) == size
    finally:
        host.request("SetVideoSettings", before)


def test_source_in_a_group_and_one_doubled_are_there(grouped, link, host):
    """Groups cannot be made through obs-websocket: this collection was written with one."""
    assert changes(link) == []
    assert "邻里·开场" not in [change.scene for change in setup.plan(look(link), url).changes]
    assert host.request("GetGroupList")["groups"] == [grouped]
    host.request("CreateSceneItem", {"sceneName": "邻里·结束", "sourceName": PAPER})  # doubled, where OBS puts it
    set_up(link)
    assert changes(link) == []


def test_transform_without_zoom_covers_the_canvas(link):
    canvas = look(link).canvas
    assert transform(canvas, 1.0)["boundsWidth"] == canvas.width


@pytest.fixture
def grouped(host):
    """The collection with a group chosen; the group's name."""
    before = host.request("GetVideoSettings")
    width, height = OVERLAY_SIZE["landscape"]
    host.request("SetVideoSettings", {**before, "baseWidth": width, "baseHeight": height})
    choose(host, WITH_GROUP["name"])
    yield "组"
    choose(host, "studio")
    host.request("SetVideoSettings", before)


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
    assert look(link).canvas.orientation == imported
    assert changes(link) == []
    inside = host.request("GetSceneItemList", {"sceneName": "邻里·主播"})["sceneItems"]
    assert [item["sourceName"] for item in inside] == [CAMERA, OVERLAY]  # kept, though this OBS cannot show it
    kinds = {each["inputName"]: each["inputKind"] for each in host.request("GetInputList")["inputs"]}
    assert kinds[OVERLAY] == "browser_source"
    assert kinds[PAPER].startswith("color_source")
