"""The shout-out queue over HTTP: pause it, skip one, undo that, show one again or first."""

from collections.abc import Callable

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.overlays import shoutouts
from studio.overlays.schemas import PauseIn, PriorityIn, QueueOut
from studio.overlays.shoutouts import Shoutouts
from studio.types import Require, Role, now_ms
from studio.unit import Writer


def blueprint(
    writer: Writer,
    require: Require,
    rules: Shoutouts,
    live_show: Callable[[], int | None],
    topic: Callable[[], dict[str, object]],
) -> APIBlueprint:
    """Routes over a writer; `topic` reads the shout-out topic as it is after the command."""
    api = APIBlueprint("overlays", __name__, tag="Overlays 画面")

    @api.post("/shoutouts/pause")
    @require(Role.MODERATOR)
    @api.input(PauseIn)
    @api.output(QueueOut)
    def pause(json_data: PauseIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Hold the queue or let it go on."""
        writer.run(lambda unit: shoutouts.set_paused(unit, paused=json_data.paused))
        return topic()

    @api.post("/shoutouts/<int:shoutout_id>/skip")
    @require(Role.MODERATOR)
    @api.output(QueueOut)
    def skip(shoutout_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take one off the screen or out of the queue."""
        writer.run(lambda unit: rules.skip(unit, shoutout_id, at=now_ms()))
        return topic()

    @api.post("/shoutouts/<int:shoutout_id>/restore")
    @require(Role.MODERATOR)
    @api.output(QueueOut)
    def restore(shoutout_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Undo a skip of the last ten seconds."""
        writer.run(lambda unit: shoutouts.restore(unit, shoutout_id, at=now_ms()))
        return topic()

    @api.post("/shoutouts/<int:shoutout_id>/replay")
    @require(Role.MODERATOR)
    @api.output(QueueOut)
    def replay(shoutout_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Show one of this show again."""
        writer.run(lambda unit: shoutouts.replay(unit, shoutout_id, live_show=live_show(), at=now_ms()))
        return topic()

    @api.post("/shoutouts/<int:shoutout_id>/priority")
    @require(Role.MODERATOR)
    @api.input(PriorityIn)
    @api.output(QueueOut)
    def priority(shoutout_id: int, json_data: PriorityIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Let a waiting one go first."""
        writer.run(lambda unit: shoutouts.prioritise(unit, shoutout_id, priority=json_data.priority))
        return topic()

    return api
