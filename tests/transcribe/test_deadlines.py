from datetime import datetime

import pytest

from studio.transcribe.deadlines import deadline
from studio.types import Ms

WEDNESDAY_EVENING = datetime(2026, 11, 25, 20, 30).astimezone()


def at(moment):
    return Ms(round(moment.timestamp() * 1000))


@pytest.mark.parametrize(
    ("text", "day", "hour", "minute"),
    [
        ("明天中午前送到", 26, 12, 0),
        ("明天一早给大家送过去", 26, 10, 0),
        ("明早七点半前送到你家门口", 26, 7, 30),
        ("明早7:30前送到", 26, 7, 30),
        ("明天下午三点之前保证到货", 26, 15, 0),
        ("明天三点前送到", 26, 15, 0),
        ("明天晚上送到", 26, 23, 59),
        ("明天送到", 26, 23, 59),
        ("后天上午十点前到", 27, 10, 0),
        ("今晚十二点前发完", 25, 23, 59),
        ("今晚十点前送到自提点", 25, 22, 0),
        ("晚上九点之前到", 25, 21, 0),
        ("七点之前送到", 26, 7, 0),
        ("周五之前一定到", 27, 23, 59),
        ("星期三送到", 25, 23, 59),
        ("周二上午给大家送", 1, 12, 0),
        ("下周一送到", 30, 23, 59),
        ("这周末之前送到大家手里", 29, 23, 59),
        ("月底前补给大家", 30, 23, 59),
        ("中午十二点前下单，下午就送", 26, 18, 0),
        ("明天中午前下单的，后天送到", 27, 23, 59),
        ("今天拍明天到", 26, 23, 59),
    ],
)
def test_a_day_or_hour_is_a_deadline_by_the_calendar(text, day, hour, minute):
    due = deadline(text, at(WEDNESDAY_EVENING))
    moment = datetime.fromtimestamp(due / 1000).astimezone()
    assert (moment.day, moment.hour, moment.minute) == (day, hour, minute)
    assert due > at(WEDNESDAY_EVENING)


@pytest.mark.parametrize("text", ["坏了包赔", "准时送到", "两小时内退款", "下单就送你一把小葱", "一点都不会少你的", ""])
def test_words_without_day_or_hour_have_none(text):
    assert deadline(text, at(WEDNESDAY_EVENING)) is None


def test_next_week_ends_on_its_sunday():
    due = datetime.fromtimestamp(deadline("下周之内发货", at(WEDNESDAY_EVENING)) / 1000).astimezone()
    assert (due.month, due.day, due.hour) == (12, 6, 23)
