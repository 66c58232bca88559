import gevent
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from studio.app import create_app
from studio.errors import NotFound
from studio.events import ReferralChanged
from studio.shop import buyers, referrals
from studio.types import now_ms
from tests import template
from tests.shop.people import DAY, HOUR, Neighbourhood

WINDOW = 48 * HOUR


@pytest.fixture
def settings_both(tmp_path, database_url):
    return template.settings_of(tmp_path / "data", database_url)


@pytest.fixture
def people(settings_both):
    studio = create_app(settings_both).extensions["studio"]
    yield Neighbourhood(studio)
    studio.stop()


@pytest.fixture
def zhang(people):
    """Who brings others."""
    return people.buyer("z" * 32, phone="13800001111")


def bring(people, referrer, visitor="n" * 32, *, phone=None, at=1):
    people.touch(visitor, people.code(referrer), at=at)
    return people.buyer(visitor, phone=phone, nickname="小李", at=at)


def test_a_reward_is_released_after_pick_up_and_the_window(people, zhang):
    li = bring(people, zhang)
    order = people.order(li, at=10)
    assert people.states() == [("pending", "")]
    people.release_due(at=365 * DAY)
    assert people.states() == [("pending", "")], "nothing was picked up"
    people.pick_up(order, at=100)
    people.release_due(at=100 + WINDOW - 1)
    assert people.states() == [("pending", "")]
    people.release_due(at=100 + WINDOW)
    assert people.states() == [("released", "")]
    assert people.mine(zhang) == {
        "code": people.code(zhang),
        "invited": 1,
        "pending": 0,
        "pending_fen": 0,
        "earned_fen": 500,
    }
    owed = people.read(referrals.list_owed)
    assert owed == [{"buyer_id": zhang, "who": "张*", "rewards": 1, "earned_fen": 500}]


def test_an_order_paid_when_it_is_fetched_starts_its_window(people, zhang):
    order = people.order(bring(people, zhang), paid=False, paid_via="cash", at=10)
    people.pick_up(order, at=100)
    assert [(row.state, row.due_ms) for row in people.rewards()] == [("pending", 100 + WINDOW)]


def test_a_refund_of_half_or_more_voids_and_a_smaller_one_does_not(people, zhang):
    order = people.order(bring(people, zhang), at=10)
    people.refund(order, 499, at=11)
    assert people.states() == [("pending", "")]
    people.refund(order, 1, at=12)
    assert people.states() == [("void", "refunded")]


def test_a_whole_refund_before_the_window_ends_voids_for_ever(people, zhang):
    li = bring(people, zhang)
    order = people.order(li, at=10)
    people.pick_up(order, at=20)
    people.refund(order, at=30)
    people.order(li, at=40)
    people.release_due(at=40 + 2 * WINDOW)
    assert people.states() == [("void", "refunded")], "the second order is no first one"


def test_an_unresolved_complaint_keeps_the_reward_waiting(people, zhang):
    order = people.order(bring(people, zhang), at=10)
    people.pick_up(order, at=20)
    complaint = people.complain(order, at=30)
    people.release_due(at=20 + WINDOW)
    assert people.read(referrals.list_rewards)[0]["waits_for"] == "complaint"
    people.resolve(complaint, at=40 + WINDOW)
    people.release_due(at=50 + WINDOW)
    assert people.states() == [("released", "")]


def test_ones_own_code_earns_nothing(people, zhang):
    people.touch("z" * 32, people.code(zhang), at=1)
    people.order(zhang, at=10)
    assert people.states() == [("void", "self")]


def test_the_same_phone_earns_nothing_however_it_is_written(people, zhang):
    people.order(bring(people, zhang, phone="+86 138-0000-1111"), at=10)
    assert people.states() == [("void", "same_phone")]


def test_a_phone_that_is_given_later_is_compared_at_release(people, zhang):
    li = bring(people, zhang)
    order = people.order(li, at=10)
    people.pick_up(order, at=20)
    people.buyer("n" * 32, phone="13800001111", nickname="小李")
    people.release_due(at=20 + WINDOW)
    assert people.states() == [("void", "same_phone")]


def test_whoever_paid_before_is_no_new_buyer(people, zhang):
    old = people.buyer("o" * 32, phone="13900002222")
    people.order(old, at=5)
    people.touch("o" * 32, people.code(zhang), at=6)
    people.order(old, at=10)
    people.order(bring(people, zhang, "p" * 32, phone="13900002222", at=7), at=11)
    assert people.states() == [], "neither the browser nor the phone is new"


