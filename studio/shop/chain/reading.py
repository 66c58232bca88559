"""One row of a 接龙 understood: who orders what, and what a person should look at before it becomes an order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.shop.chain.extras import Extras, Point, strip_marks, take_out
from studio.shop.chain.goods import FILLERS, WANTS, WEIGHTS, Draft, assign_quantities, find_goods
from studio.shop.chain.names import GENERIC_MEASURES, SURE, Meant, Names
from studio.shop.chain.paste import Understanding, plain
from studio.shop.chain.tokens import Token, tokens_of

MAX_QUANTITY = 999
MAX_LINES = 20
_MAX_NAME = 60
_HEADING_WORDS = re.compile(r"接龙|接单|预[订定]|报名|团购|拼团")
_NUMBER = re.compile(r"\d|[一二两三四五六七八九十]")
_NAME_EDGES = " ,，;；、/+&|·。.!！~:：-—_@=×"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One product of a row.

    issues: "similar", "ambiguous", "unknown", "assumed-one", "measure", "amount", "only-one".
    """

    sku: str | None
    written: str
    quantity: int
    confidence: float
    candidates: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """issues: "no-name", "no-goods", "cancelled", "extra-number", "many-lines", and those of Extras."""

    buyer: str
    lines: tuple[Wanted, ...]
    extras: Extras
    issues: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Nothing in it needs a person's decision."""
        settled = {"assumed-one", "similar", "only-one"}
        return (
            not self.issues
            and bool(self.lines)
            and all(line.sku and line.confidence >= SURE and not set(line.issues) - settled for line in self.lines)
        )


def read(text: str, names: Names, points: Sequence[Point]) -> Reading:
    """Understand one row without its number."""
    rest, extras = take_out(text, points, lambda inside: _names_goods(inside, names))
    tokens = tokens_of(rest, names)
    drafts, used = find_goods(tokens, names)
    issues = list(extras.issues)
    if not drafts:
        return _without_goods(rest, tokens, names, extras, issues)
    used |= assign_quantities(drafts, tokens, used, names)
    start = min(min(draft.first, draft.quantity.first if draft.quantity else draft.first) for draft in drafts)
    buyer = _name(rest[:start])
    if len(buyer) == 1 and drafts[0].quantity is None and len(drafts) > 1 and rest[start - 1] == buyer:
        issues.append("no-name")  # 小酸奶 is perhaps what somebody is called
    if not buyer and len(drafts) > 1 and drafts[0].quantity is None:
        # somebody who is called like a product
        buyer, drafts = _name(drafts[0].written), drafts[1:]
        issues.append("no-name")
    after = [token for token in tokens if token.first >= start and token.first not in used]
    if any(token.kind == "quantity" for token in after):
        issues.append("extra-number")
    words = [word for word in (strip_marks(word) for word in _stretches(rest, after)) if word and word not in FILLERS]
    if any(draft.quantity is None for draft in drafts) and any(map(_NUMBER.search, words)):
        issues.append("extra-number")  # 买二送一
    if not buyer and words:
        buyer, words = _name(words[0]), words[1:]
        issues.append("no-name")
    extras.notes += words
    if not buyer:
        issues.append("no-name")
    lines = [_line(draft, names) for draft in drafts]
    if len(lines) > MAX_LINES:
        issues.append("many-lines")
    return _reading(buyer, _merged(lines)[:MAX_LINES], extras, issues)


def understanding(names: Names, points: Sequence[Point]) -> Understanding:
    """What cutting a list asks, about these products and points."""
    return Understanding(
        orders=lambda text: orders(text, names, points),
        continues=lambda text: continues(text, names, points),
        names_one=lambda text: names_one(text, names),
        only_counts=lambda text: only_counts(text, names, points),
    )


def orders(text: str, names: Names, points: Sequence[Point]) -> bool:
    """Whether an unnumbered line is a row: somebody, and goods."""
    reading = read(text, names, points)
    return bool(reading.buyer) and any(line.sku for line in reading.lines) and not reading.extras.priced


def continues(text: str, names: Names, points: Sequence[Point]) -> bool:
    """Whether an unnumbered line holds goods and nothing before them."""
    reading = read(text, names, points)
    return (
        any(line.sku and line.confidence >= SURE for line in reading.lines)
        and (not reading.buyer or "no-name" in reading.issues)
        and bool(_NUMBER.search(text))
    )


