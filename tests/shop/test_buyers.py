import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, select

from studio.app import create_app
from studio.audience import privacy
from studio.audience.models import Poll, PollOption, Question, Vote
from studio.errors import BadInput, Conflict, NotFound
from studio.events import PersonalDataErased
from studio.overlays.models import Shoutout
from studio.shop import buyer_export, buyer_list, buyers, phones, retention, stock
from studio.shop.models import Buyer, Complaint, Order, ReferralTouch, Stock
from studio.shop.webhooks.models import InboxEvent
from studio.types import now_ms
from tests.shop.people import DAY, Neighbourhood

YEAR = 366 * DAY
VISITOR = "a" * 32


@pytest.fixture
def people(both_databases):
    studio = create_app(both_databases).extensions["studio"]
    yield Neighbourhood(studio)
    studio.stop()


@pytest.fixture
def local(studio):
    return Neighbourhood(studio)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812345678", "13812345678"),
        (" 138 1234 5678 ", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("0086-138-1234-5678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("＋８６　138 1234 5678", "13812345678"),
        ("021-64321234", "021-64321234"),
        ("(021) 6432 1234", "021-64321234"),
        ("+86 21 64321234", "021-64321234"),
        ("0571 8765432", "0571-8765432"),
    ],
)
def test_a_phone_number_is_taken_however_it_is_typed(typed, number):
    assert phones.normalise(typed) == number
    assert phones.normalise(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345",
        "12812345678",
        "138123456789",
        "1381234567",
        "张阿姨",
        "13812345678\0",
        "0-64321234",
        "1" * 10_000,
        "+1 212 555 0100",
        "64321234",
        "021-14321234",
        "١٣٨١٢٣٤٥٦٧٨",
    ],
)
def test_what_is_no_phone_number_is_refused_and_not_repeated(typed):
    with pytest.raises(BadInput) as refused:
        phones.normalise(typed)
    assert refused.value.details == {"field": "phone"}
    assert len(typed) < 6 or typed not in refused.value.zh + refused.value.en


@given(st.text(max_size=50))
def test_whatever_is_typed_is_a_number_or_refused(typed):
    try:
        number = phones.normalise(typed)
    except BadInput:
        return
    assert number.replace("-", "").isdigit()
    assert phones.normalise(number) == number


def test_a_browser_is_one_buyer_whose_data_follow_what_was_typed_last(people):
    first = people.buyer(VISITOR, phone="138 1234 5678", nickname="张阿姨")
    assert people.buyer(VISITOR, nickname="  张\n大姐 ") == first
    row = people.read(lambda session: buyers.find_visitor(session, VISITOR))
    assert (row.nickname, people.studio.vault.open(row.phone_sealed)) == ("张 大姐", "13812345678")
    with pytest.raises(BadInput):
        people.buyer(VISITOR, phone="1", nickname="坏人")
    assert people.read(lambda session: buyers.find_visitor(session, VISITOR)).nickname == "张 大姐"


def test_the_same_phone_joins_no_browser_to_anybody_elses_orders(people):
    vault = people.studio.vault

    def by_phone(phone):
        return people.run(lambda unit: buyers.of_phone(unit, vault, phone, nickname="李叔", pickup_point_id=None, at=1))

    known = by_phone("13812345678")
    assert by_phone("+86 138-1234-5678") == known
    stranger = people.buyer(VISITOR, phone="13812345678")
    assert stranger != known
    assert by_phone("13812345678") == known
    found = people.read(lambda session: buyers.find_all(session, vault, "138 1234 5678"))
    assert [row.id for row in found] == [known, stranger]


def test_another_shops_customer_is_one_buyer_a_shop(people):
    def customer(source, number, nickname="李"):
        return people.run(lambda unit: buyers.of_customer(unit, source, number, nickname=nickname, at=1))

    known = customer("shopify", "77")
    assert customer("shopify", "77", "") == known
    assert people.read(lambda session: session.get(Buyer, known)).nickname == "李"
    assert customer("youzan", "77") != known
    assert customer("shopify", None) is None
    assert customer("shopify", "") is None
    assert customer("shopify", "汉" * 5000) == customer("shopify", "汉" * 5000) != known


def test_a_pickup_point_that_is_not_there_is_refused(people):
    with pytest.raises(BadInput) as refused:
        people.run(
            lambda unit: buyers.of_visitor(
                unit, people.studio.vault, VISITOR, nickname="张", phone=None, pickup_point_id=99, at=1
            )
        )
    assert refused.value.details == {"field": "pickup_point_id"}


