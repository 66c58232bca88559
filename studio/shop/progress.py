"""How far a show is towards a goal: counted from paid orders, never told by anybody."""

from typing import Literal

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from studio.shop.models import Order, OrderLine
from studio.shop.search import PAID

_HOUSEHOLD = func.coalesce(cast(Order.buyer_id, String), "=" + Order.buyer)
"""A buyer is a row of buyers or, entered by hand, a name."""


def count_paid(session: Session, show_id: int, measure: Literal["orders", "households", "units"]) -> int:
    """Paid, unrefunded orders of a show; their different buyers; or the units they hold, given-back ones not."""
    mine = (Order.show_id == show_id, Order.status.in_(PAID))
    if measure == "orders":
        query = select(func.count()).select_from(Order).where(*mine)
    elif measure == "households":
        query = select(func.count(func.distinct(_HOUSEHOLD))).where(*mine)
    else:
        query = (
            select(func.coalesce(func.sum(OrderLine.quantity - OrderLine.returned), 0))
            .join(Order, Order.id == OrderLine.order_id)
            .where(*mine)
        )
    return int(session.scalar(query) or 0)
