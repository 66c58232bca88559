import pytest


@pytest.fixture
def shop(api, dairy):
    assert api("POST", "/catalogue", dairy).status_code == 200
    return api


def order(api, key="k1", *, body=None, **changes):
    given = body or {"buyer": "张阿姨", "lines": [{"sku": "MILK-950", "quantity": 2}], "paid": True, **changes}
    return api("POST", "/orders", given, headers={"Idempotency-Key": key})


def test_the_same_key_is_the_same_order(shop):
    first, again = order(shop), order(shop)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert shop("GET", "/stock").json["items"]["MILK-950"]["available"] == 118


def test_the_same_key_for_another_order_is_a_conflict(shop):
    order(shop)
    assert order(shop, buyer="李姐").status_code == 409


def test_buyers_are_masked_everywhere(shop):
    assert order(shop).json["who"] == "张*"
    assert "张阿姨" not in shop("GET", "/orders").get_data(as_text=True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"buyer": "", "lines": [{"sku": "MILK-950", "quantity": 1}]},
        {"buyer": "a" * 61, "lines": [{"sku": "MILK-950", "quantity": 1}]},
        {"buyer": "张", "lines": []},
        {"buyer": "张", "lines": [{"sku": "MILK-950", "quantity": 0}]},
        {"buyer": "张", "lines": [{"sku": "MILK-950", "quantity": -3}]},
        {"buyer": "张", "lines": [{"sku": "MILK-950", "quantity": "2"}]},
        {"buyer": "张", "lines": [{"sku": "MILK-950", "quantity": 10**18}]},
        {"buyer": "张", "lines": [{"sku": "NOPE", "quantity": 1}]},
        {"buyer": "张", "lines": [{"sku": "MILK-950", "quantity": 1}], "price": 1},
        {"buyer": "张", "lines": "MILK-950"},
        [],
        "text",
    ],
)
def test_bad_orders_are_refused_with_a_problem(shop, body):
    answer = order(shop, body=body) if body else shop("POST", "/orders", body, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert shop("GET", "/stock").json["items"]["MILK-950"]["available"] == 120


@pytest.mark.parametrize("key", ["", "x" * 81])
def test_an_order_needs_a_usable_idempotency_key(shop, key):
    assert order(shop, key).status_code == 422


def test_catalogue_takes_toml(api):
    document = '[[products]]\nsku = "A-1"\nname = "豆腐"\nprice_fen = 680\nstock = 3\n'
    answer = api("POST", "/catalogue", headers={"Content-Type": "application/toml"}, data=document.encode())
    assert answer.status_code == 200
    assert answer.json["products"][0]["category"] == "tofu"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"stock": -1}, "stock"),
        ({"prise_fen": 1}, "price_fen"),
        ({"price_fen": 1.5}, "price_fen"),
        ({"produced_on": "昨天"}, "produced_on"),
        ({"name": ""}, "name"),
    ],
)
def test_a_bad_catalogue_is_refused_whole_and_named(api, dairy, change, named):
    dairy[1].update(change)
    answer = api("POST", "/catalogue", dairy)
    assert answer.status_code == 422
    assert named in answer.json["detail"]
    assert api("GET", "/products").json == {"products": []}


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff", b"[" * 50_000])
def test_an_unreadable_catalogue_is_a_clear_error(api, body):
    answer = api("POST", "/catalogue", headers={"Content-Type": "application/json"}, data=body)
    assert answer.status_code == 422
    assert answer.json["code"] == "bad-catalogue"


@pytest.mark.parametrize("kind", ["application/json", "application/toml"])
def test_a_file_that_is_no_text_says_which_to_choose(api, kind):
    answer = api("POST", "/catalogue", headers={"Content-Type": kind}, data=b"OggS\x00\xe8\xff")
    assert answer.status_code == 422
    assert "UTF-8" in answer.json["detail"]
    assert "codec" not in answer.json["detail"]


def test_a_product_that_lacks_label_items_stays_off_air(api, dairy):
    del dairy[0]["origin"], dairy[0]["shelf_life_days"]
    api("POST", "/catalogue", dairy)
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "奶", "sku": "MILK-950"}]}).json
    answer = api("POST", f"/shows/{show['id']}/take", {"item_id": show["rundown"][0]["id"]})
    assert answer.status_code == 409
    assert answer.json["missing"] == ["产地", "保质期"]
    assert api("GET", f"/shows/{show['id']}").json["current_item"] is None
