"""Every overlay with hostile and extreme texts: nothing leaves its box or the safe area, or covers another."""

import time
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from studio.web.overlay_catalogue import PLATFORMS
from tests.browser.staged import StagedStudio
from tests.browser.test_audience_layout import QR, TEXTS
from tests.browser.test_overlay_layout import FACE, LEAVING_ITS_BOX, SAFE, apart, extreme, inside
from tests.live import TODAY

pytestmark = pytest.mark.browser

PANELS = ("trace", "honesty", "promises", "miles", "temperature")
ALONE = ("card", "stock", "shoutout", "caption", "question", "poll", *PANELS, "goal", "countdown", "ticker", "logo")
MIXED = "<img src=x onerror=alert(1)>" + "مرحبا" + "👨‍👩‍👧‍👦🥛" * 6 + "养" * 35 + "Supercalifragilistic"
HOUR = 3_600_000
VISIBLE_BOXES = """() => Promise.allSettled(document.getAnimations().map((motion) => motion.finished)).then(() =>
  [...document.querySelectorAll("[data-overlay]")]
    .filter((root) => root.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((root) => {
      // what its slot cuts off is not there
      const [box, slot] = [root, root.parentElement].map((element) => element.getBoundingClientRect());
      const clips = getComputedStyle(root.parentElement).overflowX !== "visible";
      const { left, top, right, bottom } = box;
      const away = clips && (left >= slot.right || top >= slot.bottom);
      return [root.dataset.overlay, away ? null : [left, top, right, bottom]];
    })
    .filter(([, box]) => box))"""

CUT_BELOW = """roots => roots.filter((root) => root.scrollHeight > root.clientHeight + 1)
  .map((root) => [root.dataset.overlay, root.scrollHeight, root.clientHeight])"""


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """One studio for all: every test puts the values that it looks at."""
    studio = StagedStudio(tmp_path_factory.mktemp("hostile") / "studio").start()
    yield studio
    studio.stop()


def hostile(text, *, panel=None, question=False, poll=False):
    now = round(time.time() * 1000)
    paper = {"kind": text, "issuer": text, "valid": False}
    values = extreme(text[:80], people=9999)
    values["product"] |= {
        "producer": text,
        "maker": {"name": text, "place": text},
        "qr": QR,
        "lot": {
            "batch": text[:40],
            "produced_on": TODAY,
            "shelf_life_days": 36_500,
            "origin": text,
            "certificates": [{**paper, "valid": True}, paper, paper],
        },
    }
    chain = [[now - index * 600_000, -60.0 if index % 2 else 60.0] for index in range(160, 0, -1)]
    return {
        **values,
        "panel": panel,
        "honesty": {"name": text, "batch": text[:40], "defects": [text] * 20, "notes": [text] * 30},
        "pledges": [
            {
                "id": n,
                "text": text,
                "due_ms": (None, now + 23 * HOUR, now - HOUR, now + 99 * HOUR)[n % 4],
                "outcome": None,
            }
            for n in range(8)
        ],
        "miles": {
            "name": text,
            "producer": text,
            "place": text,
            "community": {"name": text},
            "km": 20_015.09,
            "bearing": 271.0,
        },
        "cold_chain": {
            "name": text,
            "batch": text[:40],
            "verdict": "warm",
            "limit": {"low": -18.5, "high": -15.5},
            "readings": chain,
            "count": 160,
            "from_ms": chain[0][0],
            "to_ms": chain[-1][0],
            "min_c": -60.0,
            "max_c": 60.0,
            "warm_ms": 99 * HOUR,
            "gap_ms": 99 * HOUR,
            "gaps": [[chain[3][0], chain[40][0]]],
        },
        "goal": {"title": text[:40], "measure": "households", "target": 1_000_000, "count": 999_999},
        "countdown": {"title": text[:40], "ends_ms": now + 23 * HOUR, "moved": True},
        "ticker": {"texts": [text[:80]], "points": [{"name": text, "address": text, "hours": text}]},
        "theme": {"name": "x", "properties": {}, "motion": "full", "logo": QR},
        "question": {"id": 1, "asker": text, "text": text, "sku": None, "askers": 12_345, "answer": text}
        if question
        else None,
        "poll": {
            "id": 1,
            "title": text,
            "state": "open",
            "closed_ms": None,
            "total": 9999,
            "options": [{"id": n, "text": text, "votes": 9999, "winner": False} for n in range(6)],
            "url": f"http://127.0.0.1/{quote(text)}",
            "qr": QR,
        }
        if poll
        else None,
    }


