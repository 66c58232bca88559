"""What goes wrong with the overlay's source in OBS, and an OBS that dies while it is set up: found, mended, undone."""

import time
from copy import deepcopy

import pytest

from studio.errors import ObsRequestFailed, ObsUnavailable
from studio.obs import journal as journals
from studio.obs import restoration, setup
from studio.obs.inventory import look
from studio.obs.journal import Journal
from studio.obs.layout import CAMERA, OVERLAY, PAPER, SCENES
from tests.live import LiveStudio
from tests.obs.browser_obs import PASSWORD, BrowserObs


def url(orientation):
    return f"http://127.0.0.1:8733/overlay/composite?orientation={orientation}"


def told(change):
    return f"{change.scene}：{change.zh}" if change.scene else change.zh


class Hand:
    """Set-up as the route runs it, on a link."""

    def __init__(self, link, watcher):
        self.link = link
        self.watcher = watcher
        self.journal = Journal()

    def changes(self):
        return [told(change) for change in setup.plan(look(self.link), url).changes]

    def set_up(self):
        found = look(self.link)
        setup.apply(self.link, found, setup.plan(found, url), self.journal, lambda now: setattr(self, "journal", now))

    def undo(self):
        return restoration.undo(self.link, self.journal)


@pytest.fixture
def obs():
    with BrowserObs() as browser_obs:
        yield browser_obs


@pytest.fixture
def hand(obs, follow):
    link, watcher = follow("127.0.0.1", obs.port, PASSWORD)
    watcher.wait_state("connected")
    return Hand(link, watcher)


def in_scene(obs, scene, source):
    return next(item for item in obs.scenes[scene] if item["sourceName"] == source)


def hide(obs):
    in_scene(obs, "邻里·问答", OVERLAY)["sceneItemEnabled"] = False


def put_behind(obs):
    obs.scenes["邻里·主播"].reverse()


def move(obs):
    in_scene(obs, "邻里·开场", OVERLAY)["sceneItemTransform"].update(positionX=300.0, rotation=5.0)


def crop(obs):
    in_scene(obs, "邻里·开场", OVERLAY)["sceneItemTransform"]["cropTop"] = 200


def take_out(obs):
    obs.scenes["邻里·商品"] = [item for item in obs.scenes["邻里·商品"] if item["sourceName"] != OVERLAY]


def remove(obs):
    obs.RemoveInput(OVERLAY)


def lose_scene(obs):
    obs.RemoveScene("邻里·问答")


def settings(**wrong):
    def change(obs):
        obs.inputs[OVERLAY]["settings"] |= wrong

    return change


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (hide, ["邻里·问答：“邻里·画面”重新显示"]),
        (put_behind, ["邻里·主播：“邻里·画面”放到最前面"]),
        (move, ["邻里·开场：“邻里·画面”放回满屏"]),
        (crop, ["邻里·开场：“邻里·画面”放回满屏"]),
        (take_out, ["邻里·商品：放进“邻里·画面”"]),
        (remove, None),
        (lose_scene, None),
        *(
            (settings(**wrong), ["改正“邻里·画面”的设置"])
            for wrong in (
                {"url": url("portrait").replace("8733", "8734")},
                {"url": url("portrait") + "&token=old"},
                {"width": 800, "height": 600},
                {"fps_custom": True, "fps": 1},
                {"shutdown": True},
                {"restart_when_active": True},
                {"is_local_file": True},
            )
        ),
    ],
)
def test_each_damage_is_found_mended_once_and_undone(obs, hand, damage, expected):
    hand.set_up()
    whole = sketch(obs)
    damage(obs)
    damaged = sketch(obs)
    found = hand.changes()
    assert found == expected if expected else found
    hand.journal = Journal()

    hand.set_up()

    assert hand.changes() == []
    assert sketch(obs) == {**whole, "settings": {**damaged["settings"], **whole["settings"]}}
    assert hand.undo() == []
    assert sketch(obs) == damaged


def sketch(obs):
    """Scenes and the overlay's settings, without numbers of items."""
    scenes = {
        name: [{"sceneItemEnabled": True, **item, "sceneItemId": None} for item in items]
        for name, items in obs.scenes.items()
    }
    return {"scenes": deepcopy(scenes), "settings": deepcopy(obs.inputs.get(OVERLAY, {}).get("settings", {}))}


def test_overlay_that_is_put_back_stands_in_front_of_what_the_host_added(obs, hand):
    hand.set_up()
    obs.inputs["相机"] = {"kind": "v4l2_input", "settings": {}}
    obs.CreateSceneItem("邻里·主播", "相机")
    remove(obs)

    hand.set_up()

    assert [item["sourceName"] for item in obs.scenes["邻里·主播"]] == [CAMERA, "相机", OVERLAY]


