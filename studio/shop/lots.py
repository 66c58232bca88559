"""The lots on sale, for orders that get their goods later than they were ordered: from the line, or paid too late."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.shop import evidence
from studio.shop.models import Lot, Order


def on_sale(session: Session, skus: Sequence[str]) -> dict[str, Lot]:
    """SKU → its current lot, of those that have one."""
    return {lot.sku: lot for lot in session.scalars(select(Lot).where(Lot.sku.in_(skus), Lot.current))}


def past_shelf_life(lots: Mapping[str, Lot]) -> set[str]:
    """SKUs whose lot on sale is known to be past its shelf life today."""
    today = evidence.today()
    return {sku for sku, lot in lots.items() if evidence.is_expired(lot, today)}


def assign(order: Order, lots: Mapping[str, Lot]) -> None:
    """Write into the order's lines which lot its goods are of: a recall finds its buyers by that."""
    for line in order.lines:
        lot = lots.get(line.sku)
        line.batch = lot.batch if lot else None
