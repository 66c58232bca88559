"""The client on a real OBS."""

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from obswebsocket import requests

from studio.errors import ObsRefused, ObsRequestFailed, ObsUnavailable
from studio.obs.client import EVENTS, METERS, ObsClient
from studio.obs.frames import Step
from tests.obs.real_obs import SCENES

pytestmark = [pytest.mark.obs, pytest.mark.xdist_group("obs")]
SLEEPING = [Step("Sleep", {"sleepMillis": 20_000})]


def heard_by(client):
    events = queue.Queue()
    client.register(events.put)
    return events


def await_event(events, name):
    deadline = time.monotonic() + 10
    while True:
        event = events.get(timeout=max(0.01, deadline - time.monotonic()))
        if event.name == name:
            return event.datain


def test_client_hears_studio_mode(hand):
    events = heard_by(hand)

    hand.request("SetStudioModeEnabled", {"studioModeEnabled": True})

    assert await_event(events, "StudioModeStateChanged") == {"studioModeEnabled": True}


def test_client_hears_meters_only_while_subscribed(hand):
    events = heard_by(hand)

    hand.subscribe(EVENTS | METERS)
    await_event(events, "InputVolumeMeters")
    hand.subscribe(EVENTS)
    while not events.empty():
        events.get_nowait()
    hand.batch([Step("Sleep", {"sleepMillis": 200})])  # four times the meters' period

    assert "InputVolumeMeters" not in [event.name for event in events.queue]


def test_client_keeps_code_and_comment_of_a_failure(hand):
    with pytest.raises(ObsRequestFailed) as failed:
        hand.request("SetCurrentProgramScene", {"sceneName": "没有"})

    details = failed.value.details
    assert (details["request"], details["obs_code"]) == ("SetCurrentProgramScene", 600)
    assert details["comment"] in failed.value.zh
    assert "找不到" in failed.value.zh


def test_client_names_a_missing_browser_source(hand):
    kinds = hand.request("GetInputKindList")["inputKinds"]
    if "browser_source" in kinds:
        pytest.skip("this OBS has a browser source")

    with pytest.raises(ObsRequestFailed, match="605") as failed:
        hand.request("CreateInput", {"sceneName": SCENES[0], "inputName": "叠加", "inputKind": "browser_source"})

    assert "官方版 OBS" in failed.value.zh


def test_client_runs_the_librarys_requests(hand):
    assert hand.call(requests.GetVersion()).getRpcVersion() == 1


def test_batch_passes_values_from_step_to_step(hand):
    created, item, moved = hand.batch(
        [
            Step("CreateScene", {"sceneName": "批处理"}),
            Step(
                "CreateInput",
                {"sceneName": "批处理", "inputName": "底色", "inputKind": "color_source_v3"},
                keeps={"item": "sceneItemId"},
            ),
            Step(
                "SetSceneItemTransform",
                {"sceneName": "批处理", "sceneItemTransform": {"positionX": 40}},
                takes={"sceneItemId": "item"},
            ),
        ]
    )

    item_id = item["sceneItemId"]
    placed = hand.request("GetSceneItemTransform", {"sceneName": "批处理", "sceneItemId": item_id})
    assert placed["sceneItemTransform"]["positionX"] == 40
    assert (created, moved) == ({}, {})
    hand.request("RemoveScene", {"sceneName": "批处理"})


def test_batch_names_the_step_that_failed(hand):
    steps = [Step("GetVersion"), Step("RemoveScene", {"sceneName": "没有"}), Step("GetVersion")]

    with pytest.raises(ObsRequestFailed) as failed:
        hand.batch(steps)

    assert (failed.value.details["step"], failed.value.details["obs_code"]) == (1, 600)


def test_batch_goes_on_after_a_failure_when_asked(hand):
    steps = [Step("RemoveScene", {"sceneName": "没有"}), Step("GetVersion")]

    failed, version = hand.batch(steps, halt_on_failure=False)

    assert isinstance(failed, ObsRequestFailed)
    assert version["rpcVersion"] == 1


def test_client_gives_every_thread_its_own_answer(hand):
    slots = [{"realm": "OBS_WEBSOCKET_DATA_REALM_PROFILE", "slotName": f"slot-{number}"} for number in range(40)]
    hand.batch([Step("SetPersistentData", {**slot, "slotValue": slot["slotName"]}) for slot in slots])

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda slot: hand.request("GetPersistentData", slot)["slotValue"], slots))

    assert answers == [slot["slotName"] for slot in slots]


def test_client_survives_a_failing_listener(hand, caplog):
    def fail(_event):
        raise ValueError("listener's own fault")

    events = queue.Queue()
    hand.register(fail)
    hand.register(events.put)

    hand.request("SetStudioModeEnabled", {"studioModeEnabled": True})
    hand.request("SetStudioModeEnabled", {"studioModeEnabled": False})

    assert hand.request("GetVersion")["rpcVersion"] == 1
    assert "listener's own fault" in caplog.text


def test_client_refuses_to_deadlock_in_a_listener(hand):
    outcome = queue.Queue()

    def ask(event):
        if event.name == "StudioModeStateChanged":
            with pytest.raises(RuntimeError) as refused:
                hand.request("GetVersion")
            outcome.put(refused.value)

    hand.register(ask)
    hand.request("SetStudioModeEnabled", {"studioModeEnabled": True})

    assert "only enqueue" in str(outcome.get(timeout=10))


def test_slow_answer_times_out_and_the_client_stays_usable(hand):
    with pytest.raises(ObsUnavailable, match="does not answer"):
        hand.batch([Step("Sleep", {"sleepMillis": 1000})], timeout_s=0.1)

    assert hand.request("GetVersion")["rpcVersion"] == 1


@pytest.mark.parametrize(("password", "zh"), [("falsch", "密码不对"), ("", "要求密码")])
def test_wrong_password_is_refused_in_words(obs, password, zh):
    with pytest.raises(ObsRefused) as refused:
        ObsClient(obs.host, obs.port, password).connect()

    assert zh in refused.value.zh
    assert "password" in refused.value.en


def test_pending_calls_fail_at_once_when_obs_dies(obs):
    client = obs.connect()
    ended = queue.Queue()

    def wait_long():
        with pytest.raises(ObsUnavailable) as lost:
            client.batch(SLEEPING, timeout_s=30)
        ended.put((time.monotonic(), lost.value))

    threads = [threading.Thread(target=wait_long) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(client._waiters) < len(threads):  # all three are on their way
        threading.Event().wait(0.005)
    obs.kill()
    killed = time.monotonic()

    for _ in threads:
        at, error = ended.get(timeout=5)
        assert at - killed < 0.5
        assert "断了" in error.zh
    for thread in threads:
        thread.join()
    with pytest.raises(ObsUnavailable):
        client.request("GetVersion")


def test_pending_call_fails_at_once_when_the_studio_hangs_up(hand):
    with ThreadPoolExecutor(1) as thread:
        pending = thread.submit(hand.batch, SLEEPING, timeout_s=30)
        while not hand._waiters:
            threading.Event().wait(0.005)
        hand.disconnect()

        assert isinstance(pending.exception(timeout=2), ObsUnavailable)
