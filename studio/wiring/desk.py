"""The operators: pages of orders and buyers, the navigation of every page of theirs, and who of them is here."""

from sqlalchemy import func, select

from studio import events
from studio.shop import orders
from studio.shop.models import Complaint
from studio.web import shop_pages
from studio.wiring import Core


def wire(core: Core) -> None:
    """Pages that read two facts of the shop: how many complaints are open, and an order's private link."""

    def open_complaints() -> int:
        with core.database.reading() as session:
            return session.scalar(select(func.count()).where(Complaint.state == "open")) or 0

    def secret_of(order_id: int) -> str:
        with core.database.reading() as session:
            return orders.find_order(session, order_id).secret

    core.app.register_blueprint(shop_pages.blueprint(core.guard, open_complaints, secret_of, core.settings.public_url))
    core.bus.listen(events.OperatorsChanged, lambda _event: core.state.put("presence", core.sockets.operators()))
    core.state.put("presence", [])
