"""Nothing leaves its box, whatever the texts are: boxes against safe areas, and pixels against transparency."""

import time

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.staged import StagedStudio
from tests.live import TODAY

pytestmark = pytest.mark.browser

# left, top, right, bottom in canvas pixels
SAFE = {"portrait": (40, 220, 930, 1440), "landscape": (56, 56, 1864, 1032)}
FACE = {"portrait": (360, 0, 720, 640), "landscape": (640, 0, 1280, 360)}  # the centre of the upper third
HTML = "<img src=x onerror=alert(1)><script>alert(2)</script>"
NAMES = {
    "long": "农家散养谷物喂养" * 10,
    "html": HTML,
    "emoji": "👨‍👩‍👧‍👦🥛" * 20,
    "arabic": "مزرعة الحليب الطازج " * 5,
    "latin": "Supercalifragilisticexpialidocious" * 3,
    "empty": "",
}
LEAVING_ITS_BOX = """roots => roots.flatMap((root) => {
  const box = root.getBoundingClientRect();
  const out = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.textContent.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      let { left, top, right, bottom } = rect;
      for (let clip = node.parentElement; clip !== root.parentElement; clip = clip.parentElement) {
        if (getComputedStyle(clip).overflowX === "visible") continue;
        const edge = clip.getBoundingClientRect();
        [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
        [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
      }
      if (left >= right || top >= bottom) continue;
      if (left < box.left - 1 || top < box.top - 1 || right > box.right + 1 || bottom > box.bottom + 1)
        out.push(`${root.className}: ${node.textContent.slice(0, 30)}`);
    }
  }
  return out;
})"""
CUT_OFF = """(element) => {
  const inner = element.getBoundingClientRect();
  const outer = element.closest("[data-overlay]").getBoundingClientRect();
  return inner.width === 0 || inner.left < outer.left || inner.right > outer.right || inner.bottom > outer.bottom;
}"""


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """One studio for all: every test puts the values that it looks at."""
    studio = StagedStudio(tmp_path_factory.mktemp("layout") / "studio").start()
    yield studio
    studio.stop()


def extreme(name, people=1):
    lot = {"batch": name[:40] or "B", "produced_on": TODAY, "origin": name or "青浦"}
    product = {
        "sku": "A",
        "name": name,
        "unit": (name[:38] + "/瓶") if name else "",
        "price_fen": 10_000_000,
        "category": "no such",
        "image": None,
        "verified": True,
        "lot": lot,
        "qr": "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
    }
    count = {"on_hand": 987_654, "held": 0, "sold": 12_346, "available": 987_654, "initial": 1_000_000}
    now = round(time.time() * 1000)
    shout = {
        "id": 1,
        "who": f"{name[:1]}*",
        "product": name,
        "quantity": 9999,
        "more": 0 if people > 1 else 49,
        "people": people,
    }
    return {
        "product": product,
        "stock": {"as_of": now, "items": {"A": count}},
        "shoutout": {"current": {**shout, "shown_ms": now, "until_ms": now + 60_000}, "waiting": 0, "paused": False},
        "caption": {"text": name or "。", "partial": True, "seq": 1, "start": 0, "end": 1, "at": now},
    }


def box_of(page, selector):
    box = page.locator(selector).bounding_box()
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def inside(box, area):
    return box[0] >= area[0] - 1 and box[1] >= area[1] - 1 and box[2] <= area[2] + 1 and box[3] <= area[3] + 1


def apart(one, other):
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def pixels_of(page):
    """Blue, green, red, opacity of every pixel, once nothing moves any more."""
    import cv2  # noqa: PLC0415 - slow import

    page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")
    picture = np.frombuffer(page.screenshot(omit_background=True), np.uint8)
    return cv2.imdecode(picture, cv2.IMREAD_UNCHANGED)


def test_extreme_texts_stay_in_their_boxes(staged, open_overlay, orientation):
    page = open_overlay(staged, "composite", orientation)
    images = page.locator("img").count()
    for name in NAMES.values():
        staged.put(**extreme(name))
        expect(page.locator("[data-part='name']")).to_have_text(name)
        expect(page.locator("[data-part='product']")).to_have_text(name)
        boxes = [box_of(page, f".{part}") for part in ("card", "shoutout", "caption")]
        for index, box in enumerate(boxes):
            assert inside(box, SAFE[orientation])
            assert apart(box, FACE[orientation])
            assert all(apart(box, other) for other in boxes[index + 1 :])
        for link in ("live", "stale"):
            page.evaluate("(link) => { document.documentElement.dataset.link = link; }", link)
            assert page.locator("[data-overlay]").evaluate_all(LEAVING_ITS_BOX) == []
        for part in ("price", "stock-number", "qr-image", "seal", "quantity"):
            assert not page.locator(f"[data-part='{part}']").evaluate(CUT_OFF), (part, name)
        assert page.locator("img").count() == images
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_burst_of_thousands_fits_its_line(staged, open_overlay, orientation, lang):
    page = open_overlay(staged, "shoutout", orientation, lang=lang)
    for name in NAMES.values():
        staged.put(shoutout=extreme(name, people=9999)["shoutout"])
        expect(page.locator("[data-part='product']")).to_have_text(name)
        assert inside(box_of(page, ".shoutout"), SAFE[orientation])
        assert page.locator("[data-overlay]").evaluate_all(LEAVING_ITS_BOX) == []
        for part in ("people", "quantity"):
            assert not page.locator(f"[data-part='{part}']").evaluate(CUT_OFF), (part, name)


