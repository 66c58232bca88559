"""What buyers call, in an app of this process: ordering, reading, complaining, one's own data."""

import re
import threading
import time

import cv2
import gevent
import numpy as np
import pytest
from sqlalchemy import update
from urllib3 import encode_multipart_formdata

from studio.shop import holds
from studio.shop.models import Complaint, Order
from studio.shop.public import KEEP_MS

PHONE = "13812345678"


class Phone:
    """A buyer's browser: cookie and token as the page gives them."""

    def __init__(self, app):
        self.client = app.test_client()
        page = self.client.get("/s").get_data(as_text=True)
        self.token = re.search(r'name="csrf" content="(\w+)"', page)[1]

    def call(self, method, path, body=None, **options):
        headers = {"X-CSRF-Token": self.token, **options.pop("headers", {})}
        return self.client.open(f"/api/v1/public{path}", method=method, json=body, headers=headers, **options)

    def order(self, key="k", status=201, **changes):
        body = {"nickname": "张阿姨", "lines": [{"sku": "MILK-950", "quantity": 2}], **changes}
        answer = self.call("POST", "/orders", body, headers={"Idempotency-Key": key})
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    def report(self, secret, status=201, *, photo=None, **changes):
        data = {"kind": "spoilt", "text": "牛奶酸了", **changes}
        if photo is not None:
            data["photo"] = ("photo.jpg", photo, "image/jpeg")
        body, kind = encode_multipart_formdata(data)  # werkzeug's own would leave a temporary file open
        headers = {"X-CSRF-Token": self.token, "Content-Type": kind}
        answer = self.client.post(f"/api/v1/public/orders/{secret}/complaints", data=body, headers=headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json


@pytest.fixture
def shop(api, dairy):
    assert api("POST", "/catalogue", dairy).status_code == 200
    return api


@pytest.fixture
def phone(app, shop):
    return Phone(app)


def photo_bytes(width=900, height=600):
    return cv2.imencode(".jpg", np.full((height, width, 3), 90, np.uint8))[1].tobytes()


def left(api, sku="MILK-950"):
    return api("GET", "/stock").json["items"][sku]["available"]


def paid(shop, studio, order):
    order_id = int(order["number"][1:])
    assert shop("POST", f"/orders/{order_id}/pay", {}).status_code == 200
    return order_id


# --- the shop ------------------------------------------------------------------------------------


def test_the_shop_lists_the_rundown_first_and_hides_the_hosts_notes(app, shop, dairy):
    skus = [dairy[2]["sku"], dairy[0]["sku"]]
    rundown = [{"title": "x", "sku": sku, "points": ["别说出去"], "scene": "机密"} for sku in skus]
    show = shop("POST", "/shows", {"title": "周日", "rundown": rundown}).json
    shop("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    answer = Phone(app).call("GET", "/shop")
    value = answer.json
    assert [product["sku"] for product in value["products"]][:2] == skus
    assert len(value["products"]) == len(dairy)
    assert value["show"]["current_sku"] == skus[0]
    assert value["products"][0]["lot"]["batch"]
    text = answer.get_data(as_text=True)
    assert "别说出去" not in text
    assert "机密" not in text
    assert "aliases" not in text


def test_what_is_sold_out_and_not_in_the_show_is_no_goods(app, shop, dairy, time_machine):
    time_machine.move_to(time.time())
    skus = [product["sku"] for product in dairy]
    shop("POST", "/catalogue", [{"sku": "PEACH", "name": "水蜜桃", "price_fen": 900, "stock": 1}])
    phone = Phone(app)

    def listed():
        time_machine.shift(KEEP_MS / 1000)
        return [product["sku"] for product in phone.call("GET", "/shop").json["products"]]

    shop("POST", "/stock/PEACH/movements", {"kind": "wasted", "quantity": 1, "reason": "过季"})
    assert listed() == [*skus, "PEACH"], "no show says what the goods are"
    shop("POST", "/shows", {"title": "周日", "rundown": [{"title": "x", "sku": skus[0]}]})
    assert listed() == skus
    shop("POST", "/stock/PEACH/movements", {"kind": "received", "quantity": 1, "reason": "晚桃"})
    assert listed() == [*skus, "PEACH"]
    shop("POST", f"/stock/{skus[0]}/movements", {"kind": "recount", "quantity": 0, "reason": "卖光"})
    assert listed() == [*skus, "PEACH"], "sold out in the show: one can wait for it"


def test_the_shop_is_read_again_only_when_it_changed(phone):
    first = phone.call("GET", "/shop")
    etag = first.headers["ETag"]
    assert phone.call("GET", "/shop", headers={"If-None-Match": etag}).status_code == 304
    phone.order()
    with_time = 200
    for _ in range(200):
        answer = phone.call("GET", "/shop", headers={"If-None-Match": etag})
        if answer.status_code == with_time:
            break
        threading.Event().wait(0.02)
    assert answer.json["products"][0]["available"] == first.json["products"][0]["available"] - 2
    assert answer.json["layout"] == first.json["layout"]


def test_a_show_that_is_not_there_is_404(phone):
    for number in (99, 0, -1, 2**63, 10**40):
        assert phone.call("GET", f"/shop?show={number}").status_code == 404
    assert phone.client.get("/s/99").status_code == 404


# --- ordering ------------------------------------------------------------------------------------


def test_an_order_holds_stock_and_shows_its_buyer_only_masked(phone, shop):
    order = phone.order(phone=PHONE, note="放门口")
    assert left(shop) == 118
    assert (order["status"], order["who"], order["due_fen"]) == ("placed", "张*", order["total_fen"])
    assert order["cancellable"]
    assert len(order["secret"]) >= 20
    text = phone.client.get(f"/o/{order['secret']}").get_data(as_text=True)
    assert order["number"] in text
    assert PHONE not in text
    assert "张阿姨" not in text


def test_the_same_key_is_the_same_order_however_often_it_comes(app, phone, shop):
    taps = [gevent.spawn(phone.order, "tap") for _ in range(4)]
    gevent.joinall(taps, raise_error=True)
    orders = [tap.value for tap in taps]
    assert len({order["secret"] for order in orders}) == 1
    assert left(shop) == 118


def test_one_browsers_key_means_nothing_in_another(app, phone):
    assert phone.order("k")["secret"] != Phone(app).order("k")["secret"]


def test_the_same_key_for_something_else_is_a_conflict(phone):
    phone.order("k")
    phone.order("k", 409, note="anders")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nickname": ""}, "nickname"),
        ({"nickname": "  "}, "nickname"),
        ({"nickname": "x" * 31}, "nickname"),
        ({"nickname": "a\0b"}, "nickname"),
        ({"nickname": 5}, "nickname"),
        ({"note": "x" * 201}, "note"),
        ({"note": "a\0b"}, "note"),
        ({"phone": "x" * 41}, "phone"),
        ({"lines": []}, "lines"),
        ({"lines": [{"sku": "MILK-950", "quantity": 0}]}, "lines"),
        ({"lines": [{"sku": "MILK-950", "quantity": 10**9}]}, "lines"),
        ({"lines": [{"sku": "MILK-950", "quantity": "1"}]}, "lines"),
        ({"lines": "x"}, "lines"),
        ({"pickup_point_id": -1}, "pickup_point_id"),
        ({"pickup_point_id": 2**40}, "pickup_point_id"),
        ({"paid": True}, "paid"),
        ({"paid_via": "shop"}, "paid_via"),
        ({"waitlist": "yes"}, "waitlist"),
    ],
)
def test_a_bad_order_names_its_field_and_changes_nothing(phone, shop, changes, field):
    problem = phone.order("k", 422, **changes)
    assert any(name.startswith(field) for name in problem["errors"]["json"])
    assert left(shop) == 120


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"nickname": "\\ud800", "lines": [{"sku": "MILK-950", "quantity": 1}]}', b"\xff"],
)
def test_a_body_that_is_no_order_is_a_clear_error(phone, shop, body):
    headers = {"X-CSRF-Token": phone.token, "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = phone.client.post("/api/v1/public/orders", data=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"
    assert left(shop) == 120


@pytest.mark.parametrize("typed", ["12", "hello", "138-1234", "👵👵👵"])
def test_a_bad_phone_is_told_at_its_field(phone, shop, typed):
    assert phone.order("k", 422, phone=typed)["field"] == "phone"
    assert left(shop) == 120


@pytest.mark.parametrize("key", ["", "x" * 81])
def test_an_order_needs_a_usable_key(phone, key):
    phone.order(key, 422)


def test_where_there_are_pickup_points_one_must_be_chosen(phone, shop):
    made = shop("POST", "/pickup-points", {"name": "东门", "address": "东门 1 号", "hours": "17-20 点"}).json
    closed = shop("POST", "/pickup-points", {"name": "西门", "address": "西门", "hours": "", "active": False}).json
    assert phone.order("a", 422)["field"] == "pickup_point_id"
    assert phone.order("b", 422, pickup_point_id=closed["id"])["field"] == "pickup_point_id"
    assert phone.order("c", 422, pickup_point_id=99)["field"] == "pickup_point_id"
    order = phone.order("d", pickup_point_id=made["id"])
    assert order["pickup_point"] == {"id": made["id"], "name": "东门", "address": "东门 1 号", "hours": "17-20 点"}


def test_who_pays_at_pickup_leaves_a_phone_and_has_no_deadline(phone):
    assert phone.order("a", 422, paid_via="cash")["field"] == "phone"
    assert phone.order("b", paid_via="cash", phone=PHONE)["hold_until_ms"] is None
    assert phone.order("c", paid_via="cash")["paid_via"] == "cash"  # the number is known by now
    assert phone.order("d")["hold_until_ms"] is not None


def test_too_much_is_refused_with_what_is_left_or_waits_in_line(phone, shop):
    wanted = [{"sku": "MILK-950", "quantity": 121}]
    assert phone.order("a", 409, lines=wanted)["available"] == 120
    waiting = phone.order("b", lines=wanted, waitlist=True)
    assert (waiting["status"], waiting["due_fen"]) == ("waitlisted", 0)
    assert left(shop) == 120
    assert phone.call("POST", f"/orders/{waiting['secret']}/cancel").json["status"] == "cancelled"


def test_an_unpaid_order_can_be_cancelled_and_a_paid_one_cannot(phone, shop, studio):
    order = phone.order("a")
    assert phone.call("POST", f"/orders/{order['secret']}/cancel").json["status"] == "cancelled"
    assert phone.call("POST", f"/orders/{order['secret']}/cancel").status_code == 200
    assert left(shop) == 120
    second = phone.order("b")
    paid(shop, studio, second)
    assert phone.call("POST", f"/orders/{second['secret']}/cancel").status_code == 409


def test_a_price_that_changed_meanwhile_is_shown_before_it_is_owed(phone, shop, dairy):
    price = next(product["price_fen"] for product in dairy if product["sku"] == "MILK-950")
    first = phone.order("a", total_fen=2 * price)
    dearer = {**next(product for product in dairy if product["sku"] == "MILK-950"), "price_fen": price + 100}
    assert shop("POST", "/catalogue", [dearer]).status_code == 200
    refusal = phone.order("b", 409, total_fen=2 * price)
    assert (refusal["code"], refusal["total_fen"]) == ("price-changed", 2 * price + 200)
    assert left(shop) == 118
    assert phone.order("b", total_fen=2 * price + 200)["total_fen"] == 2 * price + 200
    again = phone.order("a", total_fen=2 * price + 200)
    assert (again["secret"], again["total_fen"]) == (first["secret"], 2 * price), "an order stays at its price"


def test_a_buyer_reads_why_an_order_ended(phone, shop, studio):
    def ended(order):
        return phone.call("GET", f"/orders/{order['secret']}").json["ended"]

    def page(order):
        return phone.client.get(f"/o/{order['secret']}").get_data(as_text=True)

    by_host, silently, by_buyer, late = (phone.order(key) for key in "abcd")
    assert ended(by_host) is None
    reason = f"雨太大，牛奶没送到 <b> {PHONE}"
    shop("POST", f"/orders/{int(by_host['number'][1:])}/cancel", {"reason": reason})
    shop("POST", f"/orders/{int(silently['number'][1:])}/cancel", {})
    phone.call("POST", f"/orders/{by_buyer['secret']}/cancel")
    studio.writer.run(lambda unit: holds.expire(unit, int(late["number"][1:]), at=late["hold_until_ms"]))
    assert ended(by_host) == {"by": "host", "reason": "雨太大，牛奶没送到 <b> 138****5678"}
    assert "雨太大，牛奶没送到 &lt;b&gt; 138****5678" in page(by_host)
    assert ended(silently) == {"by": "host", "reason": ""}
    assert "团长取消了这张订单。" in page(silently)
    assert ended(by_buyer) == {"by": "buyer", "reason": ""}
    assert "你取消了这张订单" in page(by_buyer)
    assert ended(late) == {"by": "time", "reason": ""}
    assert "留货的时间到了" in page(late)


def test_who_waits_reads_how_many_stand_before(phone, shop):
    def wait(key, sku, quantity):
        lines = [{"sku": sku, "quantity": quantity}]
        return phone.order(key, lines=lines, waitlist=True)

    def ahead(order):
        return phone.call("GET", f"/orders/{order['secret']}").json["ahead"]

    first, _other, second = wait("a", "MILK-950", 121), wait("b", "YOG-1K", 200), wait("c", "MILK-950", 122)
    assert (ahead(first), ahead(second), ahead(phone.order("d"))) == (0, 1, None)
    assert "排在最前面" in phone.client.get(f"/o/{first['secret']}").get_data(as_text=True)
    assert "前面还有 1 单" in phone.client.get(f"/o/{second['secret']}").get_data(as_text=True)
    phone.call("POST", f"/orders/{first['secret']}/cancel")
    assert ahead(second) == 0


def test_a_buyer_reads_why_money_came_back(phone, shop, studio):
    order = phone.order()
    order_id = paid(shop, studio, order)
    body = {"amount_fen": 500, "reason": "碎了一瓶"}
    assert shop("POST", f"/orders/{order_id}/refund", body, headers={"Idempotency-Key": "r"}).status_code == 200
    told = phone.call("GET", f"/orders/{order['secret']}").json
    assert [(refund["amount_fen"], refund["reason"]) for refund in told["refunds"]] == [(500, "碎了一瓶")]
    assert "退款原因：碎了一瓶" in phone.client.get(f"/o/{order['secret']}").get_data(as_text=True)


def test_only_the_link_leads_to_an_order(app, phone):
    order = phone.order()
    stranger = Phone(app)
    assert stranger.call("GET", f"/orders/{order['secret']}").status_code == 200
    for wrong in ("1", "L000001", order["secret"][:-1], order["secret"] + "x", "%00", "é", "x" * 5000):
        assert stranger.call("GET", f"/orders/{wrong}").status_code == 404
        assert stranger.client.get(f"/o/{wrong}").status_code == 404
    assert stranger.call("GET", "/orders").json == {"orders": []}
    assert [row["number"] for row in phone.call("GET", "/orders").json["orders"]] == [order["number"]]


def test_an_order_is_read_again_only_when_it_changed(phone, shop, studio):
    order = phone.order()
    path = f"/orders/{order['secret']}"
    etag = phone.call("GET", path).headers["ETag"]
    assert phone.call("GET", path, headers={"If-None-Match": etag}).status_code == 304
    paid(shop, studio, order)
    assert phone.call("GET", path, headers={"If-None-Match": etag}).json["status"] == "paid"


def test_private_pages_are_kept_by_nobody_and_lead_no_other_site_back(phone):
    order = phone.order()
    for path in (f"/o/{order['secret']}", "/me", f"/api/v1/public/orders/{order['secret']}", "/api/v1/public/me"):
        headers = phone.client.get(path).headers
        assert headers["Cache-Control"] == "no-store", path
        assert headers["Referrer-Policy"] == "same-origin"


def test_links_and_names_are_in_no_log(phone, caplog, studio):
    order = phone.order(nickname="林小满", phone=PHONE)
    studio.writer.run(lambda unit: unit.session.execute(update(Order).values(note="林小满".encode())))
    assert phone.call("GET", f"/orders/{order['secret']}").status_code == 500
    assert "unexpected error" in caplog.text
    for secret in (order["secret"], "林小满", PHONE):
        assert secret not in caplog.text


def test_typed_html_is_text(phone, shop):
    order = phone.order(nickname="<script>alert(1)</script>", note='"><img src=x onerror=alert(2)>')
    page = phone.client.get(f"/o/{order['secret']}").get_data(as_text=True)
    assert "<img src=x" not in page
    assert "<script>alert" not in page + phone.client.get("/me").get_data(as_text=True)


# --- complaints ----------------------------------------------------------------------------------


def test_a_reported_problem_is_answered_and_the_buyer_sees_it(phone, shop, studio):
    order = phone.order()
    paid(shop, studio, order)
    value = phone.report(order["secret"], sku="MILK-950")
    assert [row["state"] for row in value["complaints"]] == ["open"]
    listed = shop("GET", "/complaints", role="moderator").json["complaints"]
    assert [(row["who"], row["number"], row["kind"]) for row in listed] == [("张*", order["number"], "spoilt")]
    assert listed[0]["lot_id"] is not None
    path = f"/complaints/{listed[0]['id']}/reply"
    assert shop("POST", path, {"reply": "", "resolved": True}).status_code == 422
    answered = shop("POST", path, {"reply": "马上补发", "resolved": False}, role="moderator").json
    assert (answered["state"], answered["resolved_ms"]) == ("answered", None)
    done = shop("POST", path, {"reply": "", "resolved": True}).json
    assert (done["state"], done["reply"], done["replied_ms"]) == ("resolved", "马上补发", answered["replied_ms"])
    seen = phone.call("GET", f"/orders/{order['secret']}").json["complaints"][0]
    assert (seen["state"], seen["reply"]) == ("resolved", "马上补发")
    assert "马上补发" in phone.client.get(f"/o/{order['secret']}").get_data(as_text=True)
    assert studio.state.get("complaints")[0]["state"] == "resolved"


def test_the_same_report_again_is_the_same_complaint(phone, shop, studio):
    order = phone.order()
    paid(shop, studio, order)
    for _ in range(2):
        value = phone.report(order["secret"])
    assert len(value["complaints"]) == 1
    assert len(phone.report(order["secret"], kind="late")["complaints"]) == 2


def test_a_flood_of_reports_ends(phone, shop, studio):
    order = phone.order()
    paid(shop, studio, order)
    for number in range(5):
        phone.report(order["secret"], text=f"问题 {number}")
    phone.report(order["secret"], 409, text="问题 6")


def test_an_unpaid_order_is_cancelled_not_reported(phone):
    phone.report(phone.order()["secret"], 409)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "angry"},
        {"text": ""},
        {"text": "x" * 501},
        {"text": "a\0b"},
        {"sku": "NOPE"},
        {"who": "x"},
        {"photo": b"GIF89a"},
        {"photo": b"\xff\xd8\xff" + bytes(100)},
    ],
)
def test_a_bad_report_is_refused_and_leaves_no_photo(phone, shop, studio, settings, changes):
    order = phone.order()
    paid(shop, studio, order)
    phone.report(order["secret"], 422, **changes)
    assert phone.call("GET", f"/orders/{order['secret']}").json["complaints"] == []
    assert list((settings.data_dir / "complaints").glob("*")) == []


