"""The settings page in Chromium: a source from nothing to its first order, parked deliveries, outgoing targets."""

import re
import shlex
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests
from playwright.sync_api import expect

from tests.shop.webhooks.bodies import CLIENT_ID, SECRET, SOURCES, order, signed

pytestmark = pytest.mark.browser


@pytest.fixture
def listener():
    """A system outside that takes everything; `url`, and `heard` with what came."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            server.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.heard = []
    server.url = f"http://127.0.0.1:{server.server_port}/in"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def deliver(studio, source, told):
    topic, document = told
    headers, raw = signed(source, document, topic=topic)
    answer = requests.post(f"{studio.url}/hooks/{source}", data=raw, headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text


def test_source_is_set_up_tested_and_takes_its_first_order(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/settings")
    card = page.locator('[data-source="generic"]')
    expect(card.get_by_text("未设置")).to_be_visible()
    expect(page.locator("#address-note")).to_contain_text("外面的商城够不到")
    expect(card.get_by_label("推送地址")).to_have_value(f"{live.url}/hooks/generic")
    card.get_by_role("button", name="设置密钥").click()
    page.get_by_label("密钥", exact=True).fill(SECRET)
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(card.get_by_text("已启用")).to_be_visible()
    card.get_by_role("button", name="测试").click()
    expect(card.get_by_role("status")).to_contain_text("通了：HTTP 200")
    expect(card.locator(".facts")).to_contain_text("还没有，等商城的第一次推送")
    deliver(live, "generic", order("generic", 1))
    expect(card.locator(".facts")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    with live.listen("orders") as orders:
        orders.wait("orders", lambda value: value["paid"] == 1)
    card.get_by_role("button", name="停用").click()
    expect(card.get_by_text("已停用")).to_be_visible()


def test_parked_delivery_is_matched_on_the_page(live, open_operator):
    live.prepare_show()
    live.call("PUT", "/webhooks/sources/shopify", {"enabled": True, "secret": SECRET})
    deliver(live, "shopify", order("shopify", 1, lines=[("their-milk", 2, "15.90")]))
    page = open_operator(live, "/settings", role="producer")
    card = page.locator(".delivery")
    expect(card).to_contain_text("商品没有对上")
    expect(card).to_contain_text("#1 · 张*")
    card.get_by_role("button", name="对上并处理").click()
    expect(page.get_by_text("请先选出每个商品。")).to_be_visible()
    card.get_by_role("combobox").select_option("MILK-950")
    card.get_by_role("button", name="对上并处理").click()
    expect(card).to_have_count(0)
    with live.listen("orders") as orders:
        orders.wait("orders", lambda value: value["paid"] == 1)
    assert live.call("GET", "/orders")["orders"][0]["lines"][0]["sku"] == "MILK-950"
    deliver(live, "shopify", order("shopify", 2, lines=[("unknown", 1, "1.00")]))
    expect(card).to_have_count(1)
    card.get_by_role("button", name="忽略…").click()
    page.get_by_label("原因").fill("线下已处理")
    page.get_by_role("dialog").get_by_role("button", name="忽略", exact=True).click()
    expect(page.locator("#parked-section")).to_be_hidden()


def test_target_is_added_tested_paused_and_deleted(live, open_operator, listener):
    page = open_operator(live, "/settings")
    expect(page.locator("#targets")).to_contain_text("还没有推送目标")
    page.get_by_role("button", name="添加").click()
    page.get_by_label("接收地址").fill(listener.url)
    page.get_by_role("dialog").get_by_role("button", name="添加").click()
    expect(page.locator("[data-secret]")).to_have_text(re.compile(r"^.{20,}$"))
    page.get_by_role("button", name="关闭").click()
    row = page.locator(".target")
    row.get_by_role("button", name="测试").click()
    expect(row.get_by_role("status")).to_contain_text("通了：HTTP 204")
    assert b'"event": "test"' in listener.heard[0]
    row.get_by_role("button", name="暂停").click()
    expect(row).to_contain_text("已暂停")
    row.get_by_role("button", name="删除").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(row).to_have_count(0)


def test_a_copied_line_presses_the_button_until_the_token_is_changed(live, open_operator):
    show = live.prepare_show()
    page = open_operator(live, "/settings")
    page.get_by_text("每个动作一行 curl").click()
    lines = page.locator(".presses input")
    actions = live.call("GET", "/triggers/connection")["actions"]
    expect(lines).to_have_count(len(actions) + 1)
    assert "$TOKEN" in lines.first.input_value()
    line = lines.first.get_attribute("data-copy")

    def press():
        done = subprocess.run([*shlex.split(line), "-w", "%{http_code}"], capture_output=True, text=True, check=True)
        return done.stdout[-3:]

    assert press() == "200"
    assert live.call("GET", f"/shows/{show['id']}")["current_item"] == show["rundown"][1]["id"]
    page.get_by_role("button", name="换令牌").click()
    page.get_by_role("dialog").get_by_role("button", name="换令牌").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert press() == "401"
    secret = page.get_by_label("令牌", exact=True)
    expect(secret).to_have_attribute("type", "password")
    page.locator("#triggers").get_by_role("button", name="显示").click()
    expect(secret).to_have_value(live.token("trigger"))


def test_alarm_limits_are_changed_refused_and_put_back(live, open_operator):
    page = open_operator(live, "/settings", role="producer")
    dropped = page.locator("#alarms").get_by_label("丢帧达到")
    expect(dropped).to_have_value("1")
    expect(dropped).to_have_accessible_description("0.1–100 %，原本是 1")
    dropped.fill("300")
    page.locator("#alarms").get_by_role("button", name="保存").click()
    expect(page.locator("#toasts")).to_contain_text("“丢帧”要在 0.1 到 100 % 之间")
    expect(dropped).to_have_value("300")  # what was typed stays
    dropped.fill("2.5")
    page.locator("#alarms").get_by_role("button", name="保存").click()
    expect(page.locator("#toasts")).to_contain_text("保存好了")
    assert live.call("GET", "/obs/alarm-limits")["limits"]["dropped_percent"] == 2.5
    page.locator("#alarms").get_by_role("button", name="恢复原本的").click()
    expect(dropped).to_have_value("1")


def test_producer_sees_everything_and_changes_no_secret(live, open_operator):
    page = open_operator(live, "/settings", role="producer")
    expect(page.locator(".source")).to_have_count(len(SOURCES))
    expect(page.get_by_text("密钥由主播设置。")).to_have_count(len(SOURCES))
    expect(page.get_by_role("button", name="设置密钥")).to_have_count(0)
    expect(page.get_by_role("button", name="添加")).to_have_count(0)


@pytest.mark.parametrize(
    ("viewport", "locale", "theme"),
    [((390, 844), "zh-CN", "light"), ((1366, 768), "en-US", "dark"), ((1920, 1080), "zh-CN", "light")],
)
def test_page_fits_its_screen(live, open_operator, tmp_path, viewport, locale, theme):  # noqa: PLR0917 - fixtures
    fill_page(live)
    page = open_operator(live, "/settings", viewport=viewport, locale=locale, theme=theme)
    expect(page.locator(".delivery")).to_have_count(2)
    page.screenshot(path=tmp_path / "settings.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]
    for control in page.locator("main button, main select, main input").all():
        box = control.bounding_box()
        assert box is None or box["height"] >= 44


def fill_page(live):
    """Every kind of content at once."""
    live.prepare_show()
    for name in SOURCES[:3]:
        live.call("PUT", f"/webhooks/sources/{name}", {"enabled": True, "secret": SECRET, "client_id": CLIENT_ID})
    live.call("PUT", "/webhooks/sources/shopify", {"enabled": True, "secret": SECRET + "2"})
    lines = [("their-fresh-milk-950ml-glass-bottle", 2, "15.90"), ("MILK-950", 1, "15.90")]
    deliver(live, "shopify", order("shopify", 1, lines=lines))
    deliver(live, "woocommerce", order("woocommerce", 2, lines=[("MILK-950", 900, "15.90")]))
    deliver(live, "youzan", order("youzan", 3))
    requests.post(f"{live.url}/hooks/shopify", data=b"{}", headers={"X-Shopify-Hmac-SHA256": "x"}, timeout=10)
    live.call("POST", "/webhooks/targets", {"url": "http://127.0.0.1:9/in"})
