"""Numbers in Chinese characters."""

import re

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_ROUGH = re.compile(r"[一二两三四五六七八](?=[二两三四五六七八九](?![一二两三四五六七八九零〇]))")
_SPELT = re.compile(r"[零〇一二三四五六七八九]{3,}|[零〇一二三四五六七八九]?[零〇][零〇一二三四五六七八九]?")


def parse_number(text: str) -> float | None:
    """Value of digits, Arabic or Chinese (15.9, 一百二, 九五零); None where it is none, or rough (三四, 五六十)."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not text or any(char not in DIGITS and char not in _UNITS for char in text):
        return None
    if len(text) > 1 and _SPELT.fullmatch(text):
        return float("".join(str(DIGITS[char]) for char in text))
    if re.search("[一二两三四五六七八九]{2}", text):
        return None
    total = section = digit = 0
    unit = 1
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
            continue
        unit = _UNITS[char]
        if unit == _UNITS["万"]:
            total, section, digit = (total + section + digit) * unit, 0, 0
        else:
            section, digit = section + (digit or 1) * unit, 0
    if digit and unit >= _UNITS["百"] and not text.endswith(tuple("零〇" + text[-1])[:1]) and text[-2] in _UNITS:
        digit *= unit // 10  # 一百二 is 120
    return float(total + section + digit)


def upper_bound(text: str) -> float | None:
    """As `parse_number`; of a rough number the larger (三四 → 4, 五六十 → 60, 一两百 → 200)."""
    return parse_number(_ROUGH.sub("", text, count=1))