def test_a_photo_comes_back_small_to_the_buyer_and_the_desk_and_to_nobody_else(app, phone, shop, studio, settings):
    order = phone.order()
    paid(shop, studio, order)
    value = phone.report(order["secret"], photo=photo_bytes(3000, 2000))
    complaint = value["complaints"][0]
    assert complaint["photo"]
    path = f"/orders/{order['secret']}/complaints/{complaint['id']}/photo"
    seen = phone.call("GET", path)
    assert seen.mimetype == "image/jpeg"
    assert cv2.imdecode(np.frombuffer(seen.data, np.uint8), cv2.IMREAD_COLOR).shape[1] == 1600
    desk = shop("GET", f"/complaints/{complaint['id']}/photo")
    assert desk.data == seen.data
    seen.close(), desk.close()
    assert shop("GET", f"/complaints/{complaint['id']}/photo", role=None).status_code == 401
    other = Phone(app).order()
    assert phone.call("GET", path.replace(order["secret"], other["secret"])).status_code == 404
    (kept,) = (settings.data_dir / "complaints").glob("*")
    assert kept.suffix == ".jpg"


def test_a_repeated_report_keeps_one_photo(phone, shop, studio, settings):
    order = phone.order()
    paid(shop, studio, order)
    for _ in range(2):
        phone.report(order["secret"], photo=photo_bytes())
    assert len(list((settings.data_dir / "complaints").glob("*"))) == 1


