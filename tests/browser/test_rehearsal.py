"""A rehearsal from the control page: one click, a marked stage, one click to end it."""

import json
import os
import re
import signal

import pytest
from playwright.sync_api import expect

from tests.live import fresh_dairy

pytestmark = pytest.mark.browser


def test_a_draft_is_rehearsed_and_ended_from_the_control_page(live, open_operator, chromium):
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
    desk = chromium.new_context(locale="zh-CN").new_page()  # the sessions of two studios on free ports are one cookie
    desk.goto(live.call("GET", "/rehearsal/links")["control"])
    expect(desk.locator("#air-state")).to_have_text("彩排中")
    expect(desk).to_have_title(re.compile("^● 彩排中 · 周三"))
    strip, plate = desk.locator(".rehearsal-strip"), desk.locator("#air")
    colour = "element => getComputedStyle(element).backgroundColor"
    assert plate.evaluate(colour) == strip.evaluate(colour)
    desk.set_viewport_size({"width": 390, "height": 844})
    expect(strip).to_be_hidden()  # it would cover the clock
    desk.context.close()
    assert live.call("GET", "/shows")["shows"][0]["status"] == "draft"
    page.get_by_role("button", name="结束彩排").click()
    expect(page.locator("#rehearsing")).to_be_hidden(timeout=20_000)
    stage.close()


def test_a_rehearsal_that_failed_is_told_until_somebody_read_it(live, open_operator):
    show = live.call("POST", "/shows", {"title": "周三", "rundown": [{"title": "开场"}]})
    page = open_operator(live, "/control", role="producer")
    for put_away in ("press", "live"):
        live.call("POST", "/rehearsal", {"show_id": show["id"], "source": "script", "text": "一句"}, status=202)
        expect(page.get_by_role("button", name="彩排画面")).to_be_visible(timeout=60_000)
        [status] = live.data_dir.glob("rehearsals/*/server.json")
        os.kill(json.loads(status.read_text("utf-8"))["pid"], signal.SIGKILL)
        banner = page.locator("#rehearsing")
        expect(banner).to_contain_text("意外停止")
        if put_away == "press":
            banner.get_by_role("button", name="知道了").click()
        else:
            live.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
        expect(banner).to_be_hidden()