@pytest.mark.parametrize("typed", ["", "  ", "\0\n", "\ud800"])
def test_whoever_gives_no_name_is_nameless(local, typed):
    buyer_id = local.buyer(VISITOR, nickname=typed)
    assert local.read(lambda session: session.get(Buyer, buyer_id)).nickname == "匿名"


def test_buyers_are_found_by_name_phone_and_id_and_shown_masked(people):
    vault = people.studio.vault
    zhang = people.buyer(VISITOR, phone="13812345678", nickname="张阿姨")
    people.buyer("b" * 32, nickname="50%_折")
    order = people.order(zhang, at=5, quantity=3)
    people.refund(order, 1000, at=6)
    people.order(zhang, paid=False, at=9)

    def ids(wanted):
        return [row["id"] for row in people.read(lambda session: buyer_list.search(session, vault, wanted))]

    assert ids("") == [zhang + 1, zhang]
    assert ids("阿姨") == ids("13812345678") == ids(" 138-1234-5678") == ids(str(zhang)) == [zhang]
    assert ids("%") == ids("_") == [zhang + 1]
    assert ids("\0") == ids("")
    assert ids("99999999999999999999") == []
    shown = people.read(lambda session: buyer_list.search(session, vault, "阿姨"))[0]
    assert (shown["who"], shown["phone"], shown["known_by"]) == ("张*", "138****5678", "visitor")
    assert (shown["orders"], shown["spent_fen"], shown["last_order_ms"]) == (1, 2000, 9)


def whole_life(people):
    """A buyer with something in every table; returns (buyer_id, order_id)."""
    buyer_id = people.buyer(VISITOR, phone="13812345678", nickname="张秀英")
    friend = people.buyer("f" * 32, nickname="老王")
    people.touch(VISITOR, people.code(friend))
    order_id = people.order(buyer_id, nickname="张秀英", note="张秀英放门口", at=5, quantity=2)
    people.refund(order_id, 100, at=6, reason="张秀英说坏了一个", units=1)
    people.pick_up(order_id, at=7)
    people.complain(order_id, text="我是张秀英，破了", photo="p1.jpg", at=8)

    def say(unit):
        add = unit.session.add
        add(
            Question(
                show_id=1,
                visitor=VISITOR,
                asker="张*",
                text="甜吗",
                plain="甜吗",
                source="page",
                state="open",
                asked_ms=5,
                changed_ms=5,
            )
        )
        poll = Poll(show_id=1, kind="free", title="下次", state="open", created_ms=1)
        poll.options = [PollOption(position=1, text="梨", votes=1)]
        add(poll)
        unit.session.flush()
        add(Vote(poll_id=poll.id, voter=VISITOR, option_id=poll.options[0].id, at=5))
        add(
            Shoutout(
                order_id=order_id,
                show_id=1,
                who="张*",
                product="鸡蛋",
                quantity=1,
                more=0,
                state="ended",
                queued_ms=5,
                due_ms=5,
            )
        )
        add(
            InboxEvent(
                source="shopify",
                key="k",
                topic="orders/create",
                body={"customer": {"first_name": "张秀英"}},
                body_hash="x",
                state="done",
                order_id=order_id,
                external_id="9",
                received_ms=5,
            )
        )
        unit.session.flush()

    people.run(say)
    return buyer_id, order_id


def everything(people):
    """Every row of every table but the friend's, as text."""
    engine = people.studio.database.engine
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            name: json.dumps([tuple(row) for row in connection.execute(select(table))], default=str, ensure_ascii=False)
            for name, table in tables.tables.items()
        }


def test_erasing_leaves_nothing_personal_in_any_table(people):
    buyer_id, order_id = whole_life(people)
    before = people.read(lambda session: session.get(Order, order_id))
    mark = people.studio.vault.mark("13812345678")
    personal = ("张", VISITOR, mark, before.secret, before.body_hash, "p1.jpg")
    assert all(any(word in text for text in everything(people).values()) for word in personal)
    heard = []
    people.studio.bus.listen(PersonalDataErased, heard.append)

    for _ in range(2):
        people.run(lambda unit: buyers.erase(unit, buyer_id, at=100))

    left = {name: [word for word in personal if word in text] for name, text in everything(people).items()}
    assert {name: words for name, words in left.items() if words} == {}
    assert "老王" in everything(people)["buyers"], "nobody else is touched"
    assert [(event.photos, event.order_ids) for event in heard] == [(("p1.jpg",), (order_id,))]
    with people.studio.database.reading() as session:
        order = session.get_one(Order, order_id)
        assert (order.buyer, order.note, order.total_fen, order.refunded_fen) == ("已注销", "", 2000, 100)
        assert session.scalars(select(Question)).one().asker == "已注销"
        assert session.scalars(select(PollOption)).one().votes == 1
        assert len(session.scalars(select(Vote)).all()) == 1
        counts = {row.sku: (row.on_hand, row.held, row.sold) for row in session.scalars(select(Stock))}
        assert stock.ledger_totals(session) == counts
        with pytest.raises(NotFound):
            buyer_export.export(session, people.studio.vault, buyer_id)
        assert buyers.find_visitor(session, VISITOR) is None


