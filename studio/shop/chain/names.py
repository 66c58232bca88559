"""Which product a word of a 接龙 row means: written out, cut short, or mistyped; and how sure that is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from studio.mandarin.pinyin import Sound, likeness, sounds_of
from studio.shop.chain.paste import plain

SURE = 0.85
"""From here on a row is ready to be imported; below it a person decides."""

_SHORTENED = 0.88
_HOMOPHONE = 0.9
_NEEDED = 0.72
_LONGEST_GUESS = 14
_CLOSE = 0.9
# 斤 and 克 count the goods themselves, these count anything
GENERIC_MEASURES = frozenset("份个件单组套")


@dataclass(frozen=True, slots=True)
class Offered:
    """A product of the list. measure: what one unit of sale is counted in (瓶), "" where its 规格 does not say."""

    sku: str
    name: str
    unit: str
    measure: str


@dataclass(frozen=True, slots=True)
class Meant:
    """One reading of a word. sku is None where several products fit equally well, or none does."""

    sku: str | None
    first: int
    last: int
    confidence: float
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    sku: str
    text: str
    sounds: tuple[Sound, ...]


@dataclass(slots=True)
class Names:
    """All names of all products on offer."""

    products: dict[str, Offered]
    _names: list[_Name]
    _written: dict[str, list[str]]
    _pattern: re.Pattern[str] | None
    _guesses: dict[str, Meant | None] = field(default_factory=dict[str, "Meant | None"])

    def written(self, text: str) -> list[Meant]:
        """Names that are written out, without overlap, the longest at each place."""
        if self._pattern is None:
            return []
        found: list[Meant] = []
        for match in self._pattern.finditer(text):
            skus = self._written[_key(match[0])]
            sku, confidence = (skus[0], 1.0) if len(skus) == 1 else (None, 0.5)
            found.append(Meant(sku, match.start(), match.end(), confidence, tuple(skus)))
        return found

    def guess(self, text: str) -> Meant | None:
        """The product that the end of `text` most likely means, None where nothing is near."""
        text = text[-_LONGEST_GUESS:]
        if text not in self._guesses:
            self._guesses[text] = self._guess(text)
        return self._guesses[text]

    def _guess(self, text: str) -> Meant | None:
        best: dict[str, tuple[float, float, int]] = {}
        sounds = sounds_of(text)
        for name in self._names:
            for weight, confidence, length in _readings(text, sounds, name):
                if weight > best.get(name.sku, (0.0,))[0]:
                    best[name.sku] = (weight, confidence, length)
        if not best:
            return None
        ranked = sorted(best.items(), key=lambda item: -item[1][0])
        sku, (weight, confidence, length) = ranked[0]
        first = len(text) - length
        rivals = [other for other, reading in ranked if reading[0] >= weight * _CLOSE]
        if len(rivals) > 1:
            return Meant(None, first, len(text), 0.5, tuple(rivals))
        return Meant(sku, first, len(text), confidence, tuple(other for other, _ in ranked[:4]))


def names_of(products: Iterable[tuple[str, str, Sequence[str], str]]) -> Names:
    """Names of products given as (sku, name, aliases, unit)."""
    offered: dict[str, Offered] = {}
    names: list[_Name] = []
    written: dict[str, list[str]] = {}
    for sku, name, aliases, unit in products:
        offered[sku] = Offered(sku, name, unit, measure_of(unit))
        for given in dict.fromkeys((name, *aliases)):
            text = plain(given).strip().lower()
            skus = written.setdefault(_key(text), [])
            if text and sku not in skus:
                skus.append(sku)
                names.append(_Name(sku, text, sounds_of(text)))
    written.pop("", None)
    longest_first = sorted({name.text for name in names}, key=len, reverse=True)
    pattern = re.compile("|".join(_spelt(text) for text in longest_first), re.IGNORECASE) if longest_first else None
    return Names(offered, names, written, pattern)


def measure_of(unit: str) -> str:
    """What 规格 counts in: 950毫升/瓶 → 瓶, 1斤装/份 → 份, 5斤 → 斤, 盒 → 盒."""
    last = plain(unit).rsplit("/", 1)[-1]
    return re.sub(r"[\d.\s约装一每]", "", last)[:4]


def _readings(text: str, sounds: tuple[Sound, ...], name: _Name) -> Iterable[tuple[float, float, int]]:
    """(weight, confidence, length) of every way in which the end of `text` may mean `name`."""
    whole = len(name.text)
    for length in range(max(2, whole - 2), min(len(text), whole + 1) + 1):
        end = text[-length:].lower()
        if end in name.text:
            yield length * _SHORTENED**2, _SHORTENED, length
            continue
        confidence = fuzz.ratio(end, name.text) / 100
        if length == whole:
            alike = likeness(sounds[-length:], name.sounds)
            confidence = max(confidence, _HOMOPHONE if alike > 0.99 else alike * 0.9)  # noqa: PLR2004 - rounding
        if confidence >= (_NEEDED if whole > 2 else SURE):  # noqa: PLR2004 - two syllables sound like many words
            yield length * confidence**2, min(confidence, _HOMOPHONE), length
    for length in range(2, min(len(text), whole - 3) + 1):
        if text[-length:].lower() in name.text:
            yield length * _SHORTENED**2, _SHORTENED, length


def _key(text: str) -> str:
    return re.sub(r"\s", "", text).lower()


def _spelt(text: str) -> str:
    spelt = r"\s*".join(re.escape(part) for part in text.split())
    before = r"(?<![a-z])" if text[0].isascii() and text[0].isalpha() else ""
    after = r"(?![a-z])" if text[-1].isascii() and text[-1].isalpha() else ""
    return before + spelt + after
