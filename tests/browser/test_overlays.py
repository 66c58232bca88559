"""Each overlay shows what the API did, in both orientations."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from studio.events import CaptionPartial, SegmentHeard
from tests.live import DAIRY

pytestmark = pytest.mark.browser


def text_of(page, part):
    return page.locator(f"[data-part='{part}']")


def test_card_follows_the_item_on_air(live, open_overlay, orientation):
    show = live.prepare_show()
    page = open_overlay(live, "card", orientation)
    first, second = show["rundown"][:2]
    made = date.fromisoformat(DAIRY[0]["produced_on"])
    live.call("POST", f"/shows/{show['id']}/take", {"item_id": first["id"]})
    expect(text_of(page, "name")).to_have_text("巴氏鲜牛奶")
    expect(text_of(page, "price")).to_have_text("¥15.90")
    expect(text_of(page, "unit")).to_have_text("950毫升/瓶")
    expect(text_of(page, "stock-row")).to_contain_text("剩余 120 瓶")
    expect(text_of(page, "lot").locator("li")).to_have_text(
        ["青浦区练塘镇绿源牧场", f"{made.month}月{made.day}日生产", f"批次 {DAIRY[0]['batch']}"]
    )
    live.call("POST", f"/shows/{show['id']}/take", {"item_id": second["id"]})
    expect(text_of(page, "name")).to_have_text("原味老酸奶")
    expect(text_of(page, "price")).to_have_text("¥22.80")


def test_seal_is_shown_for_verified_lots_only(staged, open_overlay):
    page = open_overlay(staged, "card")
    product = {"sku": "A", "name": "土鸡蛋", "unit": "30枚/盒", "price_fen": 3000, "category": "egg", "image": None}
    staged.put(product={**product, "verified": False, "lot": None, "qr": None})
    expect(text_of(page, "name")).not_to_be_empty()
    expect(text_of(page, "seal")).to_be_hidden()
    staged.put(product={**product, "verified": True, "lot": None, "qr": None})
    expect(text_of(page, "seal")).to_be_visible()
    expect(text_of(page, "seal")).to_have_text("已核验")


def test_missing_photo_falls_back_to_the_drawing(staged, open_overlay):
    staged.prepare_show()
    page = open_overlay(staged, "card")
    product = {"sku": "A", "name": "土鸡蛋", "unit": "30枚/盒", "price_fen": 3000, "category": "egg", "qr": None}
    staged.put(product={**product, "verified": False, "lot": None, "image": "data:image/png;base64,AAAA"})
    photo = text_of(page, "photo")
    expect(photo).to_have_attribute("src", re.compile(r"/img/product/egg\.svg$"))


def test_stock_follows_paid_orders(live, open_overlay, orientation):
    live.prepare_show()
    page = open_overlay(live, "stock", orientation)
    expect(text_of(page, "stock-number")).to_have_text("120")
    live.order("key-1", quantity=5)
    expect(text_of(page, "stock-number")).to_have_text("115")
    share = text_of(page, "stock-fill").evaluate(
        "bar => bar.getBoundingClientRect().width / bar.parentElement.clientWidth"
    )
    assert share == pytest.approx(115 / 120, abs=0.01)


def test_stock_says_sold_out_and_unknown_in_words(staged, open_overlay):
    staged.prepare_show()
    page = open_overlay(staged, "stock")
    count = {"on_hand": 0, "held": 0, "sold": 120, "available": 0, "initial": 120}
    staged.put(stock={"as_of": 0, "items": {"MILK-950": count}})
    expect(text_of(page, "stock-label")).to_have_text("已售罄")
    staged.put(stock={"as_of": 0, "items": {}})
    expect(text_of(page, "stock-label")).to_have_text("库存未知")
    expect(text_of(page, "stock-number")).to_be_hidden()


def test_rolled_number_reads_as_the_new_one(live, open_overlay):
    live.prepare_show()
    page = open_overlay(live, "card", motion=True)
    expect(text_of(page, "stock-number")).to_have_text("120")
    live.order("key-1", quantity=21)
    expect(text_of(page, "stock-number")).to_have_text("99")
    assert text_of(page, "stock-number").text_content() == "99"


def test_shoutout_announces_a_paid_order_masked(live, open_overlay, orientation):
    live.prepare_show()
    page = open_overlay(live, "shoutout", orientation)
    live.order("key-1", buyer="张小明", quantity=2)
    shoutout = page.locator(".shoutout")
    expect(shoutout).to_be_visible()
    expect(text_of(page, "who")).to_have_text("张*")
    expect(shoutout).to_contain_text("下单")
    expect(text_of(page, "product")).to_have_text("巴氏鲜牛奶")
    expect(text_of(page, "quantity")).to_have_text("×2")
    assert "小明" not in page.content()


def test_unpaid_order_is_not_announced(live, open_overlay):
    live.prepare_show()
    page = open_overlay(live, "composite")
    live.order("key-1", quantity=3, paid=False)
    expect(text_of(page, "stock-number")).to_have_text("117")
    expect(page.locator(".shoutout")).to_be_hidden()


def test_caption_is_quiet_until_it_is_final(staged, open_overlay, orientation):
    staged.prepare_show()
    page = open_overlay(staged, "caption", orientation)
    caption = page.locator(".caption")
    staged.publish(CaptionPartial(text="这瓶奶是今天早上", start=1.0))
    expect(caption).to_have_text("这瓶奶是今天早上")
    expect(caption).to_have_class(re.compile(r"\bpartial\b"))
    text = "这瓶奶是今天早上六点挤的，七十五度十五秒巴氏杀菌"
    staged.publish(SegmentHeard(seq=0, start=1.0, end=4.0, text=text, raw_text=text))
    expect(caption).not_to_have_class(re.compile(r"\bpartial\b"))
    lines = caption.locator(".caption-line").all_inner_texts()
    shown = ["这瓶奶是今天早上6点挤的，", "75度15秒巴氏杀菌"]
    assert lines == (shown if orientation == "portrait" else ["".join(shown)])


def test_words_that_may_change_are_quieter_than_what_is_settled(staged, open_overlay, orientation):
    staged.prepare_show()
    page = open_overlay(staged, "caption", orientation)
    settled, rest = "来看今天的时令蔬菜箱，一共九百五十", "克十五"
    staged.publish(CaptionPartial(text=settled + rest, start=1.0, settled=len(settled)))
    caption = page.locator(".caption")
    quiet = caption.locator(".caption-unsettled")
    # half a number is none: it settles as a whole
    expect(caption).to_have_text("来看今天的时令蔬菜箱，一共950克十五")
    expect(quiet).to_have_text("950克十五")
    assert quiet.evaluate("(part) => getComputedStyle(part).opacity") == "0.68"
    staged.publish(CaptionPartial(text=settled + "克十五块九", start=1.0, settled=len(settled + "克")))
    expect(quiet).to_have_text("15.9元")
    text = settled + "克十五块九"
    staged.publish(SegmentHeard(seq=0, start=1.0, end=4.0, text=text, raw_text=text))
    expect(caption).not_to_have_class(re.compile(r"\bpartial\b"))
    expect(quiet).to_have_count(0)


def test_caption_leaves_by_itself_after_reading_time(staged, open_overlay):
    staged.prepare_show()
    page = open_overlay(staged, "caption")
    staged.publish(SegmentHeard(seq=0, start=1.0, end=1.5, text="好", raw_text="好"))
    expect(page.locator(".caption")).to_be_visible()
    expect(page.locator(".caption")).to_be_hidden(timeout=6000)


def test_composite_shows_everything_at_once(staged, open_overlay, orientation):
    staged.prepare_show()
    page = open_overlay(staged, "composite", orientation)
    staged.order("key-1", quantity=2)
    staged.publish(CaptionPartial(text="大家好", start=1.0))
    for name in ("card", "shoutout", "caption"):
        expect(page.locator(f".{name}")).to_be_visible()
    expect(text_of(page, "stock-number")).to_have_text("118")


def test_preview_on_the_addresses_page_is_not_an_overlay_on_air(live, chromium):
    live.prepare_show()
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    page.goto(live.login_url)
    page.goto(f"{live.url}/overlays")
    page.frame_locator("iframe").nth(0).locator("html[data-link=live]").wait_for(state="attached")
    with live.listen("overlays", "shoutout") as listener:
        live.order("key-1", quantity=2)
        assert listener.wait("shoutout", lambda value: value["waiting"] == 1)["current"] is None
        assert listener.values["overlays"] == {"pages": {}}
    context.close()
