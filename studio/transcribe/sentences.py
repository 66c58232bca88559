"""Cuts what was decoded as one utterance into sentences with times of their own.

A host who hardly pauses fills an utterance with several sentences. Captions, highlights and
question-answer pairs need them apart.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from studio.mandarin.pinyin import is_word
from studio.transcribe.cues import find_cue
from studio.transcribe.questions import find_question
from studio.transcribe.text import plain, simplify, tidy

# a point or comma between digits is part of the number
_MARKS = re.compile(r"(?:[，。?？!！;；、]|(?<!\d)[.,]|[.,](?!\d))+")
# numbers and Latin words are not cut in two
_IN_WORD = re.compile(r"[\dA-Za-z.,%-]{2}")
_ENDINGS = tuple("，。？！、；：")
_FULL_STOP = tuple(".。?？!！;；")
# an utterance this short was ended by the host's own pause and holds one sentence
ONE_SENTENCE_S = 6.0
SENTENCE_S = 4.5
SHORTEST_S = 0.8
_SHORTEST_CHARS = 3
# how far the model's idea of a time may be from the breath it belongs to
_NEAR_MARK_S = 0.5
_NEAR_WORD_S = 0.35
_SAME_PLACE = 2


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tidy text, the model's own text, and media seconds."""

    text: str
    raw: str
    start: float
    end: float


def split(
    raw: str, words: Sequence[tuple[int, float]], start: float, end: float, breaths: Sequence[tuple[float, float]] = ()
) -> list[Sentence]:
    """Sentences of an utterance in order; together they cover it from `start` to `end`.

    Args:
        raw: what the model wrote.
        words: for each word how many characters of `raw` stand up to its end, and the media seconds at
            which it was said; without it time is shared out by characters.
        start: media seconds of the first voice.
        end: media seconds of the last voice.
        breaths: short pauses in between, from..to in media seconds. They are where clauses meet, also
            where the model wrote no punctuation.
    """
    said = dict(words) or {place: start + (end - start) * place / len(raw) for place in range(1, len(raw) + 1)}
    groups: list[Sentence] = []
    long = end - start > ONE_SENTENCE_S
    for clause in _clauses(raw, said, start, end, breaths):
        if not plain(clause.text):
            if groups:
                groups[-1] = replace(groups[-1], raw=groups[-1].raw + clause.raw)
        elif groups and not _begins_new(groups[-1], clause, long=long):
            groups[-1] = _join(groups[-1], clause)
        else:
            groups.append(clause)
    return groups


def _clauses(
    raw: str, said: Mapping[int, float], start: float, end: float, breaths: Sequence[tuple[float, float]]
) -> list[Sentence]:
    """Stretches between two breaths or two marks of punctuation."""
    cuts: dict[int, tuple[float, float]] = {}
    marks = {match.end(): _time_at(match.end(), said) for match in _MARKS.finditer(raw)}
    for breath in breaths:
        place = _nearest(breath[0], marks, _NEAR_MARK_S) or _nearest(breath[0], _word_ends(raw, said), _NEAR_WORD_S)
        if place is not None:
            cuts[place] = breath
    for place, at_s in marks.items():  # a mark without a breath near it: the time its word was said
        if all(abs(place - other) > _SAME_PLACE for other in cuts):
            cuts[place] = (at_s, at_s)
    clauses: list[Sentence] = []
    first, at = 0, start
    for place, (quiet, voice) in sorted(cuts.items()):
        if place >= len(raw):
            break
        until = min(end, max(at, quiet))
        clauses.append(Sentence(tidy(raw[first:place]), raw[first:place], at, until))
        first, at = place, min(end, max(until, voice))
    clauses.append(Sentence(tidy(raw[first:]), raw[first:], at, end))
    return clauses


def _time_at(place: int, said: Mapping[int, float]) -> float:
    """When the word that holds the character before `place` was said."""
    return said[min((other for other in said if other >= place), default=max(said))]


def _word_ends(raw: str, said: Mapping[int, float]) -> dict[int, float]:
    """Places between words where a breath may be; the model's own words are often single characters."""
    return {place: at_s for place, at_s in said.items() if not _parts_word(raw[place - 1 : place + 1])}


def _parts_word(around: str) -> bool:
    """Whether a cut between two characters would part a number, a Latin or a Chinese word."""
    return bool(_IN_WORD.match(around)) or is_word(simplify(around))


def _nearest(quiet: float, places: Mapping[int, float], within_s: float) -> int | None:
    near = [place for place, at_s in places.items() if abs(at_s - quiet) <= within_s]
    return min(near, key=lambda place: abs(places[place] - quiet), default=None)


def _begins_new(group: Sentence, clause: Sentence, *, long: bool) -> bool:
    if group.end - group.start < SHORTEST_S or len(plain(group.text)) < _SHORTEST_CHARS or _is_asker(group.text):
        return False
    if clause.end - clause.start < SHORTEST_S and len(plain(clause.text)) < _SHORTEST_CHARS:
        return False
    if group.raw.rstrip().endswith(_FULL_STOP) or find_question(clause.text) is not None:
        return True
    if not long:
        return False
    announced = find_cue("transition", clause.text)
    if announced is not None and announced[0] <= 2:  # noqa: PLR2004 - 好，接下来…
        return True
    asked = find_question(group.text)
    return (asked is not None and bool(asked.text)) or clause.end - group.start > SENTENCE_S


def _is_asker(text: str) -> bool:
    asked = find_question(text)
    return asked is not None and not asked.text


def _join(group: Sentence, clause: Sentence) -> Sentence:
    """One sentence of two clauses; where the model wrote no mark, the breath is a comma."""
    between = "" if group.text.endswith(_ENDINGS) else "，"
    return Sentence(tidy(group.text + between + clause.text), group.raw + clause.raw, group.start, clause.end)
