import time

import gevent
import pytest
from gevent.event import Event

from studio.state import State


@pytest.fixture(autouse=True)
def _loop_knows_the_time():
    """Tests without gevent ran before: the loop's idea of now, which timers count from, is as old as its last turn."""
    gevent.get_hub().loop.update_now()


def recorder():
    said = []
    return said, lambda *call: said.append(call)


def test_state_announces_a_change_once_with_a_rising_revision():
    said, announce = recorder()
    state = State(announce)
    state.put("a", {"n": 1})
    state.put("a", {"n": 1})
    state.put("a", {"n": 2})
    assert said == [("a", 1, {"n": 1}), ("a", 2, {"n": 2})]


def test_state_folds_a_burst_into_the_first_and_the_latest_value():
    said, announce = recorder()
    state = State(announce, {"meter": 0.05})
    for value in range(50):
        state.put("meter", value)
    assert [value for _, _, value in said] == [0]
    assert state.get("meter") == 49
    gevent.get_hub().join(timeout=1)
    assert [(revision, value) for _, revision, value in said] == [(1, 0), (50, 49)]


def test_state_computes_a_refreshed_topic_only_when_it_is_asked_for():
    said, announce = recorder()
    state = State(announce, {"orders": 0.05})
    computed = []

    def compute(number):
        return lambda: computed.append(number) or number

    state.refresh("orders", compute(1))
    for number in range(2, 30):
        state.refresh("orders", compute(number))
    assert computed == [1]
    assert state.snapshot(["orders"]) == {"orders": {"rev": 2, "value": 29}}
    gevent.get_hub().join(timeout=1)
    assert computed == [1, 29]
    assert [value for _, _, value in said] == [1, 29]


def test_state_reads_a_topic_again_when_it_could_not_be_read(caplog):
    said, announce = recorder()
    state = State(announce, retry_s=0.01)
    answers = [ZeroDivisionError(), ZeroDivisionError(), 7]

    def compute():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    state.refresh("broken", compute)
    state.put("fine", 1)
    assert said == [("fine", 1, 1)]
    assert "broken" in caplog.text
    gevent.get_hub().join(timeout=5)
    assert said == [("fine", 1, 1), ("broken", 1, 7)]


def test_state_computes_nothing_for_an_announcement_that_nobody_hears():
    said, announce = recorder()
    watched = set()
    state = State(announce, watched=watched.__contains__)
    computed = []
    for number in range(3):
        state.refresh("orders", lambda number=number: computed.append(number) or number)
    assert computed == []
    watched.add("orders")
    assert state.snapshot(["orders"])["orders"]["value"] == 2
    state.refresh("orders", lambda: 3)
    assert computed == [2]
    assert said == [("orders", 2, 3)]


def test_a_stopped_state_announces_nothing_more():
    said, announce = recorder()
    state = State(announce, {"meter": 0.01})
    state.put("meter", 1)
    state.put("meter", 2)
    state.stop()
    gevent.get_hub().join(timeout=1)
    assert said == [("meter", 1, 1)]


def test_state_announces_less_often_where_announcing_takes_long():
    said = []

    def announce(_topic, _revision, value):
        said.append((value, time.monotonic()))
        deadline = time.thread_time() + 0.02
        while time.thread_time() < deadline:
            pass  # a thousand sockets

    state = State(announce, {"stock": 0.001})
    state.put("stock", 1)
    state.put("stock", 2)
    assert [value for value, _ in said] == [1]
    gevent.get_hub().join(timeout=5)
    assert [value for value, _ in said] == [1, 2]
    assert said[1][1] - said[0][1] >= 0.09


def test_snapshot_of_an_unknown_topic_is_revision_zero():
    assert State(lambda *_: None).snapshot(["x"]) == {"x": {"rev": 0, "value": None}}


def test_state_never_puts_an_older_reading_over_a_newer_one():
    state = State(lambda *_call: None)
    database = {"n": 1}
    answered = Event()

    def slow():
        read = database["n"]
        answered.wait()  # PostgreSQL answers while others run
        return read

    first = gevent.spawn(state.refresh, "topic", slow)
    gevent.idle()
    database["n"] = 2
    second = gevent.spawn(state.refresh, "topic", slow)
    gevent.idle()
    answered.set()
    assert state.get("topic") == 2
    gevent.joinall([first, second], raise_error=True)
    assert state.get("topic") == 2


def test_state_reads_a_topic_again_that_could_not_be_read():
    state = State(lambda *_call: None)
    answers = [ValueError("the database was away"), "back"]

    def read():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    state.refresh("topic", read)
    assert state.get("topic") == "back"
