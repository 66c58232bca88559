"""What was answered before: on the control page, on the page of its own, and to a buyer who is writing."""

import pytest
from playwright.sync_api import expect

from tests.live import LiveStudio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A studio on air that knows one answer of the milk and two of the yoghurt."""
    studio = LiveStudio(tmp_path_factory.mktemp("known") / "studio").start()
    studio.prepare_show()
    for sku, text, answer in (
        ("MILK-950", "牛奶能放几天", "冷藏七天"),
        ("YOG-1K", "酸奶甜吗", "不太甜"),
        ("YOG-1K", "酸奶甜吗", "微甜，没有加糖"),
    ):
        studio.call("POST", "/knowledge", {"text": text, "sku": sku, "answer": answer})
    yield studio
    studio.stop()


def test_the_same_question_is_answered_with_one_press(known, open_operator):
    known.call("POST", "/questions", {"text": "鲜牛奶可以放几天呀", "sku": "MILK-950"})
    page = open_operator(known, "/control")
    question = page.locator("#pane-questions .question").filter(has_text="鲜牛奶可以放几天")
    expect(question.locator(".known-before")).to_contain_text("冷藏七天")
    question.get_by_role("button", name="还是这个回答").click()
    expect(question).to_have_attribute("data-state", "answered")
    expect(question.locator(".known-before")).to_have_count(0)


def test_answers_are_searched_chosen_changed_and_forgotten(known, open_operator):
    page = open_operator(known, "/knowledge")
    entries = page.locator(".known")
    expect(entries).to_have_count(2)
    page.keyboard.press("/")
    page.keyboard.type("甜")
    expect(entries).to_have_count(1)
    answers = entries.locator(".known-answer")
    expect(answers.first).to_contain_text("微甜")
    answers.nth(1).get_by_role("button", name="选这个回答").click()
    expect(answers.first).to_contain_text("不太甜")
    expect(answers.first).to_contain_text("选定")
    answers.first.get_by_role("button", name="改这个回答").click()
    page.get_by_label("回答", exact=True).fill("不太甜，可以加蜂蜜")
    page.get_by_role("button", name="保存").click()
    expect(answers.first).to_contain_text("蜂蜜")
    answers.nth(1).get_by_role("button", name="忘掉这个回答").click()
    page.get_by_role("button", name="忘掉", exact=True).click()
    expect(answers).to_have_count(1)
    page.get_by_role("button", name="忘掉这个问题").click()
    page.get_by_role("button", name="忘掉", exact=True).click()
    expect(page.locator("#known")).to_contain_text("没有找到")


def test_a_buyer_who_writes_sees_what_was_answered_before(known, chromium):
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page.goto(f"{known.url}/s")
    page.locator("#ask-text").fill("牛奶能放多久")
    expect(page.locator("#ask-known")).to_contain_text("冷藏七天")
    page.locator("#ask-text").fill("能送到松江吗")
    expect(page.locator("#ask-known")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
