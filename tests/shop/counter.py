"""The shop of a studio in this process, called by its domain functions as the routes call them."""

from sqlalchemy import select

from studio.catalogue_file import parse_catalogue
from studio.shop import catalogue, life, orders, refunds, search, stock
from studio.shop.history import list_steps
from studio.shop.models import Buyer, Stock

NOON = 1_795_000_000_000
"""The tests' clock stands here: hold times are counted from it."""


class Counter:
    """One product a keyword: `Counter(studio, A=5)` has five of A; a product may also be a catalogue entry."""

    def __init__(self, studio, **products):
        self.studio = studio
        self.keys = 0
        if products:
            self.take_in(**products)

    def run(self, work):
        return self.studio.writer.run(work)

    def take_in(self, **products):
        entries = [
            {
                "sku": sku,
                "name": f"商品{sku}",
                "price_fen": 100,
                **({"stock": given} if isinstance(given, int) else given),
            }
            for sku, given in products.items()
        ]
        self.run(lambda unit: catalogue.take_in(unit, parse_catalogue(entries), at=NOON))

    def buyer(self, name="张阿姨", mark=None):
        def work(unit):
            row = Buyer(nickname=name, phone_mark=mark, created_ms=NOON)
            unit.session.add(row)
            unit.session.flush()
            return row.id

        return self.run(work)

    def place(self, key=None, *, buyer="张阿姨", lines=None, paid=False, show_id=None, at=NOON, **given):
        """`place(A=2)` orders two of A; options of orders.place are passed on. The order's id."""
        options = {name: given.pop(name) for name in list(given) if not name.isupper()}
        self.keys += 1
        key = key or f"key-{self.keys}"
        wanted = lines or [orders.Line(sku, quantity) for sku, quantity in given.items()]
        source = options.pop("source", "test")
        return self.run(
            lambda unit: orders.place(
                unit,
                key=key,
                buyer=buyer,
                lines=wanted,
                paid=paid,
                source=source,
                show_id=show_id,
                at=at,
                **options,
            )
        )

    def pay(self, order, *, via=None, by="host", at=NOON):
        self.run(lambda unit: life.pay(unit, order, via=via, by=by, at=at))

    def pack(self, order, *, at=NOON):
        self.run(lambda unit: life.pack(unit, order, by="host", at=at))

    def pick_up(self, order, *, at=NOON):
        self.run(lambda unit: life.pick_up(unit, order, by="host", at=at))

    def close(self, order, *, at=NOON):
        self.run(lambda unit: life.close(unit, order, by="host", at=at))

    def cancel(self, order, *, by="host", reason="", at=NOON):
        self.run(lambda unit: life.cancel(unit, order, reason=reason, by=by, at=at))

    def settle(self, order, at=NOON, **grams):
        self.run(lambda unit: life.settle(unit, order, grams, by="host", at=at))

    def refund(self, order, key="refund", *, amount_fen=None, lines=(), reason="坏了", at=NOON):
        returns = [refunds.Return(*line) for line in lines]
        return self.run(
            lambda unit: life.refund(
                unit, order, key=key, amount_fen=amount_fen, lines=returns, reason=reason, by="host", at=at
            )
        )

    def move(self, sku, kind, quantity, *, at=NOON):
        self.run(lambda unit: stock.move_by_hand(unit, sku, kind, quantity, reason="手工", at=at))

    def order(self, order):
        with self.studio.database.reading() as session:
            return orders.find_order(session, order)

    def orders(self):
        with self.studio.database.reading() as session:
            return sorted(search.find(session, search.Search(), limit=1000), key=lambda order: order.id)

    def status(self, *order_ids):
        return [self.order(order).status for order in order_ids]

    def steps(self, order):
        with self.studio.database.reading() as session:
            return [(row.step, row.by) for row in list_steps(session, order)]

    def counts(self, sku="A"):
        """(on hand, held, sold); the ledger's movements add up to the same."""
        with self.studio.database.reading() as session:
            row = session.scalars(select(Stock).where(Stock.sku == sku)).one()
            counts = (row.on_hand, row.held, row.sold)
            assert stock.ledger_totals(session).get(sku, (0, 0, 0)) == counts
        return counts

    def movements(self, sku="A"):
        with self.studio.database.reading() as session:
            rows = stock.list_movements(session, sku, before=None, limit=1000)
            return [(row.kind, row.cause) for row in reversed(rows)]
