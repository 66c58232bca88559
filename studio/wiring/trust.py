"""The cold chain of the lot on air, and the promises that buyers may see."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio import events
from studio.errors import NotFound
from studio.shop import catalogue
from studio.shop.models import Lot, Product
from studio.trust import routes, temperatures
from studio.trust.cold_chain import Verdict
from studio.trust.limits import limit_of
from studio.trust.routes import LotFacts
from studio.wiring import Core


def wire(core: Core) -> None:
    """The topic follows the card and the readings of its lot."""

    def read() -> dict[str, Any] | None:
        sku = core.view.sku
        with core.database.reading() as session:
            lot = catalogue.current_lot(session, sku) if sku else None
            product = session.get(Product, sku) if sku else None
            if lot is None or product is None:
                return None
            found = temperatures.cold_chain_topic(session, lot.id, _facts(lot, product).limit)
            return {"sku": product.sku, "name": product.name, "batch": lot.batch, "storage": lot.storage, **found}

    def refresh(*_event: object) -> None:
        core.state.refresh("cold_chain", read)

    for kind in (events.TemperatureRecorded, events.ShowChanged, events.ItemTaken, events.CatalogueChanged):
        core.bus.listen(kind, refresh)
    refresh()
    core.app.register_blueprint(
        routes.blueprint(core.writer, core.database, core.guard.require, _find_lot), url_prefix="/api/v1"
    )


def cold_chain_verdict(session: Session, sku: str) -> Verdict | None:
    """How the cold chain of the lot on sale stands; None where nobody says that it needs one."""
    lot, product = catalogue.current_lot(session, sku), session.get(Product, sku)
    if lot is None or product is None:
        return None
    limit = _facts(lot, product).limit
    return None if limit is None else temperatures.cold_chain_topic(session, lot.id, limit)["verdict"]


def _find_lot(session: Session, sku: str, batch: str) -> LotFacts:
    found = session.execute(
        select(Lot, Product).join(Product, Product.sku == Lot.sku).where(Lot.sku == sku, Lot.batch == batch)
    ).first()
    if found is None:
        raise NotFound(f"没有 {sku} 的批次 {batch}", f"there is no lot {batch} of {sku}")
    return _facts(*found)


def _facts(lot: Lot, product: Product) -> LotFacts:
    limit = limit_of(name=product.name, category=product.category, storage=lot.storage)
    return LotFacts(lot.id, lot.sku, limit)
