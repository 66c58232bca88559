"""The link on a real OBS: follows what happens there, comes back after every loss."""

import logging
import os
import signal
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from studio.errors import NotFound, ObsRefused, ObsRequestFailed, ObsUnavailable
from studio.events import ObsChanged, RecordingStopped
from studio.obs.frames import Step
from studio.obs.link import Connection, ObsLink
from studio.types import now_ms
from tests.obs import strangers
from tests.obs.real_obs import SCENES
from tests.obs.strangers import listening
from tests.obs.watcher import Watcher

pytestmark = [pytest.mark.obs, pytest.mark.xdist_group("obs")]


def test_link_shows_scenes_from_the_top(linked):
    link, _ = linked

    assert link.connected
    assert [name for name in link.state.scenes if name in SCENES] == list(SCENES)
    assert link.state.program == SCENES[0]
    assert link.state.version


def test_switch_puts_the_scene_on_program(linked, hand):
    link, watcher = linked

    link.switch("牛奶")

    watcher.wait_for(program="牛奶")
    assert hand.request("GetCurrentProgramScene")["currentProgramSceneName"] == "牛奶"


def test_switch_does_not_wait_for_delayed_acknowledgements(linked):
    link, _ = linked

    def switch_ms(scene):
        began = time.perf_counter()
        link.switch(scene)
        return (time.perf_counter() - began) * 1000

    # 40 ms and more on every switch before the client acknowledged OBS's events at once, 3 ms since
    assert statistics.median(switch_ms(SCENES[number % 3]) for number in range(21)) < 30


def test_unknown_scene_names_those_that_exist(linked):
    link, _ = linked

    with pytest.raises(NotFound) as missing:
        link.switch("果园")

    assert "果园" in missing.value.zh
    assert "片头、牛奶、厨房" in missing.value.zh
    assert set(SCENES) <= set(missing.value.details["known"])


def test_preview_follows_in_studio_mode(linked, hand):
    link, watcher = linked
    hand.request("SetStudioModeEnabled", {"studioModeEnabled": True})
    watcher.wait_for(studio_mode=True, preview=SCENES[0])

    link.preview("厨房")

    watcher.wait_for(preview="厨房", program=SCENES[0])


def test_preview_without_studio_mode_says_what_to_switch_on(linked):
    link, _ = linked

    with pytest.raises(ObsRequestFailed, match="studio mode"):
        link.preview("厨房")


def test_mute_goes_both_ways(linked, hand):
    link, watcher = linked
    name = {"inputName": "麦克风"}
    hand.request("CreateInput", {**name, "sceneName": SCENES[0], "inputKind": "ffmpeg_source"})
    try:
        watcher.wait_for(inputs={"麦克风": False})

        link.set_muted("麦克风", True)
        watcher.wait_for(inputs={"麦克风": True})
        hand.request("SetInputMute", {**name, "inputMuted": False})
        watcher.wait_for(inputs={"麦克风": False})
        with pytest.raises(NotFound, match="麦克风"):
            link.set_muted("话筒", True)
    finally:
        hand.request("RemoveInput", name)
    watcher.wait_for(inputs={})


def test_recording_ends_with_its_file(linked):
    link, watcher = linked
    before = now_ms()

    link.record(True)
    link.record(True)
    started = watcher.wait_for(recording=True)
    link.record(False)
    stopped = watcher.wait(lambda event: isinstance(event, RecordingStopped))

    assert before <= started.recording_ms <= now_ms()
    assert Path(stopped.path).stat().st_size > 0
    assert link.state.recording_ms is None


def test_recording_starts_again_right_after_it_ended(linked):
    link, watcher = linked
    link.record(True)
    watcher.wait_for(recording=True)

    link.record(False)
    watcher.wait_for(recording=False)
    link.record(True)

    watcher.wait(lambda event: isinstance(event, RecordingStopped))
    watcher.wait_for(recording=True)
    link.record(False)
    link.record(False)
    watcher.wait(lambda event: isinstance(event, RecordingStopped))


def test_recording_under_way_keeps_its_start(obs, hand, follow):
    before = now_ms()
    hand.request("StartRecord")
    while hand.request("GetRecordStatus")["outputDuration"] < 200:
        hand.batch([Step("Sleep", {"sleepMillis": 50})])

    _, watcher = follow(obs.host, obs.port, obs.password)
    state = watcher.wait_for(recording=True)

    assert before <= state.recording_ms < now_ms() - 100
    hand.request("StopRecord")
    watcher.wait(lambda event: isinstance(event, RecordingStopped))


def test_thumbnail_is_a_small_jpeg_shared_by_all_viewers(linked):
    link, _ = linked

    with ThreadPoolExecutor(8) as viewers:
        pictures = list(viewers.map(lambda _: link.thumbnail(), range(8)))

    assert pictures[0].startswith(b"\xff\xd8\xff")
    height, width, _ = cv2.imdecode(np.frombuffer(pictures[0], np.uint8), cv2.IMREAD_COLOR).shape
    assert (width, height) == (640, 360)
    assert all(picture is pictures[0] for picture in pictures)


def test_scene_made_renamed_and_removed_in_obs_shows_up(linked, hand):
    link, watcher = linked

    hand.request("CreateScene", {"sceneName": "果园"})
    watcher.wait(lambda event: "果园" in event.scenes)
    hand.request("SetSceneName", {"sceneName": "果园", "newSceneName": "橘园"})
    watcher.wait(lambda event: "橘园" in event.scenes and "果园" not in event.scenes)
    link.switch("橘园")
    hand.request("RemoveScene", {"sceneName": "橘园"})
    watcher.wait(lambda event: "橘园" not in event.scenes and event.program in SCENES)


