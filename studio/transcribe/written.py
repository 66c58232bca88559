"""Numbers as people write them: 十五块九 → 15.9元, 九百五十毫升 → 950毫升, 百分之三点八 → 3.8%, 两到六度 → 2到6度.

For captions and reading only; the words as said stay in the transcript beside it. Small counts stay words (一瓶, 三个
孩子), and so does whatever only looks like a number (十分新鲜, 万一, 一下).
"""

import re

from studio.mandarin.numbers import parse_number
from studio.transcribe.numerals import find_prices

_DIGITS = "零〇一二两三四五六七八九十百千万"
_MEASURES = (
    "毫升|公升|升|毫克|千克|公斤|克|斤|公里|千米|厘米|毫米|平方米|米高|亩|摄氏度|度|千卡|大卡|千焦|"
    "个小时|小时|分钟|秒钟?|天|个月|岁"
)
# what is sold is counted in figures from ten on
_COUNTED = "份|瓶|桶|袋|盒|箱|只|枚|颗|包|件|头|条|块|罐|个|位|单|人|户|号楼|栋|号链接|公顷"
_SMALLEST_COUNT = 10
_NUMBER = rf"[{_DIGITS}]+(?:点[{_DIGITS}]+)?"
_PERCENT = re.compile(rf"百分之(?P<number>{_NUMBER}|\d+(?:\.\d+)?)")
_RANGE = re.compile(rf"(?P<first>{_NUMBER})(?P<to>到|至)(?P<last>{_NUMBER})(?P<unit>{_MEASURES}|{_COUNTED})")
# as few digits as will do: 一千克 is 1千克
_MEASURED = re.compile(
    rf"(?<![{_DIGITS}第几])(?P<number>[{_DIGITS}]+?(?:点[{_DIGITS}]+?)?)(?P<half>半)?(?P<unit>{_MEASURES})"
)
# 两块一盒六块八: two pieces a box, then the price
_PIECES = re.compile("一[份盒袋包箱]")
_SAME_PRICE = 6
_MANY = re.compile(rf"(?<![{_DIGITS}第几])(?P<number>[{_DIGITS}]{{2,}})(?P<unit>{_COUNTED})")
_MINUTES = re.compile(rf"(?P<hour>[{_DIGITS}]{{1,3}})点(?P<minute>[{_DIGITS}]{{2,3}})分")


def written(text: str) -> str:
    """The text with prices, measures, percentages and larger counts in figures."""
    out, last = [], 0
    prices = find_prices(text)
    for price in prices:
        if not price.certain or price.perhaps_fen is not None or price.first < last:
            continue
        after = [other.first - price.last for other in prices if other.first > price.first]
        if _PIECES.match(text, price.last) and any(gap < _SAME_PRICE for gap in after):
            continue
        out += [text[last : price.first], f"{_yuan(price.price_fen)}元"]
        last = price.last
    text = "".join([*out, text[last:]])
    text = _PERCENT.sub(_percent, text)
    text = _MINUTES.sub(_time, text)
    text = _RANGE.sub(_range, text)
    text = _MEASURED.sub(_measured, text)
    return _MANY.sub(_many, text)


def _percent(match: re.Match[str]) -> str:
    number = _figure(match["number"])
    return match[0] if number is None else f"{number}%"


def _time(match: re.Match[str]) -> str:
    hour, minute = parse_number(match["hour"]), parse_number(match["minute"])
    return match[0] if hour is None or minute is None else f"{hour:.0f}:{minute:02.0f}"


def _range(match: re.Match[str]) -> str:
    first, last = _figure(match["first"]), _figure(match["last"])
    return match[0] if first is None or last is None else f"{first}{match['to']}{last}{match['unit']}"


def _measured(match: re.Match[str]) -> str:
    number = _figure(match["number"])
    if number is None:
        return match[0]
    if match["half"]:
        return f"{number}.5{match['unit']}" if "." not in number else match[0]
    return f"{number}{match['unit']}"


def _many(match: re.Match[str]) -> str:
    value = parse_number(match["number"])
    return match[0] if value is None or value < _SMALLEST_COUNT else f"{_plain(value)}{match['unit']}"


def _figure(words: str) -> str | None:
    """三点八 → 3.8; None where it is no number."""
    whole, _, fraction = words.partition("点")
    value = parse_number(whole)
    if value is None:
        return None
    if not fraction:
        return _plain(value)
    decimals = [parse_number(char) for char in fraction]
    if any(digit is None or digit >= _SMALLEST_COUNT for digit in decimals):
        return None
    return f"{_plain(value)}.{''.join(_plain(digit) for digit in decimals if digit is not None)}"


def _plain(value: float) -> str:
    return f"{value:.10g}"


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}".rstrip("0").rstrip(".")
