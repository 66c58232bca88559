"""Products and lots: taken in from a catalogue document, checked before a card goes on air."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from studio.catalogue_file import CatalogueProduct
from studio.catalogue_parts import CatalogueProducer
from studio.errors import Conflict
from studio.events import CatalogueChanged, ItemPutOnStandby, ItemTaken
from studio.shop import stock
from studio.shop.models import Lot, Producer, Product, Stock
from studio.types import Ms
from studio.unit import Unit

_CATEGORY_WORDS = {
    "dairy": "奶酪 酸奶 牛奶 鲜奶 奶",
    "egg": "蛋",
    "tofu": "豆腐 豆干 豆浆",
    "seafood": "虾 鱼 蟹 贝 海带 鱿",
    "meat": "猪 牛肉 羊 鸡 鸭 肉",
    "grain": "米 面 粮 燕麦 玉米 麦",
    "fruit": "果 梨 桃 橙 橘 莓 葡萄 瓜 枣 柚",
    "vegetable": "菜 薯 笋 菇 葱 蒜 番茄 萝卜 豆",
}

_LABELS_EN = {
    "规格": "unit",
    "产地": "origin",
    "生产日期": "production date",
    "保质期": "shelf life",
    "贮存": "storage",
}


def take_in(unit: Unit, products: Sequence[CatalogueProduct], *, at: Ms) -> None:
    """Add or update products and their current lots.

    `stock` opens the ledger of a new product; for a known one it is left alone: the ledger knows better.
    """
    last = unit.session.scalar(select(func.max(Product.position))) or 0
    for offset, given in enumerate(products, start=1):
        row = unit.session.get(Product, given.sku)
        if row is None:
            row = Product(sku=given.sku, position=last + offset)
            unit.session.add(row)
            _describe(row, given)
            unit.session.add(Stock(sku=given.sku, on_hand=0, held=0, sold=0))
            unit.session.flush()
            if given.stock:
                stock.move_by_hand(unit, given.sku, "received", given.stock, reason="商品资料", at=at)
        else:
            _describe(row, given)
        _take_in_producer(unit.session, given.producer)
        _take_in_lot(unit.session, given)
    unit.emit(CatalogueChanged(skus=tuple(given.sku for given in products)))


def list_products(session: Session) -> list[tuple[Product, Lot | None]]:
    """Every product with its current lot, in catalogue order."""
    lots = {lot.sku: lot for lot in session.scalars(select(Lot).where(Lot.current))}
    return [(row, lots.get(row.sku)) for row in session.scalars(select(Product).order_by(Product.position))]


def makers(session: Session) -> dict[str, Producer]:
    """Producers by name."""
    return {row.name: row for row in session.scalars(select(Producer))}


def current_lot(session: Session, sku: str) -> Lot | None:
    """The lot that is on sale now."""
    return session.scalars(select(Lot).where(Lot.sku == sku, Lot.current)).first()


def missing_labels(product: Product, lot: Lot | None) -> list[str]:
    """Label items (产地, 生产日期, 保质期, 贮存, 规格) that the card would lack."""
    items = {
        "规格": product.unit,
        "产地": lot.origin if lot else None,
        "生产日期": lot.produced_on if lot else None,
        "保质期": lot.shelf_life_days if lot else None,
        "贮存": lot.storage if lot else None,
    }
    return [name for name, value in items.items() if not value]


def airable(session: Session) -> frozenset[str]:
    """SKUs whose cards may go on air: no label item is missing."""
    return frozenset(product.sku for product, lot in list_products(session) if not missing_labels(product, lot))


def require_label(unit: Unit, event: ItemTaken | ItemPutOnStandby) -> None:
    """Reaction: a product whose label items are missing, or that nobody knows, comes neither on air nor on standby.

    Raises:
        Conflict: naming what is missing.
    """
    if event.sku is None:
        return
    product = unit.session.get(Product, event.sku)
    if product is None:
        raise Conflict(f"商品资料里没有 {event.sku}", f"the catalogue has no {event.sku}")
    missing = missing_labels(product, current_lot(unit.session, event.sku))
    if missing:
        raise Conflict(
            f"“{product.name}” 还缺标签项：{'、'.join(missing)}，补全后才能上屏",
            f"'{product.name}' lacks label items ({', '.join(_LABELS_EN[item] for item in missing)}); "
            "complete them before it goes on air",
            missing=missing,
        )


def category_of(name: str, given: str | None) -> str:
    """The given category, else a guess from the name, for the drawn placeholder only."""
    if given:
        return given
    for category, words in _CATEGORY_WORDS.items():
        if any(word in name for word in words.split()):
            return category
    return "other"


def _describe(row: Product, given: CatalogueProduct) -> None:
    row.name, row.aliases, row.unit, row.price_fen = given.name, list(given.aliases), given.unit, given.price_fen
    row.category = category_of(given.name, given.category)
    row.price_per_kg_fen, row.cap_per_buyer = given.price_per_kg_fen, given.cap_per_buyer
    row.producer = given.producer.name if given.producer else None
    row.image, row.facts = given.image, dict(given.facts)


def _take_in_producer(session: Session, given: CatalogueProducer | None) -> None:
    """A bare name leaves what is known of the producer."""
    if given is None:
        return
    row = session.get(Producer, given.name)
    if row is None:
        row = Producer(name=given.name)
        session.add(row)
    if given.is_described:
        row.place, row.latitude, row.longitude = given.place, given.latitude, given.longitude
        row.story, row.photo = given.story, given.photo
    session.flush()


def _take_in_lot(session: Session, given: CatalogueProduct) -> None:
    facts = (given.origin, given.storage, given.produced_on, given.shelf_life_days)
    if given.batch is None and not any(facts):
        return
    batch = given.batch or "-"
    lot = session.scalars(select(Lot).where(Lot.sku == given.sku, Lot.batch == batch)).first()
    session.execute(update(Lot).where(Lot.sku == given.sku).values(current=False))
    if lot is None:
        lot = Lot(sku=given.sku, batch=batch)
        session.add(lot)
    lot.current = True
    lot.produced_on = given.produced_on.isoformat() if given.produced_on else None
    lot.shelf_life_days, lot.origin, lot.storage = given.shelf_life_days, given.origin, given.storage
    if given.certificates is not None:
        lot.certificates = [paper.model_dump(mode="json", exclude_none=True) for paper in given.certificates]
    if given.defects is not None:
        lot.defects = list(given.defects)
    if given.quality_log is not None:
        lot.quality_log = [entry.model_dump(mode="json") for entry in given.quality_log]
    session.flush()
