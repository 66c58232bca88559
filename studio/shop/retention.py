"""Forgetting by itself: what is too old to name anybody, docs/privacy.md has the table."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import and_, delete, exists, or_, select, update

from studio.db import Database
from studio.events import PersonalDataErased
from studio.masking import ERASED
from studio.routine import Routine
from studio.shop import buyers, forgetting
from studio.shop.models import Buyer, Complaint, Order, ReferralTouch
from studio.types import Ms, OrderId, now_ms
from studio.unit import Unit, Writer

DAY_MS = 24 * 3_600_000
ORDERS_MS = 3 * 366 * DAY_MS
"""Order records: three years, as the rules for live commerce want them kept."""

VISITS_MS = 365 * DAY_MS
"""Whoever visited and never ordered, and what other shops delivered."""

LOOK_S = 24 * 3600.0
_BATCH = 200


def forget_old(unit: Unit, *, at: Ms) -> int:
    """Erase a batch of what is too old; how many buyers and orders, 0 when nothing is left."""
    before_orders, before_visits = Ms(at - ORDERS_MS), Ms(at - VISITS_MS)
    ordered = exists().where(Order.buyer_id == Buyer.id)
    lately = exists().where(Order.buyer_id == Buyer.id, Order.placed_ms >= before_orders)
    gone = unit.session.scalars(
        select(Buyer.id)
        .where(
            Buyer.erased_ms.is_(None),
            ~lately,
            or_(ordered, Buyer.created_ms < before_visits),
        )
        .limit(_BATCH)
    ).all()
    for buyer_id in gone:
        buyers.erase(unit, buyer_id, at=at, force=True)
    old = tuple(
        OrderId(order_id)
        for order_id in unit.session.scalars(
            select(Order.id).where(Order.placed_ms < before_orders, Order.buyer != ERASED).limit(_BATCH)
        )
    )
    if old:
        photos = forgetting.forget_orders(unit, old, at=at)
        unit.session.execute(update(Order).where(Order.id.in_(old)).values(buyer_id=None))
        unit.emit(PersonalDataErased(visitor=None, order_ids=old, photos=photos, at=at))
    unit.session.execute(delete(ReferralTouch).where(ReferralTouch.at < before_visits))
    forgetting.forget_deliveries(unit, before_visits)
    return len(gone) + len(old)


def sweep_photos(database: Database, folder: Path, *, at: Ms) -> int:
    """Delete photos that no complaint names: a crash lay between the commit and the deletion of a file; how many."""
    with database.reading() as session:
        named = set(session.scalars(select(Complaint.photo).where(and_(Complaint.photo.is_not(None)))))
    left = [path for path in folder.glob("*") if path.is_file() and path.name not in named]
    settled = [path for path in left if path.stat().st_mtime * 1000 < at - DAY_MS]  # others may be on their way in
    for path in settled:
        path.unlink(missing_ok=True)
    return len(settled)


class RetentionClock(Routine):
    """Once at the start and then once a day.

    Args:
        photo_folder: complaints' photos.
        others: what other rooms forget, given the time before which visits are too old.
    """

    def __init__(
        self, writer: Writer, database: Database, photo_folder: Path, others: Callable[[Unit, Ms], object]
    ) -> None:
        super().__init__(retry_s=LOOK_S)
        self._writer = writer
        self._database = database
        self._photo_folder = photo_folder
        self._others = others

    def run_once(self, *, at: Ms) -> None:
        """Forget everything that is too old at this time."""
        while self._writer.run(lambda unit: forget_old(unit, at=at)):
            pass
        self._writer.run(lambda unit: self._others(unit, Ms(at - VISITS_MS)))
        sweep_photos(self._database, self._photo_folder, at=at)

    def step(self) -> float:
        """Forget; a day later again."""
        self.run_once(at=now_ms())
        return LOOK_S