def names_one(text: str, names: Names) -> str | None:
    """The product that a heading names (【鲜奶】, 鲜奶 15.9元/瓶), as it is written there, and nothing else."""
    rest, _extras = take_out(text, (), lambda _inside: True)
    written = names.written(rest)
    if len({meant.sku for meant in written}) != 1 or written[0].sku is None:
        return None
    first = written[0]
    others = rest[: first.first] + " " + rest[first.last :]
    unit = plain(names.products[written[0].sku].unit).lower()
    for known in (unit, *unit.split("/")):
        others = others.lower().replace(known, " ")
    return rest[first.first : first.last] if not re.search(r"\w", _HEADING_WORDS.sub("", others)) else None


def only_counts(text: str, names: Names, points: Sequence[Point]) -> bool:
    """Whether a row tells how many and not of what (张姐 +1), as below a heading that tells what."""
    rest, extras = take_out(text, points, lambda inside: _names_goods(inside, names))
    kinds = {token.kind for token in tokens_of(rest, names)}
    return "quantity" in kinds and "product" not in kinds and not extras.priced


def _names_goods(inside: str, names: Names) -> bool:
    tokens = tokens_of(inside, names)
    return any(token.kind == "product" for token in tokens) or (
        len(tokens) == 1 and tokens[0].kind == "quantity" and tokens[0].measure not in WEIGHTS
    )


def _line(draft: Draft, names: Names) -> Wanted:
    meant, issues = draft.meant, list(draft.issues)
    confidence = meant.confidence
    if "ambiguous" in issues:
        confidence = min(confidence, 0.5)
    if meant.sku is None:
        issues.append("ambiguous" if meant.candidates else "unknown")
    elif confidence < 1 and "ambiguous" not in issues:
        issues.append("similar")
    quantity = 1
    if draft.quantity is None:
        issues.append("assumed-one")
    else:
        quantity = draft.quantity.count or 1
        if draft.quantity.count is None or not 1 <= draft.quantity.count <= MAX_QUANTITY:
            quantity, issues = min(max(quantity, 1), MAX_QUANTITY), [*issues, "amount"]
        if not _counts(draft.quantity.measure, meant.sku, names):
            issues.append("measure")
    return Wanted(
        meant.sku, draft.written, quantity, round(confidence, 2), meant.candidates, tuple(dict.fromkeys(issues))
    )


def _counts(measure: str, sku: str | None, names: Names) -> bool:
    """Whether a number of `measure` is a number of units of sale."""
    if not measure or sku is None or measure in GENERIC_MEASURES:
        return True
    sold_by = names.products[sku].measure
    return not sold_by or measure in sold_by or sold_by in measure


def _without_goods(rest: str, tokens: list[Token], names: Names, extras: Extras, issues: list[str]) -> Reading:
    """A row that names nobody's goods: with one product on offer a number is enough."""
    quantity = next((token for token in reversed(tokens) if token.kind == "quantity"), None)
    only = next(iter(names.products)) if len(names.products) == 1 else None
    buyer = _name(rest[: quantity.first] if quantity else rest)
    if not quantity or not only:
        return _reading(buyer, [], extras, [*issues, "no-goods"] + ([] if buyer else ["no-name"]))
    draft = Draft(Meant(only, 0, 0, 1.0), "", 0, 0, quantity)
    line = _line(draft, names)
    return _reading(
        buyer, [replace(line, issues=(*line.issues, "only-one"))], extras, issues if buyer else [*issues, "no-name"]
    )


def _merged(lines: list[Wanted]) -> list[Wanted]:
    """One line a product: 鲜奶1 再加鲜奶1 is two."""
    out: list[Wanted] = []
    for line in lines:
        same = next((index for index, other in enumerate(out) if line.sku and other.sku == line.sku), None)
        if same is None:
            out.append(line)
        else:
            other = out[same]
            out[same] = replace(
                other,
                quantity=min(MAX_QUANTITY, other.quantity + line.quantity),
                confidence=min(other.confidence, line.confidence),
                issues=tuple(dict.fromkeys((*other.issues, *line.issues))),
            )
    return out


def _reading(buyer: str, lines: list[Wanted], extras: Extras, issues: list[str]) -> Reading:
    if extras.cancelled:
        issues = [*issues, "cancelled"]
    return Reading(buyer, tuple(lines), extras, tuple(dict.fromkeys(issues)))


def _name(text: str) -> str:
    text = WANTS.sub("", text.strip(_NAME_EDGES)).strip(_NAME_EDGES)
    return re.sub(r"\s*;\s*|\s+", " ", text).strip()[:_MAX_NAME]


def _stretches(text: str, tokens: list[Token]) -> list[str]:
    """The words left over, those that stand together in one."""
    out: list[str] = []
    last = -1
    for token in tokens:
        if token.kind in {"word", "room"}:
            if token.first == last:
                out[-1] += text[token.first : token.last]
            else:
                out.append(text[token.first : token.last])
            last = token.last
    return out
