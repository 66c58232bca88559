"""How characters are read, and which short words there are: the only module that imports pypinyin.

pypinyin's 47,000 phrases tell readings in context (银行, 行走) and take 44 MB; everything here compares characters one
by one, with all their readings where it matters. Of the phrases only the short ones are kept, as words.
"""

import os
import re
from functools import cache, lru_cache
from importlib import resources
from types import ModuleType

_KEY = re.compile(r'"(.{2,3})": \[')


def readings(char: str) -> tuple[str, ...]:
    """Every reading of one character, without tones, most common first; what has none is its own, in lower case."""
    module = _pypinyin()
    return tuple(module.pinyin(char, style=module.Style.NORMAL, heteronym=True, errors=str.lower)[0])


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """The most common reading of each character, without tones; what has none stays together as it is."""
    return tuple(_pypinyin().lazy_pinyin(text))


@cache
def short_words() -> frozenset[str]:
    """The words of two and three characters."""
    words: set[str] = set()
    with resources.files("pypinyin").joinpath("phrases_dict.json").open(encoding="utf-8") as file:
        for line in file:  # one key or one reading a line; parsed as JSON it would take 44 MB
            key = _KEY.fullmatch(line.strip())
            if key:
                words.add(key[1])
    return frozenset(words)


@cache
def _pypinyin() -> ModuleType:
    os.environ["PYPINYIN_NO_PHRASES"] = "true"
    os.environ["PYPINYIN_NO_DICT_COPY"] = "true"
    import pypinyin  # noqa: PLC0415 - read after the two above, and 13 MB that a server pays when it first compares

    return pypinyin
