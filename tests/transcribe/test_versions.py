"""Texts of a sentence: live, heard again, edited; on both databases, and once with a real recording and Whisper."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio import events
from studio.config import Settings
from studio.transcribe import versions
from studio.transcribe.alignment import Aligned, Piece
from tests import template
from tests.real import require
from tests.waiting import until

KITCHEN = Path(__file__).parents[1] / "shows/kitchen.opus"


@pytest.fixture
def settings(tmp_path, database_url):
    models = Settings().models  # the real ones: what a test asks for is what a host asks for
    return template.settings_of(tmp_path / "data", database_url, models_dir=models)


SAID = [
    (30.5, 34.2, "第二道菜是上汤王瓦菜，这个菜我家孩子特别爱吃。"),
    (34.8, 39.4, "老实说，这批娃娃菜有几颗外面的叶子有点慌，剥掉一层就好。"),
]


@pytest.fixture
def show(api, studio):
    """An ended show in which SAID was heard; ids of its sentences are 0 and 1."""
    show = api("POST", "/shows", {"title": "t"}).json
    show = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json
    studio.bus.publish(events.EarStatus(state="listening", source="mic", model="base", session_ms=show["started_ms"]))
    for seq, (start, end, text) in enumerate(SAID):
        studio.bus.publish(events.SegmentHeard(seq=seq, start=start, end=end, text=text, raw_text=text))
    api("POST", f"/shows/{show['id']}/end")
    return show["id"]


@pytest.fixture
def hear_again(studio, show):
    def keep(texts, extra=()):
        aligned = Aligned(texts, tuple(extra))
        studio.writer.run(
            lambda unit: versions.keep_hearing(unit, show, [0, 1], aligned, model="base", beam=5, at=5_000)
        )

    return keep


def lines(api, show):
    return [(row["text"], row["origin"]) for row in api("GET", f"/shows/{show}/transcript").json["segments"]]


def test_an_edit_outlives_every_new_hearing(api, show, hear_again):
    assert lines(api, show) == [(SAID[0][2], "live"), (SAID[1][2], "live")]
    hear_again({0: "第二道菜是上汤娃娃菜。", 1: "老实说。"})
    assert lines(api, show) == [("第二道菜是上汤娃娃菜。", "batch"), ("老实说。", "batch")]
    history = api("PUT", f"/shows/{show}/transcript/0", {"text": "第二道菜：上汤娃娃菜。"}).json["versions"]
    assert [each["origin"] for each in history] == ["live", "batch", "edited"]
    api("PUT", f"/shows/{show}/transcript/0", {"text": "第二道菜：上汤娃娃菜。"})  # again: nothing new
    hear_again({0: "第二道菜是上汤娃娃彩。"})
    assert lines(api, show) == [("第二道菜：上汤娃娃菜。", "edited"), (SAID[1][2], "live")]
    history = api("GET", f"/shows/{show}/transcript/0").json["versions"]
    assert [(each["origin"], each["by"]) for each in history] == [
        ("live", None),
        ("batch", None),
        ("batch", None),
        ("edited", "host"),
    ]
    assert "第二道菜：上汤娃娃菜。" in api("GET", f"/shows/{show}/export/srt").text


def test_what_only_the_recording_has_stands_in_its_place_and_can_be_edited(api, show, hear_again):
    hear_again({}, [Piece(1.0, 3.0, "邻居们晚上好。")])
    assert [text for text, _ in lines(api, show)] == ["邻居们晚上好。", SAID[0][2], SAID[1][2]]
    seq = api("GET", f"/shows/{show}/transcript").json["segments"][0]["seq"]
    assert seq < 0
    assert api("PUT", f"/shows/{show}/transcript/{seq}", {"text": "邻居们，晚上好！"}).status_code == 200
    assert lines(api, show)[0] == ("邻居们，晚上好！", "edited")


def test_nonsense_is_refused(api, show, tmp_path):
    other = api("POST", "/shows", {"title": "u"}).json["id"]
    for method, path, body, status in (
        ("PUT", f"/shows/{show}/transcript/9", {"text": "x"}, 404),
        ("PUT", f"/shows/{other}/transcript/0", {"text": "x"}, 404),
        ("PUT", f"/shows/{show}/transcript/-1", {"text": "x"}, 404),
        ("PUT", f"/shows/{show}/transcript/0", {"text": "  "}, 422),
        ("POST", f"/shows/{show}/retake", {"audio": str(tmp_path / "none.mkv")}, 422),
        ("POST", f"/shows/{show}/retake", {"audio": str(KITCHEN), "model": "../x"}, 500),
        ("POST", f"/shows/{show}/retake", {"audio": str(KITCHEN), "beam": 99}, 422),
        ("POST", "/shows/99/retake", {"audio": str(KITCHEN)}, 404),
    ):
        assert api(method, path, body).status_code == status, path
    assert api("POST", f"/shows/{show}/retake", {"audio": str(KITCHEN)}, role="producer").status_code == 403
    api("POST", f"/shows/{other}/live", {"override": "测试"})
    assert api("POST", f"/shows/{show}/retake", {"audio": str(KITCHEN)}).status_code == 409, "not while on air"


@pytest.mark.speech
@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", [""], ids=["sqlite"])
def test_a_recording_is_heard_again_and_finds_its_place(api, studio, show, model_dir, cut_kitchen):
    """It begins 4 s later than the show's clock says for the same words, and is heard with a beam of 5."""
    recording = cut_kitchen(26.5, 13.5)
    api("POST", f"/shows/{show}/retake", {"audio": str(recording), "model": "base", "beam": 5})
    assert api("POST", f"/shows/{show}/retake", {"audio": str(recording)}).status_code == 409, "one at a time"
    until(lambda: studio.state.get("retake")["state"] != "running", timeout_s=100)
    job = studio.state.get("retake")
    assert (job["state"], job["share"], job["audio"]) == ("done", 1.0, recording.name)
    assert job["offset_s"] == pytest.approx(26.5, abs=0.5)
    first = api("GET", f"/shows/{show}/transcript/0").json["versions"][-1]
    assert (first["origin"], first["model"], first["beam"]) == ("batch", "base", 5)
    assert "菜" in first["text"]


