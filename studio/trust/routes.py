"""Temperatures of a lot over HTTP: JSON of sensors, CSV of loggers."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studio.db import Database
from studio.trust import temperatures
from studio.trust.limits import Limit
from studio.trust.logger_file import read_logger_file
from studio.trust.schemas import ColdChainOut, LoggerFileQuery, ReadingsIn, TakenOut
from studio.trust.temperatures import Given
from studio.types import Ms, Require, Role, now_ms
from studio.unit import Writer


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What the room knows of a lot: its row, its product, and which temperatures it may have."""

    id: int
    sku: str
    limit: Limit | None


FindLot = Callable[[Session, str, str], LotFacts]
"""The lot of a SKU and a batch; raises NotFound."""


def blueprint(writer: Writer, database: Database, require: Require, find_lot: FindLot) -> APIBlueprint:
    """Routes over a writer and a database."""
    api = APIBlueprint("trust", __name__, tag="Trust 信任")

    @api.get("/lots/<sku>/<path:batch>/temperatures")
    @require(Role.MODERATOR)
    @api.output(ColdChainOut)
    def read(sku: str, batch: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The lot's cold chain: verdict, limit, readings."""
        with database.reading() as session:
            lot = find_lot(session, sku, batch)
            return temperatures.cold_chain_topic(session, lot.id, lot.limit)

    @api.post("/lots/<sku>/<path:batch>/temperatures")
    @require(Role.AGENT)
    @api.input(ReadingsIn)
    @api.output(TakenOut)
    def measure(sku: str, batch: str, json_data: ReadingsIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Readings of sensors; repeated deliveries change nothing."""
        given = [Given(Ms(each.at), each.celsius, each.sensor) for each in json_data.readings]
        return take_in(sku, batch, given, json_data.interval_s, "http")

    @api.post("/lots/<sku>/<path:batch>/temperatures.csv")
    @require(Role.AGENT)
    @api.input(LoggerFileQuery, location="query")
    @api.output(TakenOut)
    def import_file(sku: str, batch: str, query_data: LoggerFileQuery) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """A logger's CSV file as the body: all of it, or nothing with the line that is wrong."""
        rows = read_logger_file(request.get_data())
        return take_in(
            sku, batch, [Given(row.at, row.celsius, row.sensor) for row in rows], query_data.interval_s, "csv"
        )

    def take_in(sku: str, batch: str, given: Sequence[Given], interval_s: int | None, source: str) -> dict[str, Any]:
        with database.reading() as session:
            lot = find_lot(session, sku, batch)
        taken = writer.run(
            lambda unit: temperatures.take_in(
                unit, lot.id, lot.sku, given, interval_s=interval_s, source=source, at=now_ms()
            )
        )
        with database.reading() as session:
            verdict = temperatures.cold_chain_topic(session, lot.id, lot.limit)["verdict"]
        return {**asdict(taken), "verdict": verdict}

    return api
