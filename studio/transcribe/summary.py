"""The best of what was said about each product, ranked: for the product page, the report and clips.

A sentence ranks by what it tells (honesty before demonstration, origin, fact, price, introduction), by figures in it,
by a length that can be read at one glance, and by how surely it was heard. What must not be repeated is left out: a
claim that is not borne out, a price that is not the catalogue's.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from studio.transcribe.text import plain
from studio.transcribe.transcript import Transcript

MOST_OF_A_PRODUCT = 6
MOST_OF_A_KIND = 2
WEIGHTS = {"mark": 1.0, "honest": 1.0, "demo": 0.9, "trace": 0.9, "fact": 0.85, "price": 0.75, "intro": 0.5}

_SAME_PERCENT = 75
_READABLE = range(8, 37)
_FIGURE = re.compile(r"\d|[一二两三四五六七八九十百千]{1,4}(?:克|斤|毫升|升|度|天|小时|点|块|元|个月|年|米|成)")
_HANGING = re.compile(r"^(?:而且|所以|因为|然后|但是|不过|就是|还有|那|它|这个呢)")
_FIGURES_WORTH, _HANGING_COSTS, _LENGTH_COSTS = 0.2, 0.15, 0.25


def summarise(heard: Transcript) -> list[dict[str, Any]]:
    """`[{product, highlights: [{rank, score, seq, kind, start, end, text}]}]`, products in the order they came up.

    At most six of a product and two of a kind, never two that say the same, best first; score 0..1.
    """
    shunned = _shunned(heard)
    sure = {row["seq"]: row.get("confidence") for row in heard.segments}
    products: dict[str, list[dict[str, Any]]] = {}
    for row in heard.highlights:
        if row["product"] is not None and row["seq"] not in shunned:
            scored = {**row, "score": _score(row, sure.get(row["seq"]))}
            products.setdefault(row["product"], []).append(scored)
    return [{"product": product, "highlights": _best(rows)} for product, rows in products.items()]


def _shunned(heard: Transcript) -> set[int]:
    """Sentences that must not be repeated."""
    claimed = {row["seq"] for row in heard.claims if row["level"] == "red" or row["retracted"]}
    return claimed | {row["seq"] for row in heard.prices if row["price_fen"] != row["expected_fen"]}


def _score(row: Mapping[str, Any], confidence: float | None) -> float:
    text = str(row["text"])
    score = WEIGHTS.get(str(row["kind"]), min(WEIGHTS.values()))
    score += _FIGURES_WORTH if _FIGURE.search(text) else 0.0
    score -= 0.0 if len(plain(text)) in _READABLE else _LENGTH_COSTS
    score -= _HANGING_COSTS if _HANGING.match(text) else 0.0
    return round(
        max(0.0, score) / (1.0 + _FIGURES_WORTH) * (0.5 + 0.5 * (1.0 if confidence is None else confidence)), 3
    )


def _best(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: (-row["score"], row["start"])):
        of_kind = sum(other["kind"] == row["kind"] for other in kept)
        if of_kind == MOST_OF_A_KIND or any(_same(row["text"], other["text"]) for other in kept):
            continue
        kept.append(row)
        if len(kept) == MOST_OF_A_PRODUCT:
            break
    names = ("score", "seq", "kind", "start", "end", "text")
    return [{"rank": rank, **{name: row[name] for name in names}} for rank, row in enumerate(kept, start=1)]


def _same(one: str, other: str) -> bool:
    return fuzz.ratio(plain(one), plain(other)) >= _SAME_PERCENT
