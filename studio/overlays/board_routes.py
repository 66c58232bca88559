"""The board over HTTP: goal, countdown, ticker, trust panel and honest words of the show on stage."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.errors import Conflict, NotFound
from studio.overlays import board
from studio.overlays.board_schemas import (
    BoardOut,
    CaptionsIn,
    CommunityIn,
    CountdownIn,
    GoalIn,
    NoteIn,
    PanelIn,
    TickerIn,
)
from studio.types import Ms, Require, Role, now_ms
from studio.unit import Unit, Writer

SentenceOf = Callable[[Unit, int, int], dict[str, Any]]
"""An honest sentence of a show by its seq, with the lot that it is about: {seq, sku, batch, text}."""


def blueprint(
    writer: Writer,
    require: Require,
    *,
    stage_show: Callable[[], int | None],
    sentence_of: SentenceOf,
    topics: Callable[[], dict[str, Any]],
    settle: Callable[[str, float, float], None],
) -> APIBlueprint:
    """Routes over a writer, for the show on stage; `topics` are as they are after a command.

    `sentence_of` raises NotFound or Conflict where there is no such sentence or lot; `settle` keeps where the community
    is.
    """
    api = APIBlueprint("board", __name__, tag="Overlays 画面")

    def change(part: board.Part, value: dict[str, Any] | None) -> dict[str, Any]:
        show_id = on_stage()
        writer.run(lambda unit: board.put(unit, show_id, part, value, at=now_ms()))
        return topics()

    def on_stage() -> int:
        show_id = stage_show()
        if show_id is None:
            raise Conflict("还没有直播，请先新建一场", "there is no show yet, create one first")
        return show_id

    @api.get("/board")
    @require(Role.MODERATOR)
    @api.output(BoardOut)
    def read() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What the operators have on screen."""
        return topics()

    @api.put("/board/goal")
    @require(Role.MODERATOR)
    @api.input(GoalIn)
    @api.output(BoardOut)
    def goal(json_data: GoalIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """A goal; how far it is the ledger says."""
        return change("goal", json_data.model_dump())

    @api.put("/board/countdown")
    @require(Role.MODERATOR)
    @api.input(CountdownIn)
    @api.output(BoardOut)
    def countdown(json_data: CountdownIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Count down to a real moment; what has ended does not start again."""
        show_id, at = on_stage(), now_ms()
        writer.run(
            lambda unit: board.start_countdown(
                unit, show_id, title=json_data.title, ends_ms=Ms(json_data.ends_ms), at=at
            )
        )
        return topics()

    @api.put("/board/ticker")
    @require(Role.MODERATOR)
    @api.input(TickerIn)
    @api.output(BoardOut)
    def ticker(json_data: TickerIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Lines that take turns at the bottom."""
        return change("ticker", json_data.model_dump())

    @api.put("/board/panel")
    @require(Role.MODERATOR)
    @api.input(PanelIn)
    @api.output(BoardOut)
    def panel(json_data: PanelIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """One trust panel in the composite, or none."""
        return change("panel", {"panel": json_data.panel} if json_data.panel else None)

    @api.put("/board/captions")
    @require(Role.MODERATOR)
    @api.input(CaptionsIn)
    @api.output(BoardOut)
    def captions(json_data: CaptionsIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Captions on screen, or not; they are heard and kept all the same."""
        return change("captions", None if json_data.shown else {"off": True})

    @api.post("/board/honesty")
    @require(Role.MODERATOR)
    @api.input(NoteIn)
    @api.output(BoardOut)
    def note(json_data: NoteIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Put an honest sentence that was heard on the note of the lot on sale."""
        show_id = on_stage()

        def add(unit: Unit) -> None:
            board.add_note(unit, show_id, sentence_of(unit, show_id, json_data.seq), at=now_ms())

        writer.run(add)
        return topics()

    @api.delete("/board/honesty/<int:seq>")
    @require(Role.MODERATOR)
    @api.output(BoardOut)
    def unnote(seq: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take an honest sentence off the note."""
        show_id = on_stage()
        writer.run(lambda unit: board.drop_note(unit, show_id, seq, at=now_ms()))
        return topics()

    @api.delete("/board/<part>")
    @require(Role.MODERATOR)
    @api.output(BoardOut)
    def clear(part: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take a part off the screen."""
        return change(known(part), None)

    @api.post("/board/<part>/undo")
    @require(Role.MODERATOR)
    @api.output(BoardOut)
    def undo(part: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Undo a part's last change; twice redoes it."""
        show_id, which = on_stage(), known(part)
        writer.run(lambda unit: board.undo(unit, show_id, which, at=now_ms()))
        return topics()

    @api.put("/community")
    @require(Role.PRODUCER)
    @api.input(CommunityIn)
    @api.output(BoardOut)
    def community(json_data: CommunityIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Where the buyers live: food miles count to there."""
        settle(json_data.name, json_data.latitude, json_data.longitude)
        return topics()

    def known(part: str) -> board.Part:
        for each in board.PARTS:
            if each == part:
                return each
        raise NotFound("没有这一项", "there is no such part")

    return api
