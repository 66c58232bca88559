"""What the host claims about food: by category, with negation, questions, quotations and corrections understood.

A claim is judged by words alone here; the server judges scarcity against the stock ledger and prices against real
sales. Source of the categories and of the list that must stay silent: rules/claims.toml.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from studio.mandarin.homophones import ByEar, by_sound
from studio.mandarin.numbers import parse_number
from studio.mandarin.pinyin import is_word, places_alike, sounds_of
from studio.transcribe.questions import find_question
from studio.transcribe.rules import load_rules, rule_cache
from studio.transcribe.text import simplify

Level = Literal["red", "amber"]
_Patterns = tuple[re.Pattern[str], ...]
CATEGORIES = (
    "absolute", "health", "special", "referral", "privacy", "evidence", "price", "scarcity", "disparagement",
    "alcohol", "child",
)  # fmt: skip
RETRACT_WITHIN_S = 25.0
"""A correction reaches back this far; further back nobody knows what it takes back."""

# a misheard term is looked for from this many syllables on, and must sound nearly the same
_FUZZY_FROM = 4
_NEEDED = 0.95
_CLAUSE = re.compile(r"[^，。！？；,!?;]+[？?]?")
_HIDDEN = "□"
_FULL_WIDTH = str.maketrans(",?!;", "，？！；")
# 今天过了就 没有这个价了
_DENIED_BEFORE_ONLY = ("scarcity", "price")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim in one sentence; count is the number said of a scarcity ("只剩12份")."""

    kind: str
    level: Level
    term: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class _Category:
    kind: str
    level: Level
    terms: tuple[str, ...]
    patterns: _Patterns
    sounding: tuple[ByEar, ...]
    """Of a red one."""


def find_claims(text: str) -> list[Claim]:
    """Claims of one sentence, at most one a category, in the order of CATEGORIES.

    A buyer's question is no claim, but a number that is read out in it was said all the same.
    """
    found = {claim.kind: claim for claim in _private(_normalise(text))}
    if find_question(text) is not None:
        return list(found.values())
    for clause in _clauses(text):
        for claim in _claims_of(clause):
            found.setdefault(claim.kind, claim)
    return [found[kind] for kind in CATEGORIES if kind in found]


def _private(text: str) -> Iterator[Claim]:
    """Of the whole sentence: a telephone number is said in groups, with pauses."""
    for category in _categories():
        place = _find(text, category) if category.kind == "privacy" else None
        if place is not None:
            yield Claim(category.kind, category.level, text[place[0] : place[1]], None)


def takes_back(text: str) -> bool:
    """Whether the sentence corrects what was said before it."""
    plain = _normalise(text)
    as_written, by_ear = _corrections()
    if any(pattern.search(plain) for pattern in as_written):
        return True
    heard = by_sound(plain)
    return any(one.find(heard) for one in by_ear)


def advice(kind: str) -> tuple[str, str]:
    """What to say instead, in Chinese and English."""
    rule = load_rules("claims")[kind]
    return rule["advice_zh"], rule["advice_en"]


def _clauses(text: str) -> Iterator[str]:
    for match in _CLAUSE.finditer(_normalise(text)):
        if not _holds(match[0], "question") and not _holds(match[0], "quotation"):
            yield match[0]


def _holds(clause: str, kind: str) -> bool:
    return any(word in clause for word in load_rules("claims")[kind]["words"])


def _claims_of(clause: str) -> Iterable[Claim]:
    shown = _hide_exempt(clause)
    for category in _categories():
        # 最后三十盒: what is exempt elsewhere is what scarcity is told by
        place = _find(clause if category.kind == "scarcity" else shown, category)
        if place is None:
            continue
        first, last, count = place
        denied_after = category.kind not in _DENIED_BEFORE_ONLY and _denied(clause[last:])
        if not denied_after and not _negated(clause[:first]):
            yield Claim(category.kind, category.level, clause[first:last], count)


