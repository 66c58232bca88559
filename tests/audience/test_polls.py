"""Polls over real HTTP, on SQLite and PostgreSQL: one vote a buyer, whatever arrives."""

import threading
from concurrent.futures import ThreadPoolExecutor

import gevent
import pytest
from sqlalchemy import create_engine, text

from studio.app import create_app
from studio.audience import polls
from studio.types import Ms
from tests import template
from tests.audience.phone import Phone
from tests.live import LiveStudio

OPTIONS = [{"text": "巴氏鲜牛奶", "sku": "MILK-950"}, {"text": "原味老酸奶", "sku": "YOG-1K"}]
PUBLIC = {"public_url": "https://shop.example"}


@pytest.fixture
def live(tmp_path, database_url):
    studio = LiveStudio(tmp_path / "studio", database_url=database_url, **PUBLIC).start()
    studio.prepare_show()
    yield studio
    studio.stop()


def draft(live, kind="product", options=OPTIONS):
    return live.call("POST", "/polls", {"kind": kind, "title": "下一个卖什么", "options": options}, role="moderator")


def opened(live):
    return live.call("POST", f"/polls/{draft(live)['id']}/open")


def engine_of(live, database_url):
    return create_engine(database_url or f"sqlite:///{live.data_dir / 'studio.db'}")


def counts(live, database_url):
    """(votes columns, rows by option) of the database itself."""
    engine = engine_of(live, database_url)
    with engine.connect() as connection:
        columns = dict(connection.execute(text("SELECT id, votes FROM poll_options")).fetchall())
        rows = dict(connection.execute(text("SELECT option_id, count(*) FROM votes GROUP BY option_id")).fetchall())
    engine.dispose()
    return columns, {option: rows.get(option, 0) for option in columns}


def test_100_parallel_votes_of_one_buyer_count_once(live, database_url):
    poll = opened(live)
    phone = Phone(live)
    together = threading.Barrier(100)

    def press(number):
        together.wait(timeout=20)
        return phone.vote(poll, number % 2).status_code

    with ThreadPoolExecutor(100) as fingers:
        statuses = list(fingers.map(press, range(100)))
    assert set(statuses) == {200, 429}  # 30 a minute for one browser
    assert statuses.count(200) == 30
    columns, rows = counts(live, database_url)
    assert columns == rows
    assert sum(rows.values()) == 1


