"""`/shows`: create, plan, go live, take, end."""

from collections.abc import Callable, Container, Sequence
from pathlib import Path

from apiflask import APIBlueprint
from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import BadInput
from studio.shows import show as shows
from studio.shows import standby as standbys
from studio.shows.preflight import reds
from studio.shows.preflight_routes import Examine
from studio.shows.schemas import (
    CueModeIn,
    LiveIn,
    RundownIn,
    ShowIn,
    ShowOut,
    ShowsOut,
    StandbyIn,
    TakeIn,
    TemplatesOut,
)
from studio.shows.template import list_templates
from studio.types import Require, Role, now_ms
from studio.unit import Unit, Writer


def blueprint(
    writer: Writer,
    database: Database,
    require: Require,
    *,
    template_folders: Sequence[Path],
    airable: Callable[[Session], Container[str]],
    dismiss: Callable[[], None],
    report: Examine,
) -> APIBlueprint:
    """Routes over a writer and a database.

    Args:
        writer: commits commands.
        database: is read from.
        require: guards each route by role.
        template_folders: where rundown templates are; all but the first hold the host's own.
        airable: SKUs whose cards may go on air.
        dismiss: puts a suggested cue away.
        report: every check of a show, looked at now.
    """
    api = APIBlueprint("shows", __name__, tag="Shows 直播")

    def read(show_id: int) -> ResponseReturnValue:
        with database.reading() as session:
            return shows.describe(shows.find_show(session, show_id), airable(session)).model_dump()

    @api.get("/shows")
    @require(Role.MODERATOR)
    @api.output(ShowsOut)
    def listing() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Every show, newest first."""
        with database.reading() as session:
            cards = airable(session)
            return {"shows": [shows.describe(row, cards).model_dump() for row in shows.list_shows(session)]}

    @api.get("/shows/templates")
    @require(Role.PRODUCER)
    @api.output(TemplatesOut)
    def templates() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Rundown templates: the studio's, and the host's own of `scenes/` in the data folder."""
        found, problems = list_templates(template_folders)
        return {
            "templates": [
                {"name": each.name, "own": each.own, **each.show.model_dump(include={"title", "rundown"})}
                for each in found
            ],
            "problems": [{"name": name, "zh": error.zh, "en": error.en} for name, error in problems],
        }

    @api.post("/shows")
    @require(Role.PRODUCER)
    @api.input(ShowIn)
    @api.output(ShowOut, status_code=201)
    def create(json_data: ShowIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Create a draft show."""
        created = writer.run(
            lambda unit: shows.create_show(unit, title=json_data.title, rundown=json_data.rundown, at=now_ms())
        )
        return read(created)

    @api.get("/shows/<int:show_id>")
    @require(Role.MODERATOR)
    @api.output(ShowOut)
    def one(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """One show with its rundown."""
        return read(show_id)

    @api.put("/shows/<int:show_id>/rundown")
    @require(Role.PRODUCER)
    @api.input(RundownIn)
    @api.output(ShowOut)
    def rundown(show_id: int, json_data: RundownIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Replace the rundown; items with an id are kept. With If-Match only the one that was seen, else 412."""
        seen = request.headers.get("If-Match", "").strip().strip('"') or None
        writer.run(lambda unit: shows.set_rundown(unit, show_id, json_data.items, at=now_ms(), revision=seen))
        return read(show_id)

    @api.post("/shows/<int:show_id>/live")
    @require(Role.HOST)
    @api.input(LiveIn, location="json_or_form")  # a body is not needed
    @api.output(ShowOut)
    def live(show_id: int, json_or_form_data: LiveIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Go live; while a check of the preflight is red, only with the reason in `override`, which is kept."""
        red = [check.out() for check in reds(report(show_id))]
        writer.run(lambda unit: shows.go_live(unit, show_id, at=now_ms(), red=red, reason=json_or_form_data.override))
        return read(show_id)

    @api.post("/shows/<int:show_id>/end")
    @require(Role.HOST)
    @api.output(ShowOut)
    def end(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """End the show."""
        writer.run(lambda unit: shows.end_show(unit, show_id, at=now_ms()))
        return read(show_id)

    @api.post("/shows/<int:show_id>/take")
    @require(Role.PRODUCER)
    @api.input(TakeIn)
    @api.output(ShowOut)
    def take(show_id: int, json_data: TakeIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Put an item on air."""
        writer.run(lambda unit: shows.take_item(unit, show_id, json_data.item_id, at=now_ms()))
        return read(show_id)

    @api.put("/shows/<int:show_id>/standby")
    @require(Role.PRODUCER)
    @api.input(StandbyIn)
    @api.output(ShowOut)
    def standby(show_id: int, json_data: StandbyIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What comes next: an item, a product (added to the rundown where it is missing), or the rundown's own."""
        item_id, sku, title = json_data.item_id, json_data.sku, json_data.title
        if sku is not None and (item_id is not None or title is None):
            raise BadInput("要么写 item_id，要么写 sku 和 title", "give an item_id, or a sku with its title")

        def put(unit: Unit) -> None:
            show = shows.find_show(unit.session, show_id)
            if sku is not None and title is not None:
                standbys.put_product_on_standby(unit, show, sku, title)
            else:
                standbys.put_on_standby(unit, show, item_id)

        writer.run(put)
        return read(show_id)

    @api.put("/shows/<int:show_id>/cue-mode")
    @require(Role.PRODUCER)
    @api.input(CueModeIn)
    @api.output(ShowOut)
    def cue_mode(show_id: int, json_data: CueModeIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What a product named by the host does: nothing, a suggestion, or going on air."""
        writer.run(lambda unit: shows.set_cue_mode(unit, show_id, json_data.mode))
        return read(show_id)

    @api.post("/cue/dismiss")
    @require(Role.PRODUCER)
    @api.output({}, status_code=204)
    def dismiss_cue() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Put the suggestion away; that product is not suggested again for a while."""
        dismiss()
        return ""

    return api
