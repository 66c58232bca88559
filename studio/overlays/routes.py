"""The shout-out queue over HTTP: pause it, skip one."""

from collections.abc import Callable

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.overlays import shoutouts
from studio.overlays.schemas import PauseIn, QueueOut
from studio.types import Require, Role, now_ms
from studio.unit import Writer


def blueprint(writer: Writer, require: Require, refresh: Callable[[], dict[str, object]]) -> APIBlueprint:
    """Routes over a writer; `refresh` brings the shout-out topic up to date and returns it."""
    api = APIBlueprint("overlays", __name__, tag="Overlays 画面")

    @api.post("/shoutouts/pause")
    @require(Role.MODERATOR)
    @api.input(PauseIn)
    @api.output(QueueOut)
    def pause(json_data: PauseIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Hold the queue or let it go on."""
        writer.run(lambda unit: shoutouts.set_paused(unit, paused=json_data.paused))
        return refresh()

    @api.post("/shoutouts/<int:shoutout_id>/skip")
    @require(Role.MODERATOR)
    @api.output(QueueOut)
    def skip(shoutout_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take one off the screen or out of the queue."""
        writer.run(lambda unit: shoutouts.skip(unit, shoutout_id, at=now_ms()))
        return refresh()

    return api
