"""A routine goes on: after a failure, when it is woken, and not faster than it may."""

import gevent
import pytest

from studio.routine import Routine
from tests.waiting import until


class Counting(Routine):
    """Notes when each step was; `waits` are what the steps return or raise, the last one for ever."""

    def __init__(self, *waits, **pace):
        super().__init__(**{"retry_s": 60.0, **pace})
        self.waits = list(waits)
        self.steps = []

    def step(self):
        self.steps.append(gevent.get_hub().loop.now())
        wait = self.waits.pop(0) if len(self.waits) > 1 else self.waits[0]
        if isinstance(wait, Exception):
            raise wait
        return wait


@pytest.fixture
def begun():
    """begun(routine) → the same, started and through its first step."""
    started = []

    def begin(routine):
        started.append(routine)
        routine.start()
        until(lambda: routine.steps)
        return routine

    yield begin
    for routine in started:
        routine.stop()


@pytest.mark.parametrize("wait", [None, 60.0])
def test_it_waits_until_it_is_woken(begun, wait):
    routine = begun(Counting(wait))
    gevent.idle()
    assert len(routine.steps) == 1
    routine.wake("whatever the bus tells")
    until(lambda: len(routine.steps) == 2)


def test_what_changes_during_a_step_is_looked_at_in_another(begun):
    class Busy(Counting):
        def step(self):
            if not self.steps:
                self.wake()
            return super().step()

    routine = begun(Busy(None))
    until(lambda: len(routine.steps) == 2)


def test_a_step_that_fails_is_logged_and_tried_again(begun, caplog):
    routine = begun(Counting(ZeroDivisionError(), None, retry_s=0.01))
    until(lambda: len(routine.steps) == 2)
    assert "Counting stumbled" in caplog.text


def test_it_rests_however_often_it_is_woken(begun):
    routine = begun(Counting(0.0, rest_s=0.05))
    until(lambda: len(routine.steps) >= 4)
    assert min(b - a for a, b in zip(routine.steps, routine.steps[1:], strict=False)) >= 0.045


def test_once_stopped_it_steps_no_more(begun):
    routine = begun(Counting(None))
    routine.stop()
    routine.wake()
    gevent.idle()
    assert len(routine.steps) == 1
