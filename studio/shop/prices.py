"""What products were really sold for: the history that a 原价 is judged against."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio.shop.models import Order, OrderLine
from studio.types import Sku, now_ms

DAYS = 7
_SOLD = ("paid", "packed", "picked_up", "closed")


def lowest_recent_fen(session: Session, sku: Sku) -> int | None:
    """The lowest unit price paid in the seven days before today (local midnight), else the last sale's before today.

    None: never sold. Source: 规范促销行为暂行规定, 第二十一条.
    """
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    today_ms = min(now_ms(), int(midnight.timestamp() * 1000))
    first_ms = int((midnight - timedelta(days=DAYS)).timestamp() * 1000)
    sold = (
        select(OrderLine.price_fen)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.sku == sku, Order.status.in_(_SOLD), Order.paid_ms < today_ms)
    )
    recent = sold.where(Order.paid_ms >= first_ms).subquery()
    lowest = session.scalar(select(func.min(recent.c.price_fen)))
    return lowest if lowest is not None else session.scalar(sold.order_by(Order.paid_ms.desc()).limit(1))
