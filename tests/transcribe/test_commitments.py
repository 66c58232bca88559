import pytest
from sqlalchemy import text

from studio import events
from studio.types import now_ms

DAY_MS = 86_400_000


@pytest.fixture
def show(api, studio, dairy):
    """A live show with the dairy's products; milk has 120 units at 15.90."""
    api("POST", "/catalogue", dairy)
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "奶", "sku": dairy[0]["sku"]}]}).json
    show = api("POST", f"/shows/{show['id']}/live").json
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


@pytest.mark.parametrize("state", ["confirmed", "dismissed"])
def test_an_operator_settles_a_draft(api, studio, show, state):
    studio.bus.publish(promise())
    number = studio.state.get("promises")[0]["id"]
    assert api("PUT", f"/promises/{number}", {"state": state}).status_code == 204
    assert studio.state.get("promises")[0]["state"] == state


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
    assert "两小时内退款" in text


@pytest.fixture
def sold_yesterday(api, studio, show, milk):
    """One order that was paid a day ago."""
    body = {"buyer": "张", "lines": [{"sku": milk["sku"], "quantity": 1}], "paid": True}
    api("POST", "/orders", body, headers={"Idempotency-Key": "y"})
    earlier = text("UPDATE orders SET paid_ms = :at")
    studio.writer.run(lambda unit: unit.session.execute(earlier, {"at": now_ms() - DAY_MS}))
