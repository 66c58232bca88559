"""The inbox from the command line, beside a running studio or without one."""

from typing import Any

from sqlalchemy.orm import Session

from studio.config import Settings
from studio.db import existing_data, writing
from studio.errors import BadInput
from studio.shop.webhooks import inbox
from studio.shop.webhooks.external import CHINA, Unreadable, read_time
from studio.types import Ms, now_ms
from studio.unit import Unit


def list_deliveries(
    settings: Settings, *, state: str | None, source: str | None, since: str | None
) -> list[dict[str, Any]]:
    """The newest deliveries as `DeliveryOut`.

    Raises:
        NotFound: there are no data yet.
        BadInput: `since` is no time.
    """
    when = _read_since(since)
    with existing_data(settings) as engine, Session(engine) as session:
        return inbox.list_rows(session, (state,) if state else (), source, when)


def put_back(settings: Settings, *, state: str, source: str | None, since: str | None) -> int:
    """Let deliveries be processed again, by the studio that runs or by the next one; returns how many.

    Raises:
        NotFound: there are no data yet.
        BadInput: `since` is no time.
    """
    when = _read_since(since)
    with existing_data(settings) as engine, writing(engine) as connection:
        unit = Unit(connection, {})
        count = inbox.replay(unit, state=state, source=source, since=when, at=now_ms())
        unit.end(well=True)
        return count


def _read_since(text: str | None) -> Ms | None:
    if text is None:
        return None
    try:
        return read_time(text, "since", CHINA)
    except Unreadable as error:
        raise BadInput(
            f"读不懂时间 {text}，请写成 2026-11-22 或 2026-11-22T20:00",
            f"cannot read the time {text}, write it as 2026-11-22 or 2026-11-22T20:00",
        ) from error
