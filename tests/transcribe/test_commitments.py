import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from studio import events
from studio.transcribe.models import HeardPromise, PromiseOutcome
from studio.types import now_ms

DAY_MS = 86_400_000


@pytest.fixture
def show(api, studio, dairy):
    """A live show with the dairy's products; milk has 120 units at 15.90."""
    api("POST", "/catalogue", dairy)
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "奶", "sku": dairy[0]["sku"]}]}).json
    show = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json
    studio.bus.publish(events.EarStatus(state="listening", source="mic", model="base", session_ms=show["started_ms"]))
    return show


@pytest.fixture
def milk(dairy):
    return dairy[0]


def claim(kind="absolute", level="red", seq=0, **more):
    fields = {"product": None, "term": "全国最好", "text": "全国最好的酸奶", "start": 1.0, "end": 3.0, **more}
    return events.ClaimHeard(seq=seq, kind=kind, level=level, **fields)


def scarce(milk, count):
    return claim("scarcity", "amber", product=milk["sku"], term=f"只剩{count}瓶", text=f"只剩{count}瓶了", count=count)


def test_a_claim_is_an_alert_with_what_to_say_instead(studio, show):
    studio.bus.publish(claim())
    (alert,) = studio.state.get("claims")
    assert (alert["level"], alert["term"], alert["retracted"], alert["seen"]) == ("red", "全国最好", False, False)
    assert alert["advice_zh"]
    assert alert["advice_en"]


def test_a_correction_keeps_the_record_and_marks_it(api, studio, show):
    studio.bus.publish(claim())
    studio.bus.publish(claim(retracted=True))
    (alert,) = studio.state.get("claims")
    assert alert["retracted"]
    (kept,) = api("GET", f"/shows/{show['id']}/transcript").json["claims"]
    assert kept["retracted"]


@pytest.mark.parametrize(("said", "level"), [(120, "true"), (115, "true"), (12, "red"), (500, "true")])
def test_scarcity_is_judged_against_the_ledger(studio, show, milk, said, level):
    studio.bus.publish(scarce(milk, said))
    (alert,) = studio.state.get("claims")
    assert (alert["level"], alert["known"]) == (level, milk["stock"])


def test_scarcity_of_an_unknown_product_stays_amber(studio, show):
    studio.bus.publish(claim("scarcity", "amber", term="只剩3份", text="只剩3份了", count=3))
    assert studio.state.get("claims")[0]["level"] == "amber"


@pytest.mark.parametrize(("said", "level"), [("19块9", "red"), ("15块9", "true"), ("12块", "true")])
def test_a_former_price_is_judged_against_real_sales(studio, milk, said, level, sold_yesterday):
    studio.bus.publish(claim("price", "amber", product=milk["sku"], term="原价", text=f"原价{said}，今天便宜"))
    (alert,) = studio.state.get("claims")
    assert (alert["level"], alert["known"]) == (level, milk["price_fen"])


def test_a_former_price_without_any_sale_stays_amber(studio, show, milk):
    studio.bus.publish(claim("price", "amber", product=milk["sku"], term="原价", text="原价19块9"))
    assert (studio.state.get("claims")[0]["level"], studio.state.get("claims")[0]["known"]) == ("amber", None)


@pytest.mark.usefixtures("show")
def test_scarcity_without_a_number_is_judged_too(api, studio, milk):
    few = claim("scarcity", "amber", product=milk["sku"], term="没几个了", text="没几个了，赶紧")
    studio.bus.publish(few)
    assert studio.state.get("claims")[0]["level"] == "red"  # 120 are left
    movement = {"kind": "recount", "quantity": 8, "reason": "盘点"}
    assert api("POST", f"/stock/{milk['sku']}/movements", movement).status_code == 200
    studio.bus.publish(replace(few, seq=1))
    assert studio.state.get("claims")[1]["level"] == "true"


def test_an_offer_limited_in_time_is_never_borne_out_by_the_ledger(studio, show, milk):
    studio.bus.publish(claim("scarcity", "amber", product=milk["sku"], term="仅今天", text="仅今天这个价"))
    assert studio.state.get("claims")[0]["level"] == "amber"


PAPER = {"number": "7", "issuer": "检测站"}


