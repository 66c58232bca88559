"""Other shops: their orders come in by signed deliveries, ours and the stock go out."""

from typing import Any

from flask import request

from studio import events
from studio.config import EVERY_ADDRESS
from studio.shop.webhooks import hooks, inbox, sources, targets
from studio.shop.webhooks import routes as webhook_routes
from studio.shop.webhooks.drain import Drain
from studio.shop.webhooks.effects import Setting
from studio.shop.webhooks.outgoing import Outbox
from studio.shop.webhooks.sender import Sender
from studio.shows import show as shows
from studio.unit import Unit
from studio.web import settings_pages
from studio.wiring import Core

ORDER_EVENTS = (
    events.OrderPlaced,
    events.OrderPaid,
    events.OrderAdvanced,
    events.OrderCancelled,
    events.OrderRefunded,
)


def wire(core: Core) -> None:
    """Deliveries are processed after their answer; what is told outside is written with what made it true."""
    bus, settings = core.bus, core.settings
    hold_ms = round(settings.hold_minutes * 60_000)

    def setting(unit: Unit) -> Setting:
        return Setting(shows.live_show_id(unit), hold_ms)

    def overview() -> dict[str, Any]:
        with core.database.reading() as session:
            return {
                "base_url": settings.public_url,
                "sources": sources.describe(session),
                "parked": inbox.count_parked(session),
                "targets": targets.describe(session),
            }

    def reached_at() -> str:
        """The public address where there is one: the test then shows that the outside reaches us."""
        if settings.public_url:
            return settings.public_url
        host = "127.0.0.1" if settings.host in EVERY_ADDRESS else settings.host
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{request.environ['SERVER_PORT']}"

    def refresh(_event: object = None) -> None:
        core.state.refresh("webhooks", overview)

    keys = sources.KeyRing(core.database, core.vault)
    bus.listen(events.WebhooksChanged, keys.forget)
    drain = Drain(core.writer, core.database, setting)
    sender = Sender(core.writer, core.database, core.vault)
    outbox = Outbox(sender.enabled)
    core.parts.extend((drain, sender))
    for kind in ORDER_EVENTS:
        core.writer.react(kind, outbox.order)
        bus.listen(kind, sender.wake)
    core.writer.react(events.StockChanged, outbox.stock)
    bus.listen(events.StockChanged, sender.wake)
    for kind in (events.WebhookReceived, events.WebhooksChanged):
        bus.listen(kind, drain.wake)
        bus.listen(kind, refresh)
    bus.listen(events.WebhooksChanged, sender.reload)
    refresh()

    core.app.register_blueprint(
        hooks.blueprint(core.writer, keys.find, core.visitors.deliveries, core.visitors.count_refusal)
    )
    core.app.register_blueprint(
        webhook_routes.blueprint(
            core.writer,
            core.database,
            core.vault,
            core.guard.require,
            sender,
            overview=overview,
            reached_at=reached_at,
        ),
        url_prefix="/api/v1",
    )
    core.app.register_blueprint(settings_pages.blueprint(core.guard, settings.public_url))
