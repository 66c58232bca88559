"""Prices as Mandarin says them and as the model writes them, in fen.

十五块九, 15块9, 15.9元, 两块, 一百二, 三毛, 15块9毛9; and the last digit misheard: 15块酒, 22块巴.
"""

import re
from dataclasses import dataclass

from studio.mandarin.numbers import DIGITS, parse_number
from studio.mandarin.readings import syllables
from studio.types import Fen

_DIGIT_SOUNDS = {"yi": 1, "er": 2, "san": 3, "si": 4, "wu": 5, "liu": 6, "qi": 7, "ba": 8, "jiu": 9}
# characters that sound like a digit and do follow 块 on their own: 十五块吧, 十块一斤, 五块就行, 两块以内, 块儿
_NOT_DIGITS = frozenset("吧就以已起其气而儿似是思事时也与于无务物把罢")
_NUMBER = r"(?:\d+(?:\.\d+)?|(?<![\d第几好零〇一二两三四五六七八九十百千万])[零〇一二两三四五六七八九十百千万]+)"
_YUAN = r"(?:块钱|元钱|块|元|圆|快(?!递|乐|点|要|到|来|去))"
_PRICE = re.compile(
    rf"(?P<yuan>{_NUMBER}){_YUAN}零?(?:(?P<jiao>[\d一二两三四五六七八九])(?![\d十百千万])(?:(?P<mao>毛|角)(?P<fen>[\d一二三四五六七八九])?分?)?"
    r"|(?P<misheard>[\u4e00-\u9fff])(?=$|[，。？！、；\s]))?"
)
_MAO = re.compile(r"(?P<mao>[\d一二两三四五六七八九])(?:毛|角)(?P<fen>[\d一二三四五六七八九])?分?(?:钱)?")
_MANY = "零一二两三四五六七八九十百千万"
_SOLD_BY = "盒袋瓶斤箱份个只枚颗桶包件罐条块串"
_BARE_NUMBER = re.compile(
    rf"(?:(?<![\d.])\d{{1,4}}(?:\.\d{{1,2}})?|(?<![{_MANY}第])(?:[二三四五六七八九十百]{{2,4}}|一百[零二三四五六七八九十]{{1,3}}))"
    rf"(?:(?=一[{_SOLD_BY}])|(?![\d{_MANY}.%克千公毫升斤米度倍分点个枚颗只盒袋瓶箱份桶包件天月年号栋人元块毛角]))"
)
# 两块一盒, 5块1斤: the digit after 块 counts what is sold, it is no tenth
_MEASURES = "盒袋瓶斤箱份个只枚颗桶包件罐条块串公千克升打板提盘尾头棵根"
_FOOD = re.compile(
    "一起|一共|八角|五花|五香|五常|三文鱼|三黄鸡|三鲜|三层肉|四季豆|八宝|八爪|九节|二荆条|一口|一级|一等"
)
_NO_MEASURE = re.compile("包(?:邮|送|配|退|赔|换|运|税|你|您)")
# a piece of food or a matter, no money: 这一块, 切成两块, 三块排骨
_PIECES_BEFORE = re.compile("(?:[这那哪]|[切剁斩掰分撕](?:成|了|个)?|每人|一人|[夹尝吃掉取])$")
_PIECES_AFTER = re.compile(
    "(?:的)?(?:大|小|肥|瘦|鲜|冻|腊|卤|整)?(?:肉|排骨|大?骨头|豆腐|五花|里脊|牛[肉腩排腱]|羊[肉排]|猪[肉排蹄]|鸡[肉排腿胸]|鱼|姜|年糕|"
    "蛋糕|面包|红薯|地瓜|芋头|藕|南瓜|冬瓜|西瓜|萝卜|黄油|奶酪|冰糖|方糖|巧克力|饼干?)"
)
_MOST_PIECES = 12
_TO = re.compile(r"[\d零一二两三四五六七八九十百千](?:到|至|-|~)$")


@dataclass(frozen=True, slots=True)
class SpokenPrice:
    """A price at `first`..`last` (exclusive) of a text.

    certain is False where a digit was, or may have been, misheard. perhaps_fen: the other reading of an
    amount before a word that sounds like a digit (22块吧: 22 or 22.8).
    """

    price_fen: Fen
    first: int
    last: int
    certain: bool = True
    perhaps_fen: Fen | None = None


def find_prices(text: str) -> list[SpokenPrice]:
    """All amounts of money in simplified text, in order."""
    found: list[SpokenPrice] = []
    for match in _PRICE.finditer(text):
        price = _read(match, text)
        if price is not None:
            found.append(price)
    taken = [(price.first, price.last) for price in found]
    for match in _MAO.finditer(text):
        if all(match.end() <= first or last <= match.start() for first, last in taken):
            fen = 10 * _digit(match["mao"]) + (_digit(match["fen"]) if match["fen"] else 0)
            found.append(SpokenPrice(Fen(fen), match.start(), match.end()))
    return sorted(found, key=lambda price: price.first)


def find_bare_numbers(text: str) -> list[SpokenPrice]:
    """Numbers without any unit after them (6.8, 128), which may be prices whose 块 was lost; in fen."""
    return [
        SpokenPrice(Fen(round(number * 100)), match.start(), match.end(), certain=False)
        for match in _BARE_NUMBER.finditer(text)
        if (number := parse_number(match[0])) is not None
    ]


def _read(match: re.Match[str], text: str) -> SpokenPrice | None:
    yuan = parse_number(match["yuan"])
    if yuan is None or _is_rough(match, text) or (yuan <= _MOST_PIECES and _counts_pieces(match, text)):
        return None
    fen = round(yuan * 100)
    last = match.end()
    certain = True
    if match["jiao"]:
        counts = not match["mao"] and _begins_what_is_sold(text, match.start("jiao"))
        if counts:
            last = match.start("jiao")
        else:
            fen += 10 * _digit(match["jiao"]) + (_digit(match["fen"]) if match["fen"] else 0)
    elif match["misheard"]:
        digit = _digit_like(match["misheard"])
        if digit is None or match["misheard"] in _NOT_DIGITS:
            last = match.start("misheard")
            perhaps = None if digit is None else Fen(fen + 10 * digit)
            return SpokenPrice(Fen(fen), match.start(), last, digit is None, perhaps)
        fen, certain = fen + 10 * digit, False
    return SpokenPrice(Fen(fen), match.start(), last, certain)


def _is_rough(match: re.Match[str], text: str) -> bool:
    """三块多, 八到十块: no price was said."""
    return (
        bool(_TO.search(text[: match.start()]))
        or (not match["jiao"] and match["misheard"] == "多")
        or (text[match.end() : match.end() + 1] == "多")
    )


def _counts_pieces(match: re.Match[str], text: str) -> bool:
    if text[match.end("yuan")] != "块" or text.startswith("块钱", match.end("yuan")):
        return False
    after = match.end("yuan") + 1
    return bool(_PIECES_BEFORE.search(text[: match.start()]) or _PIECES_AFTER.match(text, after))


def _begins_what_is_sold(text: str, first: int) -> bool:
    """Whether the digit after 块 belongs to what follows: 十块三斤, 二十块五花肉; not 九块九包邮."""
    if text[first + 1 : first + 2] in tuple(_MEASURES) and not _NO_MEASURE.match(text, first + 1):
        return True
    return bool(_FOOD.match(text, first))


def _digit_like(char: str) -> int | None:
    """The digit that a character sounds like."""
    return _DIGIT_SOUNDS.get(syllables(char)[0])


def _digit(char: str) -> int:
    return int(char) if char.isdigit() else DIGITS[char]
