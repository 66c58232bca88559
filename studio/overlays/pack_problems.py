"""What is wrong with a pack.toml, said in Chinese and in English: each answer is (zh, en)."""

import json
import re
from datetime import date, time
from tomllib import TOMLDecodeError
from typing import Any, cast

from pydantic import ValidationError

_LONGEST_QUOTE = 40
_LARGEST = 2**64
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_TWICE = "同一个名字写了两次"
_REASONS = {
    "Invalid value": '值读不懂，文字要放在英文引号 "" 里',
    "Unterminated string": "引号没有合上",
    "Illegal character": "这里不能有这个字符，可能是引号没有合上",
    "Expected newline": "一行只能写一项",
    "Expected '='": "名字后面要有 =",
    "Expected ']": "方括号没有合上",
    "Unclosed array": "方括号没有合上，或者少了逗号",
    "Unclosed inline table": "花括号没有合上，或者少了逗号",
    "Invalid statement": "名字只能用英文字母、数字、- 和 _",
    "Invalid initial character": "名字只能用英文字母、数字、- 和 _",
    "Unescaped '\\'": r"引号里的 \ 要写成 \\",
    "Cannot overwrite": _TWICE,
    "Cannot declare": _TWICE,
    "Duplicate": _TWICE,
}
"""How tomllib's reasons begin, and what they mean; it tells them in English only."""

_PATTERNS = {
    "entry": (
        "应是文件夹里一个 .html 文件的名字，只用英文字母、数字、- 和 _",
        "should be the name of an .html file in the folder, of letters, digits, - and _",
    ),
    "orientations": ("应是 portrait（竖屏）或 landscape（横屏）", "should be portrait or landscape"),
}


def told(error: Exception) -> tuple[str, str]:
    """Why reading the file ended in this error."""
    match error:
        case ValidationError():
            return _wrong_key(error)
        case TOMLDecodeError():
            return _wrong_syntax(error)
        case UnicodeDecodeError():
            return "pack.toml 应存为 UTF-8", "pack.toml should be saved as UTF-8"
        case OSError():
            return f"pack.toml 打不开：{error}", f"cannot open pack.toml: {error}"
        case _:  # a number of thousands of digits, or nested too deeply
            return "pack.toml 里有读不了的值", "pack.toml holds a value that cannot be read"


def _wrong_syntax(error: TOMLDecodeError) -> tuple[str, str]:
    """Where the file stops being TOML, and why."""
    text = str(error)
    place = _PLACE.search(text)
    reason = text[: place.start()] if place else text
    zh_reason = next((f"：{zh}" for start, zh in _REASONS.items() if reason.startswith(start)), "")
    if place and place[1]:
        zh, en = f"第 {place[1]} 行第 {place[2]} 列", f"at line {place[1]}, column {place[2]}"
    else:
        zh, en = "末尾", "at its end"
    return f"pack.toml {zh}写得不对{zh_reason}", f"pack.toml is wrong {en}: {reason}"


def _wrong_key(error: ValidationError) -> tuple[str, str]:
    """The first key that is not as it should be: what was expected, and what stands there."""
    first = error.errors()[0]
    key, *rest = (str(part)[:60] for part in first["loc"])
    if first["type"] == "missing":
        return f"pack.toml 缺少 {key}", f"pack.toml lacks {key}"
    if first["type"] == "extra_forbidden":
        return f"pack.toml 里不认识 {key}", f"pack.toml has an unknown key {key}"
    zh_key, en_key = f"{key} ", key
    if rest:
        number = int(rest[0]) + 1
        zh_key, en_key = f"{key} 的第 {number} 项", f"item {number} of {key}"
    zh, en = _expected(first["type"], key, first.get("ctx", {}))
    zh_found, en_found = _found(first["input"])
    return f"pack.toml 的 {zh_key}{zh}，现在是{zh_found}", f"{en_key} in pack.toml {en}, it is {en_found}"


def _expected(kind: str, key: str, context: dict[str, Any]) -> tuple[str, str]:
    most = context.get("max_length")
    return {
        "string_type": ('应是文字，放在英文引号 "" 里', "should be text in quotes"),
        "tuple_type": ('应是一组文字，写成 ["…", "…"]', 'should be a list of texts, written ["…", "…"]'),
        "string_too_short": ("不能空着", "should not be empty"),
        "string_too_long": (f"最多 {most} 个字", f"should have at most {most} characters"),
        "too_long": (f"最多 {most} 项", f"should have at most {most} items"),
        "string_pattern_mismatch": _PATTERNS.get(key),
    }.get(kind) or ("不对", "is wrong")


def _found(value: object) -> tuple[str, str]:
    match value:
        case str() if len(value) > _LONGEST_QUOTE:
            start = _quoted(f"{value[:_LONGEST_QUOTE]}…")
            said = (f" {len(value)} 个字的 {start}", f"{start} with {len(value)} characters")
        case str() | bool():
            said = (f" {_quoted(value)}", _quoted(value))
        case int() if abs(value) > _LARGEST:  # Python writes no number of thousands of digits
            said = ("一个很大的数字", "a very large number")
        case int() | float():
            said = (f"数字 {value}", f"the number {value}")
        case date() | time():
            said = (f"日期或时间 {value}", f"the date or time {value}")
        case list():
            length = len(cast("list[object]", value))
            said = (f"一组，共 {length} 项", f"a list of {length}")
        case _:
            said = ("一张表", "a table")
    return said


def _quoted(value: str | bool) -> str:
    return json.dumps(value, ensure_ascii=False)
