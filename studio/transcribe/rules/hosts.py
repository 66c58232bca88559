"""A host's own rule file: read, checked against ours, merged over ours."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, cast

from studio.errors import RulesError

MAX_FILE_BYTES = 256 * 1024
MAX_ENTRIES = 500
MAX_TEXT = 1000
LEVELS = ("red", "amber", "off")
"""Of a category of claims; off: the host does not want to hear of it."""

_LISTS = ("terms", "patterns", "words")
_TEXTS = ("level", "source", "advice_zh", "advice_en")
_SPOKEN = ("say", "known")
_FIGURES = {"known": ("known",)}
"""What may stand in braces in a sentence for the host to read out."""


def check_file(path: Path, ours: Mapping[str, Any]) -> dict[str, Any]:
    """The decoded file.

    Raises:
        RulesError: unreadable, no TOML, or something that ours does not know; naming file, line and key.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise RulesError(f"规则文件 {path} 超过 256 KB", f"rule file {path} is larger than 256 KB", file=path.name)
        text = path.read_text("utf-8-sig")
        document: dict[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise RulesError(
            f"规则文件 {path} 读不懂：{error}",
            f"cannot read rule file {path}: {error}",
            file=path.name,
            **({"line": int(line[1])} if line else {}),
        ) from error
    _Checker(path, text).check(document, ours)
    return document


def merge(ours: Mapping[str, Any], hosts: Mapping[str, Any]) -> dict[str, Any]:
    """Ours with a checked file's changes."""
    merged: dict[str, Any] = dict(ours)
    for key, value in hosts.items():
        mine = ours.get(key)
        if isinstance(value, dict):
            merged[key] = _merge_section(cast("dict[str, Any]", mine or {}), cast("dict[str, Any]", value))
        elif isinstance(value, list) and key != "drop":
            merged[key] = _joined(cast("list[str]", mine or []), cast("list[str]", value))
        elif key != "drop":
            merged[key] = value
    return _without(merged, hosts.get("drop", ()))


def _merge_section(mine: Mapping[str, Any], hosts: Mapping[str, Any]) -> dict[str, Any]:
    if any(isinstance(value, str) for value in hosts.get("drop", ())):
        mine = _without(mine, hosts["drop"])
    merged = dict(mine)
    for key, value in hosts.items():
        if key == "drop":
            continue
        if isinstance(value, list):
            merged[key] = _joined(cast("list[str]", mine.get(key, [])), cast("list[str]", value))
        elif isinstance(value, dict):
            merged[key] = {**cast("dict[str, Any]", mine.get(key, {})), **cast("dict[str, Any]", value)}
        else:
            merged[key] = value
    return merged


def _without(rules: Mapping[str, Any], dropped: Any) -> dict[str, Any]:
    gone = set(dropped)
    return {
        key: [entry for entry in cast("list[Any]", value) if entry not in gone] if isinstance(value, list) else value
        for key, value in rules.items()
    }


def _joined(mine: list[str], hosts: list[str]) -> list[str]:
    return list(dict.fromkeys([*mine, *hosts]))


class _Checker:
    """Checks one decoded file; knows where in its text a key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()

    def check(self, document: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
        """Whether ours knows every key, and every value is of its kind."""
        for key, value in document.items():
            if isinstance(value, dict):
                if not isinstance(ours.get(key), dict):
                    self._refuse_unknown("", key, [name for name, mine in ours.items() if isinstance(mine, dict)])
                self._check_section(key, cast("dict[str, Any]", value), cast("dict[str, Any]", ours[key]))
            elif key == "drop":
                self._check_drop("", value, ours)
            elif not isinstance(ours.get(key), list):
                self._refuse_unknown("", key, [*ours, "drop"])
            else:
                self._check_list("", key, value)

    def _check_section(self, section: str, hosts: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
        known = {*ours, "drop"} | ({"terms", "patterns"} if "level" in ours else set[str]())
        known |= {"patterns", "words"} if known & {"patterns", "words"} and "level" not in ours else set[str]()
        for key, value in hosts.items():
            if key not in known:
                self._refuse_unknown(section, key, sorted(known))
            mine = ours.get(key)
            if key == "drop":
                self._check_drop(section, value, ours)
            elif key in _TEXTS or isinstance(mine, str):
                self._check_text(section, key, value)
            elif isinstance(mine, dict):
                self._check_table(section, key, value)
            elif isinstance(mine, int):
                self._check_number(section, key, value)
            else:
                self._check_list(section, key, value)

    def _check_text(self, section: str, key: str, value: object) -> None:
        if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT:
            self._refuse(section, key, "应为引号里的文字", "should be a text in quotes")
        if key in _SPOKEN:
            self._check_spoken(section, key, str(value))
        if key == "level" and value not in LEVELS:
            self._refuse(section, key, f"应为 {'、'.join(LEVELS)} 之一", f"should be one of {', '.join(LEVELS)}")

    def _check_spoken(self, section: str, key: str, value: str) -> None:
        try:
            value.format(**dict.fromkeys(_FIGURES.get(key, ()), "1"))
        except (KeyError, ValueError, IndexError):
            figures = "、".join(f"{{{name}}}" for name in _FIGURES.get(key, ()))
            self._refuse(
                section,
                key,
                f"花括号里只能写 {figures}" if figures else "不能用花括号",
                f"only {figures} may stand in braces" if figures else "no braces here",
            )

    def _check_number(self, section: str, key: str, value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._refuse(section, key, "应为不小于 0 的整数", "should be a whole number, not below 0")

    def _check_table(self, section: str, key: str, value: object) -> None:
        if not isinstance(value, dict):
            self._refuse(section, key, "应为键值表", "should be a table")
        for name, entries in cast("dict[str, object]", value).items():
            self._check_list(f"{section}.{key}", name, entries)

    def _check_list(self, section: str, key: str, value: object) -> None:
        entries = cast("list[object]", value) if isinstance(value, list) else None
        if entries is None or len(entries) > MAX_ENTRIES:
            self._refuse(section, key, f"应为列表，最多 {MAX_ENTRIES} 项", f"should be a list of at most {MAX_ENTRIES}")
        for entry in entries or []:
            if not isinstance(entry, str) or not entry.strip() or len(entry) > MAX_TEXT:
                self._refuse(section, key, "每一项应为引号里的文字", "every entry should be a text in quotes", entry)
            elif key == "patterns":
                self._check_pattern(section, key, entry)

    def _check_pattern(self, section: str, key: str, pattern: str) -> None:
        try:
            found = re.compile(pattern)
        except re.error as error:
            self._refuse(
                section,
                key,
                f"正则表达式 “{pattern}” 不对：{error}",
                f"the regular expression '{pattern}' is wrong: {error}",
                pattern,
            )
        if found.match(""):
            self._refuse(section, key, f"“{pattern}” 什么都匹配", f"'{pattern}' matches anything", pattern)

    def _check_drop(self, section: str, value: object, ours: Mapping[str, Any]) -> None:
        self._check_list(section, "drop", value)
        known = [entry for mine in ours.values() if isinstance(mine, list) for entry in cast("list[str]", mine)]
        for entry in cast("list[str]", value):
            if entry not in known:
                near = difflib.get_close_matches(entry, known, n=1)
                self._refuse(
                    section,
                    "drop",
                    f"内置规则里没有 “{entry}”" + (f"，是不是想写 “{near[0]}”？" if near else ""),
                    f"our rules hold no '{entry}'" + (f", did you mean '{near[0]}'?" if near else ""),
                    entry,
                )

    def _refuse_unknown(self, section: str, key: str, known: list[str]) -> NoReturn:
        near = difflib.get_close_matches(key, known, n=1)
        hint_zh = f"，是不是想写 “{near[0]}”？" if near else f"，可用的有 {'、'.join(known)}"
        hint_en = f", did you mean '{near[0]}'?" if near else f"; there are {', '.join(known)}"
        self._refuse(section, key, f"不认识{hint_zh}", f"is unknown{hint_en}")

    def _refuse(self, section: str, key: str, zh: str, en: str, entry: object = None) -> NoReturn:
        """Raises RulesError at the line of a key, or of an entry of its list."""
        line = self._line_of(section, key, entry)
        name = f"{section}.{key}" if section else key
        raise RulesError(
            f"{self._path} 第 {line} 行，{name}：{zh}",
            f"{self._path} line {line}, {name}: {en}",
            file=self._path.name,
            line=line,
            key=name,
        )

    def _line_of(self, section: str, key: str, entry: object) -> int:
        """The line of a section's key, or of an entry behind it; 1 where the file is written in an unusual way."""
        header = re.compile(rf"\s*\[\s*{re.escape(section)}\s*\]")
        assigned = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=|\s*\[\s*{re.escape(key)}\s*\]")
        inside = not section
        found = 0
        for number, line in enumerate(self._lines, start=1):
            inside = inside or bool(header.match(line))
            if not found and inside and assigned.match(line):
                found = number
            if found and (entry is None or str(entry) in line or str(entry).replace("\\", "\\\\") in line):
                return number
        return found or 1
