"""An order as another shop tells it: one form for all sources, money in fen, ids as strings, times in UTC ms.

Nothing here knows a source. The values are those of one moment (`updated_ms`): the studio's orders follow the newest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from studio.types import Fen, Ms

CHINA = timezone(timedelta(hours=8))
MAX_LINES = 100
MAX_QUANTITY = 9999
MAX_FEN = 1_000_000_000
MAX_ID_LENGTH = 60
MAX_SKU_LENGTH = 100
MAX_NUMBER_LENGTH = 40
_ZONED = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Unreadable(Exception):
    """A signed delivery that does not say what it must; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalLine:
    """sku is theirs; where a line has none, its product's id or name stands for it. price_fen is one unit's, net."""

    id: str
    sku: str
    name: str
    quantity: int
    price_fen: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    sku: str
    quantity: int
    restock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalRefund:
    """Money given back over there; amount_fen None: as much as the returned lines cost."""

    id: str
    order_id: str
    amount_fen: Fen | None
    lines: tuple[ReturnedLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalOrder:
    """An order of another shop; a cancelled one may come without lines. who is masked already (张*)."""

    id: str
    number: str | None
    updated_ms: Ms
    paid: bool
    cancelled: bool
    currency: str = "CNY"
    total_fen: Fen | None = None
    discount_fen: Fen | None = None
    customer_id: str | None = None
    who: str = ""
    lines: tuple[ExternalLine, ...] = ()
    refunds: tuple[ExternalRefund, ...] = ()


def read_id(value: Any, field: str) -> str:
    """An id as a string; ids exceed 2^53, so they are never numbers here."""
    text = read_optional_id(value, field)
    if text is None:
        raise Unreadable(f"{field} is missing")
    return text


def read_optional_id(value: Any, field: str) -> str | None:
    """As `read_id`, None for what is missing, empty or 0 (WooCommerce's guest)."""
    if value is None or value in ("", 0):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"{field} is no id")
    text = str(value).strip()
    if not text or len(text) > MAX_ID_LENGTH:
        raise Unreadable(f"{field} is no id")
    return text


def read_text(value: Any, limit: int) -> str:
    """A short text, cut at `limit`; anything else is empty."""
    return str(value).strip()[:limit] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def read_quantity(value: Any, field: str) -> int:
    """Whole units, 0 to MAX_QUANTITY."""
    number = _decimal(value, field)
    if number != number.to_integral_value() or not 0 <= number <= MAX_QUANTITY:
        raise Unreadable(f"{field} is no quantity")
    return int(number)


def read_fen(value: Any, field: str) -> Fen:
    """Yuan as decimal text or number → fen, rounded half up where a shop computes fractions of a fen."""
    return to_fen(read_yuan(value, field))


def read_yuan(value: Any, field: str) -> Decimal:
    """An amount of money, within what an order can cost, never negative."""
    number = _decimal(value, field)
    if not 0 <= number <= MAX_FEN // 100:
        raise Unreadable(f"{field} is no amount of money")
    return number


def to_fen(yuan: Decimal) -> Fen:
    """Rounded half up."""
    return Fen(int((yuan * 100 + Decimal("0.5")).to_integral_value("ROUND_FLOOR")))


def net_price(total: Decimal, quantity: int) -> Fen:
    """One unit's price of a line that costs `total` yuan after its discount."""
    return to_fen(total / max(1, quantity))


def read_time(value: Any, field: str, zone: timezone = UTC) -> Ms:
    """ISO 8601, or `YYYY-MM-DD hh:mm:ss`; of the zone where it names none."""
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if _ZONED.search(value) else moment.replace(tzinfo=zone)
        if not _FIRST <= moment <= _LAST:
            raise Unreadable(f"{field} is no time")
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable(f"{field} is no time") from error
    return Ms(round(moment.timestamp() * 1000))


def read_list(value: Any, field: str, limit: int = MAX_LINES) -> Sequence[dict[str, Any]]:
    """Objects of a list; a missing list is empty."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise Unreadable(f"{field} is no list of objects")
    if len(value) > limit:
        raise Unreadable(f"{field} is too long")
    return value


def read_object(value: Any, field: str) -> dict[str, Any]:
    """An object; a missing one is empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{field} is no object")
    return value


def _decimal(value: Any, field: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or len(str(value)) > 40:  # noqa: PLR2004
        raise Unreadable(f"{field} is no number")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise Unreadable(f"{field} is no number") from error
    if not number.is_finite():
        raise Unreadable(f"{field} is no number")
    return number