def test_every_buyer_counts_and_the_closed_poll_names_its_winner(live, database_url):
    poll = opened(live)
    with ThreadPoolExecutor(20) as street:
        answers = list(street.map(lambda number: Phone(live, f"p{number}").vote(poll, number % 3 // 2), range(30)))
    assert {answer.status_code for answer in answers} == {200}
    with live.listen("poll", "polls") as page:
        assert page.values["poll"]["total"] == 30
        assert not any(option["winner"] for option in page.values["poll"]["options"])
        live.call("POST", f"/polls/{poll['id']}/close")
        value = page.wait("poll", lambda value: value["state"] == "closed")
    assert [(option["votes"], option["winner"]) for option in value["options"]] == [(20, True), (10, False)]
    assert value["url"] == "https://shop.example/s/1#poll"
    assert value["qr"].startswith("data:image/png")
    assert value["qr_lan"] is False
    columns, rows = counts(live, database_url)
    assert columns == rows
    late = Phone(live, "late").vote(poll, 0)
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestOnSqlite:
    def test_a_mind_may_be_changed_while_the_poll_is_open(self, live):
        poll = opened(live)
        phone = Phone(live)
        for place in (0, 1, 1, 0, 1):
            answer = phone.vote(poll, place)
            assert answer.json()["option_id"] == poll["options"][place]["id"]
        assert [option["votes"] for option in answer.json()["poll"]["options"]] == [0, 1]

    def test_a_tie_has_several_winners_and_silence_none(self, live):
        poll = opened(live)
        for number in range(2):
            Phone(live, f"p{number}").vote(poll, number)
        closed = live.call("POST", f"/polls/{poll['id']}/close")
        assert [option["winner"] for option in closed["options"]] == [True, True]
        nobody = live.call("POST", f"/polls/{opened(live)['id']}/close")
        assert [option["winner"] for option in nobody["options"]] == [False, False]

    def test_one_poll_is_open_at_a_time(self, live):
        first, second = opened(live), draft(live)
        answer = live.call("POST", f"/polls/{second['id']}/open", status=409)
        assert "下一个卖什么" in answer["detail"]
        live.call("POST", f"/polls/{first['id']}/open")  # again changes nothing
        live.call("POST", f"/polls/{first['id']}/close")
        live.call("POST", f"/polls/{first['id']}/close")
        live.call("POST", f"/polls/{second['id']}/open")
        live.call("POST", f"/polls/{first['id']}/open", status=409)

    def test_a_draft_is_seen_by_operators_only_and_takes_no_votes(self, live):
        poll = draft(live)
        with live.listen("poll", "polls") as page:
            assert page.values["poll"] is None
            assert [each["state"] for each in page.values["polls"]] == ["draft"]
        assert Phone(live).vote(poll, 0).status_code == 404
        live.call("POST", f"/polls/{poll['id']}/close", status=409)

    def test_a_discarded_poll_is_gone_everywhere(self, live):
        poll = opened(live)
        Phone(live).vote(poll, 0)
        with live.listen("poll", "polls") as page:
            for _ in range(2):
                live.call("POST", f"/polls/{poll['id']}/discard")
            page.wait("poll", lambda value: value is None)
            page.wait("polls", lambda value: value == [])
        assert Phone(live).vote(poll, 0).status_code == 404
        live.call("POST", f"/polls/{poll['id']}/open", status=404)

    def test_polls_and_votes_survive_a_kill(self, live):
        poll = opened(live)
        Phone(live).vote(poll, 1)
        live.kill()
        live.start()
        with live.listen("poll") as page:
            assert [option["votes"] for option in page.values["poll"]["options"]] == [0, 1]

    def test_bad_votes_are_refused(self, live):
        poll = opened(live)
        wrong = [{}, [], *({"option_id": value} for value in ("1", 1.5, -1, 2**40, None, True))]
        for body in (*wrong, {"option_id": poll["options"][0]["id"], "voter": "x"}):
            assert Phone(live).post(f"/polls/{poll['id']}/vote", body).status_code == 422, body

    def test_a_vote_needs_an_option_of_this_poll_a_cookie_and_our_page(self, live):
        other, poll = draft(live), opened(live)
        phone = Phone(live)
        foreign = phone.post(f"/polls/{poll['id']}/vote", {"option_id": other["options"][0]["id"]})
        assert foreign.status_code == 404
        assert phone.post(f"/polls/{poll['id']}/vote", {"option_id": 1}, csrf="no").status_code == 403
        assert phone.post("/polls/999/vote", {"option_id": 1}).status_code == 404

    def test_a_buyer_asks_and_is_told_how_many_ask_the_same(self, live):
        first = Phone(live, "a").post("/questions", {"text": "牛奶能放几天"})
        assert (first.status_code, first.json()["askers"], first.json()["answered"]) == (201, 1, False)
        live.call("POST", f"/questions/{first.json()['id']}/answer", {"answer": "冷藏七天"})
        second = Phone(live, "b").post("/questions", {"text": "鲜奶可以放几天啊"}).json()
        assert (second["askers"], second["answered"], second["answer"]) == (2, True, "冷藏七天")
        assert Phone(live, "c").post("/questions", {"text": "x" * 81}).status_code == 422
        last = [Phone(live, "d").post("/questions", {"text": f"第{number}问几天"}).status_code for number in range(7)]
        assert last == [201] * 6 + [429]


@pytest.mark.parametrize(
    "change",
    [
        {"options": OPTIONS[:1]},
        {"options": OPTIONS * 4},
        {"options": [OPTIONS[0], OPTIONS[0]]},
        {"options": [{"text": "a"}, {"text": "b"}]},
        {"options": [{"text": "a", "sku": "NOPE"}, OPTIONS[0]]},
        {"options": [{"text": "\x00"}, OPTIONS[0]]},
        {"options": "牛奶"},
        {"title": ""},
        {"title": "长" * 61},
        {"kind": "lottery"},
        {"votes": 7},
    ],
)
def test_bad_polls_are_refused(api, dairy, change):
    api("POST", "/catalogue", dairy)
    answer = api("POST", "/polls", {"kind": "product", "title": "下一个", "options": OPTIONS, **change})
    assert answer.status_code == 422, answer.get_data(as_text=True)


def test_any_interleaving_of_votes_leaves_columns_equal_to_rows(tmp_path, database_url):
    settings = template.settings_of(tmp_path / "data", database_url)
    studio = create_app(settings).extensions["studio"]
    choices = [polls.Choice(text) for text in "甲乙丙"]

    def prepare(unit):
        poll_id = polls.draft(unit, kind="free", title="几点", choices=choices, show_id=None, at=Ms(1))
        polls.open_poll(unit, poll_id, at=Ms(2))
        return poll_id

    try:
        poll_id = studio.writer.run(prepare)
        with studio.database.reading() as session:
            options = [option.id for option in polls.find(session, poll_id).options]

        def vote(number):
            studio.writer.run(
                lambda unit: polls.vote(
                    unit, poll_id=poll_id, option_id=options[number % 3], voter=f"v{number % 7}", at=Ms(number)
                )
            )

        gevent.joinall([gevent.spawn(vote, number) for number in range(200)], raise_error=True)
        with studio.database.reading() as session:
            columns = [option.votes for option in polls.find(session, poll_id).options]
            rows = [
                session.scalar(text("SELECT count(*) FROM votes WHERE option_id = :id"), {"id": option})
                for option in options
            ]
        assert columns == rows
        assert sum(rows) == 7
    finally:
        studio.stop()