@pytest.mark.usefixtures("show")
@pytest.mark.parametrize(
    ("paper", "term", "level"),
    [
        (PAPER | {"kind": "检测报告"}, "检测合格", "true"),
        (PAPER | {"kind": "有机认证", "valid_until": "2099-12-31"}, "有机", "true"),
        (PAPER | {"kind": "有机认证", "valid_until": "2020-12-31"}, "有机", "amber"),  # it has ended
        (PAPER | {"kind": "有机认证"}, "有机", "amber"),  # nobody knows whether it has
        (PAPER | {"kind": "检测报告"}, "有机", "amber"),  # proves something else
    ],
)
def test_a_word_is_green_with_a_paper_of_the_lot_on_sale(said_of_milk, paper, term, level):
    assert said_of_milk(term, batch="A", certificates=[paper]) == (level, level == "true")
    assert said_of_milk(term, batch="B", certificates=[]) == ("amber", 0)  # the paper was the other lot's


@pytest.fixture
def said_of_milk(api, studio, milk):
    """say(term, **lot) → (level, known) of the claim that milk of this lot is that."""

    def say(term, **lot):
        assert api("POST", "/catalogue", [milk | lot]).status_code == 200
        seq = len(studio.state.get("claims"))
        studio.bus.publish(claim("evidence", "amber", seq=seq, product=milk["sku"], term=term, text=f"是{term}的"))
        alert = studio.state.get("claims")[-1]
        return alert["level"], alert["known"]

    return say


def test_an_alert_put_away_stays_in_the_record(api, studio, show):
    studio.bus.publish(claim())
    number = studio.state.get("claims")[0]["id"]
    assert api("POST", f"/claims/{number}/seen").status_code == 204
    assert studio.state.get("claims")[0]["seen"]
    assert len(api("GET", f"/shows/{show['id']}/transcript").json["claims"]) == 1


def test_a_claim_before_the_show_is_shown_and_not_kept(api, studio):
    studio.bus.publish(claim())
    studio.bus.publish(claim(retracted=True))
    (alert,) = studio.state.get("claims")
    assert (alert["id"], alert["retracted"]) == (None, True)


def promise(seq=0, within_hours=2.0):
    return events.PromiseHeard(
        seq=seq, product=None, kind="refund", within_hours=within_hours, text="两小时内退款", start=1.0, end=3.0
    )


def test_a_promise_is_a_draft_whose_clock_began_when_it_was_said(studio, show):
    studio.bus.publish(promise())
    (draft,) = studio.state.get("promises")
    assert draft["state"] == "draft"
    assert draft["said_ms"] == show["started_ms"] + 3000
    assert draft["due_ms"] == draft["said_ms"] + 2 * 3_600_000


def test_a_promise_without_limit_has_no_deadline(studio, show):
    studio.bus.publish(promise(within_hours=None))
    assert studio.state.get("promises")[0]["due_ms"] is None


def test_a_day_named_in_a_promise_is_its_deadline_by_the_calendar(studio, show):
    said = datetime.fromtimestamp(show["started_ms"] / 1000).astimezone()
    tomorrow_night = (said + timedelta(days=1)).replace(hour=23, minute=59, second=59, microsecond=0)
    for seq, kind, words in ((0, "delivery", "明天送到大家手里"), (1, "refund", "明天收到有坏的我退给你")):
        studio.bus.publish(
            events.PromiseHeard(seq=seq, product=None, kind=kind, within_hours=None, text=words, start=1.0, end=3.0)
        )
    delivery, refund = studio.state.get("promises")
    assert delivery["due_ms"] == round(tomorrow_night.timestamp() * 1000)
    assert refund["due_ms"] is None


@pytest.mark.parametrize("state", ["confirmed", "dismissed"])
def test_an_operator_settles_a_draft(api, studio, show, state):
    studio.bus.publish(promise())
    number = studio.state.get("promises")[0]["id"]
    assert api("PUT", f"/promises/{number}", {"state": state}).status_code == 204
    assert studio.state.get("promises")[0]["state"] == state


@pytest.fixture
def confirmed(api, studio, show):
    """confirmed(within_hours) → the id of a promise that an operator confirmed; said 3 s after the show began."""

    def confirm(within_hours):
        studio.bus.publish(promise(within_hours=within_hours))
        number = studio.state.get("promises")[-1]["id"]
        api("PUT", f"/promises/{number}", {"state": "confirmed"})
        studio.writer.run(lambda unit: setattr(unit.session.get(HeardPromise, number), "said_ms", now_ms() - DAY_MS))
        return number

    return confirm


