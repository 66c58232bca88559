"""A recording heard again, laid over what was heard live: matched by time and by text.

The recording's clock is not the show's: where it began is found from sentences that both heard alike. Then what
overlaps in time belongs together; where the sentences were cut differently, the new text is divided where the old one
was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

TELLING_LETTERS = 6
"""Shorter sentences are said often: they tell nothing about the time."""
ALIKE_PERCENT = 75.0
SAME_TEXT_PERCENT = 35.0
"""What overlaps in time and is less alike than this is not the same talk: the live text stays."""
AGREE_S = 2.0
_SAMPLE = 300
_OVERLAP_SHARE = 0.3
_MATCHES_NEEDED = 3
_SNAP = 3
_STOPS = "，。？！；、,.?!"


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence; seconds on its own clock."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Aligned:
    """texts: index of a live sentence → its text heard again; extra: what was not heard live, on the show's clock."""

    texts: dict[int, str]
    extra: tuple[Piece, ...]


def find_offset(live: Sequence[Piece], again: Sequence[Piece]) -> float | None:
    """Seconds to add to the recording's times to get the show's; None where too little was heard alike."""
    choices = {number: piece.text for number, piece in enumerate(again) if len(piece.text) >= TELLING_LETTERS}
    telling = sorted(live, key=lambda piece: -len(piece.text))[:_SAMPLE]
    found: list[float] = []
    for piece in telling:
        if len(piece.text) < TELLING_LETTERS or not choices:
            break
        best = process.extract(piece.text, choices, scorer=fuzz.ratio, score_cutoff=ALIKE_PERCENT, limit=2)
        if len(best) == 1 or (best and best[0][1] - best[1][1] > 10):  # noqa: PLR2004 - said once only
            found.append(piece.start - again[best[0][2]].start)
    found.sort()
    agreeing = max((_within(found, first) for first in range(len(found))), key=len, default=[])
    needed = min(_MATCHES_NEEDED, len(telling), len(choices))
    return round(median(agreeing), 2) if agreeing and len(agreeing) >= needed else None


def align(live: Sequence[Piece], again: Sequence[Piece], *, until_s: float) -> Aligned:
    """Give each live sentence its text of the recording.

    Args:
        live: as heard live, oldest first.
        again: as heard from the recording, on the show's clock, oldest first.
        until_s: the show's length; what the recording has before its start and after its end is left out.
    """
    texts: dict[int, str] = {}
    extra: list[Piece] = []
    for olds, news in _groups(live, again):
        if not olds:
            extra += [piece for piece in news if piece.end > 0 and piece.start < until_s]
            continue
        old, new = [live[index].text for index in olds], "".join(piece.text for piece in news)
        if news and fuzz.ratio("".join(old), new) >= SAME_TEXT_PERCENT:
            texts |= {index: text for index, text in zip(olds, _divide(old, new), strict=True) if text}
    return Aligned(texts, tuple(replace(piece, start=max(0.0, piece.start)) for piece in extra))


def _within(found: Sequence[float], first: int) -> list[float]:
    return [offset for offset in found[first:] if offset - found[first] <= AGREE_S]


def _groups(live: Sequence[Piece], again: Sequence[Piece]) -> Iterator[tuple[list[int], list[Piece]]]:
    """What overlaps in time, directly or through others; in order of time."""
    todo = [*((piece, index) for index, piece in enumerate(live)), *((piece, None) for piece in again)]
    todo.sort(key=lambda each: each[0].start)
    olds: list[int] = []
    news: list[Piece] = []
    reaches = Piece(0.0, 0.0, "")
    """Of the group's sentences the one that ends last."""
    for piece, index in todo:
        shorter = min(piece.end - piece.start, reaches.end - reaches.start)
        overlap = min(piece.end, reaches.end) - piece.start
        if (olds or news) and overlap < _OVERLAP_SHARE * max(0.1, shorter):
            yield olds, news
            olds, news = [], []
        if index is None:
            news.append(piece)
        else:
            olds.append(index)
        if len(olds) + len(news) == 1 or piece.end > reaches.end:
            reaches = piece
    if olds or news:
        yield olds, news


def _divide(old: Sequence[str], new: str) -> list[str]:
    """The new text, cut where the old one was."""
    cuts = [0]
    blocks = Levenshtein.opcodes("".join(old), new)
    place = 0
    for text in old[:-1]:
        place += len(text)
        block = next(block for block in blocks if block.src_start <= place <= block.src_end and block.src_end > 0)
        width = block.src_end - block.src_start
        share = (place - block.src_start) / width if width else 1.0
        at = block.dest_start + round(share * (block.dest_end - block.dest_start))
        cuts.append(max(cuts[-1], _snap(new, at)))
    cuts.append(len(new))
    return [new[first:last].lstrip(_STOPS).strip() for first, last in pairwise(cuts)]


def _snap(text: str, at: int) -> int:
    """The place after a stop nearby, else the place itself."""
    near = sorted(range(max(1, at - _SNAP), min(len(text), at + _SNAP) + 1), key=lambda place: abs(place - at))
    return next((place for place in near if text[place - 1] in _STOPS), at)
