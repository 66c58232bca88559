"""The 接龙 text to paste into the group: what is on offer, how to order, and who has ordered so far.

Names: whoever wrote a line of the group's own list is shown as they wrote it there, since they look for that name;
a buyer who ordered elsewhere wrote it for the host alone and is masked (张*), as everywhere on screen.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from studio.masking import mask_name, mask_text
from studio.shop.models import Order, OrderLine, PickupPoint, Product, Stock
from studio.types import Ms

SOURCE = "chain"
_ENDED = ("cancelled", "refunded")

Told = tuple[str, tuple[tuple[str, int], ...]]
"""A row as our own text tells it: the name, and SKU with quantity in order."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The show of the group's list; skus are its rundown's, orders without a show count from since_ms on."""

    show_id: int | None
    title: str
    skus: tuple[str, ...]
    since_ms: Ms


def chain_text(session: Session, show: Announced, url: str | None) -> str:
    """The whole text, without anything that WeChat would change.

    Args:
        session: to read from.
        show: whose goods and orders are told; every product where it names none.
        url: where buyers order by themselves, None where phones cannot reach it.
    """
    products = offered(session, show.skus)
    counts = {row.sku: row.on_hand - row.held for row in session.scalars(select(Stock))}
    points = session.scalars(select(PickupPoint).where(PickupPoint.active).order_by(PickupPoint.id)).all()
    example = f"张阿姨 {products[0].name}×2" if products else "张阿姨 商品×2"
    out = ["#接龙", show.title, ""]
    out += [_offer(product, counts.get(product.sku, 0)) for product in products]
    out += [
        "",
        f"照着接：名字 商品×数量{' 自提点' if points else ''}",
        f"例：{example}{f' {points[0].name}' if points else ''}",
    ]
    if points:
        out += ["", *(_point(point) for point in points)]
    if url:
        out += ["", f"也可以自己下单：{url}"]
    rows = [_row(order) for order in told_orders(session, show)]
    return "\n".join(
        [*out, "", *(f"{number}. {row}" for number, row in enumerate(rows, start=1)), f"{len(rows) + 1}. "]
    )


def offered(session: Session, skus: Sequence[str]) -> list[Product]:
    """The products named, in that order; every one in the catalogue's order when none is."""
    products = {product.sku: product for product in session.scalars(select(Product).order_by(Product.position))}
    return [products[sku] for sku in dict.fromkeys(skus) if sku in products] or list(products.values())


def told_orders(session: Session, show: Announced) -> list[Order]:
    """The show's orders that stand, oldest first; before it is live, orders bear no show."""
    beforehand = and_(Order.show_id.is_(None), Order.placed_ms >= show.since_ms)
    query = select(Order).where(or_(Order.show_id == show.show_id, beforehand), Order.status.not_in(_ENDED))
    return [order for order in session.scalars(query.order_by(Order.id)) if any(map(remaining, order.lines))]


def told(order: Order) -> Told:
    """What our text says of an order, to know it again in a list that comes back."""
    wanted = Counter[str]()
    for line in order.lines:
        wanted[line.sku] += remaining(line)
    return _who(order), tuple(sorted((sku, count) for sku, count in wanted.items() if count))


def remaining(line: OrderLine) -> int:
    """Units that were not given back."""
    return line.quantity - line.returned


def _row(order: Order) -> str:
    goods = " ".join(f"{line.name}×{remaining(line)}" for line in order.lines if remaining(line))
    return f"{_who(order)} {goods}{'（候补）' if order.status == 'waitlisted' else ''}"


def _who(order: Order) -> str:
    return mask_text(order.buyer) if order.source == SOURCE else mask_name(order.buyer)


def _offer(product: Product, available: int) -> str:
    yuan, fen = divmod(product.price_fen, 100)
    price = f"{yuan}.{fen:02d}".removesuffix(".00")
    about = "" if product.price_per_kg_fen is None else "约"
    left = f"剩{available}" if available > 0 else "已订完"
    return " ".join(filter(None, (f"· {product.name}", product.unit, f"{about}{price}元（{left}）")))


def _point(point: PickupPoint) -> str:
    return " ".join(filter(None, (f"自提点：{point.name}", point.address, point.hours)))
