"""The buyer's pages on a phone, in a real Chromium."""

import contextlib
import re

import cv2
import numpy as np
import pytest
from playwright.sync_api import TimeoutError as NotYet

from tests.live import TODAY

PHONE_SCREEN = {"width": 390, "height": 844}
MILK = "#p-MILK-950"
STEP_S = 5


@pytest.fixture
def open_phone(chromium):
    """open_phone(path, locale="zh-CN", screen=…) → page of a fresh browser; its scripts must not fail."""
    contexts, complaints = [], []

    def open_page(url, *, locale="zh-CN", screen=None, blocked=()):
        context = chromium.new_context(
            viewport=screen or PHONE_SCREEN, locale=locale, has_touch=True, reduced_motion="reduce"
        )
        contexts.append(context)
        context.clock.install()
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        if "websocket" in blocked:
            page.add_init_script("window.WebSocket = class { constructor() { throw new Error('blocked'); } };")
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def go_to_checkout(page, *, nickname="张阿姨"):
    page.click(f"{MILK} [data-step='1']")
    page.click("#bar a")
    page.fill("#nickname", nickname)


def submit(page):
    page.click("#submit")
    page.wait_for_url("**/o/*")


def wait_long(page, selector, seconds, state="visible"):
    """Wait so many seconds of the page's clock: it runs ahead to when the page asks the studio the next time."""
    for _step in range(0, seconds, STEP_S):
        page.clock.fast_forward(STEP_S * 1000)
        with contextlib.suppress(NotYet):
            page.wait_for_selector(selector, state=state, timeout=1000)
            return
    page.wait_for_selector(selector, state=state)


def placed(live):
    return live.call("GET", "/orders")["orders"]


def test_an_order_walks_from_the_list_to_its_private_page(live, open_phone):
    show = live.prepare_show()
    page = open_phone(f"{live.url}/s")
    assert page.locator(f"{MILK}[data-on-air]").count() == 1
    go_to_checkout(page)
    submit(page)
    assert "等待付款" in page.inner_text(".hero")
    page.wait_for_selector("[data-until]:has-text('29:')")
    order = placed(live)[0]
    assert (order["source"], order["who"], order["lines"][0]["quantity"]) == ("page", "张*", 1)
    live.call("POST", f"/orders/{order['id']}/pay", {})
    wait_long(page, ".hero.paid", 20)
    live.call("POST", f"/shows/{show['id']}/end")
    page.goto(f"{live.url}/s")
    assert "直播已结束" in page.inner_text("#head")
    assert "119" in page.inner_text(f"{MILK} [data-stock]")


