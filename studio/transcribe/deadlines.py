"""When a promise with a day or an hour is over: 明天中午前, 下周一之前, 今晚十点前, 月底前; by the calendar of this PC.

The day's part without an hour counts to its end, a day without a part to midnight: what was promised for 明天 is kept
as long as it is that day.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta

from studio.mandarin.numbers import parse_number
from studio.types import Ms

_DAYS = {
    "大后天": 3,
    "后天": 2,
    **dict.fromkeys(("明天", "明早", "明晚", "明儿", "明朝", "次日", "隔天", "第二天"), 1),
    **dict.fromkeys(("今天", "今晚", "今日", "今儿"), 0),
}
_END_OF_PART = {
    "凌晨": 6,
    "一早": 10,
    "一大早": 10,
    **dict.fromkeys(("早上", "早晨", "明早", "今早", "上午", "中午前", "中午之前", "中午以前"), 12),
    "中午": 14,
    "下午": 18,
    "晚饭前": 18,
    "傍晚": 20,
    **dict.fromkeys(("晚上", "明晚", "今晚", "当晚"), 24),
}
_AFTERNOON = ("下午", "傍晚", "晚上", "今晚", "明晚", "当晚")
_NOON = 12
_FIRST_LIKELY_MORNING = 7
_WEEK = 7
_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(r"(?P<next>下个?)?(?P<this>这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])")
_NEXT_WEEK = re.compile(r"下个?(?:周|星期|礼拜)(?:内|之内|以内|之?前|以前)?")
_END_OF_MONTH = re.compile(r"月底|这个月(?:内|之内)|月内")
_HOUR = re.compile(
    r"(?P<hour>\d{1,2}|[零一二两三四五六七八九十]{1,3})(?:点(?P<half>半)?|:(?P<minute>\d{2}))"
    r"(?![零一二三四五六七八九\d][斤克个升])"
)
# 明天中午前下单的，后天送到: what the buyer does is no deadline of the host
_BUYERS = re.compile(r"[^，。！？；]{0,14}(?:下单|下了单|拍下?|付款|截单|订)(?:的|好|完)*(?:朋友|邻居|话)?[，,]?")


def deadline(text: str, said_ms: Ms) -> Ms | None:
    """The moment by which the words of a promise have it kept; None where they name neither day nor hour.

    Args:
        text: the sentence.
        said_ms: when it was said; 明天 is the day after.
    """
    said = datetime.fromtimestamp(said_ms / 1000).astimezone()
    text = _BUYERS.sub("", text) or text
    midnight = said.replace(hour=0, minute=0, second=0, microsecond=0)
    days = _days_ahead(text, midnight)
    hours = _hours(text)
    if days is None and hours is None:
        return None
    due = midnight + timedelta(days=days or 0, hours=24 if hours is None else hours)
    if days is None and due <= said:  # 七点之前到, said at nine
        due += timedelta(days=1)
    if not due.hour + due.minute:
        due -= timedelta(seconds=1)  # shown as 23:59 of the day that was meant
    return Ms(round(due.timestamp() * 1000)) if due > said else None


def _days_ahead(text: str, today: datetime) -> int | None:
    named = next((days for word, days in _DAYS.items() if word in text), None)
    if named is not None:
        return named
    week = _WEEKDAY.search(text)
    if week:
        day = _WEEKDAYS.index(week["day"].translate(str.maketrans("天末", "日日")))
        ahead = day - today.weekday()
        if week["next"]:
            return ahead + _WEEK
        return ahead if ahead >= 0 else ahead + _WEEK
    if _NEXT_WEEK.search(text):
        return 2 * _WEEK - 1 - today.weekday()
    if _END_OF_MONTH.search(text):
        return monthrange(today.year, today.month)[1] - today.day
    return None


def _hours(text: str) -> float | None:
    """Hours from midnight on: the hour that was said, else the end of the part of the day."""
    part = next((word for word in _END_OF_PART if word in text), None)
    said = _HOUR.search(text)
    value = parse_number(said["hour"]) if said else None
    if said is None or value is None or (said["hour"] == "一" and part is None):  # 一点都不会少
        return None if part is None else float(_END_OF_PART[part])
    hour = value + (0.5 if said["half"] else int(said["minute"] or 0) / 60)
    if part in _AFTERNOON and hour <= _NOON:
        return hour if (part, hour) == ("下午", _NOON) else hour + _NOON
    return hour + _NOON if part in (None, "中午") and hour < _FIRST_LIKELY_MORNING else hour
