"""Units and identifiers shared by every room.

Time in data and events is UTC milliseconds (`Ms`); time in media is seconds from the
recording's first sample (`Seconds`). `media_to_ms` is the only place where one becomes the other.
Money is integer fen (1 yuan = 100 fen), never a float.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NewType

Ms = NewType("Ms", int)
Seconds = NewType("Seconds", float)
Fen = NewType("Fen", int)
Sku = NewType("Sku", str)
ShowId = NewType("ShowId", int)
ItemId = NewType("ItemId", int)
OrderId = NewType("OrderId", int)


class Role(StrEnum):
    """Who a token speaks for, from most to least power."""

    HOST = "host"
    PRODUCER = "producer"
    MODERATOR = "moderator"
    AGENT = "agent"
    OVERLAY = "overlay"
    PROMPTER = "prompter"
    """Reads what the host reads, and scrolls it."""
    TRIGGER = "trigger"
    """A button outside: presses what docs/triggers.md lists, and nothing else."""


View = Callable[..., Any]
Wsgi = Callable[..., Any]
Require = Callable[[Role], Callable[[View], View]]
"""What routes get from `web/auth.py`: a decorator that lets a role, and those above it, in."""


Public = Callable[[str], Callable[[View], View]]
"""What buyers' routes get from `web/visitors.py`: a decorator that lets anyone in, rate-limited ("10 per minute") for
the browser and its address, and on unsafe methods only with our own page's CSRF token."""

Visitor = Callable[[], str]
"""The id of the asking browser, 32 hex digits, given a cookie at its first visit."""


def no_nul(value: str) -> str:
    """The text as it is; for pydantic's AfterValidator.

    Raises:
        ValueError: it holds a NUL character, which PostgreSQL keeps in no text.
    """
    if "\0" in value:
        raise ValueError("NUL")
    return value


def now_ms() -> Ms:
    """Wall clock, UTC milliseconds since the epoch."""
    return Ms(time.time_ns() // 1_000_000)


def media_to_ms(media_start: Ms, at: Seconds) -> Ms:
    """Wall-clock time of a media time, given when the first sample was captured."""
    return Ms(media_start + round(at * 1000))
