"""Overlays go on: after a reload, after the studio died, after it was updated."""

import threading
import time

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.staged import StagedStudio

pytestmark = pytest.mark.browser

BACK_WITHIN_S = 1.0
NOTE_TIME_OF = """(wanted) => {
  const note = () => {
    const shown = document.querySelector("[data-part='stock-number']").textContent;
    if (shown === wanted && !window.notedAt) window.notedAt = Date.now() / 1000;
  };
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def shout(now_ms, *, age_ms, left_ms, number=7):
    return {
        "current": {
            "id": number,
            "who": "张*",
            "product": "巴氏鲜牛奶",
            "quantity": 2,
            "more": 0,
            "people": 1,
            "shown_ms": now_ms - age_ms,
            "until_ms": now_ms + left_ms,
        },
        "waiting": 0,
        "paused": False,
    }


def wall_ms():
    return round(time.time() * 1000)


def test_shoutout_resumes_after_reload_without_entering_again(tmp_path, open_overlay):
    studio = StagedStudio(tmp_path / "studio", shoutout_seconds=60).start()
    try:
        studio.prepare_show()
        page = open_overlay(studio, "shoutout", motion=True)
        studio.order("one")
        page.wait_for_function(
            "() => { const e = document.querySelector('.shoutout');"
            " return e && !e.hidden && e.getAnimations().length === 0; }"
        )
        page.reload()
        expect(page.locator(".shoutout")).to_be_visible()
        expect(page.locator(".shoutout")).to_contain_text("巴氏鲜牛奶")
        assert_still(page)
    finally:
        studio.stop()


def assert_still(page):
    assert page.locator(".shoutout").evaluate("e => [e.className, e.getAnimations().length]") == ["shoutout", 0]


def test_shoutout_leaves_at_its_time_without_the_studio(staged, open_overlay):
    page = open_overlay(staged, "shoutout", motion=True)
    staged.put(shoutout=shout(wall_ms(), age_ms=0, left_ms=3000))
    expect(page.locator(".shoutout")).to_be_visible()
    staged.kill()
    expect(page.locator(".shoutout")).to_be_hidden(timeout=6000)


def test_next_shoutout_shows_while_the_last_one_leaves(staged, open_overlay):
    page = open_overlay(staged, "shoutout", motion=True)
    staged.put(shoutout=shout(wall_ms(), age_ms=0, left_ms=60_000, number=1))
    expect(page.locator(".shoutout")).to_be_visible()
    staged.put(shoutout={"current": None, "waiting": 1, "paused": False})
    following = shout(wall_ms(), age_ms=0, left_ms=60_000, number=2)
    following["current"]["product"] = "原味老酸奶"
    staged.put(shoutout=following)
    expect(page.locator("[data-part='product']")).to_have_text("原味老酸奶")
    expect(page.locator(".shoutout")).to_be_visible()


def test_overlay_greys_while_away_and_shows_new_values_at_once_after(live, open_overlay):
    live.prepare_show()
    page = open_overlay(live, "composite")
    expect(page.locator("[data-part='stock-number']")).to_have_text("120")
    live.kill()
    page.wait_for_selector("html[data-link=stale]", state="attached")
    expect(page.locator(".stock-stale")).to_be_visible()
    expect(page.locator(".stock-stale")).to_contain_text("断链")
    expect(page.locator("[data-part='stock-number']")).to_have_text("120")
    page.evaluate(NOTE_TIME_OF, "118")
    back_at = start_noting_when_it_answers(live)
    live.order("key-1", quantity=2)
    ordered_at = time.time()
    expect(page.locator("[data-part='stock-number']")).to_have_text("118")
    expect(page.locator(".stock-stale")).to_be_hidden()
    assert page.evaluate("window.notedAt") - max(back_at, ordered_at) <= BACK_WITHIN_S


def start_noting_when_it_answers(live):
    """Start the studio again; the wall-clock time of its first answer."""
    answered = []

    def ask():
        while not answered:
            try:
                requests.get(f"{live.url}/healthz", timeout=1)
                answered.append(time.time())
            except requests.ConnectionError:
                threading.Event().wait(0.01)

    asking = threading.Thread(target=ask)
    asking.start()
    live.start()
    asking.join()
    return answered[0]


def test_first_value_appears_when_the_page_was_there_before_the_studio_knew_it(live, open_overlay):
    page = open_overlay(live, "card")
    expect(page.locator(".card")).to_be_hidden()
    live.prepare_show()
    expect(page.locator(".card")).to_be_visible()


class UpdatedStudio(StagedStudio):
    """The same studio after its scripts and styles changed."""

    CHANGED = "from studio.web import assets\nassets.build_id = lambda static: 'feedc0ffee00'\n"

    def script(self, settings):
        return self.CHANGED + super().script(settings)


class HalfUpdatedStudio(UpdatedStudio):
    """A cache between studio and page keeps the old page; the socket tells of the new build."""

    CHANGED = """
from studio.web import assets
register = assets.register
assets.register = lambda app, static: register(app, static) and 'feedc0ffee00'
"""


def update(studio, kind):
    studio.stop()
    updated = kind(studio.data_dir, **studio.settings)
    updated.port = studio.port
    return updated.start()


def test_page_of_an_old_build_reloads_itself(staged, open_overlay):
    page = open_overlay(staged, "card")
    updated = update(staged, UpdatedStudio)
    try:
        page.wait_for_selector("html[data-build=feedc0ffee00][data-link=live]", state="attached")
    finally:
        updated.stop()


def test_page_kept_by_a_cache_reloads_only_once(staged, open_overlay):
    page = open_overlay(staged, "card")
    loads = []
    page.on("load", lambda _page: loads.append(1))
    updated = update(staged, HalfUpdatedStudio)
    try:
        expect(page.locator("html")).to_have_attribute("data-link", "live")
        updated.prepare_show()
        expect(page.locator(".card")).to_be_visible()
        assert page.evaluate("sessionStorage.getItem('linli.reloaded-for')") == "feedc0ffee00"
        assert len(loads) == 1
    finally:
        updated.stop()


def test_page_with_a_changed_token_waits_and_comes_back(staged, open_overlay):
    page = open_overlay(staged, "card")
    tokens = staged.data_dir / "tokens.json"
    kept = tokens.read_text("utf-8")
    staged.stop()
    tokens.write_text(kept.replace(staged_token := kept.split('"overlay": "')[1].split('"')[0], "x" * 32), "utf-8")
    staged.start()
    page.wait_for_selector("html[data-link=refused]", state="attached")
    staged.stop()
    tokens.write_text(kept, "utf-8")
    staged.start()
    assert staged.token("overlay") == staged_token
    page.wait_for_selector("html[data-link=live]", state="attached")
