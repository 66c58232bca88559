"""The order desk and the buyers' page in a real Chromium against a real studio."""

import re

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.test_operator_pages import AXE, HAN_ON_PAGE, check
from tests.real import missing

pytestmark = pytest.mark.browser

CATALOGUE = [
    {"sku": "MILK", "name": "Fresh milk", "unit": "950 ml", "price_fen": 1590, "stock": 400},
    {"sku": "BEEF", "name": "Beef", "unit": "500 g", "price_fen": 4500, "price_per_kg_fen": 9000, "stock": 9},
    {"sku": "YOG", "name": "Yoghurt", "unit": "1 cup", "price_fen": 1000, "stock": 1},
]
HOSTILE = "<img src=x onerror=alert(1)>"


class Shop:
    """What a test does to the studio behind the page's back."""

    def __init__(self, live):
        self.live = live
        self.count = 0
        live.call("POST", "/catalogue", CATALOGUE)
        point = {"name": "East gate", "address": "1 Road", "hours": "16-20", "active": True}
        self.point = live.call("POST", "/pickup-points", point)["id"]

    def order(self, sku="MILK", quantity=1, *, buyer="Ann", paid=True, **extra):
        self.count += 1
        body = {"buyer": buyer, "lines": [{"sku": sku, "quantity": quantity}], "paid": paid, **extra}
        return self.live.call("POST", "/orders", body, headers={"Idempotency-Key": f"desk-{self.count}"})

    def read(self, order):
        return self.live.call("GET", f"/orders/{order['id']}")

    def complain(self, order, text="The milk is sour"):
        """As the buyer does, from the order's private page."""
        secret = self.read(order)["link"].rsplit("/", 1)[-1]
        buyer = requests.Session()
        page = buyer.get(f"{self.live.url}/o/{secret}", timeout=10)
        token = re.search(r'name="csrf" content="([^"]+)"', page.text)[1]
        answer = buyer.post(
            f"{self.live.url}/api/v1/public/orders/{secret}/complaints",
            json={"kind": "spoilt", "text": text},
            headers={"X-CSRF-Token": token},
            timeout=10,
        )
        assert answer.ok, answer.text


@pytest.fixture
def shop(live):
    return Shop(live)


def row(page, order):
    return page.locator(f".order-row[data-key='{order['id']}']")


def chip(page, word):
    return page.locator("#chips .chip").filter(has_text=word).locator("b")


def in_dialog(page):
    return page.get_by_role("dialog").last


def test_order_is_taken_through_its_life_by_one_button_a_step(shop, open_operator):
    order = shop.order(paid=False, pickup_point_id=shop.point, phone="13812345678")
    page = open_operator(shop.live, "/orders")
    entry = row(page, order)
    expect(entry).to_contain_text("138****5678")
    expect(entry).to_contain_text("East gate")
    expect(entry.locator("[data-hold]")).to_have_text(re.compile(r"留货 29:\d\d"))
    entry.get_by_role("button", name="收款").click()
    page.get_by_role("menuitem", name="微信收到了").click()
    for word, status in (("打包", "已打包"), ("提货", "已提货"), ("完成", "已完成")):
        entry.get_by_role("button", name=f"{word} {order['number']}", exact=True).press("Enter")
        expect(entry).to_contain_text(status)
    expect(entry.locator(".primary")).to_have_count(0)
    assert [step["step"] for step in shop.read(order)["history"]] == ["placed", "paid", "packed", "picked_up", "closed"]


def test_orders_are_packed_with_one_hand_on_the_keyboard(shop, open_operator):
    orders = [shop.order() for _ in range(3)]
    page = open_operator(shop.live, "/orders?status=paid")
    expect(page.locator(".order-row[data-key]")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(row(page, orders[1])).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, orders[1])).to_have_count(0)
    expect(row(page, orders[0])).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator(".order-row[data-key]")).to_have_count(1)
    expect(row(page, orders[0])).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#query")).to_be_focused()
    assert [shop.read(order)["status"] for order in orders] == ["paid", "packed", "packed"]


def test_double_press_is_one_step_of_one_order(shop, open_operator):
    orders = [shop.order() for _ in range(2)]
    page = open_operator(shop.live, "/orders")
    row(page, orders[1]).get_by_role("button", name="打包").dblclick()
    expect(row(page, orders[1])).to_contain_text("已打包")
    page.locator("#chips .chip").filter(has_text="已付款").click()
    expect(page.locator(".order-row[data-key]")).to_have_count(1)
    row(page, orders[0]).get_by_role("button", name="打包").dblclick()
    expect(page.get_by_text("没有这样的订单")).to_be_visible()
    assert [shop.read(order)["status"] for order in orders] == ["packed", "packed"]


