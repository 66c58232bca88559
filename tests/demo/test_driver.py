"""The play against a real server: without ears in steps that the test takes, and once whole, with real speech."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.demo.buyers import Neighbourhood
from studio.demo.driver import Api, Play, Refused, open_show
from tests.live import LiveStudio
from tests.test_supervise import until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def remote(live):
    return Api(live.url, live.token())


def test_show_is_opened_live_with_its_products(remote, live):
    show = open_show(remote, first=True)
    assert show["status"] == "live"
    assert live.call("GET", "/stock")["items"]["MILK-950"]["available"] == 120
    assert open_show(remote, first=True)["id"] == show["id"], "a restarted play goes on with the same show"


def test_second_show_is_restocked(remote, live):
    show = open_show(remote, first=True)
    live.order("much", quantity=80)
    live.call("POST", f"/shows/{show['id']}/end")
    assert open_show(remote, first=False)["id"] != show["id"]
    assert live.call("GET", "/stock")["items"]["MILK-950"]["available"] == 120


def test_show_of_the_newcomer_is_left_alone(remote, live):
    live.prepare_show()
    assert open_show(remote, first=True) is None


def test_play_orders_and_ends_with_the_show(remote, live):
    show = open_show(remote, first=True)
    play = Play(remote, show, Neighbourhood(115))
    until(lambda: play.tick() and len(live.call("GET", "/orders")["orders"]) >= 2)
    assert live.call("GET", "/orders")["orders"][-1]["status"] == "paid"
    live.call("POST", f"/shows/{show['id']}/end")
    assert not play.tick()


def test_refusal_is_told_apart_from_failure(remote):
    with pytest.raises(Refused, match="404"):
        remote.get("/shows/99")


@pytest.mark.speech
def test_demo_hears_sells_and_leaves_real_data_alone(tmp_path, model_dir):
    data = tmp_path / "real"
    environ = {**os.environ, "STUDIO_OBS_ENABLED": "false"}
    command = [sys.executable, "-m", "studio.cli", "run", "--demo", "--no-open", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environ) as process:
        try:
            status = data / "demo/server.json"
            until(status.exists)
            demo = LiveStudio(data / "demo")
            demo.port = json.loads(status.read_text("utf-8"))["port"]
            with demo.listen("show", "transcript", "orders", "shoutout", "overlays") as listener:
                show = listener.wait("show", lambda show: show and show["status"] == "live")
                assert show["demo"] is True
                heard = listener.wait("transcript", bool, timeout_s=60)
                listener.wait("orders", lambda orders: orders and orders["paid"] >= 1, timeout_s=60)
            assert "直播间" in "".join(segment["text"] for segment in heard)
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    assert [path.name for path in data.iterdir()] == ["demo"]
