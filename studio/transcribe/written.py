"""Numbers as people write them: 十五块九 → 15.9元, 九百五十毫升 → 950毫升, 百分之三点八 → 3.8%, 两到六度 → 2到6度.

For captions and reading only; the words as said stay in the transcript beside it. Small counts stay words (一瓶, 三个
孩子), and so does whatever only looks like a number (十分新鲜, 万一, 一下).
"""

import re

from studio.mandarin.numbers import parse_number
from studio.transcribe.numerals import find_prices

_DIGITS = "零〇一二两三四五六七八九十百千万"
_MEASURES = (
    "毫升|公升|升|毫克|千克|公斤|克|斤|公里|千米|厘米|公分|毫米|平方米|米高|亩|摄氏度|度|千卡|大卡|千焦|"
    "个小时|小时|分钟|秒钟?|天|个月|岁"
)
# what is sold is counted in figures from ten on
_COUNTED = "年|份|瓶|桶|袋|盒|箱|只|枚|颗|包|件|头|条|块|罐|个|位|单|人|户|号楼|栋|号链接|公顷"
_SMALLEST_COUNT = 10
_NUMBER = rf"[{_DIGITS}]+(?:点[{_DIGITS}]+)?"
_PERCENT = re.compile(rf"百分之(?P<number>{_NUMBER}|\d+(?:\.\d+)?)")
_RANGE = re.compile(rf"(?P<first>{_NUMBER})(?P<to>到|至)(?P<last>{_NUMBER})(?P<unit>{_MEASURES}|{_COUNTED})")
# as few digits as will do: 一千克 is 1千克
_MEASURED = re.compile(
    rf"(?<![\d{_DIGITS}第几])(?!一天|一斤(?!半|[{_DIGITS}]两))(?P<number>[{_DIGITS}]+?(?:点[{_DIGITS}]+?)?)"
    rf"(?P<half>半)?(?P<unit>{_MEASURES})(?:(?<=度)(?P<tenth>[一二三四五六七八九])(?=$|[，。的左以])"
    r"|(?<=斤)(?P<liang>[一二三四五六七八九]两)(?!半))?"
)
# 两块一盒六块八: two pieces a box, then the price
_PIECES = re.compile("一[份盒袋包箱]")
_SAME_PRICE = 6
_MANY = re.compile(rf"(?<![\d{_DIGITS}第几])(?P<number>[{_DIGITS}]{{2,}})(?P<unit>{_COUNTED})")
_ABOUT = re.compile(rf"(?<![\d{_DIGITS}第几])(?P<number>[{_DIGITS}]{{2,}})(?P<unit>[多来](?:{_MEASURES}|{_COUNTED}))")
_METRES = re.compile(rf"(?<![\d{_DIGITS}第几])(?P<number>[{_DIGITS}]{{2,}})(?P<unit>米(?=$|[，。的高深长宽以]))")
_HOUR = "[一二两三四五六七八九]|十[一二]?|二十[一二三四]?"
_MINUTES = re.compile(
    rf"(?<![\d{_DIGITS}第几差])(?P<hour>{_HOUR})点(?:(?P<minute>[零二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])"
    rf"(?:分(?!钟|之[{_DIGITS}])|(?!分|{_MEASURES}|{_COUNTED}|[多来几{_DIGITS}]))|(?P<half>半)|(?P<quarter>[一三])刻)"
)
_O_CLOCK = re.compile(
    r"(?<=[晚早]上|[上中下]午|[傍今明昨]晚|[今明清]早|凌晨|夜里|半夜)"
    rf"(?P<hour>{_HOUR})(?P<after>点钟?(?![{_DIGITS}]))"
)
_BY_THE_CLOCK = re.compile(rf"(?<![\d{_DIGITS}第几差])(?P<hour>{_HOUR})(?P<after>点(?=钟|整|之?前|以前|准时))")
_LIANG = re.compile(rf"(?<![\d{_DIGITS}第几])(?P<number>[一二三四五六七八九])(?P<unit>两(?=[的一重装母公左以，。]|$))")
_YEAR = re.compile(r"(?P<year>[一二][零〇九][零〇一二三四五六七八九]{2})年")
_DATE = re.compile(
    r"(?<![零一二三四五六七八九十])(?P<month>十[一二]?|[一二三四五六七八九])月"
    r"(?P<day>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?P<what>[号日])"
)
_MONTH_OF_YEAR = re.compile(r"(?<=\d年)(?P<month>十[一二]?|[一二三四五六七八九])月")


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
    text = _DATE.sub(lambda date: f"{_figure(date['month'])}月{_figure(date['day'])}{date['what']}", text)
    text = _YEAR.sub(lambda date: f"{_figure(date['year'])}年", text)
    text = _MONTH_OF_YEAR.sub(lambda date: f"{_figure(date['month'])}月", text)
    text = _PERCENT.sub(_percent, text)
    text = _MINUTES.sub(_time, text)
    for o_clock in (_O_CLOCK, _BY_THE_CLOCK):
        text = o_clock.sub(lambda time: f"{_figure(time['hour'])}{time['after']}", text)
    text = _RANGE.sub(_range, text)
    text = _LIANG.sub(_liang, _MEASURED.sub(_measured, text))
    for counted in (_ABOUT, _METRES, _MANY):
        text = counted.sub(_many, text)
    return text


def _percent(match: re.Match[str]) -> str:
    number = _figure(match["number"])
    return match[0] if number is None else f"{number}%"


def _time(match: re.Match[str]) -> str:
    hour, minute = parse_number(match["hour"]), 30.0
    if match["quarter"]:
        minute = 15.0 if match["quarter"] == "一" else 45.0
    elif match["minute"]:
        minute = parse_number(match["minute"])
    return match[0] if hour is None or minute is None else f"{hour:.0f}:{minute:02.0f}"


def _range(match: re.Match[str]) -> str:
    first, last = _figure(match["first"]), _figure(match["last"])
    return match[0] if first is None or last is None else f"{first}{match['to']}{last}{match['unit']}"


def _liang(match: re.Match[str]) -> str:
    return f"{_figure(match['number'])}{match['unit']}"


def _measured(match: re.Match[str]) -> str:
    number = _figure(match["number"])
    if number is None:
        return match[0]
    if match["half"]:
        return f"{number}.5{match['unit']}" if "." not in number else match[0]
    if match["tenth"]:
        return f"{number}.{_figure(match['tenth'])}{match['unit']}" if "." not in number else match[0]
    liang = f"{_figure(match['liang'][:-1])}两" if match["liang"] else ""
    return f"{number}{match['unit']}{liang}"


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
