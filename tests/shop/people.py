"""Neighbours for the tests of buyers and referrals: what they do at a time that the test chooses."""

from sqlalchemy import select

from studio.catalogue_file import CatalogueProduct
from studio.shop import buyers, catalogue, complaints, life, orders, referrals, refunds
from studio.shop.models import Order, Referral
from studio.shop.orders import Line

HOUR = 3_600_000
DAY = 24 * HOUR


class Neighbourhood:
    """A studio's writer and database, in the words of its buyers."""

    def __init__(self, studio):
        self.studio = studio
        self.run = studio.writer.run
        self.count = 0
        self.run(
            lambda unit: catalogue.take_in(
                unit, [CatalogueProduct(sku="EGG", name="鸡蛋", price_fen=1000, stock=100_000)], at=1
            )
        )

    def read(self, work):
        with self.studio.database.reading() as session:
            return work(session)

    def buyer(self, visitor, *, phone=None, nickname="张阿姨", at=1):
        return self.run(
            lambda unit: buyers.of_visitor(
                unit, self.studio.vault, visitor, nickname=nickname, phone=phone, pickup_point_id=None, at=at
            )
        )

    def order(self, buyer_id, *, paid=True, at=1, quantity=1, nickname="张阿姨", note="", **extra):
        self.count += 1
        key = f"k{self.count}"
        return self.run(
            lambda unit: orders.place(
                unit,
                key=key,
                buyer=nickname,
                lines=[Line("EGG", quantity)],
                paid=paid,
                source="page",
                show_id=None,
                at=at,
                buyer_id=buyer_id,
                note=note,
                **extra,
            )
        )

    def pay(self, order_id, *, at):
        self.run(lambda unit: life.pay(unit, order_id, via=None, by="host", at=at))

    def pick_up(self, order_id, *, at):
        self.run(lambda unit: life.pick_up(unit, order_id, by="host", at=at))

    def refund(self, order_id, amount_fen=None, *, at, reason="坏了", units=0):
        self.count += 1
        key = f"r{self.count}"
        lines = [refunds.Return("EGG", units, restock=True)] if units else []
        self.run(
            lambda unit: refunds.refund(
                unit, order_id, key=key, amount_fen=amount_fen, lines=lines, reason=reason, by="host", at=at
            )
        )

    def complain(self, order_id, *, at, text="有一个破了", photo=None):
        return self.run(
            lambda unit: complaints.report(
                unit,
                unit.session.get_one(Order, order_id),
                kind="spoilt",
                text=text,
                sku=None,
                photo=photo,
                at=at,
            )
        )[0]

    def resolve(self, complaint_id, *, at):
        self.run(lambda unit: complaints.answer(unit, complaint_id, reply="已补发", resolved=True, at=at))

    def code(self, buyer_id):
        return self.run(lambda unit: referrals.code_of(unit, buyer_id, at=1))

    def touch(self, visitor, code, *, at=1):
        return self.run(lambda unit: referrals.touch(unit, visitor, code, at=at))

    def release_due(self, *, at):
        """What the clock does."""
        for referral_id in self.read(lambda session: referrals.list_due(session, at)):
            self.run(lambda unit, referral_id=referral_id: referrals.release(unit, referral_id, at=at))

    def rewards(self):
        return self.read(lambda session: list(session.scalars(select(Referral).order_by(Referral.id))))

    def states(self):
        return [(row.state, row.reason) for row in self.rewards()]

    def mine(self, buyer_id):
        return self.read(lambda session: referrals.mine(session, buyer_id))
