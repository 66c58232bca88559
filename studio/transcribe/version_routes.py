"""The text of a show after it: heard again from a recording, edited by hand, with its history."""

import re
from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import NotFound
from studio.transcribe import versions
from studio.transcribe.retakes import Retakes
from studio.transcribe.schemas import EditIn, HistoryOut, RetakeIn, RetakeOut
from studio.types import Require, Role, now_ms
from studio.unit import Writer


def blueprint(
    writer: Writer,
    database: Database,
    require: Require,
    retakes: Retakes,
    *,
    role: Callable[[], Role | None],
    check_show: Callable[[Session, int], object],
) -> APIBlueprint:
    """Routes over the recordings and the texts; `check_show` raises NotFound for an unknown show."""
    api = APIBlueprint("versions", __name__, tag="Speech 语音")

    def check(show_id: int) -> None:
        with database.reading() as session:
            check_show(session, show_id)

    @api.get("/retake")
    @require(Role.HOST)
    @api.output(RetakeOut)
    def possible() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Models on this PC, OBS's last recording, and how far the hearing is."""
        return {"models": retakes.models(), "recording": retakes.recording, "job": retakes.value()}

    @api.post("/shows/<int:show_id>/retake")
    @require(Role.HOST)
    @api.input(RetakeIn)
    @api.output({}, status_code=202)
    def hear(show_id: int, json_data: RetakeIn) -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction]
        """Hear a recording of the show again, in the background."""
        check(show_id)
        retakes.hear(show_id, json_data.audio, model=json_data.model, beam=json_data.beam, offset_s=json_data.offset_s)
        return {}

    @api.post("/retake/stop")
    @require(Role.HOST)
    @api.output({}, status_code=204)
    def stop() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Stop it; nothing of it is kept."""
        retakes.cancel()
        return ""

    @api.put("/shows/<int:show_id>/transcript/<seq>")
    @require(Role.MODERATOR)
    @api.input(EditIn)
    @api.output(HistoryOut)
    def edit(show_id: int, seq: str, json_data: EditIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Write a sentence as it should be; what it was before stays in its history."""
        who = role()
        by = who.value if who else ""
        writer.run(lambda unit: versions.edit(unit, show_id, _number(seq), json_data.text, by=by, at=now_ms()))
        return read(show_id, seq)

    @api.get("/shows/<int:show_id>/transcript/<seq>")
    @require(Role.MODERATOR)
    @api.output(HistoryOut)
    def read_history(show_id: int, seq: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Every text of a sentence."""
        return read(show_id, seq)

    def read(show_id: int, seq: str) -> dict[str, Any]:
        with database.reading() as session:
            return {"versions": versions.history(session, show_id, _number(seq))}

    return api


def _number(seq: str) -> int:
    """A sentence's number; negative ones are of sentences that only a recording has."""
    if not re.fullmatch(r"-?\d{1,9}", seq):
        raise NotFound("没有这一句", "no such sentence")
    return int(seq)
