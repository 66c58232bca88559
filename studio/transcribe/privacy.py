"""Telephone and identity numbers and addresses that were said: masked wherever the sentence goes."""

import re

from studio.masking import mask_text
from studio.transcribe.rules import load_rules, rule_cache

_FIGURES = re.compile(r"[\dXx零〇一二三四五六七八九十百幺]")
# the beginning of a number that is still being said
_BEGUN = re.compile(r"(?:1[3-9]|[一幺][三四五六七八九])[\d零〇一二三四五六七八九幺]{2,}$|\d{8,}$")


def mask_said(text: str, *, partial: bool = False) -> str:
    """The text with the figures of numbers and addresses as *; of a partial text those of a number begun at its end."""
    masked = mask_text(text)
    for pattern in _patterns():
        masked = pattern.sub(_starred, masked)
    return _BEGUN.sub(_starred, masked) if partial else masked


def _starred(match: re.Match[str]) -> str:
    return _FIGURES.sub("*", match[0])


@rule_cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in load_rules("claims")["privacy"]["patterns"])
