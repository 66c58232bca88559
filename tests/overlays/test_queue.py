"""The queue's promises: every paid order is shown exactly once or withdrawn, whatever happens meanwhile."""

import gevent
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from studio.errors import Conflict
from studio.events import BuyerQuieted
from studio.overlays import shoutouts
from studio.shop.models import Buyer, Order
from studio.types import Ms, now_ms
from tests.overlays.desk import SKUS, Desk

HOUR_MS = 3_600_000


@pytest.fixture
def make_desk(studio, api, dairy):
    desks = []

    def make(**pace):
        desks.append(Desk(studio, api, dairy, **pace))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()
        assert desk.faults == []


def all_in(*states):
    return lambda rows: bool(rows) and all(row.state in states for row in rows.values())


class Evening(RuleBasedStateMachine):
    """An evening of orders, with an operator, overlays that come, go and hang, and a clock that jumps."""

    make_desk = None

    def __init__(self):
        super().__init__()
        self.desk = type(self).make_desk()
        self.orders, self.refunded, self.again = [], set(), set()

    @rule(sku=st.sampled_from(SKUS), buyer=st.sampled_from(("张阿姨", "李叔叔", "王奶奶")), count=st.integers(1, 4))
    def buy(self, sku, buyer, count):
        self.orders += [self.desk.order(sku, buyer) for _ in range(count)]

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def refund(self, data):
        order_id = data.draw(st.sampled_from(self.orders))
        if order_id not in self.refunded:
            self.desk.refund(order_id)
        self.refunded.add(order_id)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), what=st.sampled_from(("skip", "restore", "replay")))
    def press(self, data, what):
        row = self.desk.rows()[data.draw(st.sampled_from(self.orders))]
        burst = {row.id, row.merged_into} - {None}
        self.again |= self.together(burst)  # a burst may come apart by the command, or become another
        self.desk.command(row.id, what)
        self.again |= self.together(burst)
        self.again |= {known for known, other in self.desk.rows().items() if other.state == "skipped"}

    def together(self, burst):
        return {known for known, other in self.desk.rows().items() if burst & {other.id, other.merged_into}}

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), priority=st.integers(-2, 2))
    def raise_one(self, data, priority):
        row = self.desk.rows()[data.draw(st.sampled_from(self.orders))]
        self.desk.command(row.id, "priority", {"priority": priority})

    @rule(paused=st.booleans())
    def pause(self, paused):
        self.desk.pause(paused)

    @rule(overlays=st.integers(0, 2), painting=st.booleans())
    def watch(self, overlays, painting):
        self.desk.painting = painting
        self.desk.watch(overlays)

    @rule(jump_ms=st.sampled_from((-HOUR_MS, 0, HOUR_MS)), wait_ms=st.integers(0, 6))
    def time_passes(self, jump_ms, wait_ms):
        self.desk.clock_ms = jump_ms
        gevent.sleep(wait_ms / 1000)

    def teardown(self):
        desk = self.desk
        desk.painting, desk.clock_ms = True, 0
        desk.pause(False)
        desk.watch(desk.overlays + 1)
        rows = desk.until(lambda rows: all(row.state in {"ended", "skipped", "retracted"} for row in rows.values()))
        desk.close()
        assert desk.faults == []
        assert set(rows) == set(self.orders)
        for order_id, row in rows.items():
            assert (row.state == "retracted") == (order_id in self.refunded)
            times = sum(order_id in shown for shown in desk.seen.values())
            assert times >= (row.state == "ended")
            if order_id not in self.again:
                assert times <= 1 + row.retries  # again only where no overlay had painted it
            if row.merged_into is not None:
                leader = next(other for other in rows.values() if other.id == row.merged_into)
                assert leader.merged_into is None
                assert (leader.state, leader.product) == (row.state, row.product)


