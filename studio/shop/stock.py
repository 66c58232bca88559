"""The stock ledger: the only truth about how much there is.

available = on_hand − held. Every change is one guarded UPDATE plus one append-only movement, so two buyers can never
get the same unit whatever the interleaving, and an order's hold, sale or return happens exactly once.
"""

from typing import Literal, NoReturn

from sqlalchemy import Integer, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import BadInput, NotFound, OutOfStock
from studio.events import StockChanged
from studio.shop.models import Product, Stock, StockMovement
from studio.types import Ms, Sku
from studio.unit import Unit

ManualKind = Literal["received", "wasted", "recount"]

_stock = table(Stock)
_on_hand = _stock.c.on_hand + bindparam("b_on_hand", type_=Integer)
_held = _stock.c.held + bindparam("b_held", type_=Integer)
_sold = _stock.c.sold + bindparam("b_sold", type_=Integer)
_MOVE = (
    update(_stock)
    .where(_stock.c.sku == bindparam("b_sku"), _held >= 0, _on_hand >= _held, _sold >= 0)
    .values(on_hand=_on_hand, held=_held, sold=_sold)
    .returning(_stock.c.on_hand, _stock.c.held, _stock.c.sold)
)
_NOTE = insert(table(StockMovement))


def move_by_hand(unit: Unit, sku: str, kind: ManualKind, quantity: int, *, reason: str, at: Ms) -> None:
    """Goods arrived (`received`), spoilt (`wasted`), or were counted (`recount`: quantity is the new on-hand count).

    Raises:
        NotFound: unknown SKU.
        OutOfStock: more wasted than is free, or a count below what buyers already hold.
    """
    row = unit.session.get(Stock, sku)
    if row is None:
        raise NotFound(f"没有商品 {sku}", f"no product {sku}")
    delta = {"received": quantity, "wasted": -quantity, "recount": quantity - row.on_hand}[kind]
    _apply(unit, sku, kind, on_hand=delta, reason=reason, at=at)


def hold(unit: Unit, sku: str, quantity: int, *, order_id: int, at: Ms) -> None:
    """Reserve units for an order that is not paid yet.

    Raises:
        OutOfStock: fewer units are free.
    """
    _apply(unit, sku, "held", held=quantity, order_id=order_id, reason="", at=at)


def sell_held(unit: Unit, sku: str, quantity: int, *, order_id: int, at: Ms) -> None:
    """Turn an order's hold into a sale."""
    _apply(unit, sku, "sold", on_hand=-quantity, held=-quantity, sold=quantity, order_id=order_id, reason="", at=at)


def sell_now(unit: Unit, sku: str, quantity: int, *, order_id: int, at: Ms) -> None:
    """Sell free units at once, for an order that comes in paid.

    Raises:
        OutOfStock: fewer units are free.
    """
    _apply(unit, sku, "sold", on_hand=-quantity, sold=quantity, order_id=order_id, reason="", at=at)


def release(unit: Unit, sku: str, quantity: int, *, order_id: int, at: Ms) -> None:
    """Give an unpaid order's hold back."""
    _apply(unit, sku, "released", held=-quantity, order_id=order_id, reason="", at=at)


def take_back(unit: Unit, sku: str, quantity: int, *, order_id: int, at: Ms) -> None:
    """Put a refunded order's units back on sale."""
    _apply(unit, sku, "returned", on_hand=quantity, sold=-quantity, order_id=order_id, reason="", at=at)


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


def _apply(
    unit: Unit,
    sku: str,
    kind: str,
    *,
    reason: str,
    at: Ms,
    on_hand: int = 0,
    held: int = 0,
    sold: int = 0,
    order_id: int | None = None,
) -> None:
    if not (on_hand or held or sold):
        return
    after = unit.connection.execute(_MOVE, {"b_sku": sku, "b_on_hand": on_hand, "b_held": held, "b_sold": sold}).first()
    if after is None:
        _refuse(unit.session, sku)
    movement = {
        "sku": sku,
        "kind": kind,
        "delta_on_hand": on_hand,
        "delta_held": held,
        "delta_sold": sold,
        "order_id": order_id,
        "cause": None if order_id is None else f"order:{order_id}",
        "reason": reason,
        "at": at,
    }
    unit.connection.execute(_NOTE, movement)
    unit.emit(StockChanged(sku=Sku(sku), on_hand=after[0], held=after[1], sold=after[2], at=at))


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
