"""Orders over HTTP, on both databases: what operators see and send, and what is refused."""

import pytest


@pytest.fixture
def settings(both_databases):
    return both_databases


@pytest.fixture
def shop(api, dairy):
    by_sku = {entry["sku"]: entry for entry in dairy}
    by_sku["MILK-950"]["cap_per_buyer"] = 5
    by_sku["CHEESE-200"]["price_per_kg_fen"] = 16_000
    assert api("POST", "/catalogue", dairy).status_code == 200
    return api


def place(api, key="k1", sku="MILK-950", quantity=1, **given):
    body = {"buyer": "张阿姨", "lines": [{"sku": sku, "quantity": quantity}], **given}
    return api("POST", "/orders", body, headers={"Idempotency-Key": key})


def step(api, order, name, body=None, *, role="host", key="s"):
    return api("POST", f"/orders/{order['id']}/{name}", body, role=role, headers={"Idempotency-Key": key})


def test_an_order_tells_its_whole_life(shop):
    order = place(shop, quantity=2, note="放门口").json
    assert (order["status"], order["due_fen"], order["note"]) == ("placed", 3180, "放门口")
    for name in ("pay", "pack", "pick-up"):
        assert step(shop, order, name, role="moderator").status_code == 200
    refund = {"lines": [{"sku": "MILK-950", "quantity": 1, "restock": False}], "reason": "漏奶"}
    answer = step(shop, order, "refund", refund, role="producer", key="r1")
    assert (answer.json["status"], answer.json["refunded_fen"], answer.json["lines"][0]["returned"]) == (
        "picked_up",
        1590,
        1,
    )
    assert step(shop, order, "refund", refund, role="producer", key="r1").json == answer.json
    assert step(shop, order, "close").json["closed_ms"] is not None
    whole = shop("GET", f"/orders/{order['id']}", role="moderator").json
    assert [(row["step"], row["by"]) for row in whole["history"]] == [
        ("placed", "host"),
        ("paid", "moderator"),
        ("packed", "moderator"),
        ("picked_up", "moderator"),
        ("refunded", "producer"),
        ("closed", "host"),
    ]
    assert [(row["amount_fen"], row["lines"], row["reason"]) for row in whole["refunds"]] == [
        (1590, refund["lines"], "漏奶")
    ]
    assert whole["link"].startswith("/o/")


def test_goods_sold_by_weight_are_settled(shop):
    order = place(shop, sku="CHEESE-200", paid=True).json
    assert order["lines"][0]["by_weight"]
    answer = step(shop, order, "settle", {"lines": [{"sku": "CHEESE-200", "weight_g": 210}]}).json
    assert answer["settled_fen"] == 3360
    assert answer["due_fen"] == 3360 - order["total_fen"]
    assert shop("GET", "/stock").json["items"]["CHEESE-200"]["sold"] == 1


def test_one_phone_is_one_buyer_for_the_cap_and_shown_masked(shop):
    order = place(shop, quantity=4, phone="138 0013 8000")
    assert order.json["phone"] == "138****8000"
    refused = place(shop, "k2", quantity=2, phone="+86 13800138000")
    assert (refused.status_code, refused.json["code"], refused.json["allowed"]) == (409, "over-cap", 1)
    listed = shop("GET", "/orders").get_data(as_text=True)
    assert "138****8000" in listed
    assert "13800138000" not in listed


