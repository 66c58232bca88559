"""Characters set right by what stands beside them: the unit of an amount, a price's last digit, who asks, a building.

The catalogue knows 500克/袋 and 59.9元: 五百颗 is 五百克, 五十九块酒 is 五十九块九. An amount that the catalogue does
not have stays as it was heard: a wrong price is told, never corrected.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from studio.catalogue_file import CatalogueProduct
from studio.mandarin.numbers import parse_number
from studio.mandarin.pinyin import is_word, sounds_of
from studio.transcribe.numerals import find_prices
from studio.transcribe.rules import load_rules, rule_cache
from studio.types import Fen

Amounts = Mapping[float, frozenset[str]]

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)([\u3400-\u9fff])")
_SAID = re.compile(r"(?P<number>\d+(?:\.\d+)?|[零一二两三四五六七八九十百千万]{2,})(?P<unit>[\u3400-\u9fff])")
_DIGITS = "零一二三四五六七八九"
_FEN_IN_MAO = 10
# 闻 is what a host lets people do: 给大姐闻
_ASKS = "[温文稳吻纹](?=$|[，。？！：、])"
_SAYS = re.compile(r"^(?P<asker>[\u3400-\u9fff]{2})(?=[说问])")
# 十六动的邻居, 3动2单元
_BUILDING = re.compile(r"(?<=[\d二三四五六七八九十])动(?=[的楼，。]|$|[\d一二三四五六七八九十]+(?:单元|号|零))")


def amounts_of(products: Iterable[CatalogueProduct]) -> Amounts:
    """Numbers in units and facts, each with the units it has there."""
    amounts: dict[float, frozenset[str]] = {}
    for product in products:
        for text in (product.unit, *product.facts.values()):
            for number, unit in _WRITTEN.findall(text):
                amounts[float(number)] = amounts.get(float(number), frozenset()) | {unit}
    return amounts


def correct_amounts(text: str, amounts: Amounts, prices: Iterable[Fen]) -> str:
    """The text with units and last digits of the catalogue's amounts written right; its length is kept."""
    text = _SAID.sub(lambda match: match["number"] + _unit(match["number"], match["unit"], amounts), text)
    known = set(prices)
    for price in find_prices(text):
        if not price.certain and price.perhaps_fen is None and price.price_fen in known:
            digit = price.price_fen // _FEN_IN_MAO % 10
            written = str(digit) if text[price.first].isdecimal() else _DIGITS[digit]
            text = text[: price.last - 1] + written + text[price.last :]
    return text


def correct_neighbours(text: str) -> str:
    """The text with who asks and where they live written right: 姐妹温，→ 姐妹问，; 保保说 → 宝宝说; 6动 → 6栋."""
    text = _asking().sub(lambda match: f"{match['asker']}问", text)
    text = _SAYS.sub(lambda match: _asker(match["asker"]), text)
    return _BUILDING.sub("栋", text)


@rule_cache
def _asking() -> re.Pattern[str]:
    return re.compile(f"(?P<asker>{'|'.join(map(re.escape, _askers()))}){_ASKS}")


def _askers() -> list[str]:
    return load_rules("cues")["asker"]["words"]


def _asker(heard: str) -> str:
    """Whoever sounds like it, unless it is a word of its own (理解, 小姐)."""
    if heard in _askers() or is_word(heard):
        return heard
    sound = tuple(map(_sound, heard))
    return next((asker for asker in _askers() if tuple(map(_sound, asker)) == sound), heard)


def _unit(number: str, heard: str, amounts: Amounts) -> str:
    value = parse_number(number)
    units = amounts.get(value, frozenset()) if value is not None else frozenset[str]()
    return heard if heard in units else next((unit for unit in sorted(units) if _sound(unit) == _sound(heard)), heard)


@cache
def _sound(char: str) -> object:
    return sounds_of(char)[0][0]
