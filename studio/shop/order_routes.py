"""Orders over HTTP: placing, finding, every step of their life."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from studio.db import Database
from studio.errors import BadInput
from studio.shop import buyers, life, orders, refunds, search, topics
from studio.shop.history import By
from studio.shop.schemas import (
    CancelIn,
    OrderDetailOut,
    OrderIn,
    OrderOut,
    OrdersOut,
    OrdersQuery,
    PayIn,
    RefundIn,
    SettleIn,
)
from studio.types import Require, Role, now_ms
from studio.unit import Unit, Writer
from studio.vault import Vault

MAX_KEY_LENGTH = 80
_BY: dict[Role | None, By] = {Role.HOST: "host", Role.PRODUCER: "producer"}


def idempotency_key() -> str:
    """The request's Idempotency-Key.

    Raises:
        BadInput: none, or too long.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > MAX_KEY_LENGTH:
        raise BadInput(
            "请带上 Idempotency-Key 请求头（1 到 80 个字符）",
            "send an Idempotency-Key header of 1 to 80 characters",
        )
    return key


def blueprint(
    writer: Writer,
    database: Database,
    vault: Vault,
    require: Require,
    *,
    role: Callable[[], Role | None],
    live_show_id: Callable[[Unit], int | None],
    hold_ms: int,
) -> APIBlueprint:
    """Routes over a writer and a database.

    `role` tells who asks, `live_show_id` which show an order belongs to, `hold_ms` how long an unpaid one holds stock.
    """
    api = APIBlueprint("orders", __name__, tag="Orders 订单")

    @api.get("/orders")
    @require(Role.MODERATOR)
    @api.input(OrdersQuery, location="query")
    @api.output(OrdersOut)
    def listing(query_data: OrdersQuery) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Orders, newest first, and how many there are of each status; buyers masked."""
        wanted = search.Search(status=query_data.status, point=query_data.point, words=query_data.q)
        with database.reading() as session:
            found = search.find(session, wanted, before=query_data.before, limit=query_data.limit)
            return {
                "orders": topics.orders_out(session, found, vault.open),
                "next_before": found[-1].id if len(found) == query_data.limit else None,
                "counts": {status: number for status, (number, _) in search.count(session, wanted).items()},
            }

    @api.get("/orders/<int:order_id>")
    @require(Role.MODERATOR)
    @api.output(OrderDetailOut)
    def read(order_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """One order with everything that happened to it."""
        with database.reading() as session:
            return topics.order_detail(session, orders.find_order(session, order_id), vault.open)

    @api.post("/orders")
    @require(Role.MODERATOR)
    @api.input(OrderIn)
    @api.output(OrderOut, status_code=201)
    def place(json_data: OrderIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Place an order; with the same Idempotency-Key again it is the same order."""
        key, by, given = idempotency_key(), _by(), json_data
        lines = [orders.Line(sku=line.sku, quantity=line.quantity) for line in given.lines]

        def work(unit: Unit) -> dict[str, Any]:
            at = now_ms()
            buyer_id = given.phone and buyers.of_phone(
                unit, vault, given.phone, nickname=given.buyer, pickup_point_id=given.pickup_point_id, at=at
            )
            order_id = orders.place(
                unit,
                key=key,
                buyer=given.buyer,
                buyer_id=buyer_id or None,
                lines=lines,
                paid=given.paid,
                paid_via=given.paid_via,
                pickup_point_id=given.pickup_point_id,
                note=given.note,
                waitlist=given.waitlist,
                source="manual",
                show_id=live_show_id(unit),
                hold_ms=hold_ms,
                by=by,
                at=at,
            )
            return topics.order_now(unit, order_id, vault.open)

        return writer.run(work)

    @api.post("/orders/<int:order_id>/pay")
    @require(Role.MODERATOR)
    @api.input(PayIn, location="json_or_form")  # a body is not needed
    @api.output(OrderOut)
    def pay(order_id: int, json_or_form_data: PayIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Record that what is due was paid."""
        return _step(order_id, lambda unit, by: life.pay(unit, order_id, via=json_or_form_data.via, by=by, at=now_ms()))

    @api.post("/orders/<int:order_id>/pack")
    @require(Role.MODERATOR)
    @api.output(OrderOut)
    def pack(order_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The goods are in the bag."""
        return _step(order_id, lambda unit, by: life.pack(unit, order_id, by=by, at=now_ms()))

    @api.post("/orders/<int:order_id>/pick-up")
    @require(Role.MODERATOR)
    @api.output(OrderOut)
    def pick_up(order_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The buyer has it; 到付 is paid now."""
        return _step(order_id, lambda unit, by: life.pick_up(unit, order_id, by=by, at=now_ms()))

    @api.post("/orders/<int:order_id>/close")
    @require(Role.MODERATOR)
    @api.output(OrderOut)
    def close(order_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Nothing is left to do."""
        return _step(order_id, lambda unit, by: life.close(unit, order_id, by=by, at=now_ms()))

    @api.post("/orders/<int:order_id>/cancel")
    @require(Role.MODERATOR)
    @api.input(CancelIn, location="json_or_form")
    @api.output(OrderOut)
    def cancel(order_id: int, json_or_form_data: CancelIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Cancel an order; one that is paid is refunded, by producer or host."""
        return _step(
            order_id, lambda unit, by: life.cancel(unit, order_id, reason=json_or_form_data.reason, by=by, at=now_ms())
        )

    @api.post("/orders/<int:order_id>/settle")
    @require(Role.MODERATOR)
    @api.input(SettleIn)
    @api.output(OrderOut)
    def settle(order_id: int, json_data: SettleIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Weigh goods that are sold by weight."""
        weights = {line.sku: line.weight_g for line in json_data.lines}
        return _step(order_id, lambda unit, by: life.settle(unit, order_id, weights, by=by, at=now_ms()))

    @api.post("/orders/<int:order_id>/refund")
    @require(Role.PRODUCER)
    @api.input(RefundIn)
    @api.output(OrderOut)
    def refund(order_id: int, json_data: RefundIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Give money back; with the same Idempotency-Key again it is the same refund."""
        key = idempotency_key()
        lines = [refunds.Return(line.sku, line.quantity, line.restock) for line in json_data.lines]
        return _step(
            order_id,
            lambda unit, by: life.refund(
                unit,
                order_id,
                key=key,
                amount_fen=json_data.amount_fen,
                lines=lines,
                reason=json_data.reason,
                by=by,
                at=now_ms(),
            ),
        )

    def _step(order_id: int, take: Callable[[Unit, By], object]) -> dict[str, Any]:
        by = _by()

        def work(unit: Unit) -> dict[str, Any]:
            take(unit, by)
            return topics.order_now(unit, order_id, vault.open)

        return writer.run(work)

    def _by() -> By:
        return _BY.get(role(), "moderator")

    return api
