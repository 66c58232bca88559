"""Measured by geometry: no page scrolls sideways, the control page fits a laptop, fingers hit what they aim at."""

import pytest
from playwright.sync_api import expect

from studio.events import ClaimHeard, PriceHeard, ProductIntroduced
from tests.browser.staged import StagedStudio
from tests.browser.test_operator_pages import EAR, OBS
from tests.live import fresh_dairy

pytestmark = pytest.mark.browser

DESKS = ((1280, 720), (1366, 768), (1920, 1080))
FINGERS = ((820, 1180), (390, 844))
LONG = "团圆礼盒（中秋特别装，两瓶鲜奶一罐老酸奶）"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .map((element) => (element.matches('[type=checkbox], [type=radio], [type=file]') && element.closest('label'))
    || element)
  .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((element) => !element.matches('.skip-link, .skip') && !element.closest('.only-spoken, .spoken'))
  .filter((element) => !(element.matches('a') && getComputedStyle(element).display === 'inline'))  // within a sentence
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
  .map(([element, box]) => `${element.id || element.className} ${element.textContent.trim().slice(0, 20)} `
    + `${Math.round(box.width)}x${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    """A studio on air with something in every list, one name long and one label incomplete."""
    studio = StagedStudio(tmp_path_factory.mktemp("geometry") / "studio").start()
    gift = {"sku": "GIFT", "name": LONG, "unit": "1盒", "price_fen": 12800, "stock": 3}
    dairy = fresh_dairy()
    studio.call("POST", "/catalogue", [*dairy, gift, {**dairy[0], "sku": "SPARE", "name": f"备用{LONG}"}])
    items = [
        {"title": product["name"], "sku": product["sku"], "minutes": 8, "scene": "Main", "points": ["早上五点挤的"]}
        for product in (dairy[0], gift, *dairy[1:])
    ]
    show = studio.call("POST", "/shows", {"title": f"透明牧场：{LONG}", "rundown": items})
    studio.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    studio.order("a", buyer="张阿姨")
    order = studio.order("b", buyer="李叔叔", paid=False)
    studio.call("POST", "/questions", {"text": "这个牛奶能放几天？", "asker": "王阿姨"})
    poll = studio.call(
        "POST", "/polls", {"kind": "free", "title": "下一个？", "options": [{"text": "甲"}, {"text": "乙"}]}
    )
    studio.call("POST", f"/polls/{poll['id']}/open")
    studio.call(
        "PUT", f"/shows/{show['id']}/standby", {"item_id": studio.call("GET", "/shows")["shows"][0]["rundown"][3]["id"]}
    )
    studio.put(obs=OBS, ear={**EAR, "message_zh": "", "message_en": ""})
    studio.own_link = studio.call("GET", f"/orders/{order['id']}")["link"]
    yield studio
    studio.stop()


@pytest.fixture
def signed_in(furnished, chromium):
    """signed_in(viewport, touch) → a page of the host's that may go anywhere."""
    contexts = []

    def open_page(viewport, *, touch):
        context = chromium.new_context(
            viewport=dict(zip(("width", "height"), viewport, strict=True)),
            has_touch=touch,
            locale="zh-CN",
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{furnished.url}/login?token={furnished.token()}")
        page.goto(f"{furnished.url}/control")
        page.wait_for_selector("html[data-link=live]", state="attached")
        page.wait_for_selector("#rundown .item")
        return page

    yield open_page
    for context in contexts:
        context.close()


def pages(studio, page):
    """Addresses of all pages of the operator's menu, and of those that no menu leads to."""
    hrefs = page.eval_on_selector_all("#menu a[href^='/']", "links => links.map((link) => link.pathname)")
    assert len(hrefs) > 5
    show = studio.call("GET", "/shows")["shows"][0]
    return [*hrefs, f"/review/{show['id']}", "/prompter", "/s", "/me", studio.own_link]


def faults(page, name, sizes, *, touch):
    """What is wider than the screen, or too small for a finger."""
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if over := page.evaluate(OVERFLOW):
            yield f"{name} at {width}: {over} px too wide"
        for small in page.evaluate(TOO_SMALL) if touch else ():
            yield f"{name} at {width}: {small}"


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "fingers"])
def test_no_page_scrolls_sideways_and_fingers_hit_everything(furnished, signed_in, touch):
    sizes = FINGERS if touch else DESKS
    page = signed_in(sizes[0], touch=touch)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches") is touch
    wrong = []
    for path in pages(furnished, page):
        page.goto(f"{furnished.url}{path}", wait_until="networkidle" if touch else "load")
        if path == "/prompter":
            page.locator("#face").click()  # its tools come when somebody touches it
        wrong += faults(page, path, sizes, touch=touch)
    assert wrong == []


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "fingers"])
def test_every_area_of_the_control_page_fits_and_is_hit_by_fingers(signed_in, touch):
    sizes = FINGERS[1:] if touch else DESKS[:1]
    page = signed_in(sizes[0], touch=touch)
    wrong = []
    for view in ("scenes", "stock", "log") if touch else ():
        page.locator(f"#views [data-view={view}]").click()
        wrong += faults(page, view, sizes, touch=touch)
    for tab in page.locator("#tabs [role=tab]").all():
        tab.click()
        wrong += faults(page, tab.inner_text(), sizes, touch=touch)
    assert wrong == []


@pytest.mark.parametrize("viewport", DESKS[:2], ids=str)
def test_on_air_take_cue_and_undo_are_in_sight_without_scrolling(signed_in, viewport):
    page = signed_in(viewport, touch=False)
    assert page.evaluate("document.documentElement.scrollHeight") == viewport[1]
    on_air = page.locator("#rundown .item[data-state=air]")
    ready = page.locator("#rundown .ready[aria-pressed=true]")
    for part in (page.locator("#air"), on_air, ready, page.locator("#take-next"), page.locator("#undo")):
        expect(part).to_be_in_viewport(ratio=1)
    expect(page.locator("#thumbnail .preview")).to_be_hidden()  # OBS was connected before the page was
    covered = page.evaluate(
        """() => ['#air', '#take-next', '#undo'].filter((name) => {
          const element = document.querySelector(name);
          const { left, top, width, height } = element.getBoundingClientRect();
          return !element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
        })"""
    )
    assert covered == []


@pytest.fixture
def long_rundown(furnished):
    """Sixty items more."""
    show = furnished.call("GET", "/shows")["shows"][0]
    items = [{key: value for key, value in item.items() if key != "position"} for item in show["rundown"]]
    longer = [*items, *({"title": f"第 {number} 段"} for number in range(60))]
    furnished.call("PUT", f"/shows/{show['id']}/rundown", {"items": longer})
    yield
    furnished.call("PUT", f"/shows/{show['id']}/rundown", {"items": items})


@pytest.mark.parametrize("viewport", [(1024, 768), *FINGERS], ids=str)
@pytest.mark.usefixtures("long_rundown")
def test_what_takes_the_next_item_is_under_the_thumb_on_a_tablet(signed_in, viewport):
    page = signed_in(viewport, touch=True)
    for part in (page.locator("#air"), page.locator("#take-next"), page.locator("#undo")):
        expect(part).to_be_in_viewport(ratio=1)
    footer, undo = page.locator("footer.heard").bounding_box(), page.locator("#undo").bounding_box()
    assert undo["y"] + undo["height"] <= footer["y"]
    if viewport[0] > 719:  # a phone begins with what is talked about
        expect(page.locator("#rundown .item[data-state=air]")).to_be_in_viewport(ratio=1)
        expect(page.locator("#rundown .ready[aria-pressed=true]")).to_be_in_viewport(ratio=1)


def test_buttons_of_sound_and_recording_stay_inside_their_frames(furnished, signed_in):
    page = signed_in(DESKS[0], touch=False)
    furnished.put(obs={**OBS, "inputs": {"Microphone of the host, left channel": False, "Desktop audio": True}})
    expect(page.locator("#inputs .button")).to_have_count(3)
    outside = page.locator("#inputs .button").evaluate_all(
        """buttons => buttons.flatMap((button) => {
          const frame = button.getBoundingClientRect();
          return [...button.children].map((part) => part.getBoundingClientRect())
            .filter(({ left, right, width }) => width && (left < frame.left || right > frame.right))
            .map(() => button.textContent);
        })"""
    )
    furnished.put(obs=OBS)
    assert outside == []


@pytest.fixture
def three_banners(furnished):
    """A wrong price, a claim and the host's turn to another product, all at once."""
    show = furnished.call("GET", "/shows")["shows"][0]
    furnished.publish(
        PriceHeard(seq=1, sku="MILK-950", price_fen=990, expected_fen=1590, start=1, end=2),
        ClaimHeard(seq=2, product=None, kind="absolute", level="red", term="最好", text="最好的奶", start=3, end=4),
        ProductIntroduced(seq=3, sku=show["rundown"][2]["sku"], start=5, end=6, text="接下来看看我们家的酸奶"),
    )
    yield ("#price-alert", "#claim-alert", "#cue")
    furnished.put(prices=[], claims=[], cue=None)


def test_banners_cover_nothing_that_runs_the_show(signed_in, three_banners):
    page = signed_in(DESKS[0], touch=False)
    rundown, on_air = page.locator("#rundown"), page.locator("#rundown .item[data-state=air]")
    ready = page.locator("#rundown li:has(.ready[aria-pressed=true])")
    buttons = [page.locator(name) for name in ("#take-next", "#undo", "#cue-take", "#cue-dismiss")]
    for width, height in DESKS[:2]:
        page.set_viewport_size({"width": width, "height": height})
        for banner in three_banners:
            expect(page.locator(banner)).to_be_visible()
        for end in (0, 9999):
            scrolled = rundown.evaluate("(list, end) => { list.scrollTop = end; return list.scrollTop; }", end)
            for part in (*buttons, on_air, ready, ready.locator(".ready")):
                expect(part).to_be_in_viewport(ratio=1)
            above, below = on_air.bounding_box(), ready.bounding_box()
            assert above["y"] + above["height"] <= below["y"]
            assert rundown.evaluate("list => list.scrollTop") == scrolled
            frame = rundown.bounding_box()
            assert below["y"] + below["height"] > frame["y"] + frame["height"] - 2  # no other row shows beyond it


@pytest.mark.usefixtures("long_rundown")
def test_a_long_rundown_keeps_both_in_sight_and_the_focus_uncovered(signed_in):
    page = signed_in(DESKS[0], touch=False)
    rundown = page.locator("#rundown")
    expect(rundown.locator("li")).to_have_count(64)
    rundown.evaluate("list => { list.scrollTop = list.scrollHeight; }")
    pinned = [rundown.locator("li").nth(place) for place in (0, 3)]
    for row in pinned:
        expect(row).to_be_in_viewport(ratio=1)
    boxes = [row.bounding_box() for row in pinned]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    expect(rundown.locator("li").last).to_be_in_viewport(ratio=0.99)
    last = rundown.locator(".item").last
    last.focus()
    for _ in range(62):  # up to the one below the readied item
        page.keyboard.press("ArrowUp")
        hidden = page.evaluate(
            """() => { const { left, top, width } = document.activeElement.getBoundingClientRect();
              return !document.activeElement.contains(document.elementFromPoint(left + width / 2, top + 3)); }"""
        )
        assert not hidden, page.evaluate("document.activeElement.textContent")


CONTROLS = {
    "scene": "Main",
    "items": [],
    "volumes": {},
    "transition": None,
    "replay": None,
    "collection": None,
    "stream": {"active": False, "reconnecting": False},
    "record": {"active": False, "paused": False},
    "profile": None,
    "known": [],
    "load": None,
}
SAID = (
    "OBS lacks scenes of the rundown: Kitchen, Farm, Packing hall and 6 more; change the collection back, or set it up"
)
STICKING_OUT = """() => {
  const panel = document.querySelector('.panel.obs');
  const edge = panel.getBoundingClientRect();
  return [...panel.querySelectorAll('h2, .badge, button')].map((part) => part.getBoundingClientRect())
    .filter((box) => box.left < edge.left - 1 || box.right > edge.right + 1).length;
}"""


def test_alarms_of_obs_are_read_whole_below_the_title(staged, open_operator):
    staged.prepare_show()
    page = open_operator(staged, "/control", viewport=DESKS[0], locale="en-US")
    alarms = [{"code": code, "level": "red", "zh": SAID, "en": SAID} for code in ("scenes", "recording")]
    staged.put(obs=OBS, obs_controls={**CONTROLS, "alarms": alarms})
    expect(page.locator("#obs-alarms .badge:visible")).to_have_count(2)
    assert page.evaluate(STICKING_OUT) == 0
    assert page.locator("#obs-title").evaluate("title => title.getBoundingClientRect().height") < 30