def test_several_orders_are_packed_together(shop, open_operator):
    orders = [shop.order() for _ in range(3)]
    unpaid = shop.order(paid=False)
    page = open_operator(shop.live, "/orders")
    page.get_by_label(f"选中 {orders[0]['number']}").check()
    page.get_by_role("button", name="全选这一页").click()
    bulk = page.get_by_role("toolbar", name="选中的订单")
    expect(bulk).to_contain_text("已选 4 单")
    bulk.get_by_role("button", name="打包 3").click()
    expect(chip(page, "已打包")).to_have_text("3")
    expect(bulk).to_contain_text("已选 1 单")
    assert {shop.read(order)["status"] for order in orders} == {"packed"}
    assert shop.read(unpaid)["status"] == "placed"


def test_filter_counts_and_search_stay_in_the_address(shop, open_operator):
    first = shop.order(buyer="Zoe", pickup_point_id=shop.point)
    shop.order(paid=False)
    page = open_operator(shop.live, "/orders")
    expect(chip(page, "全部")).to_have_text("2")
    expect(chip(page, "待付款")).to_have_text("1")
    page.locator("#chips .chip").filter(has_text="待付款").click()
    expect(page.locator(".order-row[data-key]")).to_have_count(1)
    page.locator("#chips .chip").filter(has_text="全部").click()
    page.locator("#query").fill(first["number"])
    expect(page.locator(".order-row[data-key]")).to_have_count(1)
    page.reload()
    expect(page.locator("#query")).to_have_value(first["number"])
    expect(row(page, first)).to_be_visible()
    page.locator("#query").fill("nobody")
    page.get_by_role("button", name="清除筛选").click()
    page.locator("#point").select_option("East gate")
    expect(page.locator(".order-row[data-key]")).to_have_count(1)
    expect(row(page, first)).to_be_visible()


def test_list_follows_what_happens_elsewhere_to_old_orders_too(shop, open_operator):
    orders = [shop.order() for _ in range(130)]
    page = open_operator(shop.live, "/orders")
    expect(page.locator(".order-row[data-key]")).to_have_count(100)
    page.locator(".order-row[data-key]").last.scroll_into_view_if_needed()
    expect(page.locator(".order-row[data-key]")).to_have_count(130)
    shop.live.call("POST", f"/orders/{orders[0]['id']}/pack")
    expect(row(page, orders[0])).to_contain_text("已打包")
    new = shop.order(buyer="Newest")
    expect(page.locator(".order-row[data-key]").first).to_have_attribute("data-key", str(new["id"]))
    expect(chip(page, "全部")).to_have_text("131")


def test_goods_are_weighed_with_the_price_shown_at_once(shop, open_operator):
    order = shop.order("BEEF")
    dearer = {"sku": "BEEF", "name": "Beef", "unit": "500 g", "price_fen": 9500, "price_per_kg_fen": 19000}
    shop.live.call("POST", "/catalogue", [dearer])  # nothing to those who ordered before
    page = open_operator(shop.live, "/orders")
    row(page, order).get_by_role("button", name="称重").click()
    grams = page.get_by_label("Beef 的克数")
    expect(grams).to_be_focused()
    grams.fill("560")
    expect(page.locator(".weigh-total")).to_contain_text("¥50.40 多 ¥5.40")
    page.get_by_role("button", name="按重量结算").click()
    expect(in_dialog(page)).to_contain_text("还差 ¥5.40")
    expect(page.locator(".timeline")).to_contain_text("称重结算")
    after = shop.read(order)
    assert (after["settled_fen"], after["due_fen"]) == (5040, 540)
    page.keyboard.press("Escape")
    row(page, order).get_by_role("button", name="收款").click()
    page.get_by_role("menuitem", name="收了现金").click()
    expect(row(page, order).get_by_role("button", name="打包")).to_be_visible()
    assert shop.read(order)["due_fen"] == 0


def test_refund_of_goods_puts_them_back_on_sale_once(shop, open_operator):
    order = shop.order(quantity=3)
    page = open_operator(shop.live, "/orders")
    row(page, order).get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="退款").click()
    page.get_by_label("退一部分钱").check()
    page.get_by_label("退多少元").fill("999")
    page.get_by_label("原因").fill("Broken")
    page.get_by_role("button", name="记为已退款").click()
    expect(in_dialog(page).get_by_role("alert")).to_have_text("最多还能退 47.70 元")
    page.get_by_label("退几件商品").check()
    page.get_by_label("退几件 Fresh milk").fill("2")
    page.get_by_role("button", name="记为已退款").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, order)).to_contain_text("已退 ¥31.80")
    assert shop.live.call("GET", "/stock")["items"]["MILK"]["sold"] == 1
    assert [refund["amount_fen"] for refund in shop.read(order)["refunds"]] == [3180]


