"""What moves and what does not: nothing for who wishes so, nothing half-transparent on a key colour."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.staged import StagedStudio
from tests.browser.test_overlay_hostile import VISIBLE_BOXES, hostile

pytestmark = pytest.mark.browser

WATCH = """() => {
  window.moved = [];
  const look = () => {
    for (const motion of document.getAnimations()) {
      const { target } = motion.effect;
      const opacities = motion.effect.getKeyframes().map((frame) => Number(frame.opacity ?? 1));
      window.moved.push([target.dataset.overlay ?? target.className, Math.min(...opacities)]);
    }
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """One studio for all: every test puts the values that it looks at."""
    studio = StagedStudio(tmp_path_factory.mktemp("motion") / "studio").start()
    yield studio
    studio.stop()


def values(**changes):
    given = hostile("鲜牛奶", **changes)
    del given["theme"]
    given |= {"countdown": None, "ticker": None}  # they would say something else on another page
    given["caption"] |= {"partial": False, "settled": 3, "names": [], "at": round(time.time() * 1000) + 60_000}
    return given


def seen_on(page):
    """Where every part is, and what all of them say."""
    return page.evaluate(VISIBLE_BOXES), page.locator("[data-overlay]:not([hidden])").all_text_contents()


def play(staged, page):
    """All that comes, changes and goes in a show; ends with a card."""
    for given, part in (
        (values(), "card"),
        (values(panel="promises"), "promises"),
        (values(panel="trace"), "trace"),
        (values(question=True), "question"),
        (values(poll=True), "poll"),
    ):
        staged.put(**given)
        expect(page.locator(f"[data-overlay='{part}']")).to_be_visible()
    staged.put(
        poll={**values(poll=True)["poll"], "total": 1, "options": [{"id": 0, "text": "奶", "votes": 1, "winner": True}]}
    )
    expect(page.locator(".poll-options li")).to_have_count(1)
    last = values()
    last["stock"]["items"]["A"] |= {"available": 987_600, "sold": 12_400}
    staged.put(**{**last, "shoutout": None})
    expect(page.locator("[data-part='stock-number']")).to_have_text("987,600")
    expect(page.locator(".shoutout, .poll").first).to_be_hidden()
    expect(page.locator(".poll")).to_be_hidden()


@pytest.mark.parametrize("wish", ["of the PC", "of the address", "of the theme"])
def test_nothing_moves_for_who_wishes_so_and_the_end_is_the_same(staged, open_overlay, wish):
    still = {"name": "x", "properties": {}, "motion": "none", "logo": None}
    staged.put(**values(), theme={**still, "motion": "full"})
    moving = open_overlay(staged, "composite", motion=True)
    play(staged, moving)
    end = seen_on(moving)
    moving.close()
    staged.put(
        **{**values(), "product": None, "theme": still if wish == "of the theme" else {**still, "motion": "full"}}
    )
    options = {"motion": True} if wish != "of the PC" else {}
    page = open_overlay(staged, "composite", **options)
    if wish == "of the address":
        page.goto(staged.overlay_url("composite", motion="none"))
    expect(page.locator("html")).to_have_attribute("data-motion", "none")
    expect(page.locator(".caption")).to_be_visible()
    page.evaluate(WATCH)
    play(staged, page)
    assert page.evaluate("window.moved") == []
    assert seen_on(page) == end


def test_nothing_fades_on_a_key_colour(staged, open_overlay):
    staged.put(**{**values(), "product": None, "shoutout": None, "theme": None})
    page = open_overlay(staged, "composite", motion=True, background="%23ff00ff")
    page.evaluate(WATCH)
    play(staged, page)
    moved = page.evaluate("window.moved")
    assert {"card", "promises", "question", "poll"} <= {name for name, _opacity in moved}
    assert [name for name, opacity in moved if opacity < 1] == []


def test_what_counts_live_says_when_it_may_be_old(tmp_path, open_overlay):
    studio = StagedStudio(tmp_path / "studio").start()
    try:
        studio.put(**hostile("鲜牛奶", poll=True))
        page = open_overlay(studio, "composite")
        card = open_overlay(studio, "card")
        marks = page.locator(".goal .live-stale, .poll .live-stale")
        expect(page.locator(".poll")).to_be_visible()
        expect(marks.nth(0)).to_be_hidden()
        studio.stop()
        expect(page.locator("html")).to_have_attribute("data-link", "stale")
        bar = page.locator(".poll-options li").first.evaluate(
            "(one) => getComputedStyle(one, '::before').backgroundColor"
        )
        assert bar == page.locator(".goal .stock-bar span").evaluate("(one) => getComputedStyle(one).backgroundColor")
        for mark in (marks.nth(0), marks.nth(1), card.locator(".stock-stale")):
            expect(mark).to_be_visible()
            expect(mark).to_contain_text("断链")
        (studio.data_dir / "tokens.json").unlink()  # other tokens: the page is told so, and counts no more
        studio.start()
        for each in (page, card):
            expect(each.locator("html")).to_have_attribute("data-link", "refused")
        expect(marks.nth(0)).to_be_visible()
        expect(card.locator(".stock-stale")).to_be_visible()
    finally:
        studio.stop()
