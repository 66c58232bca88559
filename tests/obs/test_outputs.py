"""Outputs of a real OBS that are neither on nor off: paused, broken off."""

from pathlib import Path

import pytest

from studio.errors import ObsRequestFailed
from studio.events import ObsChanged
from studio.obs.frames import Step
from studio.obs.snapshot import Snapshot
from tests.live import LiveStudio
from tests.obs.browser_obs import PASSWORD, BrowserObs
from tests.obs.real_obs import SCENES, RealObs

pytestmark = pytest.mark.xdist_group("obs")
OWN_ENCODER = "RecQuality=Small\nRecEncoder=x264\n"
SAVE_KEY = '[Hotkeys]\nReplayBuffer={"ReplayBuffer.Save":[{"key":"OBS_KEY_F9"}]}\n'
REPLAYS = f"{OWN_ENCODER}RecRB=true\nRecRBTime=5\nRecRBSize=64\n{SAVE_KEY}"


@pytest.fixture(scope="module")
def obs_process(tmp_path_factory):
    """An OBS that can pause, because it does not record what it streams."""
    obs = RealObs(tmp_path_factory.mktemp("obs"), encoder=REPLAYS)
    try:
        yield obs.start()
    finally:
        obs.stop()


@pytest.mark.obs
def test_paused_recording_goes_on_and_its_clock_leaves_the_pause_out(linked, hand):
    link, watcher = linked
    link.record(True)
    began = watcher.wait_for(recording=True).recording_ms
    while hand.request("GetRecordStatus")["outputDuration"] < 300:
        hand.batch([Step("Sleep", {"sleepMillis": 50})])
    hand.request("PauseRecord")
    paused = watcher.wait_for(recording_paused=True)
    assert paused.recording
    hand.batch([Step("Sleep", {"sleepMillis": 1500})])
    hand.request("ResumeRecord")
    resumed = watcher.wait(lambda event: isinstance(event, ObsChanged) and event.recording_ms > began + 1000)
    assert (resumed.recording, resumed.recording_paused) == (True, False)
    link.record(False)
    assert watcher.wait_for(recording=False).ended == {}


def test_recording_that_breaks_off_is_told_until_it_is_started_again(follow):
    """OBS 29 tells nothing of it before somebody closes its message box, which may stand behind other windows."""
    with BrowserObs() as obs:
        _, watcher = follow("127.0.0.1", obs.port, PASSWORD, patience_s=0.2)
        watcher.wait_state("connected")
        obs.recording = True
        watcher.wait_for(recording=True)

        obs.recording = False

        assert list(watcher.wait_for(recording=False).ended) == ["recording"]
        obs.recording = True
        assert watcher.wait_for(recording=True).ended == {}


@pytest.mark.obs
def test_recording_that_obs_accepts_and_does_not_start_is_refused_in_words(obs, hand, follow):
    link, watcher = follow(obs.host, obs.port, obs.password, patience_s=0.6)
    watcher.wait_state("connected")
    folder = {"parameterCategory": "SimpleOutput", "parameterName": "FilePath"}
    hand.request("SetProfileParameter", {**folder, "parameterValue": "/proc/nowhere"})
    try:
        with pytest.raises(ObsRequestFailed, match="does not record") as failed:
            link.record(True)
        assert "文件夹" in failed.value.zh
    finally:
        hand.request("SetProfileParameter", {**folder, "parameterValue": str(obs.recordings)})
    link.record(True)
    assert link.state.recording
    link.record(False)
    watcher.wait_for(recording=False)


@pytest.mark.obs
def test_stream_that_nobody_takes_is_told(linked, hand):
    _, watcher = linked
    nobody = {"server": "rtmp://127.0.0.1:9/live", "key": "x"}
    hand.request("SetStreamServiceSettings", {"streamServiceType": "rtmp_custom", "streamServiceSettings": nobody})
    hand.request("StartStream")

    assert not watcher.wait(lambda event: "streaming" in getattr(event, "ended", ())).streaming


def changes(*states, output="Record"):
    snapshot = Snapshot("30")
    for state in states:
        snapshot.apply(f"{output}StateChanged", {"outputActive": False, "outputState": f"OBS_WEBSOCKET_OUTPUT_{state}"})
    return snapshot.value


def test_stream_that_reconnects_is_still_a_stream():
    assert changes("STARTING", "STARTED", "RECONNECTING", output="Stream").streaming
    assert not changes("STARTING", "STARTED", "RECONNECTING", "STOPPING", output="Stream").streaming


def test_only_an_output_that_nobody_stopped_ended_by_itself():
    assert list(changes("STARTED", "STOPPED", output="Stream").ended) == ["streaming"]
    assert changes("STARTED", "STOPPING", "STOPPED", output="Stream").ended == {}
    assert changes("STARTED", "STOPPED", "STARTED", output="Stream").ended == {}
    assert list(changes("STARTING", "STOPPED").ended) == ["recording"]
    assert changes("STARTING", "STOPPING", "STOPPED").ended == {}


@pytest.mark.obs
def test_saved_replay_says_where_it_is(obs, hand, tmp_path):
    where = {"obs_host": obs.host, "obs_port": obs.port, "obs_password": obs.password}
    studio = LiveStudio(tmp_path / "studio", obs_enabled=True, **where).start()
    try:
        with studio.listen("obs_controls", role="producer") as page:
            assert page.wait("obs_controls", lambda value: value is not None)["replay"] == {"active": False}
            hand.request("CreateInput", {"sceneName": SCENES[0], "inputName": "角标", "inputKind": "color_source_v3"})
            assert studio.call("POST", "/obs/replay", {"on": True})["replay"] == {"active": True}
            saved = [Path(studio.call("POST", "/obs/replay/save")["path"]) for _ in range(2)]
        assert saved[0] != saved[1]
        assert all(path.parent == obs.recordings and path.stat().st_size > 0 for path in saved)
    finally:
        studio.call("POST", "/obs/replay", {"on": False})
        studio.stop()
        hand.request("RemoveInput", {"inputName": "角标"})


class IdleReplays(BrowserObs):
    """Says yes to everything about replays and does nothing, as OBS does while its window asks."""

    def GetReplayBufferStatus(self):  # noqa: N802 - a request
        return {"outputActive": False}

    def GetLastReplayBufferReplay(self):  # noqa: N802 - a request
        return {"savedReplayPath": "/yesterday.mkv"}

    def StartReplayBuffer(self):  # noqa: N802 - a request
        return {}

    def SaveReplayBuffer(self):  # noqa: N802 - a request
        return {}


def test_replay_that_obs_accepts_and_does_not_make_is_refused_in_words(tmp_path):
    with IdleReplays() as obs:
        where = {"obs_host": "127.0.0.1", "obs_port": obs.port, "obs_password": PASSWORD}
        studio = LiveStudio(tmp_path / "studio", obs_enabled=True, **where).start()
        try:
            with studio.listen("obs", role="producer") as page:
                page.wait("obs", lambda value: value["state"] == "connected")
            assert "快捷键" in studio.call("POST", "/obs/replay", {"on": True}, status=502)["detail"]
            assert "磁盘" in studio.call("POST", "/obs/replay/save", status=502)["detail"]
        finally:
            studio.stop()
