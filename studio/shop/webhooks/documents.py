"""JSON of a delivery: read strictly, then cut down to what the studio needs before anything is stored.

An allow-list a source (`Keep`): what it does not name, e-mail, address, phone, IP, notes, is gone at ingress. Reasons
in docs/decisions/0008-what-a-webhook-leaves-behind.md.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from studio.shop.webhooks.external import MAX_LINES, Unreadable

KEEP: Final = "keep"
"""A leaf: one text, number or truth value."""

Keep = Mapping[str, "Keep | list[Keep] | str"]
MAX_TEXT = 200
MAX_DIGITS = 30


def parse(body: bytes) -> dict[str, Any]:
    """The object in these bytes; fractions are Decimal, never float.

    Raises:
        Unreadable: no UTF-8, no JSON, nested too deep, or no object.
    """
    try:
        document = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body is no JSON") from error
    if not isinstance(document, dict):
        raise Unreadable("the body is no JSON object")
    return document


def reduce(document: Mapping[str, Any], keep: Keep) -> dict[str, Any]:
    """The named fields of a document, as JSON values: decimals become text, long texts are cut, NUL is dropped.

    Raises:
        Unreadable: a field is not shaped as its source says; what it holds could be anything.
    """
    return {name: _reduce(document[name], wanted, name) for name, wanted in keep.items() if name in document}


def _reduce(value: Any, wanted: "Keep | list[Keep] | str", name: str) -> Any:
    if value is None:
        return None
    if isinstance(wanted, str):
        return _leaf(value, name)
    if isinstance(wanted, list):
        if not isinstance(value, list) or len(value) > MAX_LINES or not all(isinstance(entry, dict) for entry in value):
            raise Unreadable(f"{name} is no list of objects")
        return [reduce(entry, wanted[0]) for entry in value]
    if value == []:  # PHP writes an empty object so
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is no object")
    return reduce(value, wanted)


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Text that every database takes: no NUL, no lone surrogates, not longer than `limit`."""
    return text[:limit].replace("\0", "").encode("utf-8", "replace").decode()


def _leaf(value: Any, name: str) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and abs(value) < 10**MAX_DIGITS:
        return value
    if isinstance(value, Decimal) and len(str(value)) <= MAX_DIGITS:
        return str(value)
    raise Unreadable(f"{name} is no value")


def _refuse(constant: str) -> None:
    raise ValueError(constant)