def look(page, orientation, expected, safe=None):
    """Wait for the parts to be there, then hold them against each other and against the canvas."""
    for name in expected:
        expect(page.locator(f"[data-overlay='{name}']")).to_be_visible()
    boxes = dict(page.evaluate(VISIBLE_BOXES))
    wrong = [name for name in expected if name not in boxes]
    for name, box in boxes.items():
        wrong += [(name, "leaves the safe area", box)] if not inside(box, safe or SAFE[orientation]) else []
        wrong += [(name, "covers the face", box)] if not apart(box, FACE[orientation]) else []
        wrong += [(name, other, box, its) for other, its in boxes.items() if other > name and not apart(box, its)]
    assert wrong == []
    shown = page.locator("[data-overlay]:not([hidden])")
    assert shown.evaluate_all(LEAVING_ITS_BOX) == []
    assert shown.evaluate_all(CUT_BELOW) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("img[onerror], script:not([src]):not(#strings)").count() == 0
    return boxes.keys()


def test_every_overlay_alone_keeps_hostile_texts_inside(staged, open_overlay, orientation):
    values = hostile(MIXED, question=True, poll=True)
    staged.put(**values)
    page = open_overlay(staged, "trace", orientation)
    for name in ALONE:
        page.goto(staged.overlay_url(name, orientation))
        if name == "shoutout":  # the studio reads its queue again when such a page comes
            page.wait_for_selector("html[data-link=live]", state="attached")
            staged.put(shoutout=values["shoutout"])
        look(page, orientation, {name})


def test_nothing_overlaps_in_the_composite_whatever_is_on(staged, open_overlay, orientation):
    page = open_overlay(staged, "composite", orientation)
    steady = {"shoutout", "caption", "goal", "countdown"}
    for text, panel in zip([MIXED, *TEXTS.values()], [*PANELS, *PANELS], strict=False):
        staged.put(**hostile(text, panel=panel))
        expect(page.locator("[data-part='goal-title']")).to_have_text(text[:40])
        seen = look(page, orientation, {*steady, panel})
        assert ("card" in seen) == (orientation == "landscape")
    staged.put(**{**hostile(MIXED, panel="trace", question=True), "shoutout": None})
    expect(page.locator(".shoutout")).to_be_hidden()
    look(page, orientation, {"question", "caption", "ticker", "card"})
    staged.put(**hostile(MIXED, panel="trace", question=True, poll=True))
    look(page, orientation, {"poll", "caption", "shoutout"})


@pytest.mark.parametrize("preset", PLATFORMS.values(), ids=PLATFORMS)
def test_presets_of_platforms_leave_their_buttons_and_the_face_free(staged, open_overlay, preset):
    top, right, bottom, left = preset
    page = open_overlay(staged, "composite", safe=",".join(map(str, preset)))
    free = (left, top, 1080 - right, 1920 - bottom)
    for panel in (None, *PANELS):
        staged.put(**hostile(MIXED, panel=panel))
        look(page, "portrait", {panel or "card", "shoutout", "caption"}, safe=free)
    staged.put(**hostile(MIXED, question=True))
    look(page, "portrait", {"question"}, safe=free)
    staged.put(**hostile(MIXED, poll=True))
    look(page, "portrait", {"poll"}, safe=free)


def test_even_a_small_area_of_ones_own_is_kept(staged, open_overlay):
    page = open_overlay(staged, "composite", safe="300,200,560,100")
    for panel in (None, "temperature"):
        staged.put(**hostile(MIXED, panel=panel))
        look(page, "portrait", {panel or "card", "shoutout", "caption"}, safe=(100, 300, 880, 1360))


def test_nothing_is_shown_without_data_and_a_countdown_ends_by_itself(staged, open_overlay):
    names = (
        "product",
        "shoutout",
        "caption",
        "honesty",
        "miles",
        "cold_chain",
        "goal",
        "countdown",
        "ticker",
        "question",
        "poll",
    )
    staged.put(
        **dict.fromkeys(names),
        pledges=[],
        panel="honesty",
        theme={"name": "x", "properties": {}, "motion": "none", "logo": None},
    )
    page = open_overlay(staged, "composite", motion=True)
    expect(page.locator("[data-overlay]:not([hidden])")).to_have_count(0)
    assert page.locator("html").get_attribute("data-motion") == "none"
    now = round(time.time() * 1000)
    staged.put(countdown={"title": "截单", "ends_ms": now + 1500, "moved": False})
    expect(page.locator("[data-part='countdown-left']")).to_have_text("时间到")
    staged.put(countdown={"title": "截单", "ends_ms": now - 61_000, "moved": False})
    expect(page.locator(".countdown")).to_be_hidden()
    staged.put(theme={"name": "dusk", "properties": {"--card": "#102030"}, "motion": "full", "logo": QR})
    expect(page.locator("[data-overlay='logo']")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--card')") == "#102030"
