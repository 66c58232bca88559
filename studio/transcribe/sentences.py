"""Cuts what was decoded as one utterance into sentences with times of their own.

A host who hardly pauses fills an utterance with several sentences. Captions, highlights and
question-answer pairs need them apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from studio.transcribe.cues import find_cue
from studio.transcribe.qa import find_question
from studio.transcribe.text import plain, tidy

_CLAUSE = re.compile(r"[^,，.。?？!！;；、]*(?:[,，.。?？!！;；、]+|$)")
_FULL_STOP = tuple(".。?？!！;；")
# an utterance this short was ended by the host's own pause and holds one sentence
ONE_SENTENCE_S = 6.0
SENTENCE_S = 4.5
SHORTEST_S = 0.8
_SHORTEST_CHARS = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tidy text, the model's own text, and media seconds."""

    text: str
    raw: str
    start: float
    end: float


def split(raw: str, ends: Sequence[float], start: float, end: float) -> list[Sentence]:
    """Sentences of an utterance in order; together they cover it from `start` to `end`.

    Args:
        raw: what the model wrote.
        ends: media seconds at which each character of `raw` was said; without it time is shared out
            by characters.
        start: media seconds of the first voice.
        end: media seconds of the last voice.
    """
    if len(ends) != len(raw):
        ends = [start + (end - start) * (place + 1) / max(1, len(raw)) for place in range(len(raw))]
    groups: list[Sentence] = []
    at = start
    long = end - start > ONE_SENTENCE_S
    for match in _CLAUSE.finditer(raw):
        if not match[0]:
            continue
        until = min(end, max(at, ends[match.end() - 1]))
        clause = Sentence(tidy(match[0]), match[0], at, until)
        if groups and (not plain(clause.text) or not _begins_new(groups[-1], clause, long=long)):
            groups[-1] = _join(groups[-1], clause)
        elif plain(clause.text):
            groups.append(clause)
        at = until
    if groups:
        groups[-1] = Sentence(groups[-1].text, groups[-1].raw, groups[-1].start, end)
    return groups


def _begins_new(group: Sentence, clause: Sentence, *, long: bool) -> bool:
    if group.end - group.start < SHORTEST_S or len(plain(group.text)) < _SHORTEST_CHARS or _is_asker(group.text):
        return False
    if clause.end - clause.start < SHORTEST_S and len(plain(clause.text)) < _SHORTEST_CHARS:
        return False
    if group.raw.rstrip().endswith(_FULL_STOP):
        return True
    if find_question(clause.text) is not None:
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
    raw = group.raw + clause.raw
    return Sentence(tidy(raw), raw, group.start, clause.end)
