"""What all operator pages promise: usable by everybody (axe-core), complete in English, signed-in people only."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from studio.events import ClaimHeard, HighlightFound, PriceHeard, ProductIntroduced, QuestionHeard, SegmentHeard
from tests.live import TODAY
from tests.real import missing

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
CATALOGUE = [
    {
        "sku": "MILK",
        "name": "Fresh milk",
        "unit": "950 ml",
        "price_fen": 1590,
        "stock": 9,
        "origin": "Qingpu",
        "batch": "A1",
        "produced_on": TODAY,
        "shelf_life_days": 7,
        "storage": "2 to 6 degrees",
    },
    {"sku": "GIFT", "name": "Gift box", "unit": "1 box", "price_fen": 12800, "stock": 3},
]
OBS = {
    "state": "connected",
    "message_zh": "",
    "message_en": "",
    "version": "31.0.2",
    "program": "Main",
    "preview": "Close",
    "studio_mode": True,
    "scenes": ["Main", "Close"],
    "inputs": {"Mic": True, "Desktop": False},
    "recording": True,
    "recording_ms": 1_700_000_000_000,
    "streaming": True,
}
EAR = {"state": "behind", "source": "mic", "model": "base", "lag_s": 3.2, "level_db": -20, "dropped_partials": 4}
HAN_ON_PAGE = """() => {
  const han = /[\\u4e00-\\u9fff]/;
  const foreign = (element) => element.closest("[lang|=zh], script, style");
  const found = [];
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (han.test(data) && !foreign(parentElement)) found.push(data);
  }
  for (const element of document.querySelectorAll("[title], [aria-label], [placeholder], [alt], input"))
    for (const name of ["title", "aria-label", "placeholder", "alt", "value"])
      if (han.test(element.getAttribute(name) ?? "") && !foreign(element)) found.push(element.getAttribute(name));
  return found;
}"""


ORDER = """async () => {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": "axe" };
  headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]").content;
  const body = { nickname: "Ann", phone: "", lines: [{ sku: "MILK", quantity: 1 }] };
  const answer = await fetch("/api/v1/public/orders", { method: "POST", headers, body: JSON.stringify(body) });
  return (await answer.json()).secret;
}"""
MENU = {"/control", "/orders", "/pickup", "/announce", "/buyers", "/prompter", "/knowledge", "/review", "/overlays"}
MENU |= {"/settings"}
WALKED = {"/login", "/review/<int:show_id>", "/themes", "/s", "/s/<int:show_id>", "/me", "/o/<secret>"}
ELSEWHERE = {
    "/": "leads to the control page",
    "/r/<code>": "leads to the shop",
    "/pair/<code>": "test_pairing.py",
    "/overlay/<name>": "a picture, no page",
    "/packs/<name>/<path:inside>": "somebody else's",
    "/orders/<int:order_id>/link.svg": "a picture",
    "/healthz": "for programs",
}.keys()


@pytest.fixture
def busy(staged):
    """A studio on air with something in every panel; all data are English."""
    staged.call("POST", "/catalogue", CATALOGUE)
    rundown = [
        {"title": "Milk", "sku": "MILK", "scene": "Main", "minutes": 5, "points": ["Milked at five"]},
        {"title": "Gift", "sku": "GIFT"},
        {"title": "Goodbye"},
    ]
    show = staged.call("POST", "/shows", {"title": "Ranch on Wednesday", "rundown": rundown})
    staged.call("POST", f"/shows/{show['id']}/live", {"override": "a test"})
    staged.order("key-1", buyer="Ann", sku="MILK")
    staged.order("key-2", buyer="Bob", sku="MILK", paid=False)
    staged.call("POST", "/questions", {"text": "How long does it keep?", "asker": "Cleo"})
    poll = {"kind": "product", "title": "What next?", "options": [{"text": "Milk", "sku": "MILK"}]}
    poll["options"].append({"text": "Gift box", "sku": "GIFT"})
    staged.call("POST", f"/polls/{staged.call('POST', '/polls', poll)['id']}/open")
    staged.put(obs=OBS, ear={**EAR, "message_zh": "", "message_en": ""}, level={"rms_db": -20, "peak_db": -8})
    text = "Fresh milk for 14.90"
    staged.publish(
        SegmentHeard(seq=0, start=1, end=2, text=text, raw_text=text, product="MILK"),
        HighlightFound(seq=0, product="MILK", kind="honest", start=1, end=2, text=text),
        QuestionHeard(question_seq=0, product="MILK", asker="Ann", question="How much?", start=1, end=2),
        PriceHeard(seq=0, sku="MILK", price_fen=1490, expected_fen=1590, start=1, end=2),
    )
    return staged, show["id"]


def visit(page, studio, show_id):
    """Every operator page and dialog in turn; yields its name."""
    expect(page.locator("#price-alert")).to_be_visible()
    for tab in ("questions", "polls", "comments", "qa", "orders", "heard", "highlights", "prices"):
        page.locator(f"#tab-{tab}").click()
        yield f"control, {tab}"
    for tab, place in (
        ("questions", 1),
        ("questions", -1),
        ("polls", 1),
        ("polls", -3),
        ("polls", -1),
        ("comments", 0),
    ):
        page.locator(f"#tab-{tab}").click()
        page.locator(f"#pane-{tab} button").nth(place).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        yield f"control, dialog of {tab} {place}"
        page.keyboard.press("Escape")
    page.locator("#menu-button").click()
    yield "control, menu"
    page.keyboard.press("Escape")
    page.locator("#tab-orders").click()
    opens = ["[data-light=obs]", "[data-light=mic]", "[data-light=model]", "[data-light=overlays]", "#end-show"]
    opens += ["#edit-rundown", "#prompter-open", "#stock tbody button", "#pane-orders .row button"]
    for opener in opens:
        page.locator(opener).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        yield f"control, dialog of {opener}"
        page.keyboard.press("Escape")
    page.locator("#pane-orders .order-tools button").last.click()
    yield "control, menu of an order"
    page.get_by_role("menuitem").first.click()
    expect(page.locator(".side-sheet .timeline")).to_be_visible()
    yield "control, order"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    yield "control, keys"
    for path in ("/review", f"/review/{show_id}", "/overlays", "/themes", "/prompter", "/nowhere", "/login"):
        page.goto(f"{studio.url}{path}")
        if path == f"/review/{show_id}":
            expect(page.locator("#transcript .line")).to_have_count(1)
        yield path


@pytest.mark.parametrize(("theme", "viewport"), [("light", (1366, 768)), ("dark", (1366, 768)), ("dark", (390, 844))])
def test_pages_have_no_accessibility_violation(busy, open_operator, theme, viewport):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci")
    studio, show_id = busy
    page = open_operator(studio, "/control", theme=theme, viewport=viewport)
    narrow = viewport[0] < 720
    found = {}
    for name in [None] if narrow else visit(page, studio, show_id):
        found |= check(page, name or "control")
    if narrow:
        for view in ("scenes", "stock", "log"):
            page.locator(f"#views [data-view={view}]").click()
            found |= check(page, view)
    assert found == {}


REHEARSAL = {"show_id": 1, "source": "script", "since_ms": 1, "port": 1, "message_zh": "停了", "message_en": "stopped"}


def states(page, studio):
    """The control page before, in and after a show, and without its studio; yields what it is."""
    expect(page.locator("#welcome")).to_be_visible()
    yield "welcome"
    studio.call("POST", "/catalogue", [*CATALOGUE, {**CATALOGUE[0], "sku": "CREAM", "name": "Cream"}])
    rundown = [{"title": sku.title(), "sku": sku} for sku in ("MILK", "CREAM", "GIFT")]
    show = studio.call("POST", "/shows", {"title": "Ranch", "rundown": rundown})
    expect(page.locator("#rundown .item")).to_have_count(3)
    yield "draft"
    for opener in ("#go-live", "#plan-show", "#rehearse"):
        if opener != "#go-live":
            page.locator("#menu-button").click()
        page.locator(opener).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        yield f"dialog of {opener}"
        page.keyboard.press("Escape")
    for state in ("starting", "running", "failed", "off"):
        studio.put(rehearsal={**REHEARSAL, "state": state})
        expect(page.locator("#rehearsing")).to_be_visible(visible=state != "off")
        yield f"rehearsal {state}"
    studio.call("POST", f"/shows/{show['id']}/live", {"override": "a test"})
    said = {"start": 1, "end": 2, "text": "Fresh milk for 14.90"}
    studio.publish(
        SegmentHeard(seq=0, raw_text=said["text"], **{**said, "end": 1e7}),
        PriceHeard(seq=1, sku="MILK", price_fen=1490, expected_fen=1590, start=1, end=2),
        ClaimHeard(seq=2, product=None, kind="absolute", level="red", term="Fresh", **said),
        ProductIntroduced(seq=3, sku="CREAM", **said),
    )
    studio.call("POST", "/marks", {"text": "the price"})
    for banner in ("#price-alert", "#claim-alert", "#cue"):
        expect(page.locator(banner)).to_be_visible()
    yield "three banners"
    page.keyboard.press("Shift+V")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "note on a mark"
    page.keyboard.press("Escape")
    studio.put(obs={**OBS, "state": "off", "scenes": [], "inputs": {}, "recording": False, "streaming": False})
    yield "OBS lost"
    studio.kill()
    expect(page.locator("#lost")).to_be_visible()
    yield "studio lost"


@pytest.mark.parametrize(("theme", "viewport"), [("light", (1280, 720)), ("dark", (390, 844))])
def test_states_of_the_control_page_have_no_accessibility_violation(staged, open_operator, theme, viewport):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci")
    page = open_operator(staged, "/control", theme=theme, viewport=viewport)
    wrong = {}
    for name in states(page, staged):
        wrong |= check(page, name)
        for banner in page.locator(".banner:visible").all():
            assert banner.bounding_box()["height"] < viewport[1] / 5, name
    assert wrong == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_the_menu_and_of_buyers_have_no_accessibility_violation(busy, open_operator, theme):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci")
    studio, show_id = busy
    page = open_operator(studio, "/control", theme=theme)
    menu = page.locator("#menu a[href^='/']").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert {link.partition("#")[0] for link in menu} >= MENU
    page.goto(f"{studio.url}/s")
    link = f"/o/{page.evaluate(ORDER)}"
    found = {}
    for path in [*menu, "/s", f"/s/{show_id}", "/me", link, "/s/999999"]:
        if path not in {"/control", "/review", "/overlays"}:  # walked above
            page.goto(f"{studio.url}{path}")
            expect(page.locator("main").first).to_be_visible()
            page.wait_for_load_state("networkidle")
            found |= check(page, path)
    assert found == {}


def test_every_page_is_looked_at_by_axe_somewhere(app):
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    pages = {rule for rule in pages if not rule.startswith(("/api/", "/assets/", "/static/", "/media/"))}
    assert pages - MENU - WALKED - ELSEWHERE == set()


def check(page, name):
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")
    return {
        f"{name}: {violation['id']}": [node["html"][:200] for node in violation["nodes"]]
        for violation in result["violations"]
    }


def test_english_pages_hold_no_chinese(busy, open_operator):
    studio, show_id = busy
    page = open_operator(studio, "/control", locale="en-US")
    left = {}
    for name in visit(page, studio, show_id):
        texts = page.evaluate(HAN_ON_PAGE)
        if texts:
            left[name] = texts
    assert left == {}
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_language_is_switched_by_a_link_and_kept(live, open_operator):
    page = open_operator(live, "/control")
    page.locator("#menu-button").click()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="What do the neighbours get to see today?")).to_be_visible()
    page.goto(f"{live.url}/review")
    expect(page.get_by_role("heading", name="Review")).to_be_visible()


def test_token_is_pasted_to_sign_in_and_signed_out_again(live, open_operator):
    page = open_operator(live, "/review")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(f"{live.url}/login")
    page.goto(f"{live.url}/control")
    expect(page).to_have_url(f"{live.url}/login")
    page.get_by_label("粘贴到这里").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("令牌不对")
    page.get_by_label("粘贴到这里").fill(live.token())
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{live.url}/control")


def test_overlay_addresses_are_copied_and_previewed_in_both_orientations(busy, open_operator):
    studio, _show_id = busy
    page = open_operator(studio, "/overlays")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=studio.url)
    page.get_by_role("button", name="现在的").click()
    card = page.locator(".address").filter(has=page.get_by_role("heading", name="商品卡"))
    card.scroll_into_view_if_needed()  # previews run only in sight
    preview = card.frame_locator("iframe")
    expect(preview.locator("[data-part='name']")).to_have_text("Fresh milk")
    frame = card.locator("iframe").bounding_box()
    box = card.locator(".preview").bounding_box()
    assert abs(frame["width"] - box["width"]) < 1
    page.get_by_role("button", name="横屏").click()
    card.get_by_role("button", name="复制网址").click()
    expect(card.get_by_role("button")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/overlay/card\?.*orientation=landscape", copied)
    assert studio.token("overlay") in copied


def test_previews_are_not_counted_as_overlays_on_air(busy, open_operator):
    studio, _show_id = busy
    page = open_operator(studio, "/overlays")
    page.get_by_role("button", name="现在的").click()
    card = page.locator(".address").filter(has=page.get_by_role("heading", name="商品卡"))
    card.scroll_into_view_if_needed()
    expect(card.frame_locator("iframe").locator("[data-part='name']")).to_have_text("Fresh milk")
    with studio.listen("overlays", "shoutout") as listener:
        assert not listener.wait("overlays", lambda value: value is not None)["pages"]
        assert listener.values["shoutout"]["current"] is None
