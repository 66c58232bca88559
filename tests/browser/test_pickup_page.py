"""The pickup page: points are kept, goods are ticked off, the list is printed black on white."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CART = [{"sku": "MILK-950", "quantity": 2}]


@pytest.fixture
def waiting(live):
    """A studio with one paid order, and one that pays when it is fetched, at one point."""
    live.prepare_show(live=False)
    live.call("POST", "/pickup-points", {"name": "东门驿站", "address": "东门 3 号"})
    for key, who, more in (("1", "张阿姨", {"paid": True}), ("2", "李姐", {"paid_via": "cash"})):
        body = {"buyer": who, "lines": CART, "pickup_point_id": 1, **more}
        live.call("POST", "/orders", body, headers={"Idempotency-Key": key})
    return live


def status_of(live, order_id):
    return live.call("GET", f"/orders/{order_id}")["status"]


def test_fetched_orders_are_ticked_off_and_money_is_asked_for(waiting, open_operator):
    page = open_operator(waiting, "/pickup")
    paid, cash = page.locator('[data-order="1"]'), page.locator('[data-order="2"]')
    expect(page.get_by_role("list", name="要配的货")).to_have_text("巴氏鲜牛奶 × 4")
    paid.get_by_role("checkbox").click()
    expect(paid.get_by_role("checkbox")).to_be_disabled()
    assert status_of(waiting, 1) == "picked_up"
    cash.get_by_role("checkbox").click()
    expect(page.get_by_role("dialog")).to_contain_text("¥31.80")
    assert status_of(waiting, 2) == "placed"
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(cash.get_by_role("checkbox")).to_be_checked()
    expect(paid.get_by_role("checkbox")).to_be_checked()
    assert status_of(waiting, 2) == "picked_up"


def test_a_new_order_appears_by_itself(waiting, open_operator):
    page = open_operator(waiting, "/pickup")
    expect(page.locator("[data-order]")).to_have_count(2)
    body = {"buyer": "王姐", "lines": CART, "paid": True}
    waiting.call("POST", "/orders", body, headers={"Idempotency-Key": "3"})
    expect(page.get_by_role("heading", name="没有选自提点")).to_be_visible()


def test_points_are_added_and_changed(waiting, open_operator):
    page = open_operator(waiting, "/pickup")
    page.get_by_role("tab", name="自提点").click()
    page.click("#add-point")
    page.get_by_label("名称").fill("东门驿站")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("已经有叫“东门驿站”的自提点了")
    page.get_by_label("名称").fill("西区大厅")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#points")).to_contain_text("西区大厅")
    page.get_by_role("button", name="修改东门驿站").click()
    page.get_by_label("买家可以选它").uncheck()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#points li").last).to_contain_text("已停用")


def test_a_moderator_only_looks_at_points(waiting, open_operator):
    page = open_operator(waiting, "/pickup", role="moderator")
    page.get_by_role("tab", name="自提点").click()
    expect(page.locator("#points")).to_contain_text("东门驿站")
    expect(page.locator("#points button")).to_have_count(0)
    expect(page.locator("#add-point")).to_be_hidden()


def test_print_is_the_list_black_on_white(waiting, open_operator):
    page = open_operator(waiting, "/pickup", theme="dark")
    expect(page.locator("[data-order]")).to_have_count(2)
    page.emulate_media(media="print")
    expect(page.locator(".masthead")).to_be_hidden()
    expect(page.locator(".pickup-head")).to_be_hidden()
    colours = page.evaluate(
        "() => ['html', '.point td.who strong'].map((where, index) =>"
        " getComputedStyle(document.querySelector(where))[index ? 'color' : 'backgroundColor'])"
    )
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert page.locator(".point thead").evaluate("head => getComputedStyle(head).display") == "table-header-group"


def test_what_nobody_came_for_goes_back_on_sale(waiting, open_operator):
    page = open_operator(waiting, "/pickup")
    told = page.locator("#unclaimed")
    expect(told).to_contain_text("1 单，占着 2 份货")
    available = waiting.call("GET", "/stock")["items"]["MILK-950"]["available"]
    told.get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox")).not_to_be_checked()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="放回可售").click()
    expect(told).to_be_hidden()
    expect(page.locator("[data-order]")).to_have_count(1)
    order = waiting.call("GET", "/orders/2")
    assert (order["status"], order["history"][-1]["detail"]) == ("cancelled", {"reason": "过了取货时间没来取"})
    assert waiting.call("GET", "/stock")["items"]["MILK-950"]["available"] == available + 2


def test_what_is_kept_for_more_than_two_days_stands_out_and_is_ticked(waiting, open_operator):
    page = open_operator(waiting, "/login")
    days_ms = 3 * 24 * 3_600_000

    def later(route):
        listed = route.fetch().json()
        route.fulfill(json={**listed, "as_of": listed["as_of"] + days_ms})

    page.route("**/api/v1/pickup-list*", later)
    page.goto(f"{waiting.url}/pickup")
    expect(page.locator("#unclaimed.late")).to_be_visible()
    page.locator("#unclaimed").get_by_role("button").click()
    expect(page.get_by_role("dialog").get_by_role("checkbox")).to_be_checked()
