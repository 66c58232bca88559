"""The operators: pages of orders and buyers, the navigation of every page of theirs, and who of them is here."""

from flask import Response, request
from sqlalchemy import func, select

from studio import events
from studio.shop import orders
from studio.shop.models import Complaint
from studio.web import shop_pages
from studio.web.buyer_address import buyer_address
from studio.web.deeds import DEEDS
from studio.wiring import Core


def wire(core: Core) -> None:
    """Pages that read two facts of the shop: how many complaints are open, and an order's private link."""

    def open_complaints() -> int:
        with core.database.reading() as session:
            return session.scalar(select(func.count()).where(Complaint.state == "open")) or 0

    def secret_of(order_id: int) -> str:
        with core.database.reading() as session:
            return orders.find_order(session, order_id).secret

    def base_url() -> str:
        where = buyer_address(core.settings, core.lan)
        return "" if where.reach == "here" else where.url

    def note_deed(response: Response) -> Response:
        deed = DEEDS.get(request.endpoint or "")
        seat = request.headers.get("X-Seat")
        if deed and seat and response.status_code < 400:  # noqa: PLR2004 - what was refused was not done
            core.sockets.did(seat, core.guard.role(), deed)
        return response

    core.app.after_request(note_deed)
    core.app.register_blueprint(shop_pages.blueprint(core.guard, open_complaints, secret_of, base_url))
    core.bus.listen(events.OperatorsChanged, lambda _event: core.state.put("presence", core.sockets.operators()))
    core.state.put("presence", [])
