"""Shout-outs and the overlay pages that show them."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, exists, func, or_, select

from studio import events
from studio.db import table
from studio.overlays import routes as overlay_routes
from studio.overlays import shoutouts, topics
from studio.overlays.models import Shoutout
from studio.overlays.stage import Pace, ShoutoutStage
from studio.shop.models import Buyer, Order
from studio.shows.models import Show
from studio.unit import Unit
from studio.wiring import Core, spawning

SHOUTOUT_PAGES = frozenset({"shoutout", "composite"})

_orders, _buyers, _shows, _shoutouts = table(Order), table(Buyer), table(Show), table(Shoutout)
_WANTED = (
    select(_orders.c.id)
    .select_from(
        _orders.join(_shows, _shows.c.id == _orders.c.show_id).outerjoin(_buyers, _buyers.c.id == _orders.c.buyer_id)
    )
    .where(
        _orders.c.id == bindparam("b_order"),
        _shows.c.status == "live",
        or_(_buyers.c.quiet.is_(None), _buyers.c.quiet.is_(False)),
        ~exists().where(_shoutouts.c.order_id == _orders.c.id),
    )
)
# a buyer is a row of buyers or, entered by hand, a name
_COUNT_BUYERS = select(
    func.count(func.distinct(func.coalesce(cast(_orders.c.buyer_id, String), "=" + _orders.c.buyer)))
).where(_orders.c.id.in_(bindparam("b_orders", expanding=True)))
_ORDERS_OF_BUYER = select(_orders.c.id).where(_orders.c.buyer_id == bindparam("b_buyer"))


def _is_wanted(connection: Connection, order_id: int) -> bool:
    return connection.execute(_WANTED, {"b_order": order_id}).first() is not None


def _count_buyers(connection: Connection, order_ids: Sequence[int]) -> int:
    return connection.execute(_COUNT_BUYERS, {"b_orders": order_ids}).scalar_one()


BUYERS = shoutouts.Buyers(wanted=_is_wanted, count=_count_buyers)
"""What the queue knows of the shop."""


def wire(core: Core) -> None:
    """Paid orders queue their shout-out in the payment's transaction, refunds and opt-outs retract it."""
    bus, settings = core.bus, core.settings
    undo_ms = round(settings.shoutout_undo_seconds * 1000)
    rules = shoutouts.Shoutouts(BUYERS, undo_ms=undo_ms)
    stay_ms = round(settings.shoutout_seconds * 1000)
    pace = Pace(stay_ms=stay_ms, undo_ms=undo_ms, merge_from=settings.shoutout_merge_from)

    def watched() -> int:
        pages = core.sockets.pages()
        return sum(pages.get(page, 0) for page in SHOUTOUT_PAGES)

    def live_show() -> int | None:
        live = core.view.live()
        return live[0] if live else None

    def quiet(unit: Unit, event: events.BuyerQuieted) -> None:
        orders = unit.connection.execute(_ORDERS_OF_BUYER, {"b_buyer": event.buyer_id}).scalars().all()
        rules.retract(unit, orders, at=event.at)

    def acknowledge(event: events.OverlayAcked) -> None:
        if event.page in SHOUTOUT_PAGES:
            core.writer.run(lambda unit: shoutouts.acknowledge(unit, event))

    stage = ShoutoutStage(rules, core.writer, core.database, pace, show_id=live_show, watched=watched)
    core.parts.append(stage)
    core.writer.react(events.OrderPaid, rules.queue)
    core.writer.react(events.OrderCancelled, rules.retract_refunded)
    core.writer.react(events.BuyerQuieted, quiet)
    core.writer.react(events.PersonalDataErased, rules.retract_erased)
    bus.listen(events.OverlayAcked, spawning(acknowledge))
    bus.listen(events.ShoutoutQueued, stage.queued)
    bus.listen(events.ShoutoutChanged, stage.wake)
    bus.listen(events.ShoutoutProven, stage.proven)
    bus.listen(events.ShoutoutsPaused, stage.wake)
    bus.listen(events.ShowChanged, stage.wake)
    bus.listen(events.OverlaysChanged, stage.overlays_changed)
    refresh = _keep_topics(core, watched)

    def after_command() -> dict[str, Any]:
        refresh()
        stage.wake()
        return core.state.get("shoutout")

    core.app.register_blueprint(
        overlay_routes.blueprint(core.writer, core.guard.require, rules, live_show, after_command), url_prefix="/api/v1"
    )


def _keep_topics(core: Core, watched: Callable[[], int]) -> Callable[..., None]:
    """The one way the topics are computed: a function that says that they may have changed, called by every event."""
    state = core.state

    def read_shoutout() -> dict[str, Any]:
        with core.database.reading() as session:
            return topics.shoutout_topic(session, core.view.show_id, watched=watched() > 0)

    def read_queue() -> list[dict[str, Any]]:
        with core.database.reading() as session:
            return topics.shoutouts_topic(session, core.view.show_id)

    def refresh(*_event: object) -> None:
        state.refresh("shoutout", read_shoutout)
        state.refresh("shoutouts", read_queue)

    changes = (events.ShoutoutQueued, events.ShoutoutChanged, events.ShoutoutProven, events.ShoutoutsPaused)
    for kind in (*changes, events.ShowChanged, events.OverlaysChanged):
        core.bus.listen(kind, refresh)
    core.bus.listen(events.OverlaysChanged, lambda event: state.put("overlays", {"pages": event.pages}))
    state.put("overlays", {"pages": {}})
    refresh()
    return refresh