@pytest.mark.parametrize("requests", [0, 1, 12, 30])
def test_obs_that_dies_in_the_middle_is_completed_by_the_next_set_up_or_undone(obs, hand, requests):
    obs.inputs["相机"] = {"kind": "v4l2_input", "settings": {}}
    obs.CreateSceneItem("场景", "相机")
    before = deepcopy(obs.scenes)
    found = look(hand.link)
    planned = setup.plan(found, url)
    obs.ends_after = requests
    with pytest.raises(ObsUnavailable):
        setup.apply(hand.link, found, planned, hand.journal, lambda now: setattr(hand, "journal", now))
    obs.ends_after = None
    hand.watcher.wait_state("off")
    hand.watcher.wait_state("connected")

    half = deepcopy(obs.scenes)
    assert half.keys() < {scene.name for scene in SCENES} | before.keys() or requests > len(SCENES)
    assert hand.undo() == []
    assert (obs.scenes, set(obs.inputs)) == (before, {"相机"})

    obs.scenes.update(half)
    hand.set_up()
    assert hand.changes() == []


def test_names_that_obs_has_not_let_go_of_yet_are_asked_for_again(obs, hand):
    obs.kept_names = {"邻里·问答": 2, PAPER: 3}

    hand.set_up()

    assert hand.changes() == []
    assert sorted(hand.journal.scenes) == sorted(scene.name for scene in SCENES)
    assert hand.undo() == []
    assert obs.scenes == {"场景": []}


def test_name_that_obs_never_lets_go_of_is_told_in_time(obs, hand):
    obs.kept_names = {PAPER: 1000}
    began = time.monotonic()

    with pytest.raises(ObsRequestFailed, match="already has"):
        hand.set_up()

    assert 2 <= time.monotonic() - began < 4
    assert hand.journal.inputs == []
    assert hand.undo() == []
    assert obs.scenes == {"场景": []}


def test_set_up_is_one_batch(obs, hand):
    found = look(hand.link)
    before = obs.batches

    setup.apply(hand.link, found, setup.plan(found, url), Journal(), lambda _now: None)

    assert obs.batches == before + 1


def test_refused_step_is_kept_with_what_came_before_it(obs, hand):
    found = look(hand.link)
    planned = setup.plan(found, url)
    obs.CreateScene("邻里·问答")  # the host was quicker
    kept = []
    with pytest.raises(Exception, match="already has"):
        setup.apply(hand.link, found, planned, Journal(), kept.append)
    assert "邻里·问答" not in kept[-1].scenes
    assert kept[-1].scenes == [scene.name for scene in SCENES][: len(kept[-1].scenes)]


def test_each_scene_collection_is_undone_on_its_own(obs, tmp_path):
    where = {"obs_host": "127.0.0.1", "obs_port": obs.port, "obs_password": PASSWORD}
    studio = LiveStudio(tmp_path / "studio", obs_enabled=True, **where).start()
    try:
        with studio.listen("obs") as page:
            page.wait("obs", lambda value: value["state"] == "connected")
        assert studio.call("POST", "/obs/setup")["undoable"]
        first, obs.collection = obs.scenes, "另一套"
        obs.scenes, inputs, obs.inputs = {"别的": [], "邻里·主播": []}, obs.inputs, {}
        there = studio.call("GET", "/obs/setup")
        assert not there["undoable"]
        studio.call("POST", "/obs/setup/undo")
        assert "邻里·主播" in obs.scenes  # an imported one is the host's
        obs.scenes, obs.inputs, obs.collection = first, inputs, "studio"
        assert studio.call("GET", "/obs/setup")["undoable"]
        assert studio.call("POST", "/obs/setup/undo")["kept"] == []
        assert obs.scenes == {"场景": []}
        assert obs.inputs.keys() & {OVERLAY, PAPER} == set()
    finally:
        studio.stop()


def test_journal_is_readable_by_its_owner_only(tmp_path):
    path = tmp_path / "obs-setup.json"
    for _ in range(2):
        journals.save(path, "studio", Journal(settings={OVERLAY: {"url": url("portrait") + "&token=key"}}))

    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kept", [b"", b"[]", b'{"studio": {"scenes": 5}}', b"\xff"])
def test_unreadable_journal_is_an_empty_one(tmp_path, kept):
    path = tmp_path / "obs-setup.json"
    path.write_bytes(kept)

    assert journals.is_empty(journals.load(path, "studio"))
    journals.save(path, "studio", Journal(scenes=["邻里·主播"]))
    assert journals.load(path, "studio").scenes == ["邻里·主播"]
