"""Going live from the control page: a real OBS streams to a real receiver, which goes away and comes back."""

import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import open_operator  # noqa: F401 - fixture
from tests.live import LiveStudio
from tests.obs.conftest import hand, obs, obs_process  # noqa: F401 - fixtures
from tests.obs.real_obs import free_port
from tests.real import require


class Receiver:
    """What a platform is to OBS: takes one RTMP stream, throws the pictures away."""

    def __init__(self):
        self.server = f"rtmp://127.0.0.1:{free_port()}/live"
        self._process = None

    def start(self):
        ffmpeg = require("ffmpeg", "apt-get install ffmpeg")
        command = [ffmpeg, "-loglevel", "error", "-listen", "1", "-i", f"{self.server}/show", "-f", "null", "-"]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def kill(self):
        self._process.kill()
        self._process.wait()


@pytest.fixture
def receiver():
    platform = Receiver()
    platform.start()
    yield platform
    platform.kill()


@pytest.fixture
def studio(obs, hand, receiver, tmp_path):  # noqa: F811
    """A studio that follows an OBS which is told where to stream."""
    hand.request(
        "SetStreamServiceSettings",
        {"streamServiceType": "rtmp_custom", "streamServiceSettings": {"server": receiver.server, "key": "show"}},
    )
    for name, value in {"Reconnect": "true", "RetryDelay": "1", "MaxRetries": "25"}.items():
        hand.request(
            "SetProfileParameter", {"parameterCategory": "Output", "parameterName": name, "parameterValue": value}
        )
    where = {"obs_host": obs.host, "obs_port": obs.port, "obs_password": obs.password}
    studio = LiveStudio(tmp_path / "studio", obs_enabled=True, **where).start()
    yield studio
    studio.stop()
    if hand.request("GetStreamStatus")["outputActive"]:  # the test failed
        hand.request("StopStream")


@pytest.mark.xdist_group("obs")
@pytest.mark.obs
@pytest.mark.browser
def test_stream_starts_by_a_key_breaks_off_comes_back_and_ends(hand, receiver, studio, open_operator):  # noqa: F811
    with studio.listen("obs", "obs_controls", role="producer") as watching:
        watching.wait("obs", lambda value: value["state"] == "connected")
        page = open_operator(studio, "/control")
        page.wait_for_selector("#open-obs-controls:not([hidden])", state="attached")
        light = page.locator("[data-light=obs]")
        page.keyboard.press("Shift+B")
        page.get_by_role("dialog").get_by_role("button", name="开始推流").click()
        watching.wait("obs_controls", lambda value: value["stream"]["active"])
        assert hand.request("GetStreamStatus")["outputActive"]

        receiver.kill()
        lost = watching.wait("obs_controls", lambda value: value["stream"]["reconnecting"], timeout_s=30)
        assert [alarm["level"] for alarm in lost["alarms"] if alarm["code"] == "stream"] == ["red"]
        expect(light).to_contain_text("推流断了")

        receiver.start()
        watching.wait(
            "obs_controls",
            lambda value: value["stream"]["active"] and not value["stream"]["reconnecting"],
            timeout_s=30,
        )
        expect(light).not_to_contain_text("推流断了")  # this PC may still be too busy for the encoder

        page.keyboard.press("Shift+B")
        page.get_by_role("dialog").get_by_role("button", name="停止推流").click()
        watching.wait("obs_controls", lambda value: not value["stream"]["active"])
        assert not hand.request("GetStreamStatus")["outputActive"]
