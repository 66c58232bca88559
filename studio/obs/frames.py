"""Messages of obs-websocket 5 and how to read them without trusting their shape."""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, cast

from studio.errors import ObsRequestFailed
from studio.obs import codes

Json = dict[str, Any]


class Op(IntEnum):
    """WebSocketOpCode."""

    HELLO = 0
    IDENTIFY = 1
    IDENTIFIED = 2
    REIDENTIFY = 3
    EVENT = 5
    REQUEST = 6
    RESPONSE = 7
    BATCH = 8
    BATCH_RESPONSE = 9


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a batch.

    takes: request field → batch variable to fill it from. keeps: batch variable → response field to remember in it.
    """

    request: str
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    takes: Mapping[str, str] = field(default_factory=dict[str, str])
    keeps: Mapping[str, str] = field(default_factory=dict[str, str])


def entry(step: Step) -> Json:
    """A step as RequestBatch wants it."""
    out: Json = {"requestType": step.request, "requestData": dict(step.data)}
    if step.takes:
        out["inputVariables"] = dict(step.takes)
    if step.keeps:
        out["outputVariables"] = dict(step.keeps)
    return out


def failure(request: str, answer: Json) -> ObsRequestFailed | None:
    """The error that a RequestResponse carries, None on success."""
    status = as_object(answer.get("requestStatus"))
    if status.get("result") is True:
        return None
    code, comment = status.get("code"), status.get("comment")
    return codes.request_failed(request, code if isinstance(code, int) else 0, str(comment or ""))


def close_reason(data: bytes) -> tuple[int | None, str]:
    """Code and text of a close frame's payload (RFC 6455, 5.5.1)."""
    code: int | None = struct.unpack_from("!H", data)[0] if len(data) > 1 else None
    return code, data[2:].decode("utf-8", "replace") or "closed by OBS"


def as_object(value: Any) -> Json:
    """The JSON object, or an empty one for anything else."""
    return cast("Json", value) if isinstance(value, dict) else {}


def as_array(value: Any) -> list[Any]:
    """The JSON array, or an empty one for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def as_number(value: Any, default: float = 0.0) -> float:
    """The JSON number, or `default` for anything else: null, text, NaN."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(cast("float", value)) if known else default
