"""CSV files of temperature loggers: a header somewhere in the first lines, then a time and a temperature a row."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from studio.errors import BadInput
from studio.types import Ms

MAX_ROWS = 50_000
_HEADER_WITHIN = 40
_TIMES = ("time", "timestamp", "date", "datetime", "时间", "日期", "记录时间", "采集时间", "测量时间")
_TEMPERATURES = ("temperature", "temp", "celsius", "温度", "℃", "°c")
_SENSORS = ("sensor", "probe", "channel", "device", "探头", "传感器", "设备", "通道", "编号")
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M")
_NUMBER = re.compile(r"^[-+]?\d+(?:[.,]\d+)?$")


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """line counts from 1; sensor is empty where the file names none."""

    line: int
    at: Ms
    celsius: float
    sensor: str


@dataclass(frozen=True, slots=True)
class _Columns:
    time: int
    temperature: int
    sensor: int | None
    clock: int | None


def read_logger_file(data: bytes) -> list[LoggedRow]:
    """The rows of a CSV file; times without a zone are the host's.

    Raises:
        BadInput: no text, no header, too many rows, or a row that does not say a time and a temperature (its line is
            named): then nothing of the file is taken.
    """
    lines = _text(data).splitlines()
    start, columns, delimiter = _find_header(lines)
    rows: list[LoggedRow] = []
    body = io.StringIO("\n".join(lines[start:]))
    for number, cells in enumerate(csv.reader(body, delimiter=delimiter), start=start + 1):
        if not any(cell.strip() for cell in cells):
            continue
        rows.append(_row(cells, columns, number))
        if len(rows) > MAX_ROWS:
            raise BadInput(
                f"文件超过 {MAX_ROWS} 行，请分几个文件导入", f"more than {MAX_ROWS} rows, import it in several files"
            )
    if not rows:
        raise BadInput("文件里没有温度记录", "the file holds no readings")
    return rows


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "gb18030", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput("这个文件不是文本，请从记录仪导出 CSV", "this file is not text; export a CSV from the logger")


def _find_header(lines: Sequence[str]) -> tuple[int, _Columns, str]:
    """Index of the first row after the header, its columns, and what separates them."""
    for index, line in enumerate(lines[:_HEADER_WITHIN]):
        for delimiter in (",", ";", "\t"):
            cells = [cell.strip().strip("\"'").lower() for cell in line.split(delimiter)]
            time, temperature = _column(cells, _TIMES), _column(cells, _TEMPERATURES)
            if time is None or temperature is None or time == temperature:
                continue
            # a date and a clock in columns of their own: Date;Time;Temperature
            clock = time + 1 if cells[time] in {"date", "日期"} and _is_clock(cells, time + 1) else None
            return index + 1, _Columns(time, temperature, _column(cells, _SENSORS), clock), delimiter
    raise BadInput(
        "找不到表头：第一行应写“时间,温度”，可加“探头”一列",
        "no header found: the first row should say 'time,temperature', and 'sensor' where there are several",
    )


def _is_clock(cells: Sequence[str], index: int) -> bool:
    return index < len(cells) and cells[index] in {"time", "时间"}


def _column(cells: Sequence[str], words: Sequence[str]) -> int | None:
    exact = next((index for index, cell in enumerate(cells) if cell in words), None)
    if exact is not None:
        return exact
    return next((index for index, cell in enumerate(cells) if any(cell.startswith(word) for word in words)), None)


def _row(cells: Sequence[str], columns: _Columns, line: int) -> LoggedRow:
    needed = max(columns.time, columns.temperature, columns.sensor or 0, columns.clock or 0)
    if len(cells) <= needed:
        raise _unreadable(line, "少了一列", "a column is missing")
    when = cells[columns.time].strip()
    if columns.clock is not None:
        when = f"{when} {cells[columns.clock].strip()}"
    value = cells[columns.temperature].strip().removesuffix("℃").removesuffix("°C").strip()
    at = _time(when)
    if at is None:
        raise _unreadable(line, f"时间“{when[:30]}”看不懂", f"'{when[:30]}' is no time")
    if not _NUMBER.match(value):
        raise _unreadable(line, f"温度“{value[:30]}”不是数字", f"'{value[:30]}' is no temperature")
    sensor = cells[columns.sensor].strip()[:40] if columns.sensor is not None else ""
    return LoggedRow(line, at, float(value.replace(",", ".")), sensor)


def _time(text: str) -> Ms | None:
    clean = re.sub(r"\s+", " ", text.replace("/", "-")).strip()
    try:
        moment = datetime.fromisoformat(clean)
    except ValueError:
        moment = _by_format(clean)
    if moment is None:
        return None
    try:
        return Ms(round(moment.timestamp() * 1000))
    except (OverflowError, OSError, ValueError):
        return None


def _by_format(text: str) -> datetime | None:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - loggers write the clock on the wall
        except ValueError:
            continue
    return None


def _unreadable(line: int, zh: str, en: str) -> BadInput:
    return BadInput(
        f"第 {line} 行：{zh}。什么都没有导入，请改好再试", f"line {line}: {en}; nothing was taken", line=line
    )
