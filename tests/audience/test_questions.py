"""The inbox over HTTP: asked, folded, shown, answered, hidden, opened again."""

import pytest

from studio.audience import questions
from studio.audience.models import Question
from studio.audience.screen import Screen, reading_ms
from studio.types import Ms
from tests.waiting import until


@pytest.fixture
def stage(api, dairy):
    api("POST", "/catalogue", dairy)
    rundown = [{"title": item["name"], "sku": item["sku"]} for item in dairy]
    show = api("POST", "/shows", {"title": "牧场", "rundown": rundown}).json
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    return show


@pytest.fixture
def asks(studio):
    """asks(text, visitor="a", at=…, **fields) → id, through the writer as the routes do."""

    def ask(text, visitor="a", *, at=1_000, sku=None, asker="张阿姨", show_id=1):
        words = questions.likeness.product_words(studio.state.get("catalogue") or [])
        return studio.writer.run(
            lambda unit: questions.ask(
                unit,
                text=text,
                sku=sku,
                asker=asker,
                visitor=visitor,
                source="page",
                show_id=show_id,
                at=Ms(at),
                products=words,
            )
        )

    return ask


def inbox(studio):
    return studio.state.snapshot(["questions"])["questions"]["value"]


def test_the_same_question_is_folded_and_counts_its_askers(stage, studio, asks):
    first = asks("牛奶能放几天？", "a")
    assert asks("鲜奶可以放几天啊", "b") == first
    assert asks("牛奶能放几天", "c") == first
    assert asks("牛奶能放冰箱吗", "d") != first
    assert [(row["id"], row["askers"]) for row in inbox(studio)] == [(first, 3), (first + 3, 1)]


def test_the_same_visitor_counts_once_in_any_words(stage, studio, asks):
    first = asks("牛奶能放几天", "a")
    assert {asks(text, "a") for text in ("牛奶能放几天", "牛奶可以放多久啊", "鲜奶能放几天？")} == {first}
    asks("牛奶能放几天", "b")
    asks("牛奶能放几天呢", "b")
    assert [row["askers"] for row in inbox(studio)] == [2]


def test_products_keep_questions_apart(stage, studio, asks):
    assert asks("能放几天", "a", sku="MILK-950") != asks("能放几天", "b", sku="YOG-1K")


def test_questions_that_name_no_product_are_the_same_only_for_a_while(stage, asks):
    first = asks("能放几天", "a", at=0)
    within = questions.UNNAMED_WINDOW_MS
    assert asks("能放几天", "b", at=within) == first
    assert asks("能放几天", "c", at=2 * within) == first
    assert asks("能放几天", "d", at=3 * within + 1) != first


def test_a_question_of_another_show_is_another(stage, asks):
    assert asks("牛奶能放几天", "a", show_id=1) != asks("牛奶能放几天", "b", show_id=2)


def test_askers_and_numbers_are_masked_before_they_are_kept(stage, studio, asks):
    asks("我是 138 0013 8000，牛奶能放几天", asker="张桂芳")
    [row] = inbox(studio)
    assert (row["asker"], row["text"]) == ("张*", "我是 138****8000，牛奶能放几天")
    with studio.database.reading() as session:
        stored = session.get(Question, row["id"])
        assert "0013" not in stored.text + stored.plain
        assert "桂" not in stored.asker


def test_a_number_is_masked_before_the_text_is_cut(stage, studio, asks):
    asks("问" * 74 + "138\u200b00138000能加吗")
    [row] = inbox(studio)
    assert (len(row["text"]), row["text"][-6:]) == (80, "138**…")


def test_a_question_walks_from_open_to_screen_to_answered_and_back(stage, api, studio, asks):
    one, two = asks("牛奶能放几天"), asks("自提点在哪里")
    assert api("POST", f"/questions/{one}/show").json["state"] == "on_screen"
    assert studio.state.get("question")["text"] == "牛奶能放几天"
    assert api("POST", f"/questions/{two}/show").json["state"] == "on_screen"
    assert {row["id"]: row["state"] for row in inbox(studio)} == {two: "on_screen", one: "open"}
    assert studio.state.get("question")["id"] == two
    answered = api("POST", f"/questions/{two}/answer", {"answer": "小区东门驿站"}).json
    assert (answered["state"], answered["answer"], answered["draft"]) == ("answered", "小区东门驿站", False)
    assert studio.state.get("question")["answer"] == "小区东门驿站"  # for a reading time
    assert api("POST", "/questions/clear").status_code == 204
    assert studio.state.get("question") is None
    assert api("POST", f"/questions/{two}/hide").json["state"] == "hidden"
    back = api("POST", f"/questions/{two}/reopen").json
    assert (back["state"], back["answer"], back["draft"]) == ("open", "小区东门驿站", True)


