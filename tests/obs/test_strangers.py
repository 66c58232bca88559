"""Peers that are no OBS: neither the client nor the link may hang or die."""

import queue
import time

import pytest

from studio.errors import ObsRefused, ObsRequestFailed, ObsUnavailable
from studio.obs.client import ObsClient
from tests.obs import strangers
from tests.obs.strangers import Peer, listening


def test_closed_port_says_how_to_switch_the_server_on():
    with listening(strangers.say_nothing) as port:
        pass

    with pytest.raises(ObsUnavailable, match="Enable WebSocket server") as unreachable:
        ObsClient("127.0.0.1", port).connect()

    assert not isinstance(unreachable.value, ObsRefused)
    assert "开启 WebSocket 服务器" in unreachable.value.zh


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "\udcff"])
def test_impossible_host_is_unreachable(host):
    with pytest.raises(ObsUnavailable, match="cannot reach"):
        ObsClient(host, 4455).connect()


@pytest.mark.parametrize("behave", [strangers.speak_http, strangers.speak_rubbish])
def test_other_program_on_the_port_is_refused_in_words(behave):
    with listening(behave) as port, pytest.raises(ObsRefused, match="check the port") as refused:
        ObsClient("127.0.0.1", port).connect()

    assert "端口号" in refused.value.zh


@pytest.mark.parametrize("behave", [strangers.say_nothing, strangers.drip])
def test_peer_that_never_greets_is_left_in_time(behave):
    with listening(behave) as port:
        began = time.monotonic()
        with pytest.raises(ObsUnavailable, match="does not answer") as silent:
            ObsClient("127.0.0.1", port, timeout_s=0.3).connect()

    assert time.monotonic() - began < 2
    assert not isinstance(silent.value, ObsRefused)


def test_reset_while_greeting_is_no_refusal():
    with listening(strangers.reset) as port, pytest.raises(ObsUnavailable) as lost:
        ObsClient("127.0.0.1", port).connect()

    assert not isinstance(lost.value, ObsRefused)


@pytest.mark.parametrize(
    "hello",
    ["", "[]", "{}", "null", '{"op": 0}', '{"op": 0, "d": 5}', '{"op": 0, "d": {"authentication": 1}}', "[" * 999],
)
def test_greeting_of_wrong_shape_is_refused(hello):
    def behave(connection):
        peer = Peer(connection)
        peer.send(hello)
        peer.hear()

    with listening(behave) as port, pytest.raises(ObsRefused):
        ObsClient("127.0.0.1", port).connect()


def test_unreadable_messages_do_not_end_the_connection():
    rubbish = ["", "{", "[]", "7", '{"op": 7}', '{"op": 5, "d": 1}', '{"op": 5, "d": {"eventType": "cache"}}']
    rubbish += ['{"op": 7, "d": {"requestId": []}}', '{"op": "x", "d": {}}', "[" * 60_000]

    def behave(connection):
        peer = Peer(connection)
        peer.greet()
        asked = peer.hear()["d"]
        for text in rubbish:
            peer.send(text)
        peer.say(7, {"requestId": asked["requestId"], "requestStatus": {"result": True}, "responseData": {"a": 1}})
        peer.hear()

    with listening(behave) as port:
        client = ObsClient("127.0.0.1", port)
        client.connect()

        assert client.request("GetVersion") == {"a": 1}
        client.disconnect()


def answering(*codes):
    """An OBS whose first answers carry these RequestStatus codes."""

    def behave(connection):
        peer = Peer(connection)
        peer.greet()
        for code in codes:
            asked = peer.hear()["d"]
            status = {"result": code == 100, "code": code}
            peer.say(7, {"requestId": asked["requestId"], "requestStatus": status})
        peer.hear()

    return behave


def test_not_ready_is_tried_again():
    with listening(answering(207, 207, 100)) as port:
        client = ObsClient("127.0.0.1", port)
        client.connect()

        assert client.request("GetSceneList") == {}
        client.disconnect()


def test_not_ready_for_too_long_is_told():
    with listening(answering(*[207] * 20)) as port:
        client = ObsClient("127.0.0.1", port)
        client.connect()

        with pytest.raises(ObsRequestFailed, match="207"):
            client.request("GetSceneList", timeout_s=0.4)
        client.disconnect()


def test_reset_during_a_call_fails_it_at_once():
    def behave(connection):
        peer = Peer(connection)
        peer.greet()
        peer.hear()
        strangers.reset_now(connection)

    with listening(behave) as port:
        ended = queue.Queue()
        client = ObsClient("127.0.0.1", port, timeout_s=30, on_disconnect=ended.put)
        client.connect()
        began = time.monotonic()

        with pytest.raises(ObsUnavailable, match="lost OBS"):
            client.request("GetVersion")

        assert time.monotonic() - began < 5
        assert ended.get(timeout=5) is client


def test_link_tells_the_host_about_another_program(follow):
    with listening(strangers.speak_http) as port:
        link, watcher = follow("127.0.0.1", port)

        refused = watcher.wait_state("refused")

        assert "端口号" in refused.message_zh
        with pytest.raises(ObsRefused, match="check the port"):
            link.switch("片头")


def test_link_passes_over_what_an_obs_says_that_it_does_not_understand(follow, caplog):
    def behave(connection):
        peer = Peer(connection)
        peer.greet()
        while True:
            asked = peer.hear()
            scenes = [{"sceneIndex": "x"}, {"sceneName": "厨房", "sceneIndex": None}, None, {"sceneName": 5}]
            nonsense = {"scenes": scenes, "inputs": [5, {"inputName": None}], "obsVersion": {}}
            nonsense |= {"outputActive": True, "outputDuration": None, "availableRequests": 3}
            entry = {"requestStatus": {"result": True}, "responseData": nonsense}
            peer.say(asked["op"] + 1, {"requestId": asked["d"]["requestId"], "results": [entry] * 9, **entry})

    with listening(behave) as port:
        link, watcher = follow("127.0.0.1", port)
        state = watcher.wait_state("connected")
        assert (state.scenes, state.inputs, state.recording) == (("厨房",), {}, True)
        assert link.known == frozenset()

    assert "failed" not in caplog.text


def test_obs_that_hangs_while_it_changes_collections_is_left(follow):
    def behave(connection):
        peer = Peer(connection)
        peer.greet()
        entry = {"requestStatus": {"result": True}, "responseData": {}}
        changing = False
        while True:
            asked = peer.hear()
            if changing:
                continue
            peer.say(asked["op"] + 1, {"requestId": asked["d"]["requestId"], "results": [entry] * 9, **entry})
            changing = "GetStreamStatus" in str(asked)  # the last that is read at the beginning
            if changing:
                peer.say(5, {"eventType": "CurrentSceneCollectionChanging", "eventData": {}})

    with listening(behave) as port:
        _, watcher = follow("127.0.0.1", port, patience_s=0.1)
        watcher.wait_state("connected")
        assert "没有回应" in watcher.wait_state("off").message_zh
