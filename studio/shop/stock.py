"""The stock ledger: the only truth about how much there is.

available = on_hand − held. Every change is one guarded UPDATE plus one append-only movement, so two buyers can never
get the same unit whatever the interleaving, and a cause (an order, a refund) holds, sells or returns exactly once.
"""

from collections.abc import Mapping
from typing import Any, Literal, NoReturn

from sqlalchemy import Integer, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import BadInput, NotFound, OutOfStock
from studio.events import StockChanged, StockFreed
from studio.masking import mask_text
from studio.shop.models import Product, Stock, StockMovement
from studio.types import Ms, Sku
from studio.unit import Unit

ManualKind = Literal["received", "wasted", "recount"]
Quantities = Mapping[str, int]
"""SKU → units."""

MAX_ON_HAND = 1_000_000_000
"""Well inside the 32 bits of PostgreSQL's integers."""

_stock, _movements = table(Stock), table(StockMovement)
_on_hand = _stock.c.on_hand + bindparam("b_on_hand", type_=Integer)
_held = _stock.c.held + bindparam("b_held", type_=Integer)
_sold = _stock.c.sold + bindparam("b_sold", type_=Integer)
_MOVE = (
    update(_stock)
    .where(_stock.c.sku == bindparam("b_sku"), _held >= 0, _on_hand >= _held, _sold >= 0)
    .values(on_hand=_on_hand, held=_held, sold=_sold)
    .returning(_stock.c.on_hand, _stock.c.held, _stock.c.sold)
)
_NOTE = insert(_movements)
_COUNT = select(_stock.c.on_hand, _stock.c.held).where(_stock.c.sku == bindparam("b_sku"))
_FREE = select(_stock.c.sku, _stock.c.on_hand - _stock.c.held).where(
    _stock.c.sku.in_(bindparam("b_skus", expanding=True))
)


def move_by_hand(unit: Unit, sku: str, kind: ManualKind, quantity: int, *, reason: str, at: Ms) -> None:
    """Goods arrived (`received`), spoilt (`wasted`), or were counted (`recount`: quantity is the new on-hand count).

    Raises:
        NotFound: unknown SKU.
        OutOfStock: more wasted than is free, or a count below what buyers already hold.
        BadInput: more goods than a ledger can count.
    """
    row = unit.connection.execute(_COUNT, {"b_sku": sku}).first()
    if row is None:
        raise NotFound(f"没有商品 {sku}", f"no product {sku}")
    if kind == "recount" and quantity < row.held:
        raise OutOfStock(
            f"盘点数 {quantity} 少于买家已占用的 {row.held} 份：请先取消几张未付款的订单，再盘点",
            f"a count of {quantity} is below the {row.held} that buyers hold: cancel some unpaid orders first",
            sku=sku,
            held=row.held,
        )
    delta = {"received": quantity, "wasted": -quantity, "recount": quantity - row.on_hand}[kind]
    if row.on_hand + delta > MAX_ON_HAND:
        raise BadInput("数量太大，请检查", "that is too many, check the number", sku=sku)
    _apply(unit, kind, {sku: delta}, on_hand=1, reason=mask_text(reason), at=at)
    if delta > 0:
        unit.emit(StockFreed(skus=(Sku(sku),), at=at))


def hold(unit: Unit, quantities: Quantities, *, order_id: int, at: Ms) -> None:
    """Reserve units for an order that is not paid yet.

    Raises:
        OutOfStock: fewer units are free.
    """
    _apply(unit, "held", quantities, held=1, order_id=order_id, at=at)


def sell_held(unit: Unit, quantities: Quantities, *, order_id: int, at: Ms) -> None:
    """Turn an order's hold into a sale."""
    _apply(unit, "sold", quantities, on_hand=-1, held=-1, sold=1, order_id=order_id, at=at)


def sell_now(unit: Unit, quantities: Quantities, *, order_id: int, at: Ms) -> None:
    """Sell free units at once, for an order that comes in paid.

    Raises:
        OutOfStock: fewer units are free.
    """
    _apply(unit, "sold", quantities, on_hand=-1, sold=1, order_id=order_id, at=at)


