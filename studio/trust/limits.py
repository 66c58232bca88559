"""Which temperatures a lot may have: the product label wins, else the defaults of its category.

Defaults: chilled meat, iced seafood and cream cakes 0-4 ℃; pasteurised milk, chilled eggs, cooked meat and tofu 0-7 ℃;
frozen goods -18 ℃ or colder, -15 ℃ in transport, refused above -12 ℃; ice cream -23 ℃ or colder.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Limit:
    """Degrees Celsius. below low is too cold and above high too warm once it lasts; above never at once.

    source: whether the label says so, or the category's default does.
    """

    low: float | None
    high: float
    never: float | None
    source: Literal["label", "category"]


_NUMBER = r"(零下|负|-|−)?\s*(\d{1,2}(?:\.\d)?)"
_DEGREES = r"\s*(?:°c|℃|°|摄氏度|度)?\s*"
_RANGE = re.compile(rf"{_NUMBER}{_DEGREES}(?:到|至|~|-|—|–)\s*{_NUMBER}\s*(?:°c|℃|°|摄氏度|度)")
_BELOW = re.compile(rf"{_NUMBER}\s*(?:°c|℃|°|摄氏度|度)\s*(?:及)?(?:以下|之下|或更低)")
_AT_MOST = re.compile(rf"(?:≤|<=|<|低于|不高于|不超过)\s*{_NUMBER}")

_FROZEN = ("冷冻", "冻存", "冰冻", "frozen")
_CHILLED = ("冷藏", "冰鲜", "保鲜", "低温", "chilled", "refrigerat")
_ICE_CREAM = ("冰淇淋", "冰激凌", "雪糕", "ice cream")
_CREAM_CAKE = ("奶油蛋糕", "奶油", "慕斯")
_COOKED = ("熟食", "卤", "酱牛肉", "cooked")
_COLDEST = {"meat": 4.0, "seafood": 4.0, "dairy": 7.0, "egg": 7.0, "tofu": 7.0}


def limit_of(*, name: str, category: str | None, storage: str | None) -> Limit | None:
    """The limit of a product, None where it needs no cold chain or nobody says what it needs."""
    label = _of_label(storage or "")
    if label is not None:
        return label
    cold = (storage or "").lower()
    words = f"{cold} {name}".lower()
    if any(word in words for word in _ICE_CREAM):
        return Limit(None, -23.0, None, "category")
    if any(word in words for word in _FROZEN):
        return Limit(None, -15.0, -12.0, "category")
    high = _highest(name, category) if any(word in cold for word in _CHILLED) else None
    return None if high is None else Limit(0.0, high, None, "category")


def _highest(name: str, category: str | None) -> float | None:
    if category != "dairy" and any(word in name for word in _CREAM_CAKE):
        return 4.0
    if any(word in name for word in _COOKED):
        return 7.0
    return _COLDEST.get(category or "")


def _of_label(storage: str) -> Limit | None:
    text = unicodedata.normalize("NFKC", storage).lower()
    if found := _RANGE.search(text):
        ends = sorted((_degrees(found[1], found[2]), _degrees(found[3], found[4])))
        return Limit(ends[0], ends[1], None, "label")
    found = _BELOW.search(text) or _AT_MOST.search(text)
    return Limit(None, _degrees(found[1], found[2]), None, "label") if found else None


def _degrees(sign: str | None, digits: str) -> float:
    return -float(digits) if sign else float(digits)
