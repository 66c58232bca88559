"""A show in short: by rules always; by a language model only when the host saw what is sent; the rules' stays."""

import json
import logging

import pytest

from studio import events
from studio.errors import Unavailable
from studio.summary import client
from studio.summary.digest import MAX_CHARACTERS, sent_text
from tests import template
from tests.summary.chat_server import ChatServer
from tests.waiting import until

KEY = "sk-very-secret-0123456789"
WRITTEN = {
    "products": [{"sku": "MILK-950", "summary": "今早五点挤的鲜奶，冷藏七天。"}, {"sku": "NONE", "summary": "x"}],
    "qa": [{"sku": "MILK-950", "question": "牛奶能放几天？", "answer": "冷藏七天。", "extra": 1}],
}


@pytest.fixture
def settings(tmp_path, database_url):
    return template.settings_of(tmp_path / "data", database_url)


@pytest.fixture
def chat():
    with ChatServer() as server:
        server.content = json.dumps(WRITTEN, ensure_ascii=False)
        yield server


@pytest.fixture
def show(api, studio, dairy):
    """An ended show with two highlights and an answered question of the milk."""
    api("POST", "/catalogue", dairy)
    show = api("POST", "/shows", {"title": "t"}).json
    show = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json
    studio.bus.publish(events.EarStatus(state="listening", source="mic", model="base", session_ms=show["started_ms"]))
    for seq, kind, text in ((0, "fact", "今天早上五点挤的奶"), (1, "honest", "老实说开盖有点腥，找我13812345678")):
        said = {"product": "MILK-950", "start": seq + 1.0, "end": seq + 2.0}
        studio.bus.publish(events.HighlightFound(seq=seq, kind=kind, text=text, **said))
    asked = {"question_seq": 2, "product": "MILK-950", "question": "牛奶能放几天"}
    studio.bus.publish(events.QuestionHeard(**asked, asker="李小红", start=3.0, end=4.0))
    answer = "李小红，张阿姨也问过，冷藏七天"
    span = {"question_start": 3.0, "question_end": 4.0, "answer_start": 5.0, "answer_end": 6.0}
    studio.bus.publish(events.QuestionAnswered(**asked, answer=answer, **span))
    api("POST", f"/shows/{show['id']}/end")
    return show["id"]


@pytest.fixture
def connect(api, chat):
    def put(**changes):
        body = {"url": chat.url, "model": "qwen", "key": KEY, "enabled": True, **changes}
        return api("PUT", "/language-model", body)

    return put


@pytest.fixture
def send(api, studio, show):
    """send() shows what is sent, sends it, and waits; the topic's last value."""

    def run():
        shown = api("GET", f"/shows/{show}/summary/sent").json
        answer = api("POST", f"/shows/{show}/summary", {"mark": shown["mark"]})
        assert answer.status_code == 202, answer.text
        until(lambda: studio.state.get("writing")["state"] != "running", timeout_s=20)
        return studio.state.get("writing")

    return run


def test_rules_sum_up_without_any_model(api, show):
    summary = api("GET", f"/shows/{show}/summary").json
    (milk,) = summary["rules"]
    assert [each["kind"] for each in milk["sentences"]] == ["fact", "honest"]
    assert [each["question"] for each in milk["qa"]] == ["牛奶能放几天"]
    assert (summary["written"], summary["enabled"]) == (None, False)
    shown = api("GET", f"/shows/{show}/summary/sent").json
    refused = api("POST", f"/shows/{show}/summary", {"mark": shown["mark"]})
    assert refused.status_code == 409, "off by default"


