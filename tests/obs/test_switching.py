"""A scene switch that OBS accepts and drops, which a real one does now and then just after its start."""

import threading

import pytest

from studio.events import SceneSwitchLost
from studio.obs.frames import Step
from studio.obs.switching import Switches
from tests.live import LiveStudio
from tests.obs.browser_obs import PASSWORD, BrowserObs
from tests.obs.real_obs import SCENES

OPENING, MILK, KITCHEN = SCENES
PATIENCE_S = 0.5


class DroppingObs(BrowserObs):
    """Accepts switches and drops the first so many."""

    def __init__(self, drops):
        super().__init__()
        self.scenes = {name: [] for name in SCENES}
        self.program = OPENING
        self.drops = drops
        self.silent = False
        """Tells of no cut, as OBS 29 in some cases."""

    @property
    def switches(self):
        return [data["sceneName"] for request, data in self.heard if request == "SetCurrentProgramScene"]

    def GetSceneList(self):  # noqa: N802 - the protocol's name
        return {**super().GetSceneList(), "currentProgramSceneName": self.program}

    def SetCurrentProgramScene(self, sceneName):  # noqa: N802, N803
        if self.drops:
            self.drops -= 1
        else:
            self.cut(sceneName)

    def cut(self, scene):
        """The host's own hand."""
        self.program = scene
        if not self.silent:
            self.peers[-1].say(5, {"eventType": "CurrentProgramSceneChanged", "eventData": {"sceneName": scene}})


def wait_until_settled():
    """Longer than the link waits for a switch and for its repetition."""
    threading.Event().wait(4 * PATIENCE_S)


@pytest.fixture
def dropping(follow):
    """dropping(drops) → (obs, link, watcher), connected."""
    opened = []

    def start(drops):
        obs = DroppingObs(drops)
        opened.append(obs)
        obs.__enter__()
        link, watcher = follow("127.0.0.1", obs.port, PASSWORD, switch_patience_s=PATIENCE_S)
        watcher.wait_state("connected")
        return obs, link, watcher

    yield start
    for obs in opened:
        obs.__exit__(None, None, None)


def lost(watcher):
    return [event for event in watcher.events if isinstance(event, SceneSwitchLost)]


def test_dropped_switch_is_sent_once_more(dropping):
    obs, link, watcher = dropping(1)

    link.switch(MILK)

    watcher.wait_for(program=MILK)
    wait_until_settled()
    assert obs.switches == [MILK, MILK]
    assert lost(watcher) == []


def test_switch_that_is_dropped_twice_is_told_and_left(dropping):
    obs, link, watcher = dropping(2)

    link.switch(MILK)

    assert watcher.wait(lambda event: isinstance(event, SceneSwitchLost)).scene == MILK
    wait_until_settled()
    assert obs.switches == [MILK, MILK]
    assert len(lost(watcher)) == 1


@pytest.mark.parametrize("silent", [False, True])
def test_switch_that_was_done_is_left(dropping, silent):
    obs, link, watcher = dropping(0)
    obs.silent = silent

    link.switch(MILK)

    watcher.wait_for(program=MILK)
    wait_until_settled()
    assert obs.switches == [MILK]
    assert lost(watcher) == []


def test_switch_to_the_scene_that_is_on_is_left(dropping):
    obs, link, watcher = dropping(0)
    obs.silent = True

    link.switch(OPENING)

    wait_until_settled()
    assert (obs.switches, lost(watcher)) == ([OPENING], [])


@pytest.mark.parametrize(("cuts", "silent"), [([KITCHEN], False), ([KITCHEN], True), ([KITCHEN, OPENING], False)])
def test_cut_by_the_host_after_a_dropped_switch_stays(dropping, cuts, silent):
    obs, link, watcher = dropping(1)
    obs.silent = silent

    link.switch(MILK)
    for scene in cuts:
        obs.cut(scene)

    wait_until_settled()
    assert (obs.program, obs.switches, lost(watcher)) == (cuts[-1], [MILK], [])


def test_cut_back_by_the_host_after_a_switch_stays(dropping):
    obs, link, watcher = dropping(0)

    link.switch(MILK)
    obs.cut(OPENING)

    wait_until_settled()
    assert (obs.program, obs.switches, lost(watcher)) == (OPENING, [MILK], [])


def test_dropped_switch_is_not_repeated_after_another(dropping):
    obs, link, watcher = dropping(2)

    link.switch(MILK)
    link.switch(KITCHEN)

    watcher.wait_for(program=KITCHEN)
    wait_until_settled()
    assert (obs.program, obs.switches) == (KITCHEN, [MILK, KITCHEN, KITCHEN])


def test_another_switch_waits_while_one_is_repeated():
    switches, order = Switches(PATIENCE_S), []
    switches.switch(MILK, OPENING, lambda: order.append(MILK))
    other = threading.Thread(target=lambda: switches.switch(KITCHEN, OPENING, lambda: order.append(KITCHEN)))

    def repeat(_request, data):
        other.start()
        other.join(0.2)
        order.append(data["sceneName"])

    while not switches.overdue():
        threading.Event().wait(0.02)
    switches.judge(OPENING, repeat)

    other.join()
    assert order == [MILK, MILK, KITCHEN]


def test_lost_switch_stands_on_the_control_page(tmp_path):
    with DroppingObs(2) as obs:
        where = {"obs_host": "127.0.0.1", "obs_port": obs.port, "obs_password": PASSWORD}
        studio = LiveStudio(tmp_path / "studio", obs_enabled=True, **where).start()
        try:
            with studio.listen("obs", "notice") as page:
                page.wait("obs", lambda value: value["state"] == "connected")
                studio.call("POST", "/obs/scene", {"scene": MILK})
                assert MILK in page.wait("notice", lambda value: value and "OBS" in value["zh"])["en"]
        finally:
            studio.stop()


@pytest.mark.obs
@pytest.mark.xdist_group("obs")
def test_switch_with_a_long_transition_is_sent_once(linked, hand):
    link, watcher = linked
    before = hand.request("GetCurrentSceneTransition")
    fade = next(each for each in hand.request("GetSceneTransitionList")["transitions"] if not each["transitionFixed"])
    hand.request("SetCurrentSceneTransition", {"transitionName": fade["transitionName"]})
    hand.request("SetCurrentSceneTransitionDuration", {"transitionDuration": 2000})
    try:
        link.switch(MILK)
        watcher.wait_for(program=MILK)
        hand.request("SetCurrentProgramScene", {"sceneName": OPENING})  # the host cuts back in the middle of it
        watcher.wait_for(program=OPENING)
        hand.batch([Step("Sleep", {"sleepMillis": 2500})])
        assert hand.request("GetCurrentProgramScene")["currentProgramSceneName"] == OPENING
        assert lost(watcher) == []
    finally:
        hand.request("SetCurrentSceneTransition", {"transitionName": before["transitionName"]})
        hand.request("SetCurrentSceneTransitionDuration", {"transitionDuration": before["transitionDuration"]})
