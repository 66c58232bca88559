"""What a row of a 接龙 says beside name and goods: phone, pickup point, remarks in brackets, paid, cancelled."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from studio.shop.chain.paste import plain

_PHONE = re.compile(
    r"(?:电话|手机号?|tel)?[:：]?\s*(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)", re.IGNORECASE
)
_PHONE_END = re.compile(r"(?:手机)?尾号[:：]?\s*\d{4}(?!\d)")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|「([^「」]*)」|\{([^{}]*)\}")
_REMARK = re.compile(r"(?:备注|注意?)[:：]\s*(.*)$")
_CANCELLED = re.compile(r"取消|不要了|不买了|不订了|作废|撤单|跑单|退掉|划掉")
_UNPAID = re.compile(r"(?:还)?(?:未|没)(?:付款?|支付|转账?)|货到付款|到付")
_PAID = re.compile(r"已付款?|已支付|已转账?|付过了?|付了|转了|已微信|\bpaid\b", re.IGNORECASE)
_PRICE = re.compile(r"[¥￥$]\s*\d+(?:\.\d+)?(?:\s*元)?|\d+(?:\.\d+)?\s*(?:元|rmb|块钱)(?:\s*/\s*\S)?", re.IGNORECASE)
_SUM = re.compile(r"(?:一共|总共|合计|共计|总计|共)[:：]?\s*\d+\s*[瓶盒袋份个斤箱桶包件单]?")
# WeChat writes its own faces as words in brackets
_FACES = frozenset(
    (
        "强",
        "玫瑰",
        "微笑",
        "抱拳",
        "爱心",
        "呲牙",
        "握手",
        "拥抱",
        "OK",
        "耶",
        "咖啡",
        "太阳",
        "庆祝",
        "鼓掌",
        "愉快",
        "偷笑",
        "胜利",
        "合十",
        "笑脸",
        "加油",
        "礼物",
        "红包",
    )
)
_AT = r"(?:在|到|去|@)?\s*"
_FETCHED = r"\s*(?:自提点|提货点|取货点|自提|取货|提货|来?取|来?拿)?"
_POINT_ENDING = re.compile(r"(?:自提点|提货点|取货点|自提|店|站)$")
_MAX_NOTE = 200
GAP = " ; "
"""Stands where something was taken out: it parts what it parted."""


@dataclass(frozen=True, slots=True)
class Point:
    """A pickup point that a row may name."""

    id: int
    name: str


@dataclass(slots=True)
class Extras:
    """What was taken out of a row. issues: "two-phones", "two-points"."""

    phone: str | None = None
    point_id: int | None = None
    notes: list[str] = field(default_factory=list[str])
    paid: bool = False
    cancelled: bool = False
    priced: bool = False
    issues: list[str] = field(default_factory=list[str])

    @property
    def note(self) -> str:
        """All remarks as one text."""
        return "；".join(note for note in self.notes if note)[:_MAX_NOTE]


def take_out(text: str, points: Sequence[Point], names_goods: Callable[[str], bool]) -> tuple[str, Extras]:
    """The row without its extras, and the extras.

    Args:
        text: one row, plain.
        points: the pickup points there are.
        names_goods: whether a text names goods or a quantity: brackets around those are only brackets.
    """
    extras = Extras()
    phones = ["".join(match.groups()) for match in _PHONE.finditer(text)]
    if phones:
        extras.phone = phones[0]
        if len(set(phones)) > 1:
            extras.issues.append("two-phones")
        text = _PHONE.sub(GAP, text)
    text = _keep(_PHONE_END, text, extras)
    remark = _REMARK.search(text)
    if remark:
        extras.notes.append(remark[1].strip())
        text = text[: remark.start()] + GAP
    extras.cancelled = bool(_CANCELLED.search(text))
    text = _CANCELLED.sub(GAP, text)
    if _UNPAID.search(text):
        text = _keep(_UNPAID, text, extras)
    elif _PAID.search(text):
        extras.paid = True
        text = _PAID.sub(GAP, text)
    text = _take_points(text, points, extras)
    text = _BRACKETS.sub(lambda match: _bracket(match, extras, names_goods), text)
    extras.priced = bool(_PRICE.search(text))
    text = _SUM.sub(GAP, _PRICE.sub(GAP, text))
    return text, extras


def strip_marks(text: str) -> str:
    """Without emoji and other pictures."""
    return "".join(char for char in text if unicodedata.category(char) not in {"So", "Sk", "Cn", "Co"}).strip()


def _keep(pattern: re.Pattern[str], text: str, extras: Extras) -> str:
    extras.notes += [match[0].strip() for match in pattern.finditer(text)]
    return pattern.sub(GAP, text)


def _bracket(match: re.Match[str], extras: Extras, names_goods: Callable[[str], bool]) -> str:
    inside = next(group for group in match.groups() if group is not None).strip()
    if names_goods(inside):
        return f" {inside} "
    if inside not in _FACES:
        extras.notes.append(strip_marks(inside.strip(" ;")))
    return GAP


def _take_points(text: str, points: Sequence[Point], extras: Extras) -> str:
    found: set[int] = set()
    for spelling, point_id in _spellings(points):
        pattern = re.compile(_AT + re.escape(spelling) + _FETCHED, re.IGNORECASE)
        shorter = pattern.sub(GAP, text)
        if shorter != text:
            found.add(point_id)
            text = shorter
    if len(found) == 1:
        extras.point_id = found.pop()
    elif found:
        extras.issues.append("two-points")
    return text


def _spellings(points: Sequence[Point]) -> Iterable[tuple[str, int]]:
    """Every way to write a point, longest first; a short form that two share names neither."""
    spellings: dict[str, set[int]] = {}
    for point in points:
        name = plain(point.name).strip()
        short = _POINT_ENDING.sub("", name)
        for spelling in {name, short}:
            if len(spelling) > 1:
                spellings.setdefault(spelling, set()).add(point.id)
    unique = [(spelling, min(ids)) for spelling, ids in spellings.items() if len(ids) == 1]
    return sorted(unique, key=lambda item: -len(item[0]))
