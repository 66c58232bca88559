"""What is on stage: the show, its card, stock and orders, as topics read from the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from studio import events
from studio.db import Database
from studio.shop import catalogue, topics
from studio.shows import show as shows
from studio.state import State
from studio.types import Ms, now_ms


class StageView:
    """Keeps the topics that are read from the database in step with the show on stage.

    Args:
        open_phone: a sealed phone in the clear, shown masked.
        trace_link: where buyers read on about a product of a show, and its QR code, as a part of the topic.
    """

    def __init__(
        self,
        database: Database,
        state: State,
        *,
        demo: bool,
        open_phone: topics.OpenPhone,
        trace_link: Callable[[int, str], dict[str, Any]],
    ) -> None:
        self._trace_link = trace_link
        self._database = database
        self._state = state
        self._demo = demo
        self._open_phone = open_phone
        self.show_id: int | None = None
        self.sku: str | None = None
        self._live: tuple[int, Ms] | None = None

    def live(self) -> tuple[int, Ms] | None:
        """(id, started_ms) of the show on air."""
        return self._live

    def load(self) -> None:
        """Read everything anew."""
        self.show()
        self.catalogue()

    def show(self, *_event: object) -> None:
        """The show, its rundown, its current item or what comes next changed."""
        self._tell_show()
        self.product()
        self.orders()

    def _tell_show(self) -> None:
        with self._database.reading() as session:
            row = shows.stage_show(session)
            out = shows.describe(row, catalogue.airable(session)) if row else None
        self.show_id = out.id if out else None
        self._live = (out.id, Ms(out.started_ms)) if out and out.status == "live" and out.started_ms else None
        current = next((item for item in out.rundown if item.id == out.current_item), None) if out else None
        self.sku = current.sku if current else None
        self._state.put("show", {**out.model_dump(), "demo": self._demo} if out else None)

    def catalogue(self, *_event: object) -> None:
        """Products or lots changed."""
        self._state.put("catalogue", self._read(topics.catalogue_topic))
        self._state.put("stock", self._read(lambda session: topics.stock_topic(session, now_ms())))
        self._tell_show()  # what was passed over may go on air now
        self.product()

    def product(self, *_event: object) -> None:
        """Another card is on air, its content changed, or buyers find the studio elsewhere."""
        value = self._read(lambda session: topics.product_topic(session, self.sku))
        if value is not None and self.show_id is not None:
            value |= self._trace_link(self.show_id, value["sku"])
        self._state.put("product", value)

    def orders(self, *_event: object) -> None:
        """An order came or changed."""
        self._state.refresh("orders", lambda: self._read(self._orders))

    def stock(self, event: events.StockChanged) -> None:
        """One SKU's ledger moved."""
        self._state.put("stock", topics.stock_after(self._state.get("stock"), event))

    def _orders(self, session: Session) -> dict[str, Any]:
        return topics.orders_topic(session, self.show_id, self._open_phone)

    def _read(self, read: Callable[[Session], Any]) -> Any:
        with self._database.reading() as session:
            return read(session)
