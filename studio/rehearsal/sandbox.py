"""What a rehearsal takes along: the goods and one show, never a buyer, an order, or a key."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.orm import Session

from studio.db import Base
from studio.types import Ms

Rows = dict[str, list[dict[str, Any]]]

GOODS = ("products", "producers", "lots", "temperature_readings", "pickup_points")
"""Tables that go along whole; none of them names a buyer."""
REASON = "彩排：按账上可售的数"


def take_along(session: Session, show_id: int, at: Ms) -> Rows:
    """The rows of a rehearsal's database, as JSON: goods, what of them is free to sell, and one show as a draft."""
    tables = Base.metadata.tables
    rows = {name: _rows(session, tables[name]) for name in GOODS if name in tables}
    free = {row["sku"]: row["on_hand"] - row["held"] for row in _rows(session, tables["stock"])}
    rows["stock"] = [{"sku": sku, "on_hand": count, "held": 0, "sold": 0} for sku, count in free.items()]
    rows["stock_movements"] = [
        {
            "sku": sku,
            "kind": "received",
            "delta_on_hand": count,
            "delta_held": 0,
            "delta_sold": 0,
            "reason": REASON,
            "at": at,
        }
        for sku, count in free.items()
        if count
    ]
    show = tables["shows"]
    again: Mapping[str, Any] = {
        "status": "draft", "started_ms": None, "ended_ms": None,
        "current_item_id": None, "item_taken_ms": None, "standby_item_id": None,
    }  # fmt: skip
    rows["shows"] = [{**row, **again} for row in _rows(session, show, show.c.id == show_id)]
    items = tables["rundown_items"]
    rows["rundown_items"] = _rows(session, items, items.c.show_id == show_id)
    return rows


def put_down(connection: Connection, rows: Rows) -> None:
    """Write them into an empty database of the same build."""
    for table in Base.metadata.sorted_tables:
        given = rows.get(table.name)
        if given:
            connection.execute(insert(table), given)


def _rows(session: Session, table: Table, *where: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(select(table).where(*where)).mappings()]