def test_an_answer_leaves_the_screen_after_its_reading_time(stage, api, studio, asks):
    lengths, shown = [], []

    def read(ask):
        with studio.database.reading() as session:
            return ask(session)

    screen = Screen(read, shown.append, reading_ms=lambda characters: lengths.append(characters) or 30)
    one = asks("牛奶能放几天")
    api("POST", f"/questions/{one}/show")
    screen.refresh(stage["id"])
    api("POST", f"/questions/{one}/answer", {"answer": "七天"})
    screen.refresh(stage["id"])
    assert (shown[-1]["answer"], lengths) == ("七天", [2])
    until(lambda: shown[-1] is None)


def test_a_longer_answer_stays_longer_within_reason():
    assert [reading_ms(characters) for characters in (2, 20, 400)] == [4_400, 8_000, 15_000]


def test_an_answer_said_aloud_leaves_the_screen_at_once(stage, api, studio, asks):
    one = asks("牛奶能放几天")
    api("POST", f"/questions/{one}/show")
    assert api("POST", f"/questions/{one}/answer", {}).json["answer"] is None
    assert studio.state.get("question") is None


def test_hiding_a_shown_answer_takes_it_off_at_once(stage, api, studio, asks):
    one = asks("牛奶能放几天")
    api("POST", f"/questions/{one}/show")
    api("POST", f"/questions/{one}/answer", {"answer": "七天"})
    api("POST", f"/questions/{one}/hide")
    assert studio.state.get("question") is None


def test_the_end_of_the_show_clears_the_screen_and_closes_the_poll(stage, api, studio, asks):
    one = asks("牛奶能放几天")
    api("POST", f"/questions/{one}/show")
    options = [{"text": "早上"}, {"text": "晚上"}]
    poll = api("POST", "/polls", {"kind": "free", "title": "明天几点", "options": options}).json
    api("POST", f"/polls/{poll['id']}/open")
    assert api("POST", f"/shows/{stage['id']}/end").status_code == 200
    assert studio.state.get("question") is None
    assert inbox(studio)[0]["state"] == "open"
    assert studio.state.snapshot(["poll"])["poll"]["value"]["state"] == "closed"


def test_commands_may_be_repeated(stage, api, studio, asks):
    one = asks("牛奶能放几天")
    for step in ("show", "show", "hide", "hide", "reopen", "reopen"):
        assert api("POST", f"/questions/{one}/{step}").status_code == 200
    before = inbox(studio)
    for _ in range(2):
        assert api("POST", f"/questions/{one}/answer", {"answer": "七天"}).json["state"] == "answered"
    assert before[0]["state"] == "open"


def test_asking_an_answered_question_again_tells_that_it_was_answered(stage, api, studio, asks):
    one = asks("牛奶能放几天", at=1)
    api("POST", f"/questions/{one}/answer", {"answer": "七天"})
    later = inbox(studio)[0]["changed_ms"] + 1
    assert asks("鲜奶能放多久", "b", at=later) == one
    [row] = inbox(studio)
    assert (row["state"], row["askers"], row["asked_since"]) == ("answered", 2, 1)


def test_a_hidden_question_does_not_come_back_by_being_asked_again(stage, api, studio, asks):
    one = asks("牛奶能放几天")
    api("POST", f"/questions/{one}/hide")
    assert asks("牛奶能放几天", "b") == one
    assert [row["state"] for row in inbox(studio)] == ["hidden"]


def test_the_most_wanted_open_question_comes_first(stage, studio, asks):
    asks("自提点在哪里", "a")
    wanted = asks("牛奶能放几天", "a")
    asks("牛奶能放几天", "b")
    assert inbox(studio)[0]["id"] == wanted


def test_an_operator_types_a_question_in(stage, api):
    asked = api("POST", "/questions", {"text": "牛奶几点到", "asker": "李姐"}, role="moderator")
    assert asked.status_code == 201
    assert (asked.json["asker"], asked.json["sku"], asked.json["source"]) == ("李*", "MILK-950", "operator")


@pytest.mark.parametrize("role", [None, "overlay", "agent"])
def test_only_operators_command_questions(stage, api, asks, role):
    one = asks("牛奶能放几天")
    for path in (f"/questions/{one}/show", f"/questions/{one}/hide", "/questions/clear", "/polls/1/open"):
        assert api("POST", path, role=role).status_code in {401, 403}


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"text": ""}, {"text": "   "}, {"text": "？！"}, {"text": "长" * 81}, {"text": 5}, {"text": None}, []),
        *(
            {"text": "几天", "sku": "NOPE"},
            {"text": "几天", "sku": "x" * 65},
            {"text": "几天", "more": 1},
            {"text": "\x00\x00"},
        ),
    ],
)
def test_bad_questions_are_refused_with_a_problem(stage, api, studio, body):
    answer = api("POST", "/questions", body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert inbox(studio) == []


def test_unknown_questions_are_not_found(stage, api):
    for step in ("show", "hide", "reopen"):
        assert api("POST", f"/questions/99/{step}").status_code == 404


def test_hostile_text_is_kept_as_words(stage, api):
    asked = api("POST", "/questions", {"text": "<img src=x onerror=alert(1)>\u202e几天\x00\n？"}).json
    assert asked["text"] == "<img src=x onerror=alert(1)>几天 ？"
