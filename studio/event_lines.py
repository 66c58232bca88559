"""Events as JSON lines, `{"event": "SegmentHeard", ...fields}`, between a worker and the server.

`python -m studio.event_lines` prints docs/events.md.
"""

import dataclasses
import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from studio.errors import EventDecodeError
from studio.events import ALL, Event

MAX_LINE_BYTES = 256 * 1024

_BY_NAME = {cls.__name__: cls for cls in ALL}


@cache
def _adapter(cls: type[Event]) -> TypeAdapter[Event]:
    return TypeAdapter(cls)


def encode(event: Event) -> str:
    """One JSON line without the newline, readable by `decode`."""
    fields = _adapter(type(event)).dump_python(event, mode="json")
    return json.dumps({"event": type(event).__name__, **fields}, ensure_ascii=False, separators=(",", ":"))


def decode(line: str | bytes) -> Event:
    """Read one JSON line of a worker.

    Raises:
        EventDecodeError: not JSON, too long, unknown event, or wrong fields.
    """
    if len(line) > MAX_LINE_BYTES:
        raise EventDecodeError("事件行过长，已跳过", "event line too long, skipped", size=len(line))
    try:
        payload: Any = json.loads(line)
        cls = _BY_NAME[payload.pop("event")]
        return _adapter(cls).validate_python(payload)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise EventDecodeError("无法识别的事件行，已跳过", f"unreadable event line, skipped: {error}") from error


def reference() -> str:
    """docs/events.md: one section an event, a row a field."""
    out = ["# Events", "", "Generated from `studio/events.py` by `python -m studio.event_lines`; do not edit.", ""]
    for cls in ALL:
        out += [f"## {cls.__name__}", "", *(line.strip() for line in (cls.__doc__ or "").splitlines()), ""]
        out += ["| field | type |", "|---|---|"]
        for field in dataclasses.fields(cls):
            kind = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", str(field.type))
            kind = str(field.type).replace("typing.", "") if "[" in str(field.type) or "|" in str(field.type) else kind
            out.append(f"| `{field.name}` | `{kind.replace('studio.types.', '').replace('|', '∣')}` |")
        out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201 - the command's output