def test_orders_are_found_by_status_number_and_buyer_a_page_at_a_time(shop):
    ids = [place(shop, f"k{number}", buyer=f"邻居{number}", paid=number % 2 == 0).json["id"] for number in range(5)]

    def found(query):
        answer = shop("GET", f"/orders?{query}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return [order["id"] for order in answer.json["orders"]], answer.json["next_before"], answer.json["counts"]

    counts = {"paid": 3, "placed": 2}
    assert found("limit=2") == ([ids[4], ids[3]], ids[3], counts)
    assert found(f"limit=2&before={ids[3]}") == ([ids[2], ids[1]], ids[1], counts)
    assert found(f"limit=2&before={ids[1]}") == ([ids[0]], None, counts)
    assert found("status=placed") == ([ids[3], ids[1]], None, counts)
    assert found(f"q=l{ids[2]:06d}") == ([ids[2]], None, {"paid": 1})
    assert found("q=邻居3")[0] == [ids[3]]
    assert found("q=%25")[0] == []
    assert found("point=3") == ([], None, {})


def test_the_ledger_of_a_product_is_read_a_page_at_a_time(shop):
    order = place(shop, paid=True).json
    first = shop("GET", "/stock/MILK-950/movements?limit=1", role="moderator").json
    assert [(row["kind"], row["cause"], row["delta_sold"]) for row in first["movements"]] == [
        ("sold", f"order:{order['id']}", 1)
    ]
    rest = shop("GET", f"/stock/MILK-950/movements?before={first['next_before']}").json
    assert [row["kind"] for row in rest["movements"]] == ["received"]
    assert shop("GET", "/stock/NOPE/movements").status_code == 404


def test_a_count_below_what_is_held_says_so(shop):
    place(shop, quantity=4)
    body = {"kind": "recount", "quantity": 3, "reason": "盘点"}
    answer = shop("POST", "/stock/MILK-950/movements", body)
    assert answer.status_code == 409
    assert "占用" in answer.json["detail"]
    assert answer.json["held"] == 4


def test_somebody_waits_and_is_told_in_the_topic(shop, studio):
    place(shop, "first", quantity=5)
    shop("POST", "/stock/MILK-950/movements", {"kind": "recount", "quantity": 5, "reason": "盘点"})
    assert place(shop, "second").json["code"] == "out-of-stock"
    assert place(shop, "third", waitlist=True).json["status"] == "waitlisted"
    topic = studio.state.get("orders")
    assert (topic["waiting"], topic["waitlisted"], topic["paid"]) == (1, 1, 0)


def test_only_producer_and_host_give_money_back(shop):
    order = place(shop, paid=True).json
    assert step(shop, order, "cancel", role="moderator").status_code == 403
    assert step(shop, order, "refund", {"reason": "x"}, role="moderator").status_code == 403
    assert step(shop, order, "cancel", role="producer").json["status"] == "refunded"


@pytest.mark.parametrize("role", [None, "overlay", "agent"])
def test_strangers_see_and_change_no_orders(shop, role):
    order = place(shop).json
    for method, path in (
        ("GET", "/orders"),
        ("GET", f"/orders/{order['id']}"),
        ("GET", "/stock/MILK-950/movements"),
        ("POST", f"/orders/{order['id']}/pay"),
        ("POST", f"/orders/{order['id']}/refund"),
    ):
        assert shop(method, path, {} if method == "POST" else None, role=role).status_code in {401, 403}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("pay", {"via": "gold"}),
        ("cancel", {"reason": "a\0b"}),
        ("cancel", {"reason": "字" * 201}),
        ("settle", {"lines": []}),
        ("settle", {"lines": [{"sku": "MILK-950", "weight_g": 0}]}),
        ("settle", {"lines": [{"sku": "MILK-950", "weight_g": 5}] * 2}),
        ("settle", {"lines": [{"sku": "MILK-950", "weight_g": 5}]}),
        ("refund", {"reason": ""}),
        ("refund", {"reason": "x", "amount_fen": -1}),
        ("refund", {"reason": "x", "amount_fen": 10**30}),
        ("refund", {"reason": "x", "lines": [{"sku": "NOPE", "quantity": 1, "restock": True}]}),
        ("refund", {"reason": "x", "lines": "MILK-950"}),
    ],
)
def test_bad_steps_are_refused_with_a_problem(shop, path, body):
    order = place(shop, paid=True).json
    answer = step(shop, order, path, body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert shop("GET", f"/orders/{order['id']}").json["status"] == "paid"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/orders", {"buyer": "张\0", "lines": [{"sku": "MILK-950", "quantity": 1}]}),
        ("POST", "/orders", {"buyer": "张", "note": "\0", "lines": [{"sku": "MILK-950", "quantity": 1}]}),
        ("POST", "/orders", {"buyer": "张", "lines": [{"sku": "MILK\0", "quantity": 1}]}),
        ("POST", "/stock/MILK-950/movements", {"kind": "received", "quantity": 1, "reason": "到\0货"}),
        ("GET", "/orders?q=%00", None),
    ],
)
def test_a_nul_character_is_bad_input(shop, method, path, body):
    assert shop(method, path, body, headers={"Idempotency-Key": "nul"}).status_code == 422


@pytest.mark.parametrize("path", ["/stock/MILK%00/movements"])
def test_a_nul_character_in_an_address_is_a_clear_error(shop, path):
    body = {"kind": "received", "quantity": 1, "reason": "到货"}
    assert shop("GET", path).status_code in {404, 422}
    assert shop("POST", path, body).status_code in {404, 422}


def test_a_catalogue_with_a_nul_character_is_refused_whole(api, dairy):
    dairy[0]["name"] = "奶\0"
    assert api("POST", "/catalogue", dairy).status_code == 422
    assert api("GET", "/products").json == {"products": []}


@pytest.mark.parametrize("query", ["limit=0", "limit=1000", "before=0", "before=99999999999", "point=x", "status=gone"])
def test_bad_queries_are_refused(shop, query):
    assert shop("GET", f"/orders?{query}").status_code == 422