def test_every_paid_order_is_shown_once_or_withdrawn(make_desk):
    evening = type("Evening", (Evening,), {"make_desk": staticmethod(make_desk)})
    limits = hypothesis_settings(max_examples=20, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(evening, settings=limits)


def test_burst_counts_people_not_orders_and_a_refund_takes_one_away(make_desk):
    desk = make_desk(stay_ms=60_000)
    desk.watch(0)
    ids = [desk.order(buyer=name, quantity=2) for name in ("张阿姨", "李叔叔", "张阿姨", "王奶奶")]
    other = desk.order(SKUS[1])
    desk.watch(1)
    rows = desk.until(lambda rows: rows[ids[0]].state == "shown")
    assert [rows[number].state for number in (*ids, other)] == ["shown"] * 4 + ["queued"]
    assert rows[ids[0]].people == 3
    assert {rows[number].merged_into for number in ids[1:]} == {rows[ids[0]].id}
    desk.refund(ids[1])
    assert desk.rows()[ids[0]].people == 2
    desk.refund(ids[0])
    rows = desk.rows()
    assert (rows[ids[2]].state, rows[ids[2]].merged_into, rows[ids[2]].people) == ("shown", None, 2)
    assert rows[ids[2]].shown_ms == rows[ids[0]].shown_ms
    desk.refund(ids[2])
    desk.refund(ids[3])
    desk.until(lambda rows: rows[other].state == "shown")


def test_raised_one_goes_first_and_alone(make_desk):
    desk = make_desk(stay_ms=60_000)
    desk.watch(0)
    ids = [desk.order() for _ in range(5)]
    assert desk.command(desk.rows()[ids[3]].id, "priority", {"priority": 1}) == 200
    desk.watch(1)
    rows = desk.until(lambda rows: rows[ids[3]].state == "shown")
    assert rows[ids[3]].people == 1
    assert [rows[number].state for number in ids] == ["queued"] * 3 + ["shown", "queued"]


@pytest.mark.parametrize("jump_ms", [-HOUR_MS, HOUR_MS])
def test_clock_that_jumps_neither_holds_nor_hurries_the_queue(make_desk, jump_ms):
    desk = make_desk(stay_ms=400, undo_ms=300)
    first = desk.order()
    desk.clock_ms = jump_ms
    desk.until(lambda rows: rows[first].state == "shown", timeout_s=3)
    began = gevent.get_hub().loop.now()
    desk.clock_ms = 0
    desk.stage.wake()
    desk.until(lambda rows: rows[first].state == "ended", timeout_s=3)
    assert gevent.get_hub().loop.now() - began >= 0.35


def test_skip_can_be_undone_for_ten_seconds(make_desk, studio):
    desk = make_desk()
    desk.watch(0)
    order_id = desk.order()
    row = desk.rows()[order_id]
    for age_ms in (10_001, 9_000):
        desk.command(row.id, "skip")
        at = Ms(desk.rows()[order_id].ended_ms + age_ms)
        if age_ms > shoutouts.RESTORE_MS:
            with pytest.raises(Conflict, match="replay"):
                studio.writer.run(lambda unit, at=at: shoutouts.restore(unit, row.id, at=at))
        else:
            studio.writer.run(lambda unit, at=at: shoutouts.restore(unit, row.id, at=at))
    assert desk.rows()[order_id].state == "queued"
    desk.watch(1)
    desk.until(lambda rows: rows[order_id].state == "ended")


def test_replay_is_counted_on_the_same_row_and_refused_after_a_refund(make_desk):
    desk = make_desk()
    order_id = desk.order()
    row = desk.until(all_in("ended"))[order_id]
    assert desk.command(row.id, "replay") == 200
    again = desk.until(lambda rows: rows[order_id].showings == 2 and rows[order_id].state == "ended")[order_id]
    assert again.id == row.id
    desk.refund(order_id)
    assert desk.command(row.id, "replay") == 409
    assert desk.command(row.id, "restore") == 409
    assert desk.command(row.id, "priority", {"priority": 1}) == 409


def test_unpainted_one_is_tried_twice_more_and_only_when_an_overlay_comes(make_desk):
    desk = make_desk()
    desk.painting = False
    order_id = desk.order()
    desk.until(all_in("ended"))
    for retries in (1, 2):
        assert desk.rows()[order_id].showings == retries
        desk.watch(0)
        desk.watch(1)
        desk.until(lambda rows, retries=retries: (rows[order_id].state, rows[order_id].retries) == ("ended", retries))
    other = desk.order(SKUS[1])
    desk.until(lambda rows: rows[other].state == "ended")
    desk.watch(2)
    rows = desk.until(lambda rows: rows[other].state == "ended" and rows[other].retries == 1)
    assert (rows[order_id].state, rows[order_id].showings) == ("ended", 3)


def test_late_proof_spares_the_next_try(make_desk):
    desk = make_desk()
    desk.painting = False
    order_id = desk.order()
    row = desk.until(all_in("ended"))[order_id]
    desk.pause(True)
    desk.watch(2)
    desk.until(lambda rows: rows[order_id].state == "queued")
    desk.paint(row.id)
    assert desk.rows()[order_id].state == "ended"


def test_proof_is_kept_once_a_page_and_only_of_what_was_shown(make_desk):
    desk = make_desk()
    desk.painting = False
    desk.pause(True)
    order_id = desk.order()
    row = desk.rows()[order_id]
    desk.paint(row.id)
    desk.paint(row.id + 1000)
    assert desk.proofs() == []
    desk.pause(False)
    desk.until(all_in("ended"))
    for client in ("a", "a", "b"):
        desk.paint(row.id, client)
    assert sorted(ack.client for ack in desk.proofs()) == ["a", "b"]


def test_buyer_who_wants_no_shoutouts_gets_none_and_takes_back_what_waits(make_desk, studio, api):
    desk = make_desk()
    desk.watch(0)

    def add_buyer(unit):
        buyer = Buyer(nickname="张阿姨", created_ms=now_ms(), visitor="a" * 32)
        unit.session.add(buyer)
        unit.session.flush()
        return buyer.id

    buyer_id = studio.writer.run(add_buyer)

    def order_of_buyer():
        order_id = desk.order(paid=False)

        def assign(unit):
            unit.session.get_one(Order, order_id).buyer_id = buyer_id

        studio.writer.run(assign)
        assert api("POST", f"/orders/{order_id}/pay", {}).status_code == 200
        return order_id

    waiting, other = order_of_buyer(), desk.order(buyer="李叔叔")
    assert api("POST", f"/buyers/{buyer_id}/quiet", {"quiet": True}).status_code == 200
    assert desk.rows()[waiting].state == "retracted"
    quiet = order_of_buyer()
    assert set(desk.rows()) == {waiting, other}
    desk.watch(1)
    desk.until(lambda rows: rows[other].state == "ended")
    assert quiet not in desk.rows()
    studio.writer.run(lambda unit: unit.emit(BuyerQuieted(buyer_id=buyer_id, at=now_ms())))
    assert desk.rows()[other].state == "ended"


def test_order_paid_after_its_show_is_not_announced(make_desk, api):
    desk = make_desk()
    order_id = desk.order(paid=False)
    assert api("POST", f"/shows/{desk.show_id}/end").status_code == 200
    assert api("POST", f"/orders/{order_id}/pay", {}).status_code == 200
    assert desk.rows() == {}
