"""HTTP routes of pickup points, pickup lists and 接龙."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint
from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import StudioError
from studio.shop import orders, pickup
from studio.shop.chain import intake, telling
from studio.shop.models import Order
from studio.shop.pickup_schemas import (
    ChainOut,
    ImportedOut,
    ImportIn,
    PasteIn,
    PickupQuery,
    PointIn,
    PointOut,
    PointsOut,
    PreviewOut,
    RowIn,
)
from studio.types import Require, Role, now_ms
from studio.unit import Unit, Writer


def blueprint(
    writer: Writer,
    database: Database,
    require: Require,
    *,
    announced: Callable[[Session], telling.Announced],
    buyer_url: Callable[[], str | None],
    buyer_of: intake.BuyerOf,
    open_phone: Callable[[str], str | None],
) -> APIBlueprint:
    """Routes over a writer and a database.

    `announced` tells the show on stage, `buyer_url` the buyers' page as phones reach it (None when they cannot),
    `buyer_of` finds or makes the buyer behind a phone number, `open_phone` opens a sealed one.
    """
    api = APIBlueprint("pickup", __name__, tag="Pickup 自提与接龙")

    @api.get("/pickup-points")
    @require(Role.MODERATOR)
    @api.output(PointsOut)
    def points() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Every pickup point, those in use first."""
        with database.reading() as session:
            return {
                "points": [
                    PointOut.model_validate(point, from_attributes=True) for point in pickup.list_points(session)
                ]
            }

    @api.post("/pickup-points")
    @require(Role.PRODUCER)
    @api.input(PointIn)
    @api.output(PointOut, status_code=201)
    def add_point(json_data: PointIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Add a pickup point."""
        point_id = writer.run(lambda unit: pickup.save_point(unit, None, **json_data.model_dump()))
        return {"id": point_id, **json_data.model_dump()}

    @api.put("/pickup-points/<int:point_id>")
    @require(Role.PRODUCER)
    @api.input(PointIn)
    @api.output(PointOut)
    def change_point(point_id: int, json_data: PointIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Change a pickup point, or take it out of use; none is ever deleted."""
        writer.run(lambda unit: pickup.save_point(unit, point_id, **json_data.model_dump()))
        return {"id": point_id, **json_data.model_dump()}

    @api.get("/pickup-list")
    @require(Role.MODERATOR)
    @api.input(PickupQuery, location="query")
    def waiting(query_data: PickupQuery) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What waits to be fetched, by point and buyer; as a table for spreadsheets with `format=csv`."""
        with database.reading() as session:
            listed = pickup.pickup_list(session, open_phone, point_id=query_data.point, at=now_ms())
        if query_data.format == "json":
            return listed
        headings = (
            _("自提点"),
            _("单号"),
            _("取货人"),
            _("手机尾号"),
            _("商品"),
            _("备注"),
            _("待收（元）"),
            _("已取"),
        )
        text = pickup.table(listed, headings, _("没有选自提点"))
        disposition = {"Content-Disposition": 'attachment; filename="pickup.csv"', "Cache-Control": "no-store"}
        return Response(text, content_type="text/csv; charset=utf-8", headers=disposition)

    @api.get("/chain")
    @require(Role.MODERATOR)
    @api.output(ChainOut)
    def chain() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The 接龙 text of the show on stage."""
        with database.reading() as session:
            return {"text": telling.chain_text(session, announced(session), buyer_url())}

    @api.post("/chain/preview")
    @require(Role.MODERATOR)
    @api.input(PasteIn)
    @api.output(PreviewOut)
    def preview(json_data: PasteIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What a pasted 接龙 says, row by row; changes nothing."""
        with database.reading() as session:
            seen = intake.preview(session, json_data.text, announced(session))
        return {
            "rows": [_row_out(row) for row in seen.rows],
            "problems": [{"line": aside.line, "text": aside.text, "why": aside.why} for aside in seen.asides],
        }

    @api.post("/chain/import")
    @require(Role.MODERATOR)
    @api.input(ImportIn)
    @api.output(ImportedOut)
    def take(json_data: ImportIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Make the rows orders, each by itself and once: a row is known again by its text."""
        with database.reading() as session:
            show_id = announced(session).show_id
        taken = [_take(writer, row, show_id, buyer_of) for row in json_data.rows]
        with database.reading() as session:
            return {"rows": [_taken_out(session, *item) for item in zip(json_data.rows, taken, strict=True)]}

    return api


def _take(writer: Writer, row: RowIn, show_id: int | None, buyer_of: intake.BuyerOf) -> intake.Taken:
    checked = intake.Checked(
        text=row.text,
        repeat=row.repeat,
        buyer=row.buyer,
        lines=tuple(orders.Line(line.sku, line.quantity) for line in row.lines),
        phone=row.phone,
        pickup_point_id=row.pickup_point_id,
        note=row.note,
        paid=row.paid,
        waitlist=row.waitlist,
    )

    def work(unit: Unit) -> intake.Taken:
        return intake.take(unit, checked, show_id=show_id, buyer_of=buyer_of, at=now_ms())

    try:
        return writer.run(work)
    except StudioError as error:
        return intake.Taken("refused", refusal=error)


def _row_out(seen: intake.Seen) -> dict[str, Any]:
    understood = seen.reading
    return {
        "line": seen.row.line,
        "number": seen.row.number,
        "text": seen.row.text,
        "repeat": seen.repeat,
        "buyer": understood.buyer,
        "phone": understood.extras.phone,
        "pickup_point_id": understood.extras.point_id,
        "note": understood.extras.note,
        "paid": understood.extras.paid,
        "lines": [asdict(line) for line in understood.lines],
        "issues": seen.issues,
        "ready": seen.ready,
        "known": seen.known,
        "earlier": _earlier_out(seen.earlier),
    }


def _taken_out(session: Session, row: RowIn, taken: intake.Taken) -> dict[str, Any]:
    refusal = taken.refusal
    chinese = str(get_locale() or "zh").startswith("zh")
    return {
        "text": row.text,
        "repeat": row.repeat,
        "result": taken.result,
        "order": _earlier_out(session.get(Order, taken.order_id) if taken.order_id else None),
        "code": refusal and refusal.code,
        "detail": refusal and (refusal.zh if chinese else refusal.en),
    }


def _earlier_out(order: Order | None) -> dict[str, Any] | None:
    return order and {"id": order.id, "number": orders.number_of(order.id), "status": order.status}
