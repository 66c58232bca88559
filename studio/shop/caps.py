"""The most that one buyer may order of a product in one show."""

from collections.abc import Mapping

from sqlalchemy import func, or_, select

from studio.errors import OverCap
from studio.shop.models import Buyer, Order, OrderLine
from studio.unit import Unit


def check(
    unit: Unit,
    wanted: Mapping[str, int],
    caps: Mapping[str, tuple[str, int]],
    *,
    buyer_id: int | None,
    show_id: int | None,
    but: int | None = None,
) -> None:
    """Refuse an order that goes beyond a cap together with the buyer's others of the show.

    Cancelled and refunded orders and returned units do not count, waiting ones do. A buyer is one browser or one phone;
    of somebody who is only a name, each order is looked at alone.
    `caps`: SKU → (name, cap) of the products that have one. `but`: the order in question, which does not count.

    Raises:
        OverCap: naming the first product and how many are still allowed.
    """
    if not caps:
        return
    had = _had(unit, list(caps), buyer_id, show_id, but) if buyer_id is not None else {}
    for sku, (name, cap) in caps.items():
        allowed = max(0, cap - had.get(sku, 0))
        if wanted[sku] > allowed:
            raise OverCap(
                f"“{name}” 每人限购 {cap} 份，还可以买 {allowed} 份",
                f"'{name}' is limited to {cap} a buyer; {allowed} more allowed",
                sku=sku,
                cap=cap,
                allowed=allowed,
            )


def _had(unit: Unit, skus: list[str], buyer_id: int, show_id: int | None, but: int | None) -> dict[str, int]:
    phone = select(Buyer.phone_mark).where(Buyer.id == buyer_id).scalar_subquery()
    same = select(Buyer.id).where(or_(Buyer.id == buyer_id, Buyer.phone_mark == phone))
    rows = unit.session.execute(
        select(OrderLine.sku, func.sum(OrderLine.quantity - OrderLine.returned))
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.buyer_id.in_(same),
            Order.show_id.is_(None) if show_id is None else Order.show_id == show_id,
            Order.status.not_in(("cancelled", "refunded")),
            Order.id != (but or 0),
            OrderLine.sku.in_(skus),
        )
        .group_by(OrderLine.sku)
    )
    return {sku: int(count) for sku, count in rows}
