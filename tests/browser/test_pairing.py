"""A tablet is paired with what the settings page shows, runs the show, and is sent away."""

import pytest
from playwright.sync_api import expect

from studio.web.lan import lan_addresses
from tests.browser.test_operator_pages import AXE, HAN_ON_PAGE, check
from tests.codes import picture_of, read_code
from tests.live import fresh_dairy
from tests.real import missing

pytestmark = pytest.mark.browser

TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def open_device(chromium):
    """open_device(url, screen=…, **options) → page of another device's browser; its scripts must not fail."""
    contexts, complaints = [], []

    def open_page(url, screen=TABLET, **options):
        context = chromium.new_context(
            viewport=screen, has_touch=True, reduced_motion="reduce", **{"locale": "zh-CN", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def scan(locator):
    """What a camera reads on the screen."""
    expect(locator).to_be_visible()
    locator.evaluate("image => image.decode()")
    locator.page.evaluate("() => Promise.all(document.getAnimations().map(({ finished }) => finished))")
    return read_code(picture_of(locator.screenshot()))


@pytest.fixture
def address(live):
    """Where the local network will reach the studio."""
    if not lan_addresses():
        missing("this machine has no address in a local network")
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci")
    return f"http://{lan_addresses()[0]}:{live.port}"


def shown_link(host, *, but=None):
    """What the dialog's picture leads to, once it is another code than `but`."""
    field = host.get_by_label("配对链接")
    if but:
        expect(field).not_to_have_value(but)
    link = scan(host.locator(".pairing-code img"))
    expect(field).to_have_value(link)
    return link


def test_tablet_is_paired_runs_the_show_and_is_sent_away(live, address, open_operator, open_device):
    live.prepare_show(catalogue=fresh_dairy())
    host = open_operator(live, "/settings")
    expect(host.locator("#lan")).to_contain_text("只听这台电脑自己")
    expect(host.get_by_role("button", name="配对设备")).to_be_disabled()
    host.get_by_role("button", name="打开局域网访问").click()
    expect(host.locator("#lan")).to_contain_text(address)
    host.get_by_role("button", name="配对设备").click()
    tablet = open_device(shown_link(host))
    expect(tablet.locator("main")).to_contain_text("它就是直播间的“导播”")
    tablet.get_by_label("给它起个名字").fill("灶台 <b>iPad</b>")
    tablet.get_by_role("button", name="配对").click()
    tablet.wait_for_url(f"{address}/control")
    expect(host.get_by_role("dialog")).to_have_count(0)
    row = host.locator("#paired .target")
    expect(row).to_contain_text("灶台 <b>iPad</b>")
    expect(row).to_contain_text("在线")
    faults = check(host, "list")
    with live.listen("show", "presence") as wire:
        before = wire.values["show"]["current_item"]
        tablet.locator("#take-next").tap()
        wire.wait("show", lambda show: show["current_item"] != before)
        assert "灶台 <b>iPad</b>" in {seat["name"] for seat in wire.values["presence"]}
    row.get_by_role("button", name="改名").click()
    host.get_by_label("名字").fill("厨房")
    host.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(row).to_contain_text("厨房")
    row.get_by_role("button", name="移除").click()
    host.get_by_role("dialog").get_by_role("button", name="移除").click()
    tablet.wait_for_url(f"{address}/login")
    expect(tablet.get_by_role("alert")).to_contain_text("配对已被取消")
    faults |= check(tablet, "removed")
    expect(host.locator("#paired")).to_contain_text("还没有配对的设备")
    assert faults == {}


def test_link_asks_first_and_says_why_it_is_void(live, address, open_operator, open_device):
    live.call("PUT", "/lan", {"on": True})
    host = open_operator(live, "/settings")
    host.get_by_role("button", name="配对设备").click()
    void = shown_link(host)
    assert void.startswith(f"{address}/pair/")
    expect(host.get_by_role("timer")).to_contain_text("还有 4:")
    host.get_by_role("radio", name="场控").check()
    link = shown_link(host, but=void)
    faults = check(host, "code")
    phone = open_device(void, PHONE, locale="en-US", color_scheme="dark")
    expect(phone.get_by_role("alert")).to_contain_text("newer QR code")
    faults |= check(phone, "void")
    phone.goto(link)
    expect(phone.get_by_text("works as Moderator")).to_be_visible()
    expect(phone.get_by_role("timer")).to_contain_text("left")
    assert phone.evaluate(HAN_ON_PAGE) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    faults |= check(phone, "asked")
    host.get_by_role("button", name="关闭", exact=True).click()
    phone.get_by_role("button", name="Pair").click()
    expect(phone.get_by_role("alert")).to_contain_text("taken this QR code back")
    assert live.call("GET", "/devices") == {"devices": []}
    host.get_by_role("button", name="关闭局域网访问").click()
    expect(host.locator("#lan")).to_contain_text("只听这台电脑自己")
    assert faults == {}
