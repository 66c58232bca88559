"""The host connects a language model, sees what is sent, sends it, and reads what came of it."""

import json

import pytest
from playwright.sync_api import expect

from studio.events import HighlightFound, QuestionAnswered, QuestionHeard
from tests.summary.chat_server import ChatServer

pytestmark = pytest.mark.browser


@pytest.fixture
def chat():
    with ChatServer() as server:
        written = {"products": [{"sku": "MILK-950", "summary": "五点挤的奶，开盖有点腥。"}], "qa": []}
        server.content = json.dumps(written)
        yield server


@pytest.fixture
def show(staged):
    show = staged.prepare_show()
    asked = {"question_seq": 1, "product": "MILK-950", "question": "牛奶能放几天"}
    span = {"question_start": 5, "question_end": 6, "answer_start": 7, "answer_end": 8}
    staged.publish(
        HighlightFound(seq=0, product="MILK-950", kind="honest", start=1, end=4, text="老实说开盖有点腥"),
        QuestionHeard(**asked, asker="李小红", start=5, end=6),
        QuestionAnswered(**asked, answer="冷藏七天", **span),
    )
    staged.call("POST", f"/shows/{show['id']}/end")
    return show["id"]


def test_a_language_model_writes_only_what_the_host_saw(staged, show, chat, open_operator):
    review = open_operator(staged, f"/review/{show}")
    review.get_by_role("tab", name="小结").click()
    expect(review.locator("#summary")).to_contain_text("老实说开盖有点腥")
    expect(review.get_by_role("button", name="请语言模型写小结")).to_have_count(0)

    settings = open_operator(staged, "/settings")
    expect(settings.locator("#language")).to_contain_text("没有打开")
    settings.locator("#edit-language").click()
    form = settings.get_by_role("dialog")
    form.get_by_label("地址").fill(chat.url)
    form.get_by_label("模型名").fill("qwen")
    form.get_by_label("密钥").fill("sk-secret-123456")
    form.get_by_role("button", name="保存").click()
    expect(settings.locator("#language")).to_contain_text("有密钥")

    review.reload()
    review.get_by_role("tab", name="小结").click()
    chat.misbehave = 401
    for _attempt in range(2):
        review.get_by_role("button", name="请语言模型写小结").click()
        dialog = review.get_by_role("dialog")
        sent = dialog.get_by_label("要发送的内容").input_value()
        assert "冷藏七天" in sent
        assert "李小红" not in sent
        expect(dialog).to_contain_text(chat.url)
        dialog.get_by_role("button", name="发送").click()
        if chat.misbehave:
            expect(review.get_by_text("密钥不对")).to_be_visible()
            expect(review.locator("#summary")).to_contain_text("老实说开盖有点腥")
            chat.misbehave = None
    expect(review.locator(".written")).to_contain_text("五点挤的奶")
    expect(review.locator(".written")).to_contain_text("请核对")
    assert len(chat.asked) == 2
    assert open_operator(staged, "/settings", role="producer").locator("#language").count() == 0
