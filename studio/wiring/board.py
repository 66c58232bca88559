"""What operators put on screen themselves, and what the catalogue and the ledger say beside it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio import config, events
from studio.errors import Conflict, NotFound
from studio.overlays import board, board_routes
from studio.overlays.food_miles import miles_topic
from studio.shop import catalogue
from studio.shop.models import PickupPoint
from studio.shop.progress import count_paid
from studio.transcribe.models import Highlight
from studio.unit import Unit
from studio.wiring import Core

_ORDERS_MOVED = (
    events.OrderPaid,
    events.OrderCancelled,
    events.OrderRefunded,
    events.OrderAdvanced,
    events.PersonalDataErased,
)


def wire(core: Core) -> None:
    """Topics follow the board, the card and the orders of the show on stage."""
    settings = core.settings
    community: dict[str, Any] = {
        "name": settings.community_name,
        "latitude": settings.community_latitude,
        "longitude": settings.community_longitude,
    }
    topics = _Topics(core, community)

    def settle(name: str, latitude: float, longitude: float) -> None:
        given = {"name": name, "latitude": latitude, "longitude": longitude}
        config.save(settings.data_dir, {f"community_{key}": value for key, value in given.items()})
        community.update(given)
        topics.product()

    for kind in (events.BoardChanged, events.ShowChanged):
        core.bus.listen(kind, topics.all)
    for kind in (events.ItemTaken, events.CatalogueChanged):
        core.bus.listen(kind, topics.product)
    for kind in _ORDERS_MOVED:
        core.bus.listen(kind, topics.goal)
    topics.all()
    core.app.register_blueprint(
        board_routes.blueprint(
            core.writer,
            core.guard.require,
            stage_show=lambda: core.view.show_id,
            sentence_of=_sentence_of,
            topics=topics.after_command,
            settle=settle,
        ),
        url_prefix="/api/v1",
    )


class _Topics:
    """Keeps the board's topics."""

    def __init__(self, core: Core, community: dict[str, Any]) -> None:
        self._core = core
        self._community = community

    def all(self, *_event: object) -> None:
        """Something on the board changed, or another show is on stage."""
        state = self._core.state
        state.put("countdown", self._read("countdown"))
        state.put("ticker", self._with_points(self._read("ticker")))
        state.put("captions", "off" if self._read("captions") else "on")
        state.put("panel", (self._read("panel") or {}).get("panel"))
        self.goal()
        self.product()

    def goal(self, *_event: object) -> None:
        """An order moved."""
        self._core.state.refresh("goal", self._goal)

    def product(self, *_event: object) -> None:
        """Another card is on air, its lot changed, or the community moved."""
        product = self._core.state.get("product")
        self._core.state.put("miles", miles_topic(product, self._community if self._community["name"] else None))
        self._core.state.put("honesty", self._honesty(product))

    def after_command(self) -> dict[str, Any]:
        """As `BoardOut`."""
        self.all()
        names = ("goal", "countdown", "ticker", "panel", "honesty", "captions")
        with self._core.database.reading() as session:
            notes = list(board.notes_of(session, self._core.view.show_id))
        return {**{name: self._core.state.get(name) for name in names}, "notes": notes}

    def _read(self, part: board.Part) -> dict[str, Any] | None:
        with self._core.database.reading() as session:
            return board.read(session, self._core.view.show_id, part)

    def _goal(self) -> dict[str, Any] | None:
        show_id = self._core.view.show_id
        with self._core.database.reading() as session:
            goal = board.read(session, show_id, "goal")
            if goal is None or show_id is None:
                return None
            return {**goal, "count": count_paid(session, show_id, goal["measure"])}

    def _with_points(self, ticker: dict[str, Any] | None) -> dict[str, Any] | None:
        if ticker is None:
            return None
        points: list[dict[str, Any]] = []
        if ticker["pickup"]:
            with self._core.database.reading() as session:
                rows = session.scalars(select(PickupPoint).where(PickupPoint.active).order_by(PickupPoint.id).limit(12))
                points = [{"name": row.name, "address": row.address, "hours": row.hours} for row in rows]
        return {"texts": ticker["texts"], "points": points}

    def _honesty(self, product: dict[str, Any] | None) -> dict[str, Any] | None:
        """Known defects of the lot on sale, and the host's own words about this lot alone."""
        lot: dict[str, Any] = (product or {}).get("lot") or {}
        if product is None or not lot:
            return None
        with self._core.database.reading() as session:
            notes = board.notes_of(session, self._core.view.show_id)
        mine = [note["text"] for note in notes if (note["sku"], note["batch"]) == (product["sku"], lot["batch"])]
        return {
            "sku": product["sku"],
            "name": product["name"],
            "batch": lot["batch"],
            "defects": list(lot.get("defects") or []),
            "notes": mine,
        }


def _sentence_of(unit: Unit, show_id: int, seq: int) -> dict[str, Any]:
    """An honest sentence that was heard, with the lot on sale of the product that it was about."""
    row = _honest(unit.session, show_id, seq)
    if row is None:
        raise NotFound("没有听到这样一句", "no such honest sentence was heard")
    lot = catalogue.current_lot(unit.session, row.product) if row.product else None
    if lot is None:
        raise Conflict(
            "这句话没有说是哪个商品的哪一批，不能写上画面", "this sentence belongs to no lot, it cannot go on screen"
        )
    return {"seq": seq, "sku": lot.sku, "batch": lot.batch, "text": row.text}


def _honest(session: Session, show_id: int, seq: int) -> Highlight | None:
    return session.scalars(
        select(Highlight).where(Highlight.show_id == show_id, Highlight.seq == seq, Highlight.kind == "honest")
    ).first()
