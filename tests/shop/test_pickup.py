"""Pickup points and what is to be fetched there."""

import csv
import io

import pytest

CART = [{"sku": "MILK-950", "quantity": 2}, {"sku": "YOG-1K", "quantity": 1}]


@pytest.fixture
def call(api, dairy):
    """call(method, path, body=None, status=200, key=None) → the answer's JSON; the dairy is on sale at one point."""

    def send(method, path, body=None, status=200, *, key=None, role="host"):
        headers = {"Idempotency-Key": key} if key else None
        answer = api(method, path, body, role=role, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.get_json()

    send("POST", "/catalogue", dairy)
    send("POST", "/pickup-points", {"name": "东门驿站", "address": "东门 3 号", "hours": "17:00-20:00"}, 201)
    return send


def order(call, key, buyer="张阿姨", **fields):
    body = {"buyer": buyer, "lines": CART, "paid": True, "pickup_point_id": 1, **fields}
    return call("POST", "/orders", body, 201, key=key)


def listed(call, query=""):
    return call("GET", f"/pickup-list{query}")["points"]


def rows_of(api, query=""):
    answer = api("GET", f"/pickup-list?format=csv{query}")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")  # or Excel takes it for another encoding
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_points_are_added_changed_and_taken_out_of_use(call):
    call("POST", "/pickup-points", {"name": "西区"}, 201)
    call("PUT", "/pickup-points/1", {"name": "东门", "address": "", "hours": "", "active": False})
    points = call("GET", "/pickup-points")["points"]
    assert [(point["name"], point["active"]) for point in points] == [("西区", True), ("东门", False)]


def test_a_point_that_was_used_cannot_be_deleted(call, api):
    order(call, "1")
    assert api("DELETE", "/pickup-points/1").status_code == 405
    call("PUT", "/pickup-points/1", {"name": "东门驿站", "active": False})
    assert [point["name"] for point in listed(call)] == ["东门驿站"]


def test_two_points_cannot_share_a_name(call):
    call("POST", "/pickup-points", {"name": " 东门驿站 "}, 409)
    call("POST", "/pickup-points", {"name": "西区"}, 201)
    call("PUT", "/pickup-points/2", {"name": "东门驿站"}, 409)
    call("PUT", "/pickup-points/1", {"name": "东门驿站", "hours": "全天"})


@pytest.mark.parametrize(
    "wrong", [{}, {"name": " "}, {"name": "x" * 41}, {"name": "a\0"}, {"name": "a", "id": 3}, {"name": 5}]
)
def test_a_point_that_is_none_is_refused(call, wrong):
    call("POST", "/pickup-points", wrong, 422)


def test_points_belong_to_the_producer(call):
    call("GET", "/pickup-points", role="moderator")
    call("POST", "/pickup-points", {"name": "西区"}, 403, role="moderator")
    call("PUT", "/pickup-points/9", {"name": "西区"}, 404)


def test_list_groups_by_point_and_buyer_and_sums_for_packing(call):
    order(call, "1", phone="13812345678")
    order(call, "2", buyer="李姐", note="放门口")
    order(call, "3", phone="13812345678")
    order(call, "4", buyer="王大爷", pickup_point_id=None)
    door, nowhere = listed(call)
    assert [(one["who"], one["phone_tail"], len(one["orders"])) for one in door["buyers"]] == [
        ("张*", "5678", 2),
        ("李*", None, 1),
    ]
    assert {total["sku"]: (total["quantity"], total["unit"]) for total in door["totals"]} == {
        "MILK-950": (6, "950毫升/瓶"),
        "YOG-1K": (3, "1千克/桶"),
    }
    assert (nowhere["id"], nowhere["buyers"][0]["who"]) == (None, "王*")
    assert [point["id"] for point in listed(call, "?point=1")] == [1]


def test_list_holds_what_is_paid_or_paid_when_fetched(call):
    paid, cash, unpaid, gone = (
        order(call, "1")["id"],
        order(call, "2", paid=False, paid_via="cash")["id"],
        order(call, "3", paid=False)["id"],
        order(call, "4")["id"],
    )
    call("POST", f"/orders/{gone}/cancel")
    waiting = {one["id"]: one["due_fen"] for buyer in listed(call)[0]["buyers"] for one in buyer["orders"]}
    assert waiting == {paid: 0, cash: 5460}
    assert unpaid not in waiting
    call("POST", f"/orders/{paid}/pack")
    call("POST", f"/orders/{cash}/pick-up")
    waiting = [one["id"] for buyer in listed(call)[0]["buyers"] for one in buyer["orders"]]
    assert waiting == [paid]


def test_what_was_given_back_is_not_packed(call):
    number = order(call, "1")["id"]
    body = {"lines": [{"sku": "MILK-950", "quantity": 1, "restock": True}], "reason": "少一瓶"}
    call("POST", f"/orders/{number}/refund", body, key="r")
    assert {total["sku"]: total["quantity"] for total in listed(call)[0]["totals"]} == {"MILK-950": 1, "YOG-1K": 1}


def test_names_and_phones_leave_masked(call, api):
    order(call, "1", phone="13812345678", note="打 13999990000")
    text = api("GET", "/pickup-list").text + api("GET", "/pickup-list?format=csv").text
    assert "张阿姨" not in text
    assert "1381234" not in text
    assert "13999990000" not in text


def test_table_is_one_row_an_order(call, api):
    order(call, "1", phone="13812340012", note="放门口")
    order(call, "2", buyer="李姐", pickup_point_id=None, paid=False, paid_via="cash")
    assert rows_of(api) == [
        ["自提点", "单号", "取货人", "手机尾号", "商品", "备注", "待收（元）", "已取"],
        ["东门驿站", "L000001", "张*", "*0012", "巴氏鲜牛奶×2；原味老酸奶×1", "放门口", "0.00", ""],
        ["没有选自提点", "L000002", "李*", "", "巴氏鲜牛奶×2；原味老酸奶×1", "", "54.60", ""],
    ]
    assert rows_of(api, "&lang=en")[0][:3] == ["Pickup point", "Order", "Who"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_table_holds_no_formula(call, api, start):
    call("PUT", "/pickup-points/1", {"name": f"{start}1+1"})
    order(call, "1", buyer=f"{start}cmd", note=f"{start}HYPERLINK(1)")
    (row,) = rows_of(api)[1:]
    assert (row[0], row[2], row[5]) == (f"'{start}1+1", f"'{start}*", f"'{start}HYPERLINK(1)")


def test_list_needs_an_operator(api):
    assert api("GET", "/pickup-list", role=None).status_code == 401
    assert api("GET", "/pickup-list?point=x").status_code == 422