def release(unit: Unit, quantities: Quantities, *, order_id: int, at: Ms) -> None:
    """Give an unpaid order's hold back; the caller emits StockFreed when it is done."""
    _apply(unit, "released", quantities, held=-1, order_id=order_id, at=at)


def take_back(unit: Unit, quantities: Quantities, *, order_id: int, refund_id: int, reason: str, at: Ms) -> None:
    """A refund's units are no longer sold but on hand again; the caller emits StockFreed when it is done."""
    cause = f"refund:{refund_id}"
    _apply(unit, "returned", quantities, on_hand=1, sold=-1, order_id=order_id, cause=cause, reason=reason, at=at)


def write_off(unit: Unit, quantities: Quantities, *, order_id: int, refund_id: int, reason: str, at: Ms) -> None:
    """A refund's units that cannot be sold again: taken back, and wasted."""
    take_back(unit, quantities, order_id=order_id, refund_id=refund_id, reason=reason, at=at)
    cause = f"refund:{refund_id}"
    _apply(unit, "wasted", quantities, on_hand=-1, order_id=order_id, cause=cause, reason=reason, at=at)


def free_units(unit: Unit, skus: list[str]) -> dict[str, int]:
    """SKU → units that nobody holds."""
    return dict(unit.connection.execute(_FREE, {"b_skus": skus}).all())


def ledger_totals(session: Session) -> dict[str, tuple[int, int, int]]:
    """SKU → (on_hand, held, sold) summed from the movements: what the counts must equal."""
    rows = session.execute(
        select(
            StockMovement.sku,
            func.sum(StockMovement.delta_on_hand),
            func.sum(StockMovement.delta_held),
            func.sum(StockMovement.delta_sold),
        ).group_by(StockMovement.sku)
    )
    return {sku: (on_hand, held, sold) for sku, on_hand, held, sold in rows}


def list_movements(session: Session, sku: str, *, before: int | None, limit: int) -> list[StockMovement]:
    """The ledger of one SKU, newest first, from below the movement `before`.

    Raises:
        NotFound: unknown SKU.
    """
    if session.get(Stock, sku) is None:
        raise NotFound(f"没有商品 {sku}", f"no product {sku}")
    query = select(StockMovement).where(StockMovement.sku == sku).order_by(StockMovement.id.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(StockMovement.id < before)))


def _apply(
    unit: Unit,
    kind: str,
    quantities: Quantities,
    *,
    at: Ms,
    on_hand: int = 0,
    held: int = 0,
    sold: int = 0,
    order_id: int | None = None,
    cause: str | None = None,
    reason: str = "",
) -> None:
    """Move every SKU by its quantity times the signs on_hand, held and sold."""
    if cause is None and order_id is not None:
        cause = f"order:{order_id}"
    movements: list[dict[str, Any]] = []
    for sku in sorted(quantities):  # always in one order: two servers on one database cannot lock each other out
        quantity = quantities[sku]
        if not quantity:
            continue
        changes = {"b_on_hand": on_hand * quantity, "b_held": held * quantity, "b_sold": sold * quantity}
        after = unit.connection.execute(_MOVE, {"b_sku": sku, **changes}).first()
        if after is None:
            _refuse(unit.session, sku)
        movements.append(
            {
                "sku": sku,
                "kind": kind,
                "delta_on_hand": changes["b_on_hand"],
                "delta_held": changes["b_held"],
                "delta_sold": changes["b_sold"],
                "order_id": order_id,
                "cause": cause,
                "reason": reason,
                "at": at,
            }
        )
        unit.emit(StockChanged(sku=Sku(sku), on_hand=after[0], held=after[1], sold=after[2], at=at))
    if movements:
        unit.connection.execute(_NOTE, movements)


def _refuse(session: Session, sku: str) -> NoReturn:
    product = session.get(Product, sku)
    if product is None:
        raise BadInput(f"没有商品 {sku}", f"no product {sku}", sku=sku)
    available = session.scalar(select(Stock.on_hand - Stock.held).where(Stock.sku == sku))
    raise OutOfStock(
        f"“{product.name}” 只剩 {available} 份",
        f"only {available} of '{product.name}' left",
        sku=sku,
        available=available,
    )
