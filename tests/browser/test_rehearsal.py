"""A rehearsal from the control page: one click, a marked stage, one click to end it."""

import pytest
from playwright.sync_api import expect

from tests.live import fresh_dairy

pytestmark = pytest.mark.browser


def test_a_draft_is_rehearsed_and_ended_from_the_control_page(live, open_operator):
    live.call("POST", "/catalogue", fresh_dairy())
    rundown = [{"title": "鲜奶", "sku": "MILK-950", "points": ["早上五点挤的", "巴氏鲜牛奶十五块九一瓶"]}]
    live.call("POST", "/shows", {"title": "周三", "rundown": rundown})
    page = open_operator(live, "/control", role="producer")
    expect(page.locator("#rundown .item")).to_have_count(1)
    page.locator("#menu-button").click()
    page.locator("#rehearse").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("一行一句")).to_have_value("鲜奶\n早上五点挤的\n巴氏鲜牛奶十五块九一瓶")
    dialog.get_by_role("button", name="开始彩排").click()
    expect(page.locator("#rehearsing")).to_contain_text("彩排进行中", timeout=60_000)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="彩排画面").click()
    stage = opened.value
    expect(stage.locator("[data-overlay='caption']")).to_contain_text("牛奶", timeout=30_000)
    expect(stage.locator(".rehearsal-mark")).to_be_visible()
    assert live.call("GET", "/shows")["shows"][0]["status"] == "draft"
    page.get_by_role("button", name="结束彩排").click()
    expect(page.locator("#rehearsing")).to_be_hidden(timeout=20_000)
    stage.close()