def _find(clause: str, category: _Category) -> tuple[int, int, int | None] | None:
    """Place (first, last exclusive) and number of the first thing of a category, exact before misheard."""
    for term in category.terms:
        first = clause.find(term)
        if first >= 0:
            return first, first + len(term), None
    for pattern in category.patterns:
        match = pattern.search(clause)
        if match:
            number = parse_number(match["count"]) if "count" in pattern.groupindex else None
            return match.start(), match.end(), None if number is None else int(number)
    return _find_misheard(clause, category) if category.level == "red" else None


def _find_misheard(clause: str, category: _Category) -> tuple[int, int, int | None] | None:
    heard = by_sound(clause)
    for pattern in category.sounding:
        place = pattern.find(heard)
        if place is not None:
            return *place, None
    sounds = sounds_of(clause)
    for term, wanted in _sounding(category.kind):
        for first in places_alike(sounds, wanted, _NEEDED):
            heard = clause[first : first + len(term)]
            if _HIDDEN not in heard and not _ordinary(heard, term):
                return first, first + len(term), None
    return None


def _ordinary(heard: str, term: str) -> bool:
    """Whether what differs from the term are words that a host may well have meant (全果最好 is none, 权威 is)."""
    differing = [place for place in range(len(term)) if heard[place] != term[place]]
    first, last = differing[0], differing[-1] + 1
    return last - first > 1 and is_word(heard[first:last])


def _denied(after: str) -> bool:
    return any(re.search(pattern, after) for pattern in load_rules("claims")["negation"]["after"])


def _negated(before: str) -> bool:
    rules = load_rules("claims")["negation"]
    light = re.escape(rules["light"])
    words = "|".join(map(re.escape, sorted(rules["words"], key=len, reverse=True)))
    found = re.search(rf"(?:{words})[{light}]{{0,6}}$", before)
    if found is None:
        return False
    return not any(before.find(word, max(0, found.start() - len(word) + 1)) >= 0 for word in rules["double"])


def _hide_exempt(clause: str) -> str:
    as_written, by_ear = _exempt()
    for pattern in as_written:
        clause = pattern.sub(lambda match: _HIDDEN * len(match[0]), clause)
    for pattern in by_ear:
        clause = pattern.hide(clause, _HIDDEN)
    return clause


def _normalise(text: str) -> str:
    # NFKC makes the marks of Chinese text narrow, at which the patterns end
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", simplify(text))).translate(_FULL_WIDTH)
    return re.sub(r"第1(?!\d)", "第一", plain)


@rule_cache
def _categories() -> tuple[_Category, ...]:
    rules = load_rules("claims")
    return tuple(_category(kind, rules[kind]) for kind in CATEGORIES if rules[kind]["level"] != "off")


def _category(kind: str, rule: dict[str, Any]) -> _Category:
    terms = tuple(sorted(rule.get("terms", ()), key=len, reverse=True))
    patterns: list[str] = rule.get("patterns", [])
    by_ear = [*map(re.escape, terms), *patterns] if rule["level"] == "red" else []
    return _Category(
        kind,
        rule["level"],
        terms,
        tuple(re.compile(pattern) for pattern in patterns),
        tuple(map(ByEar, by_ear)),
    )


@rule_cache
def _sounding(kind: str) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    terms: list[str] = load_rules("claims")[kind].get("terms", [])
    return tuple((term, sounds_of(term)) for term in terms if len(term) >= _FUZZY_FROM)


@rule_cache
def _corrections() -> tuple[_Patterns, tuple[ByEar, ...]]:
    return _both_ways("correction")


@rule_cache
def _exempt() -> tuple[_Patterns, tuple[ByEar, ...]]:
    return _both_ways("exempt")


def _both_ways(section: str) -> tuple[_Patterns, tuple[ByEar, ...]]:
    """Words and patterns of a section, as written and by ear."""
    rules = load_rules("claims")[section]
    words: list[str] = rules["words"]
    patterns: list[str] = rules["patterns"]
    by_ear = [*map(re.escape, words), *patterns]
    return (
        tuple(map(re.compile, by_ear)),
        tuple(map(ByEar, by_ear)),
    )
