"""A pasted 接龙 cut into numbered rows: what is heading, offer, row, second line of a row, or an older copy."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

MAX_CHARS = 60_000
MAX_ROWS = 400
MAX_ROW_CHARS = 300

_KEYCAPS = re.compile("(?:[0-9]\ufe0f?\u20e3\ufe0f?)+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]")
_STRUCK = re.compile("[\u0335-\u0338]")
_NUMBERED = re.compile(r"[\s#]*\(?(?:第|no\.?)?\s*(\d{1,3})\s*(?:[、):。,]|\.(?!\d))\s*", re.IGNORECASE)
# a number that only its place in the sequence tells from a house number
_PERHAPS_NUMBERED = re.compile(r"\s*(\d{1,3})(?!\d)\s*(?![.\-/#~]|单元|[栋幢号楼室层座弄月日点瓶盒袋份个斤箱桶包件])")
_HEADING = re.compile(r"^\s*#?\s*接龙")
_PRICED = re.compile(r"[¥￥]\s*\d|\d\s*(?:元|块钱|块\s*/|块一)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list: its line in the paste, the number it bears, and its text without that number."""

    line: int
    number: int | None
    text: str
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that is no row. why: "offer", "heading", "older-copy", "too-many"."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """What cutting asks about a line's text.

    orders: whether an unnumbered one names somebody who orders something.
    continues: whether an unnumbered one starts with a product, as the second line of a row does.
    names_one: the product that a heading names, None where it names none or something besides.
    only_counts: whether a row tells how many, and not of what.
    """

    orders: Callable[[str], bool]
    continues: Callable[[str], bool]
    names_one: Callable[[str], str | None]
    only_counts: Callable[[str], bool]


def cut(text: str, ask: Understanding) -> tuple[list[Row], list[Aside]]:
    """Rows in order of place, and the lines left aside; what a heading names is written behind the rows below it.

    `text`: as it was pasted; beyond MAX_CHARS it is not read.
    """
    lines = [_plain(line, number) for number, line in enumerate(text[:MAX_CHARS].splitlines(), start=1)]
    numbered = _number(lines)
    rows: list[Row] = []
    asides: list[Aside] = []
    if any(row.number is not None for row in numbered):
        previous_line = 0
        goods = ""
        for row in numbered:
            if not row.text:
                continue
            named = ask.names_one(row.text) if row.number is None else None
            if row.number is None and (named or _HEADING.match(row.text)):
                goods = named or ""
                asides.append(Aside(row.line, row.text, "heading"))
                continue
            if row.number is not None:
                counted = goods and ask.only_counts(row.text)
                rows.append(replace(row, text=f"{row.text} {goods}"[:MAX_ROW_CHARS]) if counted else row)
            elif rows and previous_line == row.line - 1 and ask.continues(row.text):
                rows[-1] = replace(rows[-1], text=f"{rows[-1].text} {row.text}"[:MAX_ROW_CHARS])
            else:
                asides.append(Aside(row.line, row.text, "heading"))
                continue
            previous_line = row.line
        rows = _without_offers_and_copies(rows, asides)
    else:
        for row in numbered:
            if row.text and ask.orders(row.text):
                rows.append(row)
            elif row.text:
                asides.append(Aside(row.line, row.text, "heading"))
    asides += [Aside(row.line, row.text, "too-many") for row in rows[MAX_ROWS:]]
    return rows[:MAX_ROWS], sorted(asides, key=lambda aside: aside.line)


def plain(text: str) -> str:
    """One line with halfwidth digits and letters, circled numbers spelt out, nothing invisible in it."""
    text = _KEYCAPS.sub(_keycap, text.replace("🔟", "1\u20e30\u20e3").replace("➕", "+"))
    text = "".join(_circled(char) for char in _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", " ", "".join(" " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in text))


def _keycap(match: re.Match[str]) -> str:
    """A row's number in front, else only figures."""
    number = re.sub(r"\D", "", match[0])
    return number if match.string[: match.start()].strip() else f"{number}. "


def _plain(line: str, number: int) -> Row:
    line = line[: MAX_ROW_CHARS * 2]
    struck = len(_STRUCK.findall(line)) > 1 or bool(re.search(r"~~.+~~", line))
    return Row(number, None, plain(_STRUCK.sub("", line))[:MAX_ROW_CHARS].strip(" ~"), struck)


def _circled(char: str) -> str:
    """① and its many relatives as "1.": what NFKC makes of them runs into the name behind."""
    if unicodedata.decomposition(char).startswith("<circle>") or "\u2776" <= char <= "\u2793":
        value = unicodedata.numeric(char, -1)
        if value > 0:
            return f"{int(value)}. "
    return char


def _number(lines: Sequence[Row]) -> list[Row]:
    """Rows with their numbers taken off; several that were pasted as one line are parted."""
    out: list[Row] = []
    last = 0
    for row in _parted(lines):
        match = _NUMBERED.match(row.text) if not _HEADING.match(row.text) else None
        if match is None:
            match = _PERHAPS_NUMBERED.match(row.text)
            if match is not None and int(match[1]) != last + 1:
                match = None
        if match is None:
            out.append(row)
        else:
            last = int(match[1])
            out.append(replace(row, number=last, text=row.text[match.end() :].strip()))
    return out


def _parted(lines: Sequence[Row]) -> Iterable[Row]:
    """A list whose line breaks were lost: parted before 2. and 3. and so on, when at least two follow in order."""
    for row in lines:
        starts: list[int] = []
        for match in re.finditer(r"(?<=\s)(\d{1,3})(?:[、)]|\.(?!\d))", row.text):
            first = _NUMBERED.match(row.text)
            begun = int(first[1]) if first else 0
            if int(match[1]) == begun + len(starts) + 1:
                starts.append(match.start())
        if len(starts) < 2:  # noqa: PLR2004 - one alone may be a quantity
            yield row
            continue
        for first, last in zip([0, *starts], [*starts, len(row.text)], strict=True):
            if row.text[first:last].strip():
                yield replace(row, text=row.text[first:last].strip())


def _without_offers_and_copies(rows: list[Row], asides: list[Aside]) -> list[Row]:
    """The rows of all lists but those that number the goods on offer, or that a later copy holds whole."""
    lists: list[list[Row]] = []
    for row in rows:
        if not lists or (row.number or 0) <= (lists[-1][-1].number or 0):
            lists.append([])
        lists[-1].append(row)
    kept: list[Row] = []
    for index, rows_of_list in enumerate(lists):
        later = {row.text for other in lists[index + 1 :] for row in other}
        priced = sum(bool(_PRICED.search(row.text)) for row in rows_of_list)
        if later and all(row.text in later for row in rows_of_list):
            asides += [Aside(row.line, row.text, "older-copy") for row in rows_of_list]
        elif later and priced * 2 >= len(rows_of_list):
            asides += [Aside(row.line, row.text, "offer") for row in rows_of_list]
        else:
            kept += rows_of_list
    return kept
