"""Pickup points and lists, 接龙, and the pages that announce a show."""

from sqlalchemy.orm import Session

from studio.shop import buyers, pickup_routes
from studio.shop.chain.telling import Announced
from studio.shows import show as shows
from studio.types import Ms
from studio.unit import Unit
from studio.web import announce_pages
from studio.web.buyer_address import buyer_address
from studio.wiring import Core


def wire(core: Core) -> None:
    """The group's list belongs to the show on stage and leads to the buyers' page."""

    def announced(session: Session) -> Announced:
        show = shows.stage_show(session)
        if show is None:
            return Announced(None, "", (), Ms(0))
        skus = tuple(item.sku for item in show.items if item.sku)
        return Announced(show.id, show.title, skus, Ms(show.created_ms))

    def buyer_url() -> str | None:
        where = buyer_address(core.settings, core.lan)
        return None if where.reach == "here" else where.page

    def buyer_of(unit: Unit, phone: str, nickname: str, point_id: int | None, at: Ms) -> int:
        return buyers.of_phone(unit, core.vault, phone, nickname=nickname, pickup_point_id=point_id, at=at)

    api = pickup_routes.blueprint(
        core.writer,
        core.database,
        core.guard.require,
        announced=announced,
        buyer_url=buyer_url,
        buyer_of=buyer_of,
        open_phone=core.vault.open,
    )
    core.app.register_blueprint(api, url_prefix="/api/v1")
    core.app.register_blueprint(
        announce_pages.blueprint(core.guard, lambda: buyer_address(core.settings, core.lan), core.lan.told)
    )
