"""The pieces of one row: products, quantities, words, and what stands between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from studio.mandarin.numbers import parse_number
from studio.shop.chain.names import Meant, Names

MEASURES = (
    "公斤|千克|毫升|kg|ml|瓶|盒|袋|份|个(?!月)|斤|箱|桶|包|件|罐|条|块|串|只|枚|颗|提|打|板|盘"
    "|棵|根|单(?!元)|套|支|杯|篮|筐|捆|把|克|升|g|l"
)
_HANZI_NUMBER = "[一二两三四五六七八九十百]{1,4}"
_QUANTITY = re.compile(
    rf"(?P<times>[×✕✖╳*+x])\s*(?P<after>\d{{1,5}}(?:\.\d+)?|{_HANZI_NUMBER})\s*(?P<measure1>{MEASURES})?(?![a-z])"
    rf"|(?P<number>\d{{1,5}}(?:\.\d+)?)\s*(?:(?P<measure2>{MEASURES})(?![a-z])|(?P<by>[×✕✖╳*]|x(?![a-z])))?"
    rf"|(?P<hanzi>{_HANZI_NUMBER}|半)\s*(?P<measure3>{MEASURES})",
    re.IGNORECASE,
)
# 8-302 is a room, 2-3瓶 is somebody who does not know yet
_ROOM = re.compile(
    r"\d+\s*(?:栋|幢|号楼|号|楼|单元|室|层|座|弄|期|区)"
    rf"|(?!\d{{1,2}}-\d{{1,2}}(?:{MEASURES})(?![a-z]))[a-z]?\d+(?:[-#]\d+)+"
    r"|(?<![\da-z])[a-z]\d{3,4}",
    re.IGNORECASE,
)
_SOME = re.compile("[一二两三四五六七八九]{2,}")
"""两三瓶: more than one number, and none."""
_SPACE = re.compile(r"[\s,，;；、/+&|·。.!！~:：\-—_和与及加]+")
_WORD = re.compile(r"[^\s,，;；、/+&|·。.!！~:：\-—_×✕✖╳*\d]+")
_EACH = re.compile(r"各(?:来|要)?")


@dataclass(frozen=True, slots=True)
class Token:
    """kind "quantity": `count` (None where it is no whole number) and `measure`; "product": `meant`."""

    kind: Literal["product", "quantity", "word", "room", "each", "space"]
    first: int
    last: int
    text: str
    meant: Meant | None = None
    count: int | None = None
    measure: str = ""
    explicit: bool = False


def tokens_of(text: str, names: Names) -> list[Token]:
    """The whole text, piece by piece."""
    found: list[Token] = []
    place = 0
    for meant in names.written(text):
        found += _between(text, place, meant.first, after_product=bool(found))
        found.append(Token("product", meant.first, meant.last, text[meant.first : meant.last], meant))
        place = meant.last
    return found + list(_between(text, place, len(text), after_product=bool(found)))


def _between(text: str, place: int, end: int, *, after_product: bool) -> Iterator[Token]:
    while place < end:
        token = _next(text, place, end, after_product=after_product)
        yield token
        place = token.last


def _next(text: str, place: int, end: int, *, after_product: bool) -> Token:
    room = _ROOM.match(text, place, end)
    if room:
        return Token("room", place, room.end(), room[0])
    quantity = _QUANTITY.match(text, place, end)
    if quantity:
        return _quantity(quantity, and_half=text[quantity.end() : quantity.end() + 1] == "半")
    if after_product:
        # 鲜奶两 and 鲜奶一: without a measure only right behind a product, people are called 王三, too
        bare = re.compile(rf"{_HANZI_NUMBER}(?=$|[\s,，;；、+])").match(text, place, end)
        if bare and (place == 0 or not text[place - 1].isspace()):
            return Token("quantity", place, bare.end(), bare[0], count=_count(bare[0]))
    each = _EACH.match(text, place, end)
    if each:
        return Token("each", place, each.end(), each[0])
    space = _SPACE.match(text, place, end)
    if space:
        return Token("space", place, space.end(), space[0])
    word = _WORD.match(text, place, end)
    last = _word_end(text, place, word.end() if word else place + 1)
    return Token("word", place, last, text[place:last])


def _word_end(text: str, place: int, last: int) -> int:
    """A word ends before a spoken quantity (张姐两瓶), before 各, and before 和 between two goods."""
    stops = [match.start() for match in _QUANTITY.finditer(text, place + 1, last + 1) if match.start() < last]
    stops += [match.start() for match in _EACH.finditer(text, place + 1, last)]
    return min([*stops, last])


def _quantity(match: re.Match[str], *, and_half: bool) -> Token:
    written = match["after"] or match["number"] or match["hanzi"]
    measure = match["measure1"] or match["measure2"] or match["measure3"] or ""
    explicit = bool(measure or match["times"] or match["by"])
    return Token(
        "quantity",
        match.start(),
        match.end() + and_half,
        match[0] + "半" * and_half,
        count=None if and_half else _count(written),
        measure=measure.lower(),
        explicit=explicit,
    )


def _count(written: str) -> int | None:
    value = None if _SOME.fullmatch(written) else parse_number(written)
    return int(value) if value is not None and value == int(value) else None
