"""Shout-outs and the overlay pages that show them."""

from typing import Any

from studio import events
from studio.overlays import routes as overlay_routes
from studio.overlays import shoutouts
from studio.shows import show as shows
from studio.wiring import Core

SHOUTOUT_PAGES = ("shoutout", "composite")


def wire(core: Core) -> None:
    """Paid orders queue their shout-out in the payment's transaction, refunds retract it."""
    bus, state, view = core.bus, core.state, core.view
    stage = shoutouts.ShoutoutStage(
        core.writer,
        core.database,
        show_id=lambda: view.show_id,
        watched=lambda: any(core.sockets.pages().get(page) for page in SHOUTOUT_PAGES),
        seconds=core.settings.shoutout_seconds,
    )
    core.parts.append(stage)
    core.writer.react(events.OrderPaid, shoutouts.queue_for_order)
    core.writer.react(events.OrderCancelled, shoutouts.retract_for_order)
    bus.listen(events.ShowChanged, stage.wake)
    for kind in (events.ShoutoutQueued, events.ShoutoutChanged):
        bus.listen(kind, view.shoutout)
        bus.listen(kind, stage.wake)
    bus.listen(events.OverlaysChanged, lambda event: state.put("overlays", {"pages": event.pages}))
    bus.listen(events.OverlaysChanged, stage.wake)
    state.put("overlays", {"pages": {}})

    def refresh() -> dict[str, Any]:
        with core.database.reading() as session:
            show = shows.stage_show(session)
            value = shoutouts.shoutout_topic(session, show.id if show else None)
        state.put("shoutout", value)
        stage.wake()
        return value

    core.app.register_blueprint(
        overlay_routes.blueprint(core.writer, core.guard.require, refresh), url_prefix="/api/v1"
    )
