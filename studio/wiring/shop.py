"""Catalogue, stock and orders."""

from studio import events
from studio.shop import catalogue, order_routes, waitlist
from studio.shop import routes as shop_routes
from studio.shop.day_clock import DayClock
from studio.shop.holds import HoldClock
from studio.shows import show as shows
from studio.unit import Unit
from studio.wiring import Core


def wire(core: Core) -> None:
    """A card without label items stays off air; topics follow stock and orders; holds end, the line moves up."""
    bus, view, writer, database = core.bus, core.view, core.writer, core.database
    hold_ms = round(core.settings.hold_minutes * 60_000)

    def serve_line(unit: Unit, event: events.StockFreed) -> None:
        waitlist.serve(unit, event.skus, hold_ms=hold_ms, at=event.at)

    for kind in (events.ItemTaken, events.ItemPutOnStandby):
        writer.react(kind, catalogue.require_label)
    writer.react(events.StockFreed, serve_line)
    clock = HoldClock(writer, database)
    core.parts.extend([clock, DayClock(view.catalogue)])
    bus.listen(events.OrderPlaced, clock.wake)
    bus.listen(events.CatalogueChanged, view.catalogue)
    bus.listen(events.StockChanged, view.stock)
    for kind in (
        events.OrderPlaced,
        events.OrderPaid,
        events.OrderCancelled,
        events.OrderRefunded,
        events.OrderAdvanced,
        events.ComplaintReported,
    ):
        bus.listen(kind, view.orders)
    for blueprint in (
        shop_routes.blueprint(writer, database, core.guard.require),
        order_routes.blueprint(
            writer,
            database,
            core.vault,
            core.guard.require,
            role=core.guard.role,
            live_show_id=shows.live_show_id,
            hold_ms=hold_ms,
        ),
    ):
        core.app.register_blueprint(blueprint, url_prefix="/api/v1")