def test_a_photo_of_five_megabytes_is_taken_and_a_larger_body_refused(phone, shop, studio):
    order = phone.order()
    paid(shop, studio, order)
    noise = np.random.default_rng(1).integers(0, 255, (1500, 1500, 3), np.uint8)
    large = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    large += bytes(5 * 1024 * 1024 - len(large))
    assert phone.report(order["secret"], photo=large)["complaints"][0]["photo"]
    phone.report(order["secret"], 413, text="noch eins", photo=large + bytes(2 * 1024 * 1024))


def test_the_lot_is_named_only_where_it_is_certain(phone, shop, studio, dairy):
    order = phone.order()
    paid(shop, studio, order)
    shop("POST", "/catalogue", [{**dairy[0], "batch": "NEXT"}])
    phone.report(order["secret"], sku="MILK-950")
    assert shop("GET", "/complaints").json["complaints"][0]["lot_id"] is None


# --- one's own data ------------------------------------------------------------------------------


def test_what_is_kept_is_told_masked_and_can_be_changed(app, phone):
    nothing = {"nickname": None, "phone": None, "pickup_point_id": None, "quiet": False}
    assert phone.call("GET", "/me").json == nothing
    assert phone.call("PUT", "/me", {"quiet": True}).status_code == 409
    phone.order(phone=PHONE)
    assert phone.call("GET", "/me").json == {**nothing, "nickname": "张阿姨", "phone": "138****5678"}
    changed = phone.call("PUT", "/me", {"quiet": True, "nickname": "老张"}).json
    assert (changed["quiet"], changed["nickname"]) == (True, "老张")
    assert Phone(app).call("GET", "/me").json == nothing
    for bad in ({}, {"quiet": 1}, {"quiet": True, "nickname": ""}, {"quiet": True, "nickname": "x" * 31}):
        assert phone.call("PUT", "/me", bad).status_code == 422


