"""Buyers' pages and calls, and the complaints that come in by them."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from studio import events
from studio.audience import topics as audience
from studio.config import asset_root
from studio.shop import complaints, complaints_routes, me_routes, public, public_routes, referrals
from studio.shows import show as shows
from studio.types import now_ms
from studio.vision import photos
from studio.web import buyer_pages
from studio.wiring import Core


def wire(core: Core) -> None:
    """The shop front reads shows, polls and answers of other rooms; a referral link is touched by its page."""
    writer, database, vault, visitors = core.writer, core.database, core.vault, core.visitors
    folder = (core.settings.data_dir / "complaints").absolute()
    front = public.Shopfront(database, _show_of, audience.poll_topic, audience.answered)

    def touch(visitor: str, code: str) -> None:
        writer.run(lambda unit: referrals.touch(unit, visitor, code, at=now_ms()))

    def referral_url(code: str) -> str:
        public_url = core.settings.public_url
        path = url_for("buyer.referral", code=code, _external=not public_url)
        return f"{public_url}{path}"

    def read_complaints() -> list[dict[str, Any]]:
        with database.reading() as session:
            return complaints.complaints_topic(session)

    def refresh(_event: object = None) -> None:
        core.state.refresh("complaints", read_complaints)

    refresh()
    core.bus.listen(events.ComplaintReported, refresh)
    counter = public_routes.Counter(
        writer=writer,
        database=database,
        vault=vault,
        front=front,
        live_show_id=shows.live_show_id,
        keep_photo=lambda data: photos.keep(data, folder),
        photo_folder=folder,
        hold_ms=round(core.settings.hold_minutes * 60_000),
    )
    own = me_routes.blueprint(
        writer,
        database,
        vault,
        visitors.public,
        visitors.current,
        referral_url=referral_url,
        reward_fen=core.settings.referral_reward_fen,
    )
    for blueprint in (
        public_routes.blueprint(counter, visitors.public, visitors.current),
        own,
        complaints_routes.blueprint(writer, database, core.guard.require, folder),
    ):
        core.app.register_blueprint(blueprint, url_prefix=f"/api/v1{blueprint.url_prefix or ''}")
    pages = buyer_pages.Counter(
        database=database,
        vault=vault,
        front=front,
        touch=touch,
        hold_minutes=core.settings.hold_minutes,
        static=asset_root() / "static",
    )
    core.app.register_blueprint(buyer_pages.blueprint(pages, visitors))


def _show_of(session: Session, show_id: int | None) -> dict[str, Any] | None:
    row = shows.stage_show(session) if show_id is None else shows.find_show(session, show_id)
    return shows.describe(row).model_dump() if row else None
