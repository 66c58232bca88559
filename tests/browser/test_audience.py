"""The audience in real browsers: a question from phone to screen to answer, a poll from draft to what they chose."""

import re

import pytest
import requests
from playwright.sync_api import expect

from tests.audience.phone import Phone
from tests.live import LiveStudio

pytestmark = pytest.mark.browser


@pytest.fixture
def live(tmp_path):
    studio = LiveStudio(tmp_path / "studio", public_url="https://shop.example", allowed_hosts=("127.0.0.1",)).start()
    studio.prepare_show()
    yield studio
    studio.stop()


def pane(page, name):
    page.locator(f"#tab-{name}").click()
    return page.locator(f"#pane-{name}")


def test_a_question_walks_from_phone_to_screen_to_answer(live, open_operator, open_overlay):
    page = open_operator(live, "/control")
    overlay = open_overlay(live, "composite")
    assert Phone(live, "a").post("/questions", {"text": "这个奶能放几天？"}).ok
    assert Phone(live, "b").post("/questions", {"text": "牛奶可以放几天啊"}).ok
    entry = page.locator("#pane-questions .question")
    expect(entry).to_have_count(1)
    expect(entry).to_contain_text("2 人在问")
    expect(page.locator("#tab-questions b")).to_have_text("1")
    entry.get_by_role("button", name="上屏").click()
    expect(overlay.locator("[data-part='question-text']")).to_have_text("这个奶能放几天？")
    expect(overlay.locator(".question")).to_be_visible()
    expect(overlay.locator("[data-part='question-askers']")).to_have_text("2 人在问")
    expect(entry).to_contain_text("在屏幕上")
    expect(page.locator("#tab-questions b")).to_be_hidden()
    entry.get_by_role("button", name="回答").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("冷藏七天")
    page.get_by_role("dialog").get_by_role("button", name="已回答").click()
    expect(overlay.locator("[data-part='question-words']")).to_have_text("冷藏七天")
    expect(entry).to_contain_text("已回答")
    expect(overlay.locator(".question")).to_be_hidden(timeout=10_000)
    entry.get_by_role("button", name="重新打开").click()
    expect(entry).to_contain_text("待回答")


def test_a_second_operator_sees_the_same_and_may_press_the_same(live, open_operator):
    Phone(live).post("/questions", {"text": "自提点在哪里"})
    one, two = open_operator(live, "/control"), open_operator(live, "/control", role="moderator")
    for page in (one, two):
        expect(page.locator("#pane-questions .question")).to_have_count(1)
    one.get_by_role("button", name="隐藏", exact=True).click()
    expect(two.locator("#pane-questions .question")).to_contain_text("已隐藏")
    two.get_by_role("button", name="重新打开").click()
    expect(one.get_by_role("button", name="上屏", exact=True)).to_be_visible()


def test_a_poll_goes_from_draft_to_what_they_chose_and_on_air(live, open_operator, open_overlay):
    page = open_operator(live, "/control")
    overlay = open_overlay(live, "composite", "landscape")
    polls = pane(page, "polls")
    polls.get_by_role("button", name="下一个卖什么").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(2)  # what the rundown has still to come
    dialog.get_by_role("button", name="建好了").click()
    expect(polls.locator(".entry")).to_contain_text("还没开始")
    expect(overlay.locator(".poll")).to_be_hidden()
    polls.get_by_role("button", name="开始投票").click()
    expect(overlay.locator(".poll")).to_be_visible()
    expect(overlay.locator(".poll-options li")).to_have_count(2)
    expect(overlay.locator("[data-part='poll-qr-image']")).to_have_attribute("src", re.compile("^data:image/png"))
    with live.listen("poll") as listener:
        poll = listener.values["poll"]
    for name in ("a", "b"):
        assert Phone(live, name).vote(poll, 1).ok
    assert Phone(live, "c").vote(poll, 0).ok
    expect(overlay.locator("[data-part='poll-total']")).to_have_text("共 3 票")
    expect(overlay.locator(".poll-votes").nth(1)).to_have_attribute("aria-label", "2")
    polls.get_by_role("button", name="结束投票").click()
    page.get_by_role("dialog").get_by_role("button", name="结束投票").click()
    expect(overlay.locator("[data-part='poll-title']")).to_have_text("你们选的")
    expect(overlay.locator("[data-part='poll-winner']")).to_have_text("手工奶酪棒")
    expect(overlay.locator("[data-part='poll-share']")).to_have_text("2 票 / 共 3 票")
    expect(overlay.locator("[data-part='poll-url']")).to_have_text("shop.example/s/1")
    polls.get_by_role("button", name="现在上“手工奶酪棒”").click()
    expect(page.locator("#rundown .item[data-state='air'] .item-title")).to_have_text("手工奶酪棒")
    expect(polls).to_contain_text("“手工奶酪棒”在播")


def test_a_tie_is_called_a_tie(live, open_operator, open_overlay):
    overlay = open_overlay(live, "poll")
    options = [{"text": "番茄炒蛋"}, {"text": "<img src=x onerror=alert(1)>"}]
    poll = live.call("POST", "/polls", {"kind": "recipe", "title": "今天做哪道菜？", "options": options})
    live.call("POST", f"/polls/{poll['id']}/open")
    for place in (0, 1):
        Phone(live, f"p{place}").vote(poll, place)
    live.call("POST", f"/polls/{poll['id']}/close")
    expect(overlay.locator("[data-part='poll-title']")).to_have_text("平票")
    expect(overlay.locator("[data-part='poll-winner']")).to_have_text("番茄炒蛋、<img src=x onerror=alert(1)>")
    page = open_operator(live, "/control")
    expect(pane(page, "polls").locator(".entry")).to_contain_text("平票")


def test_a_comment_becomes_a_question_by_one_press(live, open_operator):
    page = open_operator(live, "/control")
    comments = pane(page, "comments")
    comments.get_by_role("button", name="接入评论").click()
    address = page.get_by_role("dialog").get_by_label("其他程序").input_value()
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    message = {"id": 1, "source": "douyin", "who": "李姐", "text": "牛奶放冰箱 <b>谢谢</b>"}
    assert requests.post(address, json=message, timeout=10).ok
    expect(comments.locator(".entry")).to_contain_text("李*")
    expect(comments.locator(".entry")).to_contain_text("<b>谢谢</b>")
    comments.get_by_role("button", name="转为提问").click()
    expect(comments.locator(".entry")).to_contain_text("在提问里")
    expect(pane(page, "questions").locator(".question")).to_contain_text("douyin")


@pytest.mark.parametrize("viewport", [(390, 844), (1366, 768), (1920, 1080)])
def test_buttons_are_big_enough_for_thumbs(live, open_operator, viewport):
    Phone(live).post("/questions", {"text": "自提点在哪里"})
    live.call("POST", "/polls", {"kind": "free", "title": "几点", "options": [{"text": "早"}, {"text": "晚"}]})
    page = open_operator(live, "/control", viewport=viewport)
    if viewport[0] == 390:
        page.locator("#views button[data-view='log']").click()
    for name in ("questions", "polls", "comments"):
        shown = pane(page, name)
        expect(shown).to_be_visible()
        sizes = shown.locator("button:visible").evaluate_all(
            "all => all.map((e) => e.getBoundingClientRect()).map((box) => [box.width, box.height])"
        )
        assert sizes
        assert min(min(size) for size in sizes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
