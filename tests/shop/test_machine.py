"""Any sequence of commands: nothing is oversold, the ledger adds up, the line is served in its order."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import func, select

from studio.errors import StudioError
from studio.events import OrderPaid
from studio.shop import holds, orders, stock
from studio.shop.models import Buyer, Order, Refund, Stock
from tests.shop.counter import NOON, Counter

CAP = 4
HOLD_MS = 1000
EXAMPLES = {"sqlite": 25, "postgres": 6}
LIVING = {"placed", "paid", "packed", "picked_up", "closed"}


@pytest.fixture(name="settings")
def studio_settings(both_databases):
    return both_databases


class Shop(RuleBasedStateMachine):
    """Every example has products and buyers of its own in one database."""

    placed = Bundle("orders")
    sku = st.sampled_from(["A", "B"])
    quantity = st.integers(1, 3)

    def __init__(self, counter, number):
        super().__init__()
        self.counter = counter
        self.number = number
        self.now = NOON
        self.orders = {}  # id → what place() was given
        self.paid = []
        self.listening = lambda event: self.paid.append(event.order_id)
        counter.studio.bus.listen(OrderPaid, self.listening)
        self.hand = {self.name("A"): 3, self.name("B"): 2}  # what came in less what was wasted
        counter.take_in(
            **{
                self.name("A"): {"price_fen": 333, "stock": 3, "cap_per_buyer": CAP},
                self.name("B"): {"price_fen": 1000, "price_per_kg_fen": 997, "stock": 2},
            }
        )
        phone = f"{number:064d}"
        self.buyers = [None, counter.buyer(mark=phone), counter.buyer(mark=phone), counter.buyer()]
        self.before = self.look()

    def name(self, sku):
        return f"{sku}{self.number}"

    def look(self):
        """Everything that a refused command must leave as it was."""
        with self.counter.studio.database.reading() as session:
            rows = session.scalars(select(Order).where(Order.id.in_(self.orders)).order_by(Order.id)).all()
            totals = stock.ledger_totals(session)
            counts = {row.sku: (row.on_hand, row.held, row.sold) for row in session.scalars(select(Stock))}
        assert all(totals.get(sku, (0, 0, 0)) == counted for sku, counted in counts.items())
        return (
            {sku: counts[sku] for sku in self.hand},
            {row.id: (row.status, row.paid_fen, row.refunded_fen, row.due_fen, row.settled_fen) for row in rows},
            {row.id: {line.sku: (line.quantity, line.returned) for line in row.lines} for row in rows},
        )

    def attempt(self, command, *args, **given):
        try:
            done = command(*args, at=self.now, **given)
        except StudioError:
            assert self.look() == self.before
            return None
        return True if done is None else done

    @rule(
        target=placed,
        lines=st.lists(st.tuples(sku, quantity), min_size=1, max_size=2),
        how=st.sampled_from(["paid", "unpaid", "cash", "waits", "waits", "waits", "waits"]),
        buyer=st.integers(0, 3),
    )
    def place(self, lines, how, buyer):
        given = {
            "key": f"{self.number}-{self.counter.keys}",
            "lines": [orders.Line(self.name(sku), quantity) for sku, quantity in lines],
            "paid": how == "paid",
            "paid_via": "cash" if how == "cash" else None,
            "waitlist": how == "waits",
            "buyer_id": self.buyers[buyer],
            "hold_ms": HOLD_MS,
        }
        order = self.attempt(self.counter.place, **given)
        if order is None:
            return multiple()
        self.orders[order] = given
        return order

    @rule(order=placed)
    def deliver_again(self, order):
        assert self.counter.place(at=self.now, **self.orders[order]) == order
        assert self.look() == self.before

    @rule(order=placed, step=st.sampled_from(["pay", "pay", "pack", "pick_up", "close", "cancel", "cancel"]))
    def step(self, order, step):
        self.attempt(getattr(self.counter, step), order)

    @rule(passed=st.integers(1, HOLD_MS))
    def expire(self, passed):
        self.now += passed
        for order in [order for order, state in self.before[1].items() if state[0] == "placed"]:
            self.counter.run(lambda unit, order=order: holds.expire(unit, order, at=self.now))
            self.serve_is_in_order()

    @rule(order=placed, sku=sku, quantity=quantity, restock=st.booleans(), amount=st.none() | st.integers(0, 900))
    def refund_units(self, order, sku, quantity, restock, amount):
        key = f"{self.number}-{self.counter.keys}"
        self.counter.keys += 1
        given = {"lines": [(self.name(sku), quantity, restock)], "amount_fen": amount}
        if self.attempt(self.counter.refund, order, key, **given) is not None:
            self.note_write_offs(order, {self.name(sku)} if not restock else set())
            assert self.counter.refund(order, key, at=self.now, **given)  # the same again, nothing happens

    @rule(order=placed, amount=st.none() | st.integers(1, 2000))
    def refund_money(self, order, amount):
        self.counter.keys += 1
        fetched = self.before[1][order][0] in {"picked_up", "closed"}
        if (
            self.attempt(self.counter.refund, order, f"{self.number}-{self.counter.keys}", amount_fen=amount)
            is not None
        ):
            self.note_write_offs(order, set(self.hand) if fetched and amount is None else set())

    @rule(order=placed, grams=st.integers(1, 3000))
    def settle(self, order, grams):
        counts = self.look()[0]
        self.attempt(self.counter.settle, order, **{self.name("B"): grams})
        assert self.look()[0] == counts

    @rule(sku=sku, kind=st.sampled_from(["received", "wasted", "recount"]), quantity=st.integers(0, 8))
    def move(self, sku, kind, quantity):
        sku = self.name(sku)
        on_hand = self.before[0][sku][0]
        if self.attempt(self.counter.move, sku, kind, quantity) is not None:
            self.hand[sku] += {"received": quantity, "wasted": -quantity, "recount": quantity - on_hand}[kind]

    @rule(sku=sku, quantity=quantity)
    def receive(self, sku, quantity):
        self.move(sku, "received", quantity)

    @rule(target=placed, sku=sku, quantity=quantity, buyer=st.integers(0, 3))
    def wait(self, sku, quantity, buyer):
        return self.place([(sku, quantity)], "waits", buyer)

    def note_write_offs(self, order, skus):
        """Units that came back and cannot be sold are neither sold nor on hand."""
        after = self.counter.order(order)
        for line in after.lines:
            if line.sku in skus:
                self.hand[line.sku] -= line.returned - self.before[2][order][line.sku][1]

    @invariant()
    def ledger_and_orders_agree(self):
        self.serve_is_in_order()
        counts, states, _ = self.before
        for sku, (on_hand, held, sold) in counts.items():
            assert 0 <= held <= on_hand
            assert held == self.units(sku, lambda order: states[order][0] == "placed")
            assert sold == self.units(
                sku, lambda order: states[order][1] > 0 or states[order][0] in LIVING - {"placed"}
            )
            assert on_hand == self.hand[sku] - sold

    def units(self, sku, counts):
        lines = self.before[2]
        given = [lines[order].get(sku, (0, 0)) for order in self.orders if counts(order)]
        return sum(quantity - returned for quantity, returned in given)

    def serve_is_in_order(self):
        """Who was served since the last look is exactly whom a walk along the line serves; nobody who fits waits."""
        waited = [order for order, state in self.before[1].items() if state[0] == "waitlisted"]
        self.before = self.look()
        counts, states, lines = self.before
        wanted = {order: {sku: quantity for sku, (quantity, _) in lines[order].items()} for order in waited}
        served = [order for order in waited if states[order][0] == "placed"]
        free = {
            sku: on_hand - held + sum(wanted[order].get(sku, 0) for order in served)
            for sku, (on_hand, held, _) in counts.items()
        }
        walked = []
        for order in waited:
            if states[order][0] in {"waitlisted", "placed"} and all(free[sku] >= n for sku, n in wanted[order].items()):
                walked.append(order)
                for sku, quantity in wanted[order].items():
                    free[sku] -= quantity
        assert served == walked

    @invariant()
    def money_and_caps_hold(self):
        with self.counter.studio.database.reading() as session:
            given_back = select(Refund.order_id, func.sum(Refund.amount_fen)).where(Refund.order_id.in_(self.orders))
            refunds = dict(session.execute(given_back.group_by(Refund.order_id)).all())
            marks = dict(session.execute(select(Buyer.id, Buyer.phone_mark)).all())
            rows = session.scalars(select(Order).where(Order.id.in_(self.orders))).all()
        bought = {}
        for row in rows:
            assert 0 <= row.refunded_fen <= row.paid_fen
            assert refunds.get(row.id, 0) == row.refunded_fen
            assert self.paid.count(row.id) == (row.paid_ms is not None)
            if row.buyer_id and row.status not in {"cancelled", "refunded"}:
                who = marks[row.buyer_id] or row.buyer_id
                units = sum(line.quantity - line.returned for line in row.lines if line.sku == self.name("A"))
                bought[who] = bought.get(who, 0) + units
        assert all(units <= CAP for units in bought.values())


def test_no_sequence_of_commands_oversells_overcharges_or_jumps_the_line(studio, database_url):
    counter = Counter(studio)
    numbers = iter(range(10_000))
    run_state_machine_as_test(
        lambda: Shop(counter, next(numbers)),
        settings=settings(
            max_examples=EXAMPLES["postgres" if database_url else "sqlite"],
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