def test_a_double_tap_is_one_order(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    go_to_checkout(page)
    page.evaluate("for (let tap = 0; tap < 5; tap += 1) document.getElementById('submit').click()")
    page.wait_for_url("**/o/*")
    assert len(placed(live)) == 1


def test_a_lost_answer_is_asked_for_again_and_stays_one_order(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    go_to_checkout(page)
    lost = []

    def lose(route):
        """The server takes the order, the phone never hears of it."""
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/public/orders", lose)
    page.click("#submit")
    page.wait_for_url("**/o/*", timeout=20_000)
    assert lost == [201, 201]
    assert len(placed(live)) == 1


def test_a_page_that_was_closed_before_the_answer_orders_once(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    go_to_checkout(page)
    answered = []
    page.route("**/public/orders", lambda route: (answered.append(route.fetch().status), route.abort()))
    with page.expect_event("requestfailed"):
        page.click("#submit")
    page.unroute("**/public/orders")
    page.reload()
    page.wait_for_selector("#checkout:not([hidden])")
    assert page.input_value("#nickname") == "张阿姨"
    submit(page)
    assert answered == [201]
    assert len(placed(live)) == 1


def test_the_way_back_from_an_order_leads_to_the_goods(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    go_to_checkout(page)
    submit(page)
    page.go_back()
    page.wait_for_selector("#shop:not([hidden])")
    assert page.locator("#checkout").is_hidden()
    go_to_checkout(page)
    submit(page)
    assert len(placed(live)) == 2


def test_a_tab_that_keeps_nothing_still_orders_once(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    go_to_checkout(page)
    answered = []
    page.route("**/public/orders", lambda route: (answered.append(route.fetch().status), route.abort()))
    page.click("#submit")
    for _attempt in range(4):
        page.clock.fast_forward(6000)
    wait_long(page, "#order-error:not([hidden])", 40)
    page.unroute("**/public/orders")
    submit(page)
    assert set(answered) == {201}
    assert len(placed(live)) == 1


def test_a_new_price_is_seen_before_it_is_owed(live, open_phone):
    tofu = {"sku": "A", "name": "豆腐", "price_fen": 680, "stock": 9, **LABEL}
    live.prepare_show(catalogue=[tofu])
    page = open_phone(f"{live.url}/s", blocked=("websocket",))
    page.click("#p-A [data-step='1']")
    page.click("#bar a")
    page.fill("#nickname", "李姐")
    live.call("POST", "/catalogue", [{**tofu, "price_fen": 790}])
    page.click("#submit")
    page.wait_for_selector("#order-error:has-text('价格刚刚变了')")
    page.wait_for_selector("#total:has-text('7.90')")
    assert placed(live) == []
    submit(page)
    assert placed(live)[0]["total_fen"] == 790


def test_stock_is_live_by_socket_and_the_list_is_drawn_anew(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    page.wait_for_selector("html[data-link=live]", state="attached")
    live.order("a", quantity=7)
    page.wait_for_selector(f"{MILK} [data-stock]:has-text('113')")
    page.click(f"{MILK} [data-step='1']")
    live.call("POST", "/catalogue", [{"sku": "NEW-1", "name": "新来的豆腐", "price_fen": 500, "stock": 4}])
    wait_long(page, "#p-NEW-1", 25)
    assert page.inner_text(f"{MILK} output") == "1"
    show = live.call("GET", "/shows")["shows"][0]
    live.call("POST", f"/shows/{show['id']}/take", {"item_id": show["next_item"]})
    page.wait_for_selector("#p-YOG-1K[data-on-air]")


def test_without_websocket_stock_is_live_and_an_order_goes_through(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s", blocked=("websocket",))
    live.order("a", quantity=7)
    wait_long(page, f"{MILK} [data-stock]:has-text('113')", 20)
    assert page.locator("#stale").is_hidden()
    go_to_checkout(page)
    submit(page)


def test_what_may_be_old_says_so_and_recovers(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s", blocked=("websocket",))
    live.kill()
    wait_long(page, "#stale:not([hidden])", 40)
    assert page.locator(f"{MILK} .maybe").is_visible()
    live.start()
    wait_long(page, "#stale", 60, state="hidden")
    assert page.locator(f"{MILK} .maybe").is_hidden()


def test_sold_out_offers_a_place_in_line(live, open_phone):
    live.prepare_show(catalogue=[{"sku": "A", "name": "豆腐", "price_fen": 680, "stock": 0, **LABEL}])
    page = open_phone(f"{live.url}/s")
    assert page.locator("#p-A [data-step='1']").is_hidden()
    page.click("#p-A [data-wait]")
    page.fill("#nickname", "李姐")
    submit(page)
    assert "候补中" in page.inner_text(".hero")
    live.call("POST", "/stock/A/movements", {"kind": "received", "quantity": 1, "reason": "补货"})
    wait_long(page, ".hero.placed", 20)
    page.click("[data-cancel]")
    page.wait_for_selector(".hero.cancelled")


def test_errors_stand_where_they_were_made(live, open_phone):
    live.prepare_show(catalogue=[{"sku": "A", "name": "豆腐", "price_fen": 680, "stock": 3, **LABEL}])
    live.call("POST", "/pickup-points", {"name": "东门", "address": "东门 1 号", "hours": ""})
    live.call("POST", "/pickup-points", {"name": "西门", "address": "西门 1 号", "hours": ""})
    page = open_phone(f"{live.url}/s")
    for _ in range(3):
        page.click("#p-A [data-step='1']")
    page.click("#bar a")
    page.click("#submit")
    page.wait_for_selector("[data-field=nickname].bad")
    page.fill("#nickname", "张阿姨")
    page.click("#submit")
    page.wait_for_selector("[data-field=pickup_point_id].bad")
    page.check("input[name=pickup_point_id] >> nth=0")
    page.fill("#phone", "123")
    page.click("#submit")
    page.wait_for_selector("[data-field=phone].bad")
    page.fill("#phone", "13812345678")
    live.order("b", sku="A", quantity=2)
    page.click("#submit")
    page.wait_for_selector("#lines .error")
    assert "1" in page.inner_text("#lines .error")
    page.click("#lines [data-step='-1']")
    page.click("#lines [data-step='-1']")
    submit(page)
    assert "东门" in page.inner_text("#order")


def test_who_pays_at_pickup_is_told_to_leave_a_number(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    go_to_checkout(page)
    assert "可不填" in page.inner_text("#phone-need")
    page.check("[value=cash]")
    assert "到付要填" in page.inner_text("#phone-need")
    page.click("#submit")
    page.wait_for_selector("[data-field=phone].bad")
    page.fill("#phone", "13812345678")
    submit(page)
    page.goto(f"{live.url}/s")
    go_to_checkout(page)
    page.check("[value=cash]")
    assert "可不填" in page.inner_text("#phone-need")


def test_a_problem_is_reported_with_a_photo_and_the_answer_seen(live, open_phone, tmp_path):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    go_to_checkout(page)
    submit(page)
    assert page.locator("#report").is_hidden()
    live.call("POST", f"/orders/{placed(live)[0]['id']}/pay", {})
    wait_long(page, "#report summary", 20)
    page.click("#report summary")
    page.click("#report-form [type=submit]")
    page.wait_for_selector("[data-field=kind].bad")
    page.check("[value=spoilt]")
    page.fill("#text", "酸了 <img src=x onerror=alert(1)>")
    cv2.imwrite(str(tmp_path / "milk.jpg"), np.full((2400, 3200, 3), 120, np.uint8))
    page.set_input_files("#photo", tmp_path / "milk.jpg")
    page.click("#report-form [type=submit]")
    page.wait_for_selector(".evidence")
    assert page.locator("#order img[src=x]").count() == 0
    complaint = live.call("GET", "/complaints")["complaints"][0]
    live.call("POST", f"/complaints/{complaint['id']}/reply", {"reply": "马上补发", "resolved": True})
    wait_long(page, ".a:has-text('马上补发')", 20)


def test_a_question_and_a_vote_reach_the_host(live, open_phone):
    live.prepare_show()
    poll = live.call(
        "POST", "/polls", {"kind": "free", "title": "下一个？", "options": [{"text": "米"}, {"text": "面"}]}
    )
    live.call("POST", f"/polls/{poll['id']}/open")
    page, other = open_phone(f"{live.url}/s"), open_phone(f"{live.url}/s")
    other.wait_for_selector("html[data-link=live]", state="attached")
    page.click("[data-option] >> nth=1")
    page.wait_for_selector("[data-option][aria-pressed=true] >> nth=0")
    other.wait_for_selector("li:nth-child(2) [data-votes]:has-text('1')")
    page.fill("#ask-text", "能放几天？")
    page.press("#ask-text", "Enter")
    page.wait_for_selector("#toast:not([hidden])")
    with live.listen("questions") as desk:
        question = desk.wait("questions", bool)[0]
    live.call("POST", f"/questions/{question['id']}/answer", {"answer": "冷藏三天"})
    wait_long(page, "#answers .a:has-text('冷藏三天')", 25)


def test_my_page_shows_orders_link_and_lets_me_go(live, open_phone):
    live.prepare_show()
    page = open_phone(f"{live.url}/s")
    go_to_checkout(page)
    submit(page)
    page.goto(f"{live.url}/me")
    page.wait_for_selector("#referral input")
    assert re.search(r"/r/\w+$", page.input_value("#referral input"))
    assert "L000001" in page.inner_text(".orders")
    page.check("[name=quiet]")
    page.click("#me [type=submit]")
    page.wait_for_selector("#toast:not([hidden])")
    page.reload()
    assert page.is_checked("[name=quiet]")
    live.call("POST", "/orders/1/cancel", {})
    page.click("#forget")
    page.wait_for_selector(".empty")


LONG = "超级无敌好吃的崇明岛生态散养走地老母鸡蛋👩‍👩‍👧‍👦三十枚装顺丰冷链当日达限量礼盒Supercalifragilistic"
LABEL = {
    "unit": "份",
    "origin": "青浦",
    "produced_on": TODAY,
    "shelf_life_days": 7,
    "storage": "冷藏",
    "batch": "1",
}


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("screen", [(360, 640), (390, 844), (1280, 800)])
def test_thumbs_hit_and_nothing_is_wider_than_the_screen(live, open_phone, locale, screen):
    many = [{"sku": f"P{n}", "name": LONG[:60], "price_fen": 9_999_999, "stock": n, **LABEL} for n in range(30)]
    live.prepare_show(catalogue=many)
    page = open_phone(f"{live.url}/s", locale=locale, screen={"width": screen[0], "height": screen[1]})
    page.click("#p-P9 [data-step='1']")
    for view in ("list", "checkout"):
        if view == "checkout":
            page.click("#bar a")
        assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]
        small = page.evaluate(
            """[...document.querySelectorAll('button, a, input, summary, label.choice')].filter((e) => {
                const box = e.getBoundingClientRect();
                return box.width && !e.closest('.spoken, .skip, .choice > *') && !e.matches('.spoken, .skip')
                  && (box.height < 44 || box.width < 44);
            }).map((e) => e.outerHTML.slice(0, 90))"""
        )
        assert [text for text in small if 'type="radio"' not in text] == []
