"""What a source's module gives: how its deliveries are told apart, what is kept of them, and what they say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.masking import mask_name
from studio.shop.webhooks.documents import clean
from studio.shop.webhooks.external import ExternalOrder, ExternalRefund
from studio.types import Ms

Told = ExternalOrder | ExternalRefund | None
"""None: a delivery without effect on orders."""

MAX_KEY_LENGTH = 200
MAX_TOPIC_LENGTH = 60
MAX_EVENT_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Arrival:
    """One delivery: `key` is the same when it is sent again, `body` is what is kept. test: it is to have no effect."""

    key: str
    topic: str
    body: dict[str, Any]
    event_id: str | None = None
    test: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """One source.

    arrive: (headers by lower-case name, document, body hash) → Arrival; raises Unreadable.
    read: (topic, kept body, receipt time) → what it says; raises Unreadable.
    key: (headers, body hash) → key of a delivery whose body could not be read.
    sample: an order as this source would tell it, for the test button.
    """

    arrive: Callable[[Mapping[str, str], Mapping[str, Any], str], Arrival]
    read: Callable[[str, dict[str, Any], Ms], Told]
    key: Callable[[Mapping[str, str], str], str]
    sample: Callable[[str], dict[str, Any]]


def header(headers: Mapping[str, str], name: str, limit: int) -> str:
    """A header as a short clean text, empty when missing."""
    return clean(headers.get(name.lower(), "").strip(), limit)


def hash_key(body_hash: str) -> str:
    """Where a source names no delivery, the same bytes are the same delivery."""
    return f"sha256:{body_hash}"


def shown_name(*names: Any) -> str:
    """The first of these that is a name, masked at once (张*): all that a shout-out needs. Empty when none is."""
    found = next((name.strip() for name in names if isinstance(name, str) and name.strip()), "")
    return mask_name(clean(found)) if found else ""


def is_chinese(name: Any) -> bool:
    """Whether the family name goes first."""
    return isinstance(name, str) and any("\u4e00" <= letter <= "\u9fff" for letter in name)
