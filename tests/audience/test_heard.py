"""What the ear hears meets the inbox: the events that the ear publishes, through the bus."""

import pytest

from studio.events import QuestionAnswered, QuestionHeard
from tests.audience.test_questions import asks, inbox, stage  # noqa: F401 - fixtures
from tests.waiting import settle, until


def heard(question, product="MILK-950", seq=3):
    return QuestionHeard(question_seq=seq, product=product, asker="张阿姨", question=question, start=1.0, end=2.0)


def spoken(question, answer, product="MILK-950", seq=3):
    return QuestionAnswered(
        question_seq=seq,
        product=product,
        question=question,
        answer=answer,
        question_start=1.0,
        question_end=2.0,
        answer_start=3.0,
        answer_end=4.0,
    )


@pytest.fixture
def wait(studio):
    return lambda accept: until(lambda: accept(inbox(studio)))


def test_a_heard_question_comes_on_screen_and_its_answer_becomes_a_draft(stage, studio, asks, wait):  # noqa: F811
    one = asks("这牛奶能放几天呀")
    studio.bus.publish(heard("牛奶可以放多少天"))
    wait(lambda rows: rows[0]["state"] == "on_screen")
    assert studio.state.get("question")["id"] == one
    studio.bus.publish(spoken("牛奶可以放多少天", "冷藏七天。"))
    wait(lambda rows: rows[0]["state"] == "answered")
    studio.bus.publish(spoken("牛奶可以放多少天", "冷藏七天。开封后两天喝完。"))
    wait(lambda rows: rows[0]["answer"] == "冷藏七天。开封后两天喝完。")
    assert inbox(studio)[0]["draft"]
    assert studio.state.get("question")["answer"] is None  # nobody has confirmed what was heard


def test_a_written_answer_is_not_replaced_by_a_heard_one(stage, api, studio, asks):  # noqa: F811
    one = asks("牛奶能放几天")
    api("POST", f"/questions/{one}/answer", {"answer": "七天"})
    studio.bus.publish(spoken("牛奶能放几天", "六天。"))
    settle(studio)
    assert inbox(studio)[0]["answer"] == "七天"


def test_a_question_about_another_product_is_left_alone(stage, studio, asks):  # noqa: F811
    asks("能放几天", sku="YOG-1K")
    studio.bus.publish(heard("能放几天"))
    settle(studio)
    assert [(row["sku"], row["source"], row["state"]) for row in inbox(studio)] == [
        ("YOG-1K", "page", "open"),
        ("MILK-950", "heard", "open"),
    ]


def test_what_nobody_typed_becomes_a_question_as_heard(stage, studio, wait):  # noqa: F811
    studio.bus.publish(heard("蛋白质有多少"))
    wait(bool)
    (row,) = inbox(studio)
    assert (row["text"], row["asker"], row["source"], row["state"]) == ("蛋白质有多少", "张*", "heard", "open")
    assert studio.state.get("question") is None, "what may be misheard is not shown before somebody has read it"
    studio.bus.publish(heard("蛋白质有多少呀", seq=8))  # read out again
    wait(lambda rows: rows[0]["state"] == "on_screen")
    studio.bus.publish(spoken("蛋白质有多少", "每百毫升三点二克。"))
    wait(lambda rows: rows[0]["state"] == "answered")
    studio.bus.publish(heard("蛋白质有多少", seq=12))
    settle(studio)
    assert [(row["state"], row["askers"]) for row in inbox(studio)] == [("answered", 1)]


def test_a_typed_question_is_folded_into_the_one_that_was_heard(stage, studio, asks, wait):  # noqa: F811
    studio.bus.publish(heard("这个牛奶能放几天"))
    wait(bool)
    asks("牛奶可以放多少天啊")
    wait(lambda rows: rows[0]["askers"] == 2)
    assert len(inbox(studio)) == 1
