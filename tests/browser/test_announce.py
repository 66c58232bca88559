"""The announcement page: a poster whose code opens, the group's text, and its list read back and imported."""

import re

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from studio.web.lan import lan_addresses
from tests.codes import read_code
from tests.live import LiveStudio
from tests.real import missing

pytestmark = pytest.mark.browser

PUBLIC = "https://linli.example.cn"
PASTE = """#接龙
透明牧场
1. 张阿姨 鲜牛奶×2 东门驿站
2. 郑姐 蓝莓酸奶2桶
3. 孙姐 奶酪棒99袋
截止周三"""


@pytest.fixture
def public(tmp_path):
    """A studio that phones can reach."""
    studio = LiveStudio(tmp_path / "studio", public_url=PUBLIC).start()
    yield studio
    studio.stop()


def products(count):
    names = [
        "本地草莓",
        "散养土鸡蛋",
        "超级无敌好吃的青浦练塘茭白净菜特惠家庭装大礼盒",
        "Organic Brown Rice Family Pack",
    ]
    return [
        {"sku": f"P{number}", "name": f"{names[number % 4]}{number}", "unit": "5斤/箱", "price_fen": 1990, "stock": 9}
        for number in range(count)
    ]


def save_poster(page, path, count):
    expect(page.locator(f'#poster[data-drawn="{count}"]')).to_be_visible()
    with page.expect_download() as download:
        page.click("#save-poster")
    download.value.save_as(path)
    return cv2.imread(str(path))


@pytest.mark.parametrize("count", [1, 4, 12, 30])
def test_poster_code_is_read_even_after_wechat_made_it_small(public, open_operator, tmp_path, count):
    catalogue = products(count)
    public.prepare_show(live=False, catalogue=catalogue)
    page = open_operator(public, "/announce", theme="dark")
    poster = save_poster(page, tmp_path / "poster.png", count)
    assert poster.shape[1] == 1080
    assert read_code(poster) == f"{PUBLIC}/s"
    half = cv2.resize(poster, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    sent = cv2.imdecode(cv2.imencode(".jpg", half, [cv2.IMWRITE_JPEG_QUALITY, 70])[1], cv2.IMREAD_COLOR)
    assert read_code(sent) == f"{PUBLIC}/s"


def test_poster_shows_the_goods_that_are_ticked(public, open_operator, tmp_path):
    public.prepare_show(live=False)
    page = open_operator(public, "/announce")
    three = save_poster(page, tmp_path / "three.png", 3)
    page.get_by_role("checkbox", name=re.compile("巴氏鲜牛奶")).uncheck()
    page.get_by_label("谁在播").fill("梧桐苑 · 王姐")
    two = save_poster(page, tmp_path / "two.png", 2)
    assert two.shape[0] < three.shape[0]
    assert np.abs(two[150:260].astype(int) - three[150:260]).max() > 100  # the host's name is written there


def test_poster_bears_no_code_that_phones_cannot_open(live, open_operator, tmp_path):
    live.prepare_show(live=False)
    page = open_operator(live, "/announce")
    expect(page.get_by_text("手机打不开这台电脑的地址")).to_be_visible()
    assert read_code(save_poster(page, tmp_path / "poster.png", 3)) == ""
    page.get_by_role("tab", name="接龙文字").click()
    expect(page.locator("#chain")).to_have_value(re.compile("^#接龙"))
    assert "/s" not in page.locator("#chain").input_value()


def test_poster_leads_to_the_open_local_network_and_says_that_it_does(live, open_operator, tmp_path):
    if not lan_addresses():
        missing("this machine has no address in a local network")
    live.prepare_show(live=False)
    page = open_operator(live, "/announce")
    page.get_by_role("link", name="在设置页打开局域网访问").click()
    note = page.locator(".for-buyers")
    expect(page.locator("#lan").get_by_text("没有打开")).to_be_visible()
    expect(note).to_have_count(0)
    page.get_by_role("button", name="打开局域网访问").click()
    expect(note).to_contain_text("只有连着同一个 Wi-Fi 的手机能打开")
    expect(note.locator(".icon")).to_have_css("width", "20px")
    url = live.call("GET", "/lan")["url"]
    page.goto(f"{live.url}/announce")
    expect(page.get_by_text(f"二维码是局域网地址 {url}/s，只有连着同一个 Wi-Fi 的手机能打开")).to_be_visible()
    assert read_code(save_poster(page, tmp_path / "poster.png", 3)) == f"{url}/s"
    page.get_by_role("tab", name="接龙文字").click()
    expect(page.locator("#chain")).to_have_value(re.compile(re.escape(f"{url}/s")))


def test_list_is_previewed_corrected_and_imported_once(public, open_operator):
    public.prepare_show(live=False)
    public.call("POST", "/pickup-points", {"name": "东门驿站"})
    page = open_operator(public, "/announce")
    page.get_by_role("tab", name="导入接龙").click()
    page.fill("#pasted", PASTE)
    page.click("#read-paste")
    first, second, third = (page.locator(f'.paste-row[data-line="{line}"]') for line in (3, 4, 5))
    tick = "input[type=checkbox]"
    expect(first.locator(tick).first).to_be_checked()
    expect(second.locator(tick).first).not_to_be_checked()
    expect(second).to_contain_text("“蓝莓酸奶”可能是别的商品")
    second.get_by_label("数量").fill("1")
    second.locator(tick).first.check()
    expect(page.locator("#import-sum")).to_contain_text("要导入 3 行")
    page.click("#import")
    expect(first).to_contain_text("订单 L000001，取货时收款")
    expect(second).to_contain_text("订单 L000002")
    expect(third).to_contain_text("只剩 40 份")
    third.get_by_role("button", name="改为候补").click()
    expect(third).to_contain_text("在候补")
    placed = public.call("GET", "/orders")["orders"]
    assert sorted((order["who"], order["lines"][0]["quantity"]) for order in placed) == [
        ("孙*", 99),
        ("张*", 2),
        ("郑*", 1),
    ]
    page.click("#read-paste")
    expect(first).to_contain_text("已经是订单 L000001")
    expect(page.locator("#import")).to_be_disabled()
    page.get_by_role("tab", name="接龙文字").click()
    expect(page.locator("#chain")).to_have_value(re.compile("1. 张阿姨 巴氏鲜牛奶×2\n"))
