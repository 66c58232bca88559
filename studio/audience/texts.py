"""What strangers typed, made safe to keep and to show: one line, no invisible marks, no markup, a limit."""

import re
import unicodedata
from html.parser import HTMLParser

from studio.masking import mask_text

_MARKS_IN_A_ROW = 2
_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_MENTION = re.compile(r"@\S+")
# joins the parts of an emoji (👨‍👩‍👧) and is harmless elsewhere
_JOINER = "\u200d"
_SILENT = ("script", "style", "template", "svg", "head", "title")


def clean(text: str, limit: int) -> str:
    """The text in one line of at most `limit` characters, the last one "…" where it was longer.

    Controls, direction overrides and lone surrogates are dropped, and of piled-up accents all but two.
    """
    chars: list[str] = []
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if kind in {"Zs", "Zl", "Zp"} or char in "\t\r\n\v\f":
            chars.append(" ")
        elif char == _JOINER or (kind not in {"Cc", "Cf", "Cs", "Co", "Cn"} and marks <= _MARKS_IN_A_ROW):
            chars.append(char)
    line = re.sub(r" +", " ", "".join(chars)).strip(" " + _JOINER)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def kept(text: str, limit: int) -> str:
    """The text as it is stored: clean, phone and identity numbers masked before anything is cut off."""
    return clean(mask_text(clean(text, len(text) + 1)), limit)


def without_links(text: str) -> str:
    """The text without addresses and without names that it calls (@小王): neither asks anything."""
    return _MENTION.sub(" ", _URL.sub(" ", text))


def text_of(html: str) -> str:
    """The words of a piece of HTML, entities decoded; a picture stands for its `alt` (emotes), scripts for nothing."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "img" and not self._silent:
            self.words.append(dict(attrs).get("alt") or "")
        elif tag in {"br", "p", "div"}:
            self.words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
