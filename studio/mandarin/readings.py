"""How characters are read, and which short words there are: from pypinyin's data, without its code.

pypinyin itself keeps 11 MB for characters and 44 MB for phrases, which tell readings in context (银行, 行走);
everything here compares characters one by one, with all their readings where it matters. Its files hold one entry a
line, so that they are read by lines: parsed as JSON they would take what they take in pypinyin.
"""

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from unicodedata import normalize

_READ = re.compile(r'"(\d+)": "(.+)",?')
_WORD = re.compile(r'"(.{2,3})": \[')
_TONES = str.maketrans(dict.fromkeys("\u0304\u0301\u030c\u0300"))


def readings(char: str) -> tuple[str, ...]:
    """Every reading of one character, without tones, most common first; what has none is its own, in lower case."""
    return _readings(char) or (char.lower(),)


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """The most common reading of each character, without tones; what has none stays together as it is."""
    found: list[str] = []
    for is_read, run in groupby(text, lambda char: bool(_readings(char))):
        chars = list(run)
        found += [_readings(char)[0] for char in chars] if is_read else ["".join(chars)]
    return tuple(found)


@cache
def short_words() -> frozenset[str]:
    """The words of two and three characters."""
    return frozenset(word[1] for word in _entries("phrases_dict.json", _WORD))


@cache
def _readings(char: str) -> tuple[str, ...]:
    codes, said = _characters()
    place = bisect_left(codes, ord(char))
    if place == len(codes) or codes[place] != ord(char):
        return ()
    plain = normalize("NFC", normalize("NFD", said[place]).translate(_TONES)).replace("ü", "v")
    return tuple(dict.fromkeys(plain.split(",")))


@cache
def _characters() -> tuple["array[int]", list[str]]:
    """Code points in ascending order, and the readings of each."""
    codes: array[int] = array("I")
    said: list[str] = []
    for entry in _entries("pinyin_dict.json", _READ):
        codes.append(int(entry[1]))
        said.append(sys.intern(entry[2]))
    return codes, said


def _entries(file_name: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    package = find_spec("pypinyin")  # importlib.resources would import it
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin")
    with Path(package.origin).with_name(file_name).open(encoding="utf-8") as file:
        for line in file:
            entry = pattern.fullmatch(line.strip())
            if entry:
                yield entry