def test_stock_panel_keeps_extreme_texts_inside(staged, open_overlay, orientation):
    page = open_overlay(staged, "stock", orientation)
    for name in NAMES.values():
        staged.put(**extreme(name))
        expect(page.locator("[data-part='name']")).to_have_text(name)
        assert inside(box_of(page, ".stock"), SAFE[orientation])
        assert page.locator("[data-overlay]").evaluate_all(LEAVING_ITS_BOX) == []


def test_overlay_fits_another_canvas_size(staged, open_overlay):
    page = open_overlay(staged, "composite", "portrait", viewport={"width": 540, "height": 960})
    staged.put(**extreme(NAMES["long"]))
    expect(page.locator(".card")).to_be_visible()
    assert inside(box_of(page, ".card"), [edge / 2 for edge in SAFE["portrait"]])
    assert box_of(page, ".card")[2] == pytest.approx(465, abs=1)


def test_safe_area_can_be_set_for_another_platform(staged, open_overlay):
    page = open_overlay(staged, "composite", "portrait", safe="300,200,600,100")
    staged.put(**extreme(NAMES["long"]))
    expect(page.locator(".card")).to_be_visible()
    assert inside(box_of(page, ".card"), (100, 300, 880, 1320))


@pytest.mark.parametrize("safe", ["900,900,900,900", "0,500,0,0", "700,0,600,0", "a,b,c,d", "-1,0,0,0", "1,2,3", ""])
def test_area_without_room_for_a_card_is_not_taken(staged, open_overlay, safe):
    page = open_overlay(staged, "composite", safe=safe)
    staged.put(**extreme(NAMES["long"]))
    expect(page.locator(".card")).to_be_visible()
    box = box_of(page, ".card")
    assert (box[0], box[2], box[3]) == pytest.approx((40, 930, 1440), abs=1)


def test_a_dark_theme_is_read_and_covers_the_key_colour(staged, open_overlay):
    dark = {"--card": "#102030", "--ink": "#ffffff", "--mist": "#2a3a4a", "--plate-solid": "#004000"}
    options = [
        {"id": 1, "text": "甲", "votes": 9, "winner": True},
        {"id": 2, "text": "乙", "votes": 0, "winner": False},
    ]
    poll = {"id": 1, "title": "?", "state": "open", "closed_ms": None, "total": 9, "options": options, "qr": None}
    staged.put(
        **{**extreme(NAMES["long"]), "shoutout": None},
        poll=poll,
        theme={"name": "x", "properties": dark, "motion": "full", "logo": None},
    )
    page = open_overlay(staged, "composite", background="%23ff00ff")
    expect(page.locator(".poll")).to_be_visible()
    expect(page.locator(".caption")).to_be_visible()
    pixels = pixels_of(page)
    left, top, _right, bottom = map(round, box_of(page, ".poll-options li >> nth=0"))
    bar = pixels[(top + bottom) // 2, left + 8, :3] / 255
    shares = np.where(bar <= 0.04045, bar / 12.92, ((bar + 0.055) / 1.055) ** 2.4)
    assert 1.05 / (shares @ (0.0722, 0.7152, 0.2126) + 0.05) > 4.5  # white text on it
    left, top, right, _bottom = map(round, box_of(page, ".caption"))
    assert pixels[top + 6, (left + right) // 2, :3].tolist() == [0, 0x40, 0]
    staged.put(poll=None, theme=None)


def test_background_is_transparent_and_the_card_is_not(staged, open_overlay, orientation):
    page = open_overlay(staged, "composite", orientation)
    staged.put(**{**extreme(NAMES["long"]), "shoutout": None, "caption": None})
    expect(page.locator(".caption")).to_be_hidden()
    expect(page.locator(".shoutout")).to_be_hidden()
    expect(page.locator(".card")).to_be_visible()
    pixels = pixels_of(page)
    _left, top, right, bottom = map(round, box_of(page, ".card"))
    assert pixels[(top + bottom) // 2, right - 12, 3] == 255
    assert not pixels[: max(0, top - 60), :, 3].any()
    assert not pixels[bottom + 60 :, :, 3].any()


def test_chroma_background_fills_the_page_without_shadows(staged, open_overlay):
    page = open_overlay(staged, "composite", background="%23ff00ff")
    staged.put(**{**extreme(NAMES["long"]), "shoutout": None, "caption": None})
    expect(page.locator(".card")).to_be_visible()
    pixels = pixels_of(page)
    left, _top, _right, bottom = map(round, box_of(page, ".card"))
    key = [0xFF, 0x00, 0xFF]  # BGR
    assert pixels[0, 0, :3].tolist() == key
    assert pixels[bottom + 3, left + 200, :3].tolist() == key