def test_unpaid_order_is_cancelled_after_one_question(shop, open_operator):
    order = shop.order(paid=False)
    page = open_operator(shop.live, "/orders")
    row(page, order).get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="取消订单").click()
    in_dialog(page).get_by_label("原因").fill("Changed her mind")
    in_dialog(page).get_by_role("button", name="取消订单").click()
    expect(row(page, order)).to_contain_text("已取消")
    row(page, order).locator(".row-goods").click()
    expect(page.locator(".timeline")).to_contain_text("取消 · Changed her mind")


def test_order_entered_by_hand_waits_in_line_when_too_little_is_left(shop, open_operator):
    page = open_operator(shop.live, "/orders")
    page.get_by_role("button", name="录入订单").click()
    page.get_by_label("买家称呼").fill("Ann")
    page.get_by_label("手机").fill("13912345678")
    page.get_by_label("Yoghurt 的数量").fill("2")
    page.get_by_role("button", name="录入", exact=True).click()
    expect(in_dialog(page).get_by_role("alert")).to_contain_text("Yoghurt")
    page.get_by_label("排队候补").check()
    page.get_by_role("dialog").get_by_label("自提点").select_option("East gate")
    page.get_by_role("button", name="录入", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(chip(page, "候补")).to_have_text("1")
    listed = shop.live.call("GET", "/orders")["orders"]
    assert [(order["status"], order["phone"]) for order in listed] == [("waitlisted", "139****5678")]


def test_complaint_is_answered_and_leaves_the_navigation(shop, open_operator):
    order = shop.order()
    page = open_operator(shop.live, "/orders")
    expect(row(page, order)).to_be_visible()
    shop.complain(order)
    bubble = page.locator(".masthead [data-open-complaints]")
    expect(bubble).to_be_visible()
    expect(row(page, order)).to_contain_text("售后 1")
    page.get_by_role("tab", name="售后").click()
    card = page.locator(".complaint")
    expect(card).to_contain_text("The milk is sour")
    card.get_by_role("button", name="回复并解决").click()
    expect(page.get_by_label("回复 A*")).to_be_focused()
    page.get_by_label("回复 A*").fill("Sorry! A new one is waiting for you.")
    card.get_by_role("button", name="回复并解决").click()
    expect(card).to_contain_text("已解决")
    expect(bubble).to_be_hidden()
    page.goto(f"{shop.live.url}/review")
    expect(page.locator(".masthead [data-open-complaints]")).to_be_hidden()


@pytest.mark.parametrize("viewport", [(1366, 768), (820, 1180), (390, 844)])
def test_hostile_names_stay_text_inside_their_box(shop, open_operator, viewport):
    name = f"{HOSTILE}مرحبا🍇{'长' * 20}"
    shop.live.call("POST", "/catalogue", [{**CATALOGUE[0], "sku": "ODD", "name": name}])
    order = shop.order("ODD", buyer=HOSTILE, note="长" * 200)
    page = open_operator(shop.live, "/orders", viewport=viewport)
    expect(row(page, order)).to_contain_text(HOSTILE)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    row(page, order).locator(".row-goods").click()
    expect(page.locator(".side-sheet .goods")).to_contain_text(HOSTILE)
    assert (
        page.evaluate(
            "(() => { const b = document.querySelector('.sheet-body'); return b.scrollWidth - b.clientWidth })()"
        )
        == 0
    )
    assert page.locator("img[src='x']").count() == 0


def test_link_code_of_an_order_is_a_picture(shop, open_operator):
    order = shop.order()
    page = open_operator(shop.live, "/orders")
    row(page, order).locator(".row-goods").click()
    code = page.get_by_role("img", name="买家链接的二维码")
    code.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 100", arg=code.element_handle())
    expect(page.get_by_role("textbox", name="买家的链接")).to_have_value(f"{shop.live.url}{shop.read(order)['link']}")


def test_lost_studio_is_told_and_comes_back(shop, open_operator):
    order = shop.order()
    shop.live.kill()
    shop.live.start()  # on the port it had: the session's cookie is named after the port that was asked for
    page = open_operator(shop.live, "/orders")
    expect(row(page, order)).to_be_visible()
    shop.live.kill()
    expect(page.locator("#lost")).to_be_visible()
    row(page, order).get_by_role("button", name="打包").click()
    expect(page.locator(".toast")).to_contain_text("连不上直播间")
    shop.live.start()
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator(".list-problem")).to_have_count(0)
    row(page, order).get_by_role("button", name="打包").click()
    expect(row(page, order)).to_contain_text("已打包")


