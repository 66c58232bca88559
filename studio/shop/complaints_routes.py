"""Complaints for operators: the list, the photo, the answer."""

from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import send_from_directory
from flask.typing import ResponseReturnValue

from studio.db import Database
from studio.errors import NotFound
from studio.shop import complaints, orders
from studio.shop.public_schemas import ComplaintOut, ComplaintsOut, ReplyIn
from studio.types import Require, Role, now_ms
from studio.unit import Unit, Writer


def blueprint(writer: Writer, database: Database, require: Require, photo_folder: Path) -> APIBlueprint:
    """Routes over a writer and a database; photos lie in `photo_folder`."""
    api = APIBlueprint("complaints", __name__, tag="Complaints 售后")

    @api.get("/complaints")
    @require(Role.MODERATOR)
    @api.output(ComplaintsOut)
    def listing() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Open ones first, then recent ones, buyers masked."""
        with database.reading() as session:
            return {"complaints": complaints.complaints_topic(session)}

    @api.post("/complaints/<int:complaint_id>/reply")
    @require(Role.MODERATOR)
    @api.input(ReplyIn)
    @api.output(ComplaintOut)
    def reply(complaint_id: int, json_data: ReplyIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Answer, and say whether it is settled; the buyer reads it on the order's page."""

        def work(unit: Unit) -> dict[str, Any]:
            complaints.answer(unit, complaint_id, reply=json_data.reply, resolved=json_data.resolved, at=now_ms())
            row = complaints.find(unit.session, complaint_id)
            return complaints.operators_value(row, orders.find_order(unit.session, row.order_id).buyer)

        return writer.run(work)

    @api.get("/complaints/<int:complaint_id>/photo")
    @require(Role.MODERATOR)
    @api.doc(responses={200: {"content": {"image/jpeg": {}}}})
    def photo(complaint_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The photo that came with it."""
        with database.reading() as session:
            name = complaints.find(session, complaint_id).photo
        if name is None:
            raise NotFound("没有照片", "there is no photo")
        response = send_from_directory(photo_folder, name)
        response.headers["Cache-Control"] = "no-store"
        return response

    return api
