"""The host says what comes next, and its card is on air: real speech, real Whisper base, real Chromium."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import LiveStudio, fresh
from tests.real import require

SHOWS = Path(__file__).parents[1] / "shows"
CATALOGUE = fresh(SHOWS / "kitchen.catalog.json")
BEGIN_S, LENGTH_S = 28.0, 12.0
TURNS_END_S = 34.155 - BEGIN_S
"""End of 第二道菜是上汤娃娃菜，这个菜我家孩子特别爱吃。 (kitchen.json)"""
WITHIN_S = 2.0
ATTEMPTS = 3
"""The machine of the tests does other work beside: one of them must be in time."""

WATCH = """
    (name) => {
        const note = () => {
            const shown = document.querySelector("[data-part=name]")?.textContent ?? "";
            if (shown.includes(name) && !window.seen) window.seen = Date.now();
        };
        window.seen = 0;
        window.watcher?.disconnect();
        window.watcher = new MutationObserver(note);
        window.watcher.observe(document.body, {childList: true, characterData: true, subtree: true});
    }
"""

pytestmark = [pytest.mark.browser, pytest.mark.speech, pytest.mark.timeout(180)]


@pytest.fixture
def live(tmp_path, model_dir):
    cut = tmp_path / "cut.wav"
    command = [
        require("ffmpeg", "apt-get install ffmpeg"),
        "-loglevel",
        "error",
        "-ss",
        str(BEGIN_S),
        "-t",
        str(LENGTH_S),
    ]
    subprocess.run([*command, "-i", str(SHOWS / "kitchen.opus"), "-ar", "16000", str(cut)], check=True)
    studio = LiveStudio(
        tmp_path / "studio", ear_enabled=True, ear_source=str(cut), models_dir=str(model_dir.parent)
    ).start()
    yield studio
    studio.stop()


def seconds_to_the_card(live, page):
    """One show whose host turns to the second item: from the end of his sentence to the painted card."""
    eggs, cabbage = CATALOGUE[:2]
    rundown = [{"title": each["name"], "sku": each["sku"]} for each in (eggs, cabbage)]
    show = live.call("POST", "/shows", {"title": "厨房日记", "rundown": rundown})
    live.call("PUT", f"/shows/{show['id']}/cue-mode", {"mode": "auto"})
    live.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    page.locator("[data-part=name]").filter(has_text=eggs["name"]).wait_for()
    page.evaluate(WATCH, cabbage["name"])
    with live.listen("ear", "show") as desk:
        before = desk.wait("ear", lambda value: value and value["session_ms"], timeout_s=60)["session_ms"]
        live.call("PUT", "/ear/source", {"source": live.settings["ear_source"]})
        session_ms = desk.wait(
            "ear", lambda value: (value["session_ms"] or 0) > before and value["state"] != "loading", timeout_s=60
        )["session_ms"]
        desk.wait("show", lambda value: value["current_item"] == show["rundown"][1]["id"], timeout_s=60)
    page.locator("[data-part=name]").filter(has_text=cabbage["name"]).wait_for()
    live.call("POST", f"/shows/{show['id']}/end")
    return (page.evaluate("window.seen") - session_ms) / 1000 - TURNS_END_S


def test_card_is_on_air_within_two_seconds_of_the_sentence(live, chromium):
    live.call("POST", "/catalogue", CATALOGUE)
    page = chromium.new_page(viewport={"width": 1080, "height": 1920})
    page.goto(live.overlay_url("card"))
    took = []
    while len(took) < ATTEMPTS and min(took, default=WITHIN_S) >= WITHIN_S:
        took.append(seconds_to_the_card(live, page))
    page.close()
    sys.stderr.write(f"card on air after {took} s\n")
    assert min(took) < WITHIN_S, took