def pledge(studio):
    (shown,) = studio.state.get("pledges")
    return shown["outcome"]


def test_what_became_of_a_promise_is_told_and_late_is_not_kept(api, studio, confirmed):
    number = confirmed(2.0)
    path = f"/promises/{number}/outcome"
    assert pledge(studio) is None  # due, and nobody said: neither kept nor broken
    due = now_ms() - DAY_MS + 2 * 3_600_000
    for body, told in (
        ({"outcome": "kept", "kept_ms": due - 60_000}, "kept"),
        ({"outcome": "kept", "kept_ms": due + 60_000}, "late"),
        ({"outcome": "kept"}, "late"),
        ({"outcome": None}, None),
        ({"outcome": "broken"}, "broken"),
    ):
        assert api("PUT", path, body).status_code == 204
        assert pledge(studio) == told
    assert api("PUT", path, {"outcome": "void"}).status_code == 204
    assert studio.state.get("pledges") == []  # the buyer let it go
    with studio.database.reading() as session:
        words = session.scalars(select(PromiseOutcome.outcome).order_by(PromiseOutcome.id)).all()
    assert words == ["kept", "kept", "kept", None, "broken", "void"]  # every word stays


def test_an_outcome_that_cannot_be_is_refused(api, studio, confirmed):
    number = confirmed(100.0)
    path = f"/promises/{number}/outcome"
    assert api("PUT", path, {"outcome": "broken"}).status_code == 409  # not due yet
    for kept_ms in (now_ms() + 60_000, now_ms() - 2 * DAY_MS):
        assert api("PUT", path, {"outcome": "kept", "kept_ms": kept_ms}).status_code == 422
    assert api("PUT", path, {"outcome": "kept"}, role="moderator").status_code == 403
    assert api("PUT", "/promises/999/outcome", {"outcome": "kept"}).status_code == 404
    api("PUT", f"/promises/{number}", {"state": "dismissed"})
    assert api("PUT", path, {"outcome": "kept"}).status_code == 409
    assert studio.state.get("promises")[0]["outcome"] is None


def test_a_promise_heard_twice_is_one(studio, show):
    studio.bus.publish(promise())
    studio.bus.publish(promise())
    assert len(studio.state.get("promises")) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/claims/999/seen", None, 404),
        ("PUT", "/promises/999", {"state": "confirmed"}, 404),
        ("PUT", "/promises/999", {"state": "kept"}, 422),
    ],
)
def test_nonsense_is_refused(api, method, path, body, status):
    assert api(method, path, body).status_code == status


def test_exports_hold_claims_and_promises(api, studio, show):
    studio.bus.publish(claim())
    studio.bus.publish(promise(seq=1))
    text = api("GET", f"/shows/{show['id']}/export/md").text
    assert "全国最好" in text
    assert "未确认 not confirmed：" in text
    assert "两小时内退款" in text


def test_exports_tell_what_became_of_a_promise_and_leave_out_what_was_none(api, show, confirmed):
    number = confirmed(2)

    def export(kind):
        return api("GET", f"/shows/{show['id']}/export/{kind}").text

    assert "已确认 confirmed：" in export("md")
    api("PUT", f"/promises/{number}/outcome", {"outcome": "broken"})
    assert "未兑现 broken：" in export("md")
    assert json.loads(export("json"))["promises"][0]["outcome"] == "broken"
    api("PUT", f"/promises/{number}", {"state": "dismissed"})
    assert "两小时内退款" not in export("md")
    assert json.loads(export("json"))["promises"][0]["state"] == "dismissed"


@pytest.fixture
def sold_yesterday(api, studio, show, milk):
    """One order that was paid a day ago."""
    body = {"buyer": "张", "lines": [{"sku": milk["sku"], "quantity": 1}], "paid": True}
    api("POST", "/orders", body, headers={"Idempotency-Key": "y"})
    earlier = text("UPDATE orders SET paid_ms = :at")
    studio.writer.run(lambda unit: unit.session.execute(earlier, {"at": now_ms() - DAY_MS}))
