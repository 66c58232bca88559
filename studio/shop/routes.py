"""Catalogue, stock ledger and orders over HTTP."""

import json
import tomllib
from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from studio.catalogue_file import parse_catalogue
from studio.db import Database
from studio.errors import BadInput, CatalogueError
from studio.shop import catalogue, orders, stock, topics
from studio.shop.schemas import MovementIn, OrderIn, OrderOut, OrdersOut, ProductsOut, StockOut
from studio.types import Require, Role, now_ms
from studio.unit import Unit, Writer

MAX_KEY_LENGTH = 80


def blueprint(
    writer: Writer, database: Database, require: Require, live_show_id: Callable[[Unit], int | None]
) -> APIBlueprint:
    """Routes over a writer and a database; `live_show_id` tells which show an order belongs to."""
    api = APIBlueprint("shop", __name__, tag="Shop 商品与订单")

    @api.get("/products")
    @require(Role.MODERATOR)
    @api.output(ProductsOut)
    def products() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Every product with its current lot."""
        return _read_products()

    @api.post("/catalogue")
    @require(Role.PRODUCER)
    @api.output(ProductsOut)
    def take_in() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take in a catalogue document: JSON, or TOML with Content-Type application/toml."""
        given = parse_catalogue(_document())
        writer.run(lambda unit: catalogue.take_in(unit, given, at=now_ms()))
        return _read_products()

    @api.get("/stock")
    @require(Role.MODERATOR)
    @api.output(StockOut)
    def counts() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Live stock of every SKU."""
        return _read_counts()

    @api.post("/stock/<sku>/movements")
    @require(Role.PRODUCER)
    @api.input(MovementIn)
    @api.output(StockOut)
    def move(sku: str, json_data: MovementIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Goods received, wasted, or counted anew."""
        writer.run(
            lambda unit: stock.move_by_hand(
                unit, sku, json_data.kind, json_data.quantity, reason=json_data.reason, at=now_ms()
            )
        )
        return _read_counts()

    @api.get("/orders")
    @require(Role.MODERATOR)
    @api.output(OrdersOut)
    def listing() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The newest 100 orders, buyers masked."""
        with database.reading() as session:
            return {
                "orders": [topics.order_out(order, order.lines) for order in orders.recent_orders(session, None, 100)]
            }

    @api.post("/orders")
    @require(Role.MODERATOR)
    @api.input(OrderIn)
    @api.output(OrderOut, status_code=201)
    def place(json_data: OrderIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Place an order; with the same Idempotency-Key again it is the same order."""
        key = request.headers.get("Idempotency-Key", "")
        if not key or len(key) > MAX_KEY_LENGTH:
            raise BadInput(
                "请带上 Idempotency-Key 请求头（1 到 80 个字符）",
                "send an Idempotency-Key header of 1 to 80 characters",
            )

        lines = [orders.Line(sku=line.sku, quantity=line.quantity) for line in json_data.lines]

        def work(unit: Unit) -> dict[str, Any]:
            order_id = orders.place(
                unit,
                key=key,
                buyer=json_data.buyer,
                lines=lines,
                paid=json_data.paid,
                source="manual",
                show_id=live_show_id(unit),
                at=now_ms(),
            )
            return topics.order_out(*orders.read_order(unit.session, order_id))

        return writer.run(work)

    @api.post("/orders/<int:order_id>/pay")
    @require(Role.MODERATOR)
    @api.output(OrderOut)
    def pay(order_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Record the payment."""
        writer.run(lambda unit: orders.pay(unit, order_id, at=now_ms()))
        return _read(order_id)

    @api.post("/orders/<int:order_id>/cancel")
    @require(Role.MODERATOR)
    @api.output(OrderOut)
    def cancel(order_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Cancel an unpaid order, refund a paid one."""
        writer.run(lambda unit: orders.cancel(unit, order_id, at=now_ms()))
        return _read(order_id)

    def _read_products() -> dict[str, Any]:
        with database.reading() as session:
            return {"products": topics.catalogue_topic(session)}

    def _read_counts() -> dict[str, Any]:
        with database.reading() as session:
            return topics.stock_topic(session, now_ms())

    def _read(order_id: int) -> dict[str, Any]:
        with database.reading() as session:
            return topics.order_out(*orders.read_order(session, order_id))

    return api


def _document() -> object:
    try:
        if request.mimetype in {"application/toml", "text/x-toml"}:
            return tomllib.loads(request.get_data().decode())
        return json.loads(request.get_data())
    except UnicodeDecodeError as error:
        raise CatalogueError(
            "这个文件不是文本，请选 JSON 或 TOML 的商品资料，并保存为 UTF-8",
            "this file is not text; choose a catalogue in JSON or TOML, saved as UTF-8",
        ) from error
    except (ValueError, RecursionError) as error:
        raise CatalogueError(f"商品资料读不懂：{error}", f"cannot read the catalogue: {error}") from error
