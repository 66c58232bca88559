"""What a sentence does, by the words of `rules/cues.toml`, heard right or nearly right."""

import re
from dataclasses import dataclass

from studio.mandarin.pinyin import Sound, places_alike, sounds_of
from studio.transcribe.rules import load_rules, rule_cache

# below three syllables ordinary words sound like cues; at three the sounds must be nearly the same
_FUZZY_FROM = 3
_NEEDED = 0.93


@dataclass(frozen=True, slots=True)
class _Cue:
    words: tuple[tuple[str, tuple[Sound, ...]], ...]
    pattern: re.Pattern[str] | None


@rule_cache
def _cue(kind: str) -> _Cue:
    rule = load_rules("cues")[kind]
    patterns = rule.get("patterns", [])
    return _Cue(
        tuple((word, sounds_of(word)) for word in rule.get("words", [])),
        re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None,
    )


def find_cue(kind: str, text: str) -> tuple[int, int] | None:
    """Place (first, last exclusive) of the first cue of a kind in a text, None where there is none."""
    cue = _cue(kind)
    places: list[tuple[int, int]] = []
    if cue.pattern and (match := cue.pattern.search(text)):
        places.append(match.span())
    sounds = sounds_of(text)
    for word, wanted in cue.words:
        first = text.find(word)
        if first >= 0:
            places.append((first, first + len(word)))
        elif len(word) >= _FUZZY_FROM:
            places += _sounds_alike(sounds, wanted)
    return min(places, default=None)


def has_cue(kind: str, text: str) -> bool:
    """Whether a text holds a cue of a kind."""
    return find_cue(kind, text) is not None


def _sounds_alike(sounds: tuple[Sound, ...], wanted: tuple[Sound, ...]) -> list[tuple[int, int]]:
    first = next(places_alike(sounds, wanted, _NEEDED), None)
    return [] if first is None else [(first, first + len(wanted))]
