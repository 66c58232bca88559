"""What a buyer is told of the end of an order: who cancelled it and why, what was given back and why."""

from typing import Any, Final, Literal

from sqlalchemy.orm import Session

from studio.masking import mask_text
from studio.shop import history
from studio.shop.history import By
from studio.shop.models import Order, OrderStep

EndedBy = Literal["time", "buyer", "shop", "host"]
"""time: the hold ran out; shop: the shop system that the order came from; host: somebody of this studio."""

_BY: Final[dict[By | str, EndedBy]] = {"clock": "time", "buyer": "buyer", "webhook": "shop"}


def told(session: Session, order: Order) -> dict[str, Any]:
    """`{ended: {by, reason} | None, refunds: [{amount_fen, reason, at}]}`; ended is of a cancelled order.

    A reason is what somebody of this studio wrote for the buyer, "" where nobody did.
    """
    steps = history.list_steps(session, order.id) if order.closed_ms is not None or order.refunded_fen else ()
    ended = steps[-1] if steps and order.status == "cancelled" else None
    return {
        "ended": ended and {"by": _BY.get(ended.by, "host"), "reason": _reason(ended)},
        "refunds": [
            {"amount_fen": step.detail.get("amount_fen", 0), "reason": _reason(step), "at": step.at}
            for step in steps
            if step.step == "refunded"
        ],
    }


def _reason(step: OrderStep) -> str:
    return "" if step.by in _BY else mask_text(str(step.detail.get("reason", "")))