def test_scene_collection_change_is_followed(linked, hand):
    link, watcher = linked

    hand.request("CreateSceneCollection", {"sceneCollectionName": f"秋季{now_ms()}"}, timeout_s=20)
    fresh = watcher.wait(lambda event: not set(event.scenes) & set(SCENES))
    link.switch(fresh.scenes[0])
    hand.request("SetCurrentSceneCollection", {"sceneCollectionName": "studio"}, timeout_s=20)

    watcher.wait(lambda event: set(event.scenes) >= set(SCENES) and event.program is not None)
    link.switch("厨房")
    watcher.wait_for(program="厨房")


def test_wrong_password_is_told_and_mended_by_another(obs, follow, caplog):
    caplog.set_level(logging.DEBUG)
    link, watcher = follow(obs.host, obs.port, "falsch")

    refused = watcher.wait_state("refused")
    assert "密码" in refused.message_zh
    assert "password" in refused.message_en
    with pytest.raises(ObsRefused, match="password"):
        link.switch(SCENES[0])

    link.reconfigure(obs.host, obs.port, obs.password)
    assert watcher.wait_state("connected", timeout_s=3).program == SCENES[0]
    assert not [secret for secret in ("falsch", obs.password) if secret in caplog.text]


def test_killed_obs_is_told_at_once_and_followed_again_when_back(obs, linked, caplog):
    link, watcher = linked
    caplog.set_level(logging.INFO, logger="studio.obs")

    obs.kill()
    off = watcher.wait_state("off", timeout_s=1)
    with pytest.raises(ObsUnavailable, match="OBS"):
        link.switch("牛奶")
    watcher.wait(lambda event: "打开 OBS" in event.message_zh and "开启" in event.message_zh)
    obs.restart()
    ready = time.monotonic()
    watcher.wait_state("connected", timeout_s=5)
    back_after_s = time.monotonic() - ready

    assert off.program is None
    assert set(SCENES) <= set(off.scenes)
    assert back_after_s <= 1.5
    lines = [(record.levelname, record.name) for record in caplog.records if record.name.startswith("studio.obs")]
    assert lines == [("WARNING", "studio.obs.link"), ("INFO", "studio.obs.link")]
    link.switch("牛奶")
    watcher.wait_for(program="牛奶")


def test_frozen_obs_is_noticed_and_followed_again(obs, follow):
    _, watcher = follow(obs.host, obs.port, obs.password, patience_s=0.6)
    watcher.wait_state("connected")

    os.killpg(obs.process.pid, signal.SIGSTOP)
    try:
        frozen = watcher.wait_state("off", timeout_s=5)
    finally:
        os.killpg(obs.process.pid, signal.SIGCONT)

    assert "没有回应" in frozen.message_zh
    watcher.wait_state("connected")


def test_link_leaves_a_silent_peer_for_the_real_obs(obs, follow):
    with listening(strangers.say_nothing) as port:
        link, watcher = follow("127.0.0.1", port, patience_s=0.3)
        watcher.wait_state("off")

        link.reconfigure(obs.host, obs.port, obs.password)

        watcher.wait_state("connected", timeout_s=3)


def test_reconfigured_link_lets_the_old_obs_go(linked, caplog):
    link, watcher = linked
    with listening(strangers.say_nothing) as port:
        link.reconfigure("127.0.0.1", port, "")

        connecting = watcher.wait_state("connecting")
        assert connecting.scenes == ()
        with pytest.raises(ObsUnavailable, match="connecting"):
            link.switch(SCENES[0])
        assert [record.getMessage() for record in caplog.records if record.name.startswith("studio.obs")] == []


def test_failing_listener_does_not_stop_the_link(obs, caplog):
    watcher = Watcher()

    def publish(event):
        watcher(event)
        raise ValueError("listener's own fault")

    link = ObsLink(Connection(obs.host, obs.port, obs.password), publish)
    link.start()
    try:
        watcher.wait_state("connected")
        link.switch("厨房")
        watcher.wait_for(program="厨房")
    finally:
        link.stop()
    assert "listener's own fault" in caplog.text


def test_stopped_link_is_quiet(linked):
    link, watcher = linked
    heard = len(watcher.events)

    link.stop()

    assert not link.connected
    assert "obs-link" not in [thread.name for thread in threading.enumerate()]
    assert len(watcher.events) == heard
    with pytest.raises(ObsUnavailable):
        link.thumbnail()


def test_disabled_link_says_so():
    watcher = Watcher()
    link = ObsLink(Connection(enabled=False), watcher)

    link.start()

    assert watcher.events == [ObsChanged(state="disabled")]
    with pytest.raises(ObsUnavailable, match="switched off"):
        link.record(True)


@pytest.mark.obs
def test_scene_whose_event_obs_swallows_is_seen_all_the_same(obs, hand, follow):
    """OBS 29 tells of no transition's end after studio mode came on in the middle of one."""
    link, watcher = follow(obs.host, obs.port, obs.password, patience_s=1.0)
    watcher.wait_state("connected")
    hand.request("SetCurrentProgramScene", {"sceneName": SCENES[1]})
    hand.request("SetStudioModeEnabled", {"studioModeEnabled": True})
    hand.request("SetCurrentPreviewScene", {"sceneName": SCENES[2]})
    hand.request("SetCurrentProgramScene", {"sceneName": SCENES[2]})
    hand.batch([Step("Sleep", {"sleepMillis": 2500})])  # fades have ended, and OBS has been asked
    assert hand.request("GetCurrentProgramScene")["currentProgramSceneName"] == SCENES[2]
    assert link.state.program == SCENES[2]