def test_the_first_touch_wins_for_thirty_days(people, zhang):
    wang = people.buyer("w" * 32)
    first, second = people.code(zhang), people.code(wang)
    assert people.touch("n" * 32, first, at=0)
    assert not people.touch("n" * 32, second, at=30 * DAY - 1)
    li = people.buyer("n" * 32)
    people.order(li, at=30 * DAY - 1)
    assert [row.referrer_id for row in people.rewards()] == [zhang]


def test_a_stale_touch_earns_nothing_and_may_be_replaced(people, zhang):
    wang = people.buyer("w" * 32)
    people.touch("m" * 32, people.code(zhang), at=0)
    people.order(people.buyer("m" * 32), at=30 * DAY)
    assert people.states() == []
    people.touch("n" * 32, people.code(zhang), at=0)
    assert people.touch("n" * 32, people.code(wang), at=30 * DAY)
    people.order(people.buyer("n" * 32), at=30 * DAY + 1)
    assert [row.referrer_id for row in people.rewards()] == [wang]


def test_a_touch_after_the_order_was_placed_earns_nothing(people, zhang):
    li = people.buyer("n" * 32)
    order = people.order(li, paid=False, at=10)
    people.touch("n" * 32, people.code(zhang), at=11)
    people.pay(order, at=12)
    assert people.states() == []


def test_nothing_is_earned_for_a_friends_friend(people, zhang):
    li = bring(people, zhang)
    people.order(li, at=10)
    chen = bring(people, li, "c" * 32)
    order = people.order(chen, at=11)
    people.pick_up(order, at=12)
    people.release_due(at=12 + WINDOW)
    assert [(row.referrer_id, row.buyer_id, row.state) for row in people.rewards()] == [
        (zhang, li, "pending"),
        (li, chen, "released"),
    ]
    assert people.mine(zhang)["earned_fen"] == 0


def test_two_first_orders_at_once_make_one_row(people, zhang):
    li = bring(people, zhang)
    placed = [people.order(li, paid=False, at=10) for _ in range(6)]
    gevent.joinall([gevent.spawn(people.pay, order, at=11) for order in placed], raise_error=True)
    assert people.states() == [("pending", "")]


def test_two_servers_at_once_make_one_row(settings_both, people, zhang):
    other = create_app(settings_both).extensions["studio"]
    try:
        li = bring(people, zhang)
        placed = [people.order(li, paid=False, at=10) for _ in range(8)]
        there = Neighbourhood.__new__(Neighbourhood)
        there.run = other.writer.run
        jobs = [gevent.spawn((people, there)[at % 2].pay, order, at=11) for at, order in enumerate(placed)]
        gevent.joinall(jobs, raise_error=True)
        assert people.states() == [("pending", "")]
    finally:
        other.stop()


def test_voiding_by_hand_takes_back_even_a_released_one_and_keeps_the_first_reason(people, zhang):
    order = people.order(bring(people, zhang), at=10)
    people.pick_up(order, at=20)
    people.release_due(at=20 + WINDOW)
    referral = people.rewards()[0].id
    for reason in ("刷单", "别的"):
        people.run(lambda unit, reason=reason: referrals.void(unit, referral, reason=reason, at=30 + WINDOW))
    assert people.states() == [("void", "刷单")]
    assert people.mine(zhang)["earned_fen"] == 0
    with pytest.raises(NotFound):
        people.run(lambda unit: referrals.void(unit, 999, reason="没有", at=1))


@pytest.mark.parametrize("code", ["", "nope", "\0", "x" * 5000, "推荐码", "' OR 1=1 --"])
def test_a_code_that_nobody_has_is_ignored(people, zhang, code):
    assert not people.touch("n" * 32, code)


def test_a_code_is_short_and_stays(people, zhang):
    code = people.code(zhang)
    assert len(code) == 6
    assert not set(code) & set("01ilo")
    assert people.code(zhang) == code
    assert people.touch("n" * 32, f" {code.upper()} ")


def test_an_erased_referrers_code_and_rewards_end(people, zhang):
    people.order(bring(people, zhang), at=10)
    code = people.code(zhang)
    people.run(lambda unit: buyers.erase(unit, zhang, at=20))
    assert people.states() == [("void", "erased")]
    assert not people.touch("q" * 32, code)


def test_a_reward_that_became_due_while_the_studio_was_off_is_released_at_the_start(settings_both):
    studio = create_app(settings_both).extensions["studio"]
    people = Neighbourhood(studio)
    zhang = people.buyer("z" * 32)
    order = people.order(bring(people, zhang), at=10)
    people.pick_up(order, at=now_ms() - WINDOW - 1)
    studio.stop()
    again = create_app(settings_both).extensions["studio"]
    released = gevent.event.Event()
    again.bus.listen(ReferralChanged, lambda event: event.state == "released" and released.set())
    again.start()
    try:
        assert released.wait(10)
    finally:
        again.stop()