@pytest.mark.speech
@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", [""], ids=["sqlite"])
def test_the_command_line_lays_a_recording_over_a_show_and_keeps_edits(api, settings, show, model_dir, cut_kitchen):
    api("PUT", f"/shows/{show}/transcript/1", {"text": "老实说，叶子黄了。"})
    out = settings.data_dir / "log.json"
    command = [sys.executable, "-m", "studio.cli", "transcribe", cut_kitchen(26.5, 13.5), "--show", show]
    command += ["--catalog", KITCHEN.with_name("kitchen.catalog.json"), "--out", out, "--beam", 2]
    command += ["--data", settings.data_dir]

    def run(*more):
        environ = {**os.environ, "STUDIO_MODELS_DIR": str(model_dir.parent)}
        return subprocess.run(
            [*map(str, command), *map(str, more)], env=environ, capture_output=True, text=True, check=False
        )

    assert "no such show" in run("--show", 99).stderr
    assert not out.exists()
    done = run()
    assert done.returncode == 0, done.stderr
    assert f"show {show}: 2 sentences" in done.stderr
    *before, first, second = lines(api, show)
    assert first[1] == "batch"
    assert "娃娃菜" in first[0]
    assert second == ("老实说，叶子黄了。", "edited")
    assert {origin for _text, origin in before} <= {"batch"}  # what only the recording has
    history = api("GET", f"/shows/{show}/transcript/0").json["versions"]
    assert [(each["origin"], each["beam"]) for each in history] == [("live", None), ("batch", 2)]


@pytest.fixture
def cut_kitchen(tmp_path):
    def cut(start_s, length_s):
        out = tmp_path / "recording.mka"
        ffmpeg = require("ffmpeg", "apt-get install ffmpeg")
        command = [ffmpeg, "-loglevel", "error", "-ss", str(start_s), "-t", str(length_s), "-i", str(KITCHEN)]
        subprocess.run([*command, str(out)], check=True)
        return out

    return cut
