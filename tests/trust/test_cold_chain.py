"""What readings prove: the rules' own figures, and everything that must not become 合格."""

import pytest

from studio.trust.cold_chain import Reading, assess, mean_kinetic_c, worst
from studio.trust.limits import Limit, limit_of

MINUTE = 60_000
MILK = Limit(2.0, 6.0, None, "label")
FROZEN = Limit(None, -15.0, -12.0, "category")


def line(*celsius, every=10, start=0, interval=None):
    return [Reading(start + index * every * MINUTE, value, interval) for index, value in enumerate(celsius)]


def test_mean_kinetic_temperature_is_that_of_the_rules():
    assert mean_kinetic_c([4, 4, 4, 10]) == pytest.approx(5.952, abs=0.0005)
    assert mean_kinetic_c([]) is None


@pytest.mark.parametrize(
    ("readings", "limit", "verdict"),
    [
        (line(3, 4, 5, 4), MILK, "good"),
        ([], MILK, "unknown"),
        (line(4), MILK, "unknown"),
        (line(4, 4, 4), None, "unknown"),
        (line(4, 7, 4, 4), MILK, "good"),  # ten minutes: an opened door
        (line(4, 7, 7, 4), MILK, "warm"),  # twenty minutes
        (line(4, 4, 7, 7, 7), MILK, "warm"),  # never seen to come back
        (line(6, 6, 6), MILK, "good"),
        (line(4, 4, 4) + line(4, 4, start=40 * MINUTE), MILK, "good"),  # twice the interval exactly
        (line(4, 4, 4) + line(4, 4, start=41 * MINUTE), MILK, "broken"),
        (line(4, 4, 4, every=1) + line(4, 4, every=1, start=5 * MINUTE), MILK, "broken"),
        (line(4, 4, every=121), MILK, "broken"),  # nobody measures a lot every two hours
        (line(4, 4, 4, every=120, interval=120 * MINUTE), MILK, "good"),  # but when the logger says so
        (line(-18, -16, -17), FROZEN, "good"),
        (line(-18, -14, -18), FROZEN, "good"),
        (line(-18, -11.9, -18), FROZEN, "warm"),  # refused at once
        (line(-11), FROZEN, "warm"),
        (line(3, 1, 3, 3), MILK, "good"),  # ten minutes
        (line(3, 1, 1, 3), MILK, "cold"),
        (line(3, 1, -1, -1), MILK, "cold"),  # never seen to come back
        (line(2, 2, 2), MILK, "good"),
        (line(1), MILK, "unknown"),
        (line(1, 1, 1, 7, 7, 7), MILK, "warm"),
        (line(1, 1, 1) + line(4, start=60 * MINUTE), MILK, "cold"),  # a gap excuses nothing
        (line(-40, -40, -40), FROZEN, "good"),  # nothing is too cold for what is frozen
    ],
)
def test_readings_are_judged(readings, limit, verdict):
    assert assess(readings, limit).verdict == verdict
    assert assess([*reversed(readings), *readings], limit).verdict == verdict  # out of order, and twice


def test_a_lot_is_as_good_as_its_worst_sensor():
    found = [assess(line(4, 4, 4), MILK), assess(line(4, 8, 8, 8), MILK), assess([], MILK)]
    assert worst(found).verdict == "warm"
    assert worst(found).longest_warm_ms == 20 * MINUTE
    cold = assess(line(4, 1, 1, 1), MILK)
    assert worst([assess([], MILK), assess(line(4, 4, every=121), MILK), cold]) == cold
    assert cold.longest_cold_ms == 20 * MINUTE
    assert worst([]).verdict == "unknown"


@pytest.mark.parametrize(
    ("name", "category", "storage", "limit"),
    [
        ("鲜牛奶", "dairy", "2到6摄氏度冷藏", (2, 6, "label")),
        ("鲜牛奶", "dairy", "2-6℃", (2, 6, "label")),
        ("鲜牛奶", "dairy", "０～４℃保存", (0, 4, "label")),
        ("水饺", "other", "-18℃以下", (None, -18, "label")),
        ("水饺", "other", "零下18度以下冷冻", (None, -18, "label")),
        ("奶酪棒", "dairy", "冷藏", (0, 7, "category")),
        ("鲜肉", "meat", "冷藏", (0, 4, "category")),
        ("卤牛肉", "meat", "冷藏", (0, 7, "category")),
        ("虾仁", "seafood", "冷冻", (None, -15, "category")),
        ("老冰棍冰淇淋", "other", "冷冻", (None, -23, "category")),
        ("苹果", "fruit", "阴凉干燥处", None),
        ("苹果", "fruit", None, None),
        ("苹果", "fruit", "冷藏", None),  # nobody says how cold: unknown, not good
    ],
)
def test_the_label_wins_over_the_category(name, category, storage, limit):
    found = limit_of(name=name, category=category, storage=storage)
    assert (found and (found.low, found.high, found.source)) == limit
