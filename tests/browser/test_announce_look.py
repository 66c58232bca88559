"""Pickup and announcement pages in every state: usable by everybody, whole in English, never wider than the screen."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_operator_pages import AXE, HAN_ON_PAGE, check
from tests.real import missing

pytestmark = pytest.mark.browser

CATALOGUE = [{"sku": "MILK", "name": "Fresh milk", "unit": "950 ml/bottle", "price_fen": 1590, "stock": 9}]
PASTE = (
    "1. Ann Fresh milk×2 East gate\n2. Bob 3 cucumbers, Fresh milk×1\n3. Cy Fresh milk×50\n4. Dee Fresh milk\nThanks"
)


@pytest.fixture
def stocked(live):
    """A studio whose data are all English: points, an order to be fetched, a product."""
    live.prepare_show(live=False, catalogue=CATALOGUE)
    live.call("POST", "/pickup-points", {"name": "East gate", "address": "3 Linden Court", "hours": "5 to 8 pm"})
    live.call("POST", "/pickup-points", {"name": "Old market", "active": False})
    live.call("POST", "/shows", {"title": "Ranch on Thursday", "rundown": [{"title": "Milk", "sku": "MILK"}]})
    body = {"buyer": "Eve", "lines": [{"sku": "MILK", "quantity": 1}], "paid_via": "cash", "pickup_point_id": 1}
    live.call("POST", "/orders", {**body, "note": "At the door"}, headers={"Idempotency-Key": "1"})
    return live


def states(page, studio):
    """Names of the pages' states; each is on the screen while its name is given out."""
    page.goto(f"{studio.url}/pickup")
    expect(page.locator("[data-order]")).to_have_count(1)
    yield "pickup"
    page.locator("[data-order] input").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "pickup, money"
    page.keyboard.press("Escape")
    page.locator("#tab-points").click()
    yield "points"
    page.locator("#add-point").click()
    yield "point"
    page.goto(f"{studio.url}/announce")
    expect(page.locator("#poster[data-drawn]")).to_be_visible()
    yield "poster"
    page.locator("#tab-import").click()
    page.locator("#pasted").fill(PASTE)
    page.locator("#read-paste").click()
    expect(page.locator(".paste-row")).to_have_count(4)
    page.locator(".asides summary").click()
    yield "preview"
    page.locator("#import").click()
    expect(page.locator(".paste-row.done").first).to_be_visible()
    yield "imported"


@pytest.mark.parametrize(("theme", "viewport"), [("light", (1366, 768)), ("dark", (1920, 1080)), ("dark", (390, 844))])
def test_pages_are_usable_by_everybody_and_fit(stocked, open_operator, theme, viewport):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci")
    page = open_operator(stocked, "/pickup", theme=theme, viewport=viewport)
    found = {}
    for name in states(page, stocked):
        found |= check(page, name)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert found == {}


def test_english_pages_hold_no_chinese(stocked, open_operator):
    page = open_operator(stocked, "/pickup", locale="en-US")
    left = {name: texts for name in states(page, stocked) if (texts := page.evaluate(HAN_ON_PAGE))}
    assert left == {}