def test_buyers_are_found_by_phone_kept_off_screen_and_deleted(shop, open_operator):
    order = shop.order(buyer="Ann", phone="13812345678")
    shop.live.call("POST", f"/orders/{order['id']}/pack")
    shop.live.call("POST", f"/orders/{order['id']}/pick-up")
    shop.order(buyer="Bob", phone="13900000000")
    page = open_operator(shop.live, "/buyers")
    expect(page.locator(".person-who")).to_have_count(2)
    page.locator("#query").fill("13812345678")
    expect(page.locator(".person-who")).to_have_count(1)
    person = page.locator(".person").first
    expect(person).to_contain_text("138****5678")
    person.get_by_role("switch", name="不上屏").check()
    expect(page.locator(".toast")).to_contain_text("以后不播 A*")
    person.get_by_role("button", name="更多操作").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="导出").click()
    assert "13812345678" in download.value.path().read_text("utf-8")
    person.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="删除").click()
    expect(in_dialog(page)).to_contain_text("会留下")
    page.get_by_role("button", name="删除资料").click()
    expect(page.get_by_text("没有找到这位买家")).to_be_visible()
    assert shop.read(order)["who"] == "已注销"


def test_moderator_sees_orders_but_neither_buyers_nor_refunds(shop, open_operator):
    order = shop.order()
    page = open_operator(shop.live, "/orders", role="moderator")
    row(page, order).get_by_role("button", name="更多操作").click()
    expect(page.get_by_role("menuitem", name="看详情")).to_be_visible()
    expect(page.get_by_role("menuitem", name="退款")).to_have_count(0)
    page.keyboard.press("Escape")
    navigation = page.get_by_role("navigation", name="页面")
    expect(navigation.get_by_role("link", name="自提")).to_be_visible()
    expect(navigation.get_by_role("link", name="买家")).to_have_count(0)
    page.goto(f"{shop.live.url}/buyers")
    expect(page.get_by_role("heading")).to_have_text("你的身份没有这项权限")


def visit(page, shop):
    """Every state of the two pages in turn; yields its name."""
    page.wait_for_selector(".order-row[data-key]")
    yield "list"
    page.locator(".order-row[data-key] [data-part=menu]").first.click()
    yield "menu"
    page.keyboard.press("Escape")
    page.locator(".row-goods").filter(has_text="Beef").click()
    page.wait_for_selector(".sheet-facts")
    yield "sheet"
    page.keyboard.press("Escape")
    page.locator(".order-row[data-status=paid] [data-part=menu]").first.click()
    page.get_by_role("menuitem").last.click()
    yield "refund"
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_selector(".picks")
    yield "entry"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    yield "bulk"
    page.keyboard.press("?")
    yield "keys"
    page.keyboard.press("Escape")
    page.locator("#tab-complaints").click()
    page.wait_for_selector(".complaint")
    yield "complaints"
    page.goto(f"{shop.live.url}/orders?q=nothing")
    page.wait_for_selector(".order-list .empty")
    yield "none"
    page.goto(f"{shop.live.url}/buyers")
    page.wait_for_selector(".person-who")
    yield "buyers"
    page.locator(".person [data-part=menu]").first.click()
    page.get_by_role("menuitem").last.click()
    yield "erase"
    page.keyboard.press("Escape")
    page.locator("#tab-referrals").click()
    page.wait_for_selector("#referrals .empty")
    yield "referrals"


@pytest.fixture
def busy(shop):
    """An order in most states; all data are English."""
    shop.order(paid=False)
    shop.order("BEEF", phone="13812345678", pickup_point_id=shop.point, note="Ring twice")
    shop.complain(shop.order())
    shop.order("YOG", 2, paid=False, waitlist=True)
    return shop


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_desk_has_no_accessibility_violation(busy, open_operator, theme):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci")
    page = open_operator(busy.live, "/orders", theme=theme)
    found = {}
    for name in visit(page, busy):
        found |= check(page, name)
    assert found == {}


def test_english_desk_holds_no_chinese(busy, open_operator):
    page = open_operator(busy.live, "/orders", locale="en-US")
    left = {name: texts for name in visit(page, busy) if (texts := page.evaluate(HAN_ON_PAGE))}
    assert left == {}


@pytest.mark.parametrize("viewport", [(1366, 768), (820, 1180)])
def test_navigation_leads_to_every_operator_page_on_one_line(shop, open_operator, viewport):
    page = open_operator(shop.live, "/orders", viewport=viewport, locale="en-US")
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    paths = [link.get_attribute("href") for link in links.all()]
    selling = ["/control", "/orders", "/pickup", "/announce", "/buyers"]
    assert paths == [*selling, "/prompter", "/knowledge", "/review", "/overlays", "/settings"]
    assert len({round(link.bounding_box()["y"]) for link in links.all()}) == 1
    assert page.locator(".masthead").bounding_box()["height"] <= 62
    expect(page.get_by_role("link", name="Orders")).to_have_attribute("aria-current", "page")