def test_operators_see_rewards_masked_and_void_them(api, studio):
    people = Neighbourhood(studio)
    people.order(bring(people, people.buyer("z" * 32, phone="13800001111")), nickname="小李", at=10)
    seen = api("GET", "/referrals", role="producer").json
    assert seen["released"] == []
    row = seen["referrals"][0]
    assert (row["referrer"]["who"], row["buyer"]["who"], row["state"], row["waits_for"]) == (
        "张*",
        "小*",
        "pending",
        "pickup",
    )
    assert api("GET", "/referrals", role="moderator").status_code == 403
    assert api("GET", "/referrals", role=None).status_code == 401
    for bad in ({}, {"reason": ""}, {"reason": "x" * 41}, {"reason": "a\0b"}, {"reason": 5}, [], "x"):
        assert api("POST", f"/referrals/{row['id']}/void", bad, role="producer").status_code == 422, bad
    after = api("POST", f"/referrals/{row['id']}/void", {"reason": "刷单"}, role="producer").json
    assert (after["referrals"][0]["state"], after["referrals"][0]["reason"]) == ("void", "刷单")
    assert api("POST", "/referrals/999/void", {"reason": "x"}, role="producer").status_code == 404


class Referring(RuleBasedStateMachine):
    """Everything that may happen to one reward, in any order, against a model of the rules."""

    people = None
    number = 0

    def __init__(self):
        super().__init__()
        number = Referring.number = Referring.number + 1
        self.now = 1
        self.referrer = self.people.buyer(f"r{number}")
        self.visitor = f"v{number}"
        self.people.touch(self.visitor, self.people.code(self.referrer), at=self.now)
        self.buyer = self.people.buyer(self.visitor)
        self.order = self.people.order(self.buyer, paid=False, paid_via="wechat", at=self.now, hold_ms=10_000 * DAY)
        self.second = None
        self.paid = self.voided = self.released = False
        self.refunded = 0
        self.picked_at = None
        self.open = set()
        self.told = 0

    @rule(hours=st.sampled_from([1, 24, 47, 48]))
    def wait(self, hours):
        self.now += hours * HOUR
        self.people.release_due(at=self.now)
        due = self.picked_at is not None and self.now >= self.picked_at + WINDOW
        if due and not self.voided and not self.open:
            self.released = True

    @precondition(lambda self: not self.paid)
    @rule()
    def pay(self):
        self.people.pay(self.order, at=self.now)
        self.paid = True

    @precondition(lambda self: self.paid and self.picked_at is None and self.refunded < 1000)
    @rule()
    def pick_up(self):
        self.people.pick_up(self.order, at=self.now)
        self.picked_at = self.now

    @precondition(lambda self: self.paid and self.refunded < 1000)
    @rule(share=st.sampled_from([100, 300, 500, 1000]))
    def refund(self, share):
        amount = min(share, 1000 - self.refunded)
        self.people.refund(self.order, amount, at=self.now)
        self.refunded += amount
        if not self.released and self.refunded >= 500:
            self.voided = True

    @precondition(lambda self: self.paid and len(self.open) < 2)
    @rule()
    def complain(self):
        self.told += 1  # the same words twice are one complaint
        self.open.add(self.people.complain(self.order, at=self.now, text=f"第 {self.told} 个破了"))

    @precondition(lambda self: self.open)
    @rule()
    def resolve(self):
        oldest = min(self.open)
        self.open.remove(oldest)
        self.people.resolve(oldest, at=self.now)

    @precondition(lambda self: self.paid and self.second is None)
    @rule()
    def order_again(self):
        self.second = self.people.order(self.buyer, at=self.now)
        self.people.pick_up(self.second, at=self.now)

    @precondition(lambda self: self.paid)
    @rule()
    def void(self):
        row = self._rows()[0]
        self.people.run(lambda unit: referrals.void(unit, row.id, reason="查过", at=self.now))
        self.voided, self.released = True, False

    @invariant()
    def one_row_in_the_state_that_the_rules_say(self):
        rows = self._rows()
        assert len(rows) == int(self.paid)
        if rows:
            expected = "void" if self.voided else "released" if self.released else "pending"
            assert rows[0].state == expected
            assert rows[0].order_id == self.order
        earned = self.people.mine(self.referrer)["earned_fen"]
        assert earned == (500 if self.released and not self.voided else 0)

    def _rows(self):
        return [row for row in self.people.rewards() if row.referrer_id == self.referrer]


def test_no_sequence_of_events_breaks_the_rules_of_a_reward(tmp_path):
    studio = create_app(template.settings_of(tmp_path / "data")).extensions["studio"]
    Referring.people, Referring.number = Neighbourhood(studio), 0
    try:
        run_state_machine_as_test(
            Referring,
            settings=settings(
                max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        studio.stop()
