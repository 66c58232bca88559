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
_NUMBER = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)"
_YUAN = r"(?:块钱|元钱|块|元|圆|快(?!递|乐|点|要|到|来|去))"
_PRICE = re.compile(
    rf"(?P<yuan>{_NUMBER}){_YUAN}零?(?:(?P<jiao>[\d一二两三四五六七八九])(?![\d十百千万])(?:(?P<mao>毛|角)(?P<fen>[\d一二三四五六七八九])?分?)?"
    r"|(?P<misheard>[\u4e00-\u9fff])(?=$|[，。？！、；\s]))?"
)
_MAO = re.compile(r"(?P<mao>[\d一二两三四五六七八九])(?:毛|角)(?P<fen>[\d一二三四五六七八九])?分?(?:钱)?")
_MANY = "零一二两三四五六七八九十百千万"
_SOLD_BY = "盒袋瓶斤箱份个只枚颗桶包件罐条块串"
_BARE_NUMBER = re.compile(
    rf"(?:(?<![\d.])\d{{1,4}}(?:\.\d{{1,2}})?|(?<![{_MANY}第])[二三四五六七八九十百]{{2,4}})"
    rf"(?:(?=一[{_SOLD_BY}])|(?![\d{_MANY}.%克千公毫升斤米度倍分点个枚颗只盒袋瓶箱份桶包件天月年号栋人元块毛角]))"
)
# 两块一盒, 5块1斤: the digit after 块 counts what is sold, it is no tenth
_MEASURES = "盒袋瓶斤箱份个只枚颗桶包件罐条块串公千克升打板提盘尾头棵根"


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
    if yuan is None:
        return None
    fen = round(yuan * 100)
    last = match.end()
    certain = True
    if match["jiao"]:
        counts = not match["mao"] and text[match.end("jiao") : match.end("jiao") + 1] in tuple(_MEASURES)
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


def _digit_like(char: str) -> int | None:
    """The digit that a character sounds like."""
    return _DIGIT_SOUNDS.get(syllables(char)[0])


def _digit(char: str) -> int:
    return int(char) if char.isdigit() else DIGITS[char]