def test_what_was_shown_is_sent_without_names_and_numbers(api, chat, show, connect, send):
    assert connect().json == {"url": chat.url, "model": "qwen", "enabled": True, "has_key": True}
    shown = api("GET", f"/shows/{show}/summary/sent").json
    for secret in ("李小红", "张阿姨", "13812345678"):
        assert secret not in shown["text"]
    assert send()["state"] == "done"
    ((path, body),) = chat.asked
    assert path == "/v1/chat/completions"
    assert "\n\n".join(message["content"] for message in body["messages"]) == shown["text"]
    assert (body["model"], chat.keys) == ("qwen", [f"Bearer {KEY}"])
    written = api("GET", f"/shows/{show}/summary").json["written"]
    assert written["products"] == [{"sku": "MILK-950", "summary": "今早五点挤的鲜奶，冷藏七天。"}], (
        "unknown ones are dropped"
    )
    assert written["qa"] == [{"sku": "MILK-950", "question": "牛奶能放几天？", "answer": "冷藏七天。"}]
    assert written["model"] == "qwen"


def test_failures_are_told_and_leave_the_rules_summary(api, chat, show, connect, send, caplog):  # noqa: PLR0917 - fixtures
    connect()
    caplog.set_level(logging.DEBUG)
    for how, word in (
        (401, "密钥不对"),
        (429, "太忙"),
        (503, "503"),
        ("redirect", "302"),
        ("broken", "格式"),
        ("huge", "太长"),
    ):
        chat.misbehave = how
        told = send()
        assert told["state"] == "failed", how
        assert word in told["message_zh"]
    chat.misbehave = None
    for content in ("我不会", '{"products": "x"}', "{}", '{"products": [{"sku": "NONE", "summary": "x"}]}'):
        chat.content = content
        assert send()["state"] == "failed", content
    summary = api("GET", f"/shows/{show}/summary").json
    assert summary["written"] is None
    assert summary["rules"]
    chat.misbehave, chat.content = "no-format", f"<think>{{hm}}</think>好的：\n```json\n{json.dumps(WRITTEN)}\n```"
    assert send()["state"] == "done", "a server without response_format, a model that thinks aloud"
    assert KEY not in caplog.text


def test_a_model_that_hangs_is_not_waited_for(chat):
    chat.misbehave = "hang"
    with pytest.raises(Unavailable) as told:
        client.write(client.Where(chat.url, "qwen", None), "写", "原话", set(), patience_s=0.5)
    assert "没有按时" in told.value.zh


def test_the_key_is_sealed_never_shown_and_bound_to_its_address(api, chat, connect, show):
    connect()
    assert KEY not in api("GET", "/language-model").text
    connect(key=None, model="other")
    assert api("GET", "/language-model").json["has_key"], "the same address keeps it"
    connect(key=None, url=chat.url.replace("127.0.0.1", "localhost"))
    assert not api("GET", "/language-model").json["has_key"], "another address does not get it"
    for url in (
        "ftp://x/v1",
        "http://user:pw@127.0.0.1/v1",
        "http://127.0.0.1/v1?x=1",
        "http://169.254.169.254/v1",
        "x",
    ):
        assert connect(url=url).status_code == 422, url
    assert connect(url="http://8.8.8.8/v1").status_code == 422, "a key in the clear across the net"
    assert connect(url="http://8.8.8.8/v1", key="", enabled=False).status_code == 200
    for method, path, body in (
        ("GET", "/language-model", None),
        ("PUT", "/language-model", {"url": chat.url, "model": "m", "enabled": True}),
        ("GET", f"/shows/{show}/summary/sent", None),
        ("POST", f"/shows/{show}/summary", {"mark": "0" * 16}),
    ):
        assert api(method, path, body, role="producer").status_code == 403, "only the host"


def test_another_text_than_shown_is_not_sent(api, chat, show, connect):
    connect()
    assert api("POST", f"/shows/{show}/summary", {"mark": "0" * 16}).status_code == 409
    assert api("POST", f"/shows/{show}/summary", {"mark": "x"}).status_code == 422
    assert api("GET", "/shows/99/summary").status_code == 404
    assert chat.asked == []


def test_the_text_that_is_sent_has_a_limit():
    best = [
        {"product": f"P{place}", "highlights": [{"seq": place, "kind": "fact", "start": 1.0, "text": "好奶" * 40}]}
        for place in range(400)
    ]
    assert MAX_CHARACTERS - 200 < len(sent_text({"best": best, "qa": []}, {})) <= MAX_CHARACTERS
