"""Text with one character for each syllable, so that a pattern finds what was written by another character.

Whisper writes 全国最号 for 全国最好: a pattern that was put through `by_sound` finds it in a text that was, too. Tones
are lost, what speakers merge (z/zh, n/l) is not: 自己最爱 would sound like 治疾…. Length is kept, and everything that
is no Chinese character.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from studio.mandarin.pinyin import Syllable, sounds_of

_HANZI = re.compile(r"[\u3400-\u9fff]")
_FIRST = 0x4E00
_SURE, _SURE_WITH_GAPS = 4, 6
# in the range of Chinese characters, so that [\u4e00-\u9fff] in a pattern still matches
_syllables: dict[Syllable, str] = {}


def by_sound(text: str) -> str:
    """The text, or a regular expression, with every Chinese character as the one that stands for its syllable."""
    return _HANZI.sub(lambda match: _syllable(match[0]), text)


@lru_cache(maxsize=1 << 13)
def _syllable(char: str) -> str:
    return _syllables.setdefault(sounds_of(char)[0][0], chr(_FIRST + len(_syllables)))


class ByEar:
    """A regular expression that is looked for by sound, in texts that went through `by_sound`.

    What it finds counts from four characters on, six where it has gaps: fewer sound alike by chance (优级 and 有机).
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(by_sound(pattern))
        self._sure_from = _SURE_WITH_GAPS if "[^" in pattern else _SURE

    def find(self, heard: str) -> tuple[int, int] | None:
        """Place (first, last exclusive) of the first thing it finds."""
        return next(self._places(heard), None)

    def hide(self, text: str, mask: str) -> str:
        """The text with all it finds behind a mask character; its length is kept."""
        for first, last in self._places(by_sound(text)):
            text = text[:first] + mask * (last - first) + text[last:]
        return text

    def _places(self, heard: str) -> Iterator[tuple[int, int]]:
        for match in self._pattern.finditer(heard):
            if match.end() - match.start() >= self._sure_from:
                yield match.span()
