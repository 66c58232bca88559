"""What the host promises: refund, replacement, delivery, reply, gift; with its time limit where one is said."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from studio.mandarin.homophones import ByEar, by_sound
from studio.mandarin.numbers import upper_bound
from studio.mandarin.pinyin import Sound, places_alike, sounds_of
from studio.transcribe.questions import find_question
from studio.transcribe.rules import load_rules, rule_cache
from studio.transcribe.text import simplify

Kind = Literal["refund", "replace", "delivery", "reply", "gift"]
RULES: tuple[tuple[str, Kind], ...] = (
    ("replace", "replace"),
    ("refund", "refund"),
    ("delivery", "delivery"),
    ("reply", "reply"),
    ("quality", "refund"),
    ("gift", "gift"),
)
"""(section of the rule file, kind), the most telling first."""

HOURS_OF_A_DAY = 24.0
_NEEDED = 0.97
# the patterns end at the marks of Chinese text, which NFKC makes narrow
_FULL_WIDTH = str.maketrans(",?!;", "，？！；")


@dataclass(frozen=True, slots=True)
class Promise:
    """within_hours is None where no limit was said."""

    kind: Kind
    within_hours: float | None


def find_promise(text: str) -> Promise | None:
    """The promise of one sentence; None in questions, refusals and reports of what was done."""
    if find_question(text) is not None:
        return None
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", simplify(text)).translate(_FULL_WIDTH))
    plain = _set_right(plain)
    for pattern in _patterns("silent"):
        plain = pattern.sub("□", plain)
    statement = "".join(clause for clause in re.findall(r"[^，。！？；]+[，。！？；]?", plain) if not _asks(clause))
    heard = by_sound(statement)
    for rule, kind in RULES:
        if any(pattern.search(statement) for pattern in _patterns(rule)):
            return Promise(kind, _within_hours(statement))
    for rule, kind in RULES:  # nothing as written
        if any(pattern.find(heard) for pattern in _by_ear(rule)):
            return Promise(kind, _within_hours(statement))
    return None


def _set_right(text: str) -> str:
    """The text with phrases written as they sound (一个配一个 → 一个赔一个)."""
    if not any(word in text for word in load_rules("promises")["misheard"]["context"]):
        return text
    sounds = sounds_of(text)
    for phrase, wanted in _sounding():
        for first in places_alike(sounds, wanted, _NEEDED):
            text = text[:first] + phrase + text[first + len(phrase) :]
    return text


def _asks(clause: str) -> bool:
    return clause.endswith(("？", "吗", "吗，", "吗。", "呢", "呢，", "呢。"))


def _within_hours(text: str) -> float | None:
    for pattern in _patterns("within"):
        match = pattern.search(text)
        if match is None:
            continue
        unit, said = next((name, value) for name, value in match.groupdict().items() if value)
        if unit == "half":
            return 0.5
        if unit == "today":
            return HOURS_OF_A_DAY
        number = upper_bound(said)
        if number is None:
            continue
        number += 0.5 if unit == "hours" and "半" in match[0] else 0.0
        return number * {"hours": 1.0, "minutes": 1 / 60, "days": HOURS_OF_A_DAY, "weeks": 7 * HOURS_OF_A_DAY}[unit]
    return None


@rule_cache
def _sounding() -> tuple[tuple[str, tuple[Sound, ...]], ...]:
    return tuple((phrase, sounds_of(phrase)) for phrase in load_rules("promises")["misheard"]["words"])


@rule_cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load_rules("promises")[kind]["patterns"])


@rule_cache
def _by_ear(kind: str) -> tuple[ByEar, ...]:
    return tuple(map(ByEar, load_rules("promises")[kind]["patterns"]))