def test_a_browser_that_comes_back_is_a_new_buyer(people):
    buyer_id, _order_id = whole_life(people)
    people.run(lambda unit: buyers.erase(unit, buyer_id, at=100))
    assert people.buyer(VISITOR, phone="13812345678") != buyer_id


@pytest.mark.parametrize("paid", [True, False])
def test_running_orders_keep_a_buyer_unless_forced(people, paid):
    buyer_id = people.buyer(VISITOR, phone="13812345678")
    order_id = people.order(buyer_id, paid=paid, at=5)
    with pytest.raises(Conflict, match=f"L{order_id:06d}"):
        people.run(lambda unit: buyers.erase(unit, buyer_id, at=6))
    assert people.read(lambda session: buyers.find_visitor(session, VISITOR)).nickname == "张阿姨"
    people.run(lambda unit: buyers.erase(unit, buyer_id, at=6, force=True))
    assert people.read(lambda session: session.get(Order, order_id)).buyer == "已注销"


def test_erasing_happens_whole_or_not_at_all(local):
    buyer_id, _order_id = whole_life(local)
    before = everything(local)

    def refuse(_unit, _event):
        raise Conflict("不行", "no")

    local.studio.writer.react(PersonalDataErased, refuse)
    with pytest.raises(Conflict):
        local.run(lambda unit: buyers.erase(unit, buyer_id, at=100))
    assert everything(local) == before


def test_a_browser_that_never_ordered_is_forgotten_too(local):
    friend = local.buyer("f" * 32)
    local.touch(VISITOR, local.code(friend))
    heard = []
    local.studio.bus.listen(PersonalDataErased, heard.append)
    for _ in range(2):
        local.run(lambda unit: buyers.erase_visitor(unit, VISITOR, at=9))
    assert [event.visitor for event in heard] == [VISITOR, VISITOR]
    assert VISITOR not in "".join(everything(local).values())


def test_erasing_whom_nobody_knows_is_not_found(local):
    with pytest.raises(NotFound):
        local.run(lambda unit: buyers.erase(unit, 999, at=1))


