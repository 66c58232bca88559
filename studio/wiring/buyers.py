"""Buyers: referral rewards follow their orders, and whoever is to be forgotten is forgotten in every room."""

from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from studio import events
from studio.audience import privacy as audience_privacy
from studio.overlays import privacy as overlay_privacy
from studio.shop import buyer_export, buyers_routes, referrals
from studio.shop.retention import RetentionClock
from studio.shop.reward_clock import RewardClock
from studio.vault import Vault
from studio.wiring import Core, spawning


def wire(core: Core) -> None:
    """Rewards and erasure are decided in the transaction that causes them; photos are deleted after it."""
    writer, bus, settings = core.writer, core.bus, core.settings
    window_ms = round(settings.aftersales_hours * 3_600_000)
    writer.react(
        events.OrderPaid,
        partial(referrals.reward_first_order, reward_fen=settings.referral_reward_fen, window_ms=window_ms),
    )
    writer.react(events.OrderAdvanced, partial(referrals.start_window, window_ms=window_ms))
    writer.react(events.OrderRefunded, referrals.void_if_given_back)
    writer.react(events.PersonalDataErased, audience_privacy.forget_visitor)
    writer.react(events.PersonalDataErased, overlay_privacy.forget_orders)

    photo_folder = core.settings.data_dir / "complaints"
    rewards = RewardClock(writer, core.database)
    core.parts.extend((rewards, RetentionClock(writer, core.database, photo_folder, audience_privacy.forget_old)))
    bus.listen(events.ReferralChanged, rewards.wake)
    bus.listen(events.ComplaintReported, rewards.wake)
    bus.listen(events.PersonalDataErased, core.view.orders)
    bus.listen(events.PersonalDataErased, spawning(partial(_delete_photos, photo_folder)))
    core.app.register_blueprint(
        buyers_routes.blueprint(writer, core.database, core.vault, core.guard.require, partial(_export, core.vault)),
        url_prefix="/api/v1",
    )


def _export(vault: Vault, session: Session, buyer_id: int) -> dict[str, Any]:
    value = buyer_export.export(session, vault, buyer_id)
    visitor = value["buyer"]["browser"]
    return {**value, **audience_privacy.said_by(session, visitor)} if visitor else value


def _delete_photos(folder: Path, event: events.PersonalDataErased) -> None:
    for name in event.photos:
        (folder / name).unlink(missing_ok=True)
