"""Catalogue and stock ledger over HTTP."""

import json
import tomllib
from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue

from studio.catalogue_file import parse_catalogue
from studio.db import Database
from studio.errors import CatalogueError
from studio.shop import catalogue, stock, topics
from studio.shop.schemas import MovementIn, MovementsOut, MovementsQuery, ProductsOut, StockOut
from studio.types import Require, Role, now_ms
from studio.unit import Writer


def blueprint(writer: Writer, database: Database, require: Require) -> APIBlueprint:
    """Routes over a writer and a database."""
    api = APIBlueprint("shop", __name__, tag="Shop 商品与库存")

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

    @api.get("/stock/<sku>/movements")
    @require(Role.MODERATOR)
    @api.input(MovementsQuery, location="query")
    @api.output(MovementsOut)
    def movements(sku: str, query_data: MovementsQuery) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The ledger of one SKU, newest first."""
        with database.reading() as session:
            rows = stock.list_movements(session, sku, before=query_data.before, limit=query_data.limit)
        last = rows[-1].id if len(rows) == query_data.limit else None
        return {"movements": [topics.movement_out(row) for row in rows], "next_before": last}

    def _read_products() -> dict[str, Any]:
        with database.reading() as session:
            return {"products": topics.catalogue_topic(session)}

    def _read_counts() -> dict[str, Any]:
        with database.reading() as session:
            return topics.stock_topic(session, now_ms())

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