def test_deleting_my_data_leaves_no_name_phone_or_photo(phone, shop, studio, settings):
    order = phone.order(phone=PHONE)
    order_id = paid(shop, studio, order)
    phone.report(order["secret"], photo=photo_bytes())
    assert phone.call("DELETE", "/me").status_code == 409  # it still has to be handed over
    for step in ("pack", "pick-up", "close"):
        assert shop("POST", f"/orders/{order_id}/{step}", {}).status_code == 200
    assert phone.call("DELETE", "/me").status_code == 204
    assert phone.call("GET", "/me").json["nickname"] is None
    assert phone.call("GET", "/orders").json == {"orders": []}
    assert phone.call("GET", f"/orders/{order['secret']}").status_code == 404
    with studio.database.reading() as session:
        assert session.get(Order, order_id).buyer != "张阿姨"
        assert session.query(Complaint).one().photo is None
    for _ in range(200):
        if not list((settings.data_dir / "complaints").glob("*")):
            break
        threading.Event().wait(0.02)
    assert list((settings.data_dir / "complaints").glob("*")) == []


def test_a_referral_link_counts_the_neighbour_who_came_by_it(app, phone, shop, studio):
    assert phone.call("GET", "/referral").json["code"] is None
    phone.order()
    mine = phone.call("GET", "/referral").json
    assert mine["url"].endswith(f"/r/{mine['code']}")
    neighbour = Phone(app)
    answer = neighbour.client.get(f"/r/{mine['code']}")
    assert answer.headers["Location"] == "/s"
    paid(shop, studio, neighbour.order(nickname="李姐", phone="13900001111"))
    assert phone.call("GET", "/referral").json["pending"] == 1
    for wrong in ("nope", "%00", "é", "x" * 2000):
        assert neighbour.client.get(f"/r/{wrong}").status_code == 302
