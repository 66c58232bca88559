"""Catalogue, stock and orders."""

from studio import events
from studio.shop import catalogue
from studio.shop import routes as shop_routes
from studio.shows import show as shows
from studio.wiring import Core


def wire(core: Core) -> None:
    """A card without label items stays off air; topics follow stock and orders."""
    bus, view = core.bus, core.view
    core.writer.react(events.ItemTaken, catalogue.require_label)
    bus.listen(events.CatalogueChanged, view.catalogue)
    bus.listen(events.StockChanged, view.stock)
    for kind in (events.OrderPlaced, events.OrderPaid, events.OrderCancelled):
        bus.listen(kind, view.orders)
    core.app.register_blueprint(
        shop_routes.blueprint(core.writer, core.database, core.guard.require, shows.live_show_id), url_prefix="/api/v1"
    )
