"""After-sales: a buyer reports a problem with an order, the host answers, the buyer sees it."""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from studio.errors import BadInput, Conflict, NotFound
from studio.events import ComplaintReported
from studio.masking import mask_name, mask_text
from studio.shop import orders
from studio.shop.models import Complaint, Lot, Order
from studio.types import Ms, OrderId
from studio.unit import Unit

Kind = Literal["spoilt", "missing", "wrong", "late", "other"]
MAX_OPEN = 5
LISTED = 100


def report(
    unit: Unit, order: Order, *, kind: Kind, text: str, sku: str | None, photo: str | None, at: Ms
) -> tuple[int, bool]:
    """Open a complaint; (id, whether `photo` was taken). The same report again is the same complaint.

    Raises:
        BadInput: the SKU is not in the order.
        Conflict: nothing of the order was paid or handed over yet, or too many are open already.
    """
    text = mask_text(text)
    if order.paid_ms is None and order.packed_ms is None and order.picked_ms is None:
        raise Conflict(
            "这张订单还没付款，可以直接取消；有问题请在直播间提问",
            "this order is not paid yet and can be cancelled; ask in the show if something is unclear",
        )
    if sku is not None and sku not in {line.sku for line in order.lines}:
        raise BadInput("这张订单里没有这个商品", "this product is not in the order", field="sku")
    open_ones = [row for row in of_order(unit.session, order.id) if row.state != "resolved"]
    same = next((row for row in open_ones if (row.kind, row.text, row.sku) == (kind, text, sku)), None)
    if same is not None:
        taken = photo is not None and same.photo is None
        if taken:
            same.photo = photo
            _tell(unit, same, at)
        return same.id, taken
    if len(open_ones) >= MAX_OPEN:
        raise Conflict(
            "这张订单已经有几个问题在处理了，请等团长回复",
            "several problems of this order are being looked at, please wait for the answer",
        )
    row = Complaint(
        order_id=order.id,
        sku=sku,
        lot_id=_lot_of(unit.session, order, sku),
        kind=kind,
        text=text,
        photo=photo,
        state="open",
        reply="",
        reported_ms=at,
    )
    unit.session.add(row)
    unit.session.flush()
    _tell(unit, row, at)
    return row.id, photo is not None


def answer(unit: Unit, complaint_id: int, *, reply: str, resolved: bool, at: Ms) -> None:
    """Answer a complaint and say whether it is settled; a later answer replaces the text, the first keeps its time.

    Raises:
        NotFound: no such complaint.
        BadInput: settled without a word to the buyer.
    """
    row = find(unit.session, complaint_id)
    if not reply and not row.reply:
        raise BadInput("请写一句回复，买家会看到", "write an answer, the buyer will read it", field="reply")
    state = "resolved" if resolved else "answered"
    if (row.reply, row.state) == (reply or row.reply, state):
        return
    row.reply, row.state = reply or row.reply, state
    row.replied_ms = row.replied_ms or at
    row.resolved_ms = (row.resolved_ms or at) if resolved else None
    _tell(unit, row, at)


def find(session: Session, complaint_id: int) -> Complaint:
    """The complaint's row.

    Raises:
        NotFound: there is none.
    """
    row = session.get(Complaint, complaint_id)
    if row is None:
        raise NotFound("没有这条售后记录", "no such complaint")
    return row


def of_order(session: Session, order_id: int) -> Sequence[Complaint]:
    """What was reported about an order, oldest first."""
    return session.scalars(select(Complaint).where(Complaint.order_id == order_id).order_by(Complaint.id)).all()


def buyers_value(row: Complaint) -> dict[str, Any]:
    """A complaint as its buyer sees it."""
    return {
        "id": row.id,
        "sku": row.sku,
        "kind": row.kind,
        "text": row.text,
        "photo": row.photo is not None,
        "state": row.state,
        "reply": row.reply,
        "reported_ms": row.reported_ms,
        "replied_ms": row.replied_ms,
        "resolved_ms": row.resolved_ms,
    }


def complaints_topic(session: Session) -> list[dict[str, Any]]:
    """For operators: open ones first, longest waiting on top, then those that are done, newest first."""
    waiting = Complaint.state != "resolved"
    rank = case((Complaint.state == "open", 0), (Complaint.state == "answered", 1), else_=2)
    rows = session.execute(
        select(Complaint, Order.buyer)
        .join(Order, Order.id == Complaint.order_id)
        .order_by(rank, case((waiting, Complaint.id), else_=-Complaint.id))
        .limit(LISTED)
    )
    return [operators_value(row, buyer) for row, buyer in rows]


def operators_value(row: Complaint, buyer: str) -> dict[str, Any]:
    """A complaint as operators see it, its buyer masked."""
    return {
        **buyers_value(row),
        "order_id": row.order_id,
        "number": orders.number_of(row.order_id),
        "who": mask_name(buyer),
        "photo": f"/api/v1/complaints/{row.id}/photo" if row.photo else None,
        "lot_id": row.lot_id,
    }


def _lot_of(session: Session, order: Order, sku: str | None) -> int | None:
    """The lot that was sold, where it is certain: the only one the product ever had. Of an order of one product too."""
    skus = {line.sku for line in order.lines} if sku is None else {sku}
    if len(skus) != 1:
        return None
    count, lot_id = session.execute(select(func.count(), func.max(Lot.id)).where(Lot.sku == skus.pop())).one()
    return lot_id if count == 1 else None


def _tell(unit: Unit, row: Complaint, at: Ms) -> None:
    state: Literal["open", "answered", "resolved"] = "open"
    if row.state in {"answered", "resolved"}:
        state = "resolved" if row.state == "resolved" else "answered"
    unit.emit(ComplaintReported(complaint_id=row.id, order_id=OrderId(row.order_id), state=state, at=at))