def test_an_export_holds_everything_of_one_buyer_and_nobody_else(api, local):
    buyer_id, _order_id = whole_life(local)
    answer = api("GET", f"/buyers/{buyer_id}/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    value = answer.json
    assert (value["buyer"]["nickname"], value["buyer"]["phone"]) == ("张秀英", "13812345678")
    order = value["orders"][0]
    assert order["note"] == "张秀英放门口"
    assert [row["photo"] for row in order["complaints"]] == ["p1.jpg"]
    assert [row["reason"] for row in order["refunds"]] == ["张秀英说坏了一个"]
    assert [row["text"] for row in value["questions"]] == ["甜吗"]
    assert [row["option"] for row in value["votes"]] == ["梨"]
    assert value["referral"]["came_with"]["at"] == 1
    assert "老王" not in answer.text


def test_only_the_host_exports_and_deletes(api, local):
    buyer_id = local.buyer(VISITOR, phone="13812345678")
    for method, path in (("GET", f"/buyers/{buyer_id}/export"), ("DELETE", f"/buyers/{buyer_id}")):
        assert api(method, path, role="producer").status_code == 403
        assert api(method, path, role=None).status_code == 401
    for path in ("/buyers", f"/buyers/{buyer_id}"):
        assert api("GET", path, role="moderator").status_code == 403
        answer = api("GET", path, role="producer")
        assert answer.status_code == 200
        assert "13812345678" not in answer.text
        assert "阿姨" not in answer.text
    assert api("DELETE", f"/buyers/{buyer_id}").status_code == 204
    assert api("DELETE", f"/buyers/{buyer_id}").status_code == 204
    assert api("GET", f"/buyers/{buyer_id}").status_code == 404
    assert api("DELETE", "/buyers/999").status_code == 404


def test_deleting_with_running_orders_is_a_conflict_that_names_them(api, local):
    buyer_id = local.buyer(VISITOR)
    order_id = local.order(buyer_id)
    refused = api("DELETE", f"/buyers/{buyer_id}")
    assert refused.status_code == 409
    assert refused.json["orders"] == [f"L{order_id:06d}"]
    assert api("DELETE", f"/buyers/{buyer_id}?force=true").status_code == 204


def test_a_quiet_buyer_is_quiet_and_comes_back(api, local):
    buyer_id = local.buyer(VISITOR)
    for quiet in (True, True, False):
        assert api("POST", f"/buyers/{buyer_id}/quiet", {"quiet": quiet}, role="producer").json["quiet"] is quiet
    for bad in ({}, {"quiet": "yes"}, {"quiet": 1}, {"quiet": True, "x": 1}, []):
        assert api("POST", f"/buyers/{buyer_id}/quiet", bad, role="producer").status_code == 422
    assert api("POST", "/buyers/999/quiet", {"quiet": True}).status_code == 404


@pytest.mark.parametrize("query", ["q=" + "x" * 61, "q=1&exact=maybe", "exact=true&q=张阿姨"])
def test_a_search_that_cannot_be_is_refused(api, query):
    assert api("GET", f"/buyers?{query}").status_code == 422


def test_what_is_too_old_is_forgotten_by_itself_and_nothing_else(people, tmp_path):
    now = now_ms()
    gone = people.buyer("1" * 32, nickname="很久以前", at=now - 5 * YEAR)
    old_order = people.order(gone, nickname="很久以前", at=now - 4 * YEAR)
    regular = people.buyer("2" * 32, nickname="老顾客", at=now - 5 * YEAR)
    first = people.order(regular, nickname="老顾客", at=now - 4 * YEAR)
    last = people.order(regular, nickname="老顾客", at=now - DAY)
    nameless = people.order(None, nickname="路人", at=now - 4 * YEAR)
    looker = people.buyer("3" * 32, nickname="只看看", at=now - 2 * YEAR)
    recent = people.buyer("4" * 32, nickname="刚来", at=now - DAY)
    people.touch("5" * 32, people.code(regular), at=now - 2 * YEAR)
    people.touch("6" * 32, people.code(regular), at=now - DAY)

    clock = retention.RetentionClock(
        people.studio.writer, people.studio.database, tmp_path / "photos", lambda _unit, _before: None
    )
    clock.run_once(at=now)

    with people.studio.database.reading() as session:
        erased = {row.id for row in session.scalars(select(Buyer).where(Buyer.erased_ms.is_not(None)))}
        assert erased == {gone, looker}
        names = {row.id: (row.buyer, row.buyer_id) for row in session.scalars(select(Order))}
        assert names == {
            old_order: ("已注销", gone),
            first: ("已注销", None),
            nameless: ("已注销", None),
            last: ("老顾客", regular),
        }
        assert [row.visitor for row in session.scalars(select(ReferralTouch))] == ["6" * 32]
        assert session.get(Buyer, recent).nickname == "刚来"


def test_who_asked_and_voted_is_forgotten_after_a_year(people):
    whole_life(people)
    people.run(lambda unit: privacy.forget_old(unit, 5))
    assert people.read(lambda session: privacy.said_by(session, VISITOR)["votes"]), "not before its time"
    for _ in range(2):
        people.run(lambda unit: privacy.forget_old(unit, 6))
    said = people.read(lambda session: privacy.said_by(session, VISITOR))
    assert said == {"questions": [], "votes": []}
    assert people.read(lambda session: session.scalars(select(PollOption)).one().votes) == 1


def test_more_than_a_batch_is_forgotten(local, tmp_path):
    for _ in range(205):
        local.order(None, at=1)
    clock = retention.RetentionClock(local.studio.writer, local.studio.database, tmp_path, lambda _unit, _before: None)
    clock.run_once(at=now_ms())
    with local.studio.database.reading() as session:
        assert set(session.scalars(select(Order.buyer))) == {"已注销"}


def test_photos_that_no_complaint_names_are_swept_after_a_day(local, tmp_path):
    buyer_id = local.buyer(VISITOR)
    local.complain(local.order(buyer_id), photo="kept.jpg", at=1)
    for name in ("kept.jpg", "lost.jpg"):
        (tmp_path / name).write_bytes(b"x")
    database = local.studio.database
    assert retention.sweep_photos(database, tmp_path, at=now_ms()) == 0, "it may belong to a report on its way in"
    assert retention.sweep_photos(database, tmp_path, at=now_ms() + 2 * DAY) == 1
    assert [path.name for path in tmp_path.glob("*.jpg")] == ["kept.jpg"]


def test_an_erased_complaint_keeps_only_that_there_was_one(local):
    buyer_id, order_id = whole_life(local)
    local.run(lambda unit: buyers.erase(unit, buyer_id, at=100))
    with local.studio.database.reading() as session:
        row = session.scalars(select(Complaint).where(Complaint.order_id == order_id)).one()
        assert (row.kind, row.text, row.photo, row.state) == ("spoilt", "已注销", None, "resolved")
