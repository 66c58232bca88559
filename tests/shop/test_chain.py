"""接龙: what groups paste is understood or asked about, never guessed in silence, and never ordered twice."""

import json
import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.shop.chain import paste, reading
from studio.shop.chain.extras import Point
from studio.shop.chain.names import SURE, names_of
from tests.shop.pasted_lists import LISTS, PRODUCTS

NAMES = names_of(PRODUCTS)
POINTS = [Point(1, "东门驿站"), Point(2, "西区自提点")]
PASTE = """#接龙
透明牧场 周四团
1. 张阿姨 鲜牛奶×2 东门驿站 13812345678
2. 李姐 酸奶1桶（周五取）
3. 王大爷 奶酪棒2袋 已付"""


@dataclass
class Group:
    """The chain's calls of one studio."""

    api: object

    def call(self, method, path, body=None, status=200, **kwargs):
        answer = self.api(method, path, body, **kwargs)
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def preview(self, text):
        return self.call("POST", "/chain/preview", {"text": text})["rows"]

    def take(self, rows, **changes):
        fields = ("text", "repeat", "buyer", "phone", "pickup_point_id", "note", "paid")
        bodies = [
            {name: row[name] for name in fields}
            | {"lines": [{"sku": line["sku"], "quantity": line["quantity"]} for line in row["lines"]]}
            | changes
            for row in rows
        ]
        return self.call("POST", "/chain/import", {"rows": bodies})["rows"]

    def text(self):
        return self.call("GET", "/chain")["text"]

    def orders(self):
        return self.call("GET", "/orders")["orders"]

    def available(self, sku):
        return self.call("GET", "/stock")["items"][sku]["available"]


@pytest.fixture
def group(api, dairy):
    group = Group(api)
    group.call("POST", "/catalogue", dairy)
    group.call("POST", "/pickup-points", {"name": "东门驿站", "address": "东门 3 号"}, 201)
    group.call("POST", "/shows", {"title": "透明牧场", "rundown": []}, 201)
    return group


def understand(text):
    rows, asides = paste.cut(text, reading.understanding(NAMES, POINTS))
    return [(row, reading.read(row.text, NAMES, POINTS)) for row in rows], asides


def summary(row, understood):
    goods = {}
    for line in understood.lines:
        goods[line.sku] = goods.get(line.sku, 0) + line.quantity
    asked = () if understood.sure and not row.struck else ("?",)
    return (understood.buyer, goods, *asked)


@pytest.mark.parametrize(("text", "rows"), [pytest.param(text, rows, id=title) for title, text, rows in LISTS])
def test_pasted_list_is_understood_or_asked_about(text, rows):
    assert [summary(*item) for item in understand(text)[0]] == rows


def test_extras_are_taken_out_of_a_row():
    ((_row, understood),) = understand("1. 章姐 鲜奶2瓶（少放冰） 东门驿站自提 138-1234-5678 已付")[0]
    extras = understood.extras
    assert (understood.buyer, extras.phone, extras.point_id, extras.paid, extras.note) == (
        "章姐",
        "13812345678",
        1,
        True,
        "少放冰",
    )


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("章姐 鲜奶2 13812345678 13900001111", "two-phones"),
        ("章姐 鲜奶2 东门驿站 西区自提点", "two-points"),
        ("章姐 鲜奶2 取消", "cancelled"),
        ("13812345678 鲜奶2", "no-name"),
        ("章姐", "no-goods"),
    ],
)
def test_row_says_what_is_unclear(text, issue):
    understood = reading.read(text, NAMES, POINTS)
    assert issue in understood.issues
    assert not understood.sure


def test_not_paid_yet_is_not_paid():
    extras = reading.read("章姐 鲜奶2 还没付", NAMES, POINTS).extras
    assert (extras.paid, extras.note) == (False, "还没付")


def test_a_name_that_two_products_share_is_no_choice():
    names = names_of([("A", "全脂牛奶", ["牛奶"], "瓶"), ("B", "脱脂牛奶", ["牛奶"], "瓶")])
    (line,) = reading.read("章姐 牛奶2瓶", names, []).lines
    assert line.sku is None
    assert set(line.candidates) == {"A", "B"}


def test_with_one_product_a_number_is_enough():
    names = names_of([("A", "本地草莓", ["草莓"], "500克/盒")])
    understood = reading.read("章姐 +2", names, [])
    assert (understood.buyer, [(line.sku, line.quantity) for line in understood.lines]) == ("章姐", [("A", 2)])
    assert understood.sure


def test_what_is_no_row_is_told():
    rows, asides = understand("#接龙\n周四团\n\n1. 张姐 鲜奶2\n\n截止周三")
    assert len(rows) == 1
    assert [(aside.text, aside.why) for aside in asides] == [
        ("#接龙", "heading"),
        ("周四团", "heading"),
        ("截止周三", "heading"),
    ]


WORDS = st.sampled_from(
    [
        *[
            "1.",
            "2、",
            "③",
            "4️⃣",
            "张姐",
            "李",
            "鲜奶",
            "酸奶",
            "先牛奶",
            "×2",
            "两瓶",
            "一桶",
            "各1",
            "[玫瑰]",
            "取消",
            "已付",
            "13812345678",
            "东门",
            "¥15.9",
        ],
        *"x（）🌸~半+和\n\t\0\ud800",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300), st.lists(WORDS, max_size=40).map("".join), st.lists(WORDS, max_size=40).map(" ".join)
    )
)
def test_no_text_is_too_strange(text):
    for row, understood in understand(text)[0]:
        assert len(row.text) <= paste.MAX_ROW_CHARS
        for line in understood.lines:
            assert 1 <= line.quantity <= reading.MAX_QUANTITY
            assert 0 <= line.confidence <= 1
        if understood.sure:
            assert understood.buyer
            assert all(line.sku in NAMES.products and line.confidence >= SURE for line in understood.lines)


SURNAMES = st.sampled_from(["张阿姨", "李*", "王大爷", "赵敏", "Anna", "小雨", "陈先生", "欧阳老师"])
CARTS = st.dictionaries(st.sampled_from([product[0] for product in PRODUCTS]), st.integers(1, 99), min_size=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SURNAMES, CARTS), max_size=12))
def test_our_own_rows_are_read_as_they_were_told(wanted):
    shown = {product[0]: product[1] for product in PRODUCTS}
    told = "\n".join(
        f"{number}. {who} " + " ".join(f"{shown[sku]}×{count}" for sku, count in cart.items())
        for number, (who, cart) in enumerate(wanted, start=1)
    )
    assert [summary(*item) for item in understand(f"#接龙\n团\n\n{told}\n{len(wanted) + 1}. ")[0]] == list(wanted)


def test_a_long_paste_is_bounded_and_soon_read():
    text = "\n".join(
        f"{number % 999 + 1}. 邻居{number} 纤牛乃{number % 9 + 1}瓶 没有的东西2份" for number in range(3000)
    )
    began = time.perf_counter()
    rows, asides = understand(text)
    assert len(rows) == paste.MAX_ROWS
    assert {aside.why for aside in asides} == {"too-many"}
    assert time.perf_counter() - began < 10


def test_import_makes_each_row_one_order(group):
    rows = group.preview(PASTE)
    assert [row["ready"] for row in rows] == [True, True, True]
    assert [taken["result"] for taken in group.take(rows)] == ["placed", "placed", "paid"]
    newest_last = sorted(group.orders(), key=lambda order: order["id"])
    assert [(order["who"], order["source"], order["note"]) for order in newest_last] == [
        ("张*", "chain", ""),
        ("李*", "chain", "周五取"),
        ("王*", "chain", ""),
    ]
    assert newest_last[0]["pickup_point"]["name"] == "东门驿站"
    assert newest_last[0]["phone"] == "138****5678"
    assert newest_last[0]["hold_until_ms"] is None  # paid when it is fetched: the hold does not run out
    assert group.available("MILK-950") == 118


def test_the_same_list_again_imports_nothing(group):
    rows = group.preview(PASTE)
    group.take(rows)
    assert [(row["known"], row["ready"]) for row in group.preview(PASTE)] == [(True, False)] * 3
    assert {taken["result"] for taken in group.take(rows)} == {"known"}
    assert len(group.orders()) == 3


def test_a_longer_list_imports_only_what_is_new(group):
    group.take(group.preview(PASTE))
    rows = group.preview(f"{PASTE}\n4. 赵敏 鲜奶1瓶")
    assert [row["known"] for row in rows] == [True, True, True, False]
    group.take([row for row in rows if row["ready"]])
    assert len(group.orders()) == 4


def test_our_own_text_that_comes_back_orders_nothing_twice(group, api):
    group.take(group.preview(PASTE))
    key = {"Idempotency-Key": "k"}
    lines = [{"sku": "MILK-950", "quantity": 1}]
    assert api("POST", "/orders", {"buyer": "周先生", "lines": lines, "paid": True}, headers=key).status_code == 201
    rows = group.preview(group.text() + "钱姐 酸奶1桶")
    assert [(row["buyer"], row["known"]) for row in rows] == [
        ("张阿姨", True),
        ("李姐", True),
        ("王大爷", True),
        ("周*", True),
        ("钱姐", False),
    ]


def test_text_says_about_where_the_scales_decide(group):
    beef = {"sku": "BEEF", "name": "牛腩", "unit": "500克", "price_fen": 4500, "price_per_kg_fen": 9000, "stock": 9}
    group.call("POST", "/catalogue", [beef])
    assert "· 牛腩 500克 约45元（剩9）" in group.text()


def test_text_masks_who_ordered_elsewhere_and_holds_no_phone(group, api):
    group.take(group.preview(PASTE))
    lines = [{"sku": "MILK-950", "quantity": 1}]
    api("POST", "/orders", {"buyer": "周先生", "lines": lines, "paid": True}, headers={"Idempotency-Key": "k"})
    text = group.text()
    assert text.startswith("#接龙\n透明牧场\n")
    assert "· 巴氏鲜牛奶 950毫升/瓶 15.90元（剩117）" in text
    assert "自提点：东门驿站 东门 3 号" in text
    assert text.endswith(
        "1. 张阿姨 巴氏鲜牛奶×2\n2. 李姐 原味老酸奶×1\n3. 王大爷 手工奶酪棒×2\n4. 周* 巴氏鲜牛奶×1\n5. "
    )
    assert "138" not in text
    assert "周先生" not in text


def test_an_edited_row_asks_before_it_orders_again(group):
    group.take(group.preview("1. 张阿姨 鲜奶2瓶"))
    (row,) = group.preview("1. 张阿姨 鲜奶3瓶")
    assert (row["issues"], row["ready"], row["earlier"]["number"]) == (["changed"], False, "L000001")


def test_the_same_person_twice_is_two_orders_but_the_same_row_twice_is_asked(group):
    rows = group.preview("1. 张阿姨 鲜奶2瓶\n2. 张阿姨 酸奶1桶\n3. 张阿姨 鲜奶2瓶")
    assert [(row["issues"], row["ready"]) for row in rows] == [
        ([], True),
        (["same-name"], True),
        (["same-again"], False),
    ]
    assert [taken["result"] for taken in group.take(rows)] == ["placed"] * 3
    assert len({order["id"] for order in group.orders()}) == 3


def test_a_row_without_stock_is_refused_alone_and_may_wait(group):
    rows = group.preview("1. 张姐 奶酪棒30袋\n2. 李姐 奶酪棒20袋 鲜奶1瓶\n3. 王姐 鲜奶1瓶")
    taken = group.take(rows)
    assert [item["result"] for item in taken] == ["placed", "refused", "placed"]
    assert (taken[1]["code"], taken[1]["order"]) == ("out-of-stock", None)
    assert group.available("MILK-950") == 119  # nothing of the refused row
    assert [item["result"] for item in group.take([rows[1]], waitlist=True)] == ["waitlisted"]
    assert "2. 王姐 巴氏鲜牛奶×1\n3. 李姐 手工奶酪棒×20 巴氏鲜牛奶×1（候补）" in group.text()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 5},
        {"text": "x" * (paste.MAX_CHARS + 1)},
        {"text": "1. 张姐 鲜奶2", "more": 1},
    ],
)
def test_preview_refuses_what_is_no_text(group, body):
    group.call("POST", "/chain/preview", body, 422)


def test_import_refuses_rows_that_are_none(group):
    row = {"text": "张姐 鲜奶2", "buyer": "张姐", "lines": [{"sku": "MILK-950", "quantity": 2}]}
    for wrong in (
        {"lines": []},
        {"buyer": " "},
        {"phone": "abc"},
        {"repeat": -1},
        {"lines": [{"sku": "M", "quantity": 0}]},
    ):
        group.call("POST", "/chain/import", {"rows": [{**row, **wrong}]}, 422)
    group.call("POST", "/chain/import", {"rows": []}, 422)
    (taken,) = group.call("POST", "/chain/import", {"rows": [{**row, "lines": [{"sku": "NONE", "quantity": 1}]}]})[
        "rows"
    ]
    assert (taken["result"], taken["code"]) == ("refused", "bad-input")
    assert group.orders() == []


def test_hostile_text_stays_text(group):
    rows = group.preview('1. <img src=q> 鲜奶2瓶\n2. =HYPERLINK("x")\0 酸奶1桶')
    assert [row["buyer"] for row in rows] == ["<img src=q>", "HYPERLINK"]
    assert {taken["result"] for taken in group.take(rows)} == {"placed"}


def test_half_a_character_is_refused(group):
    body = json.dumps({"text": "1. \ud800小明 鲜奶1瓶"})
    answer = group.api("POST", "/chain/preview", data=body, content_type="application/json")
    assert answer.status_code == 422


def test_chain_needs_an_operator(api):
    for method, path in (("GET", "/chain"), ("POST", "/chain/preview"), ("POST", "/chain/import")):
        assert api(method, path, {} if method == "POST" else None, role=None).status_code == 401
        assert api(method, path, {} if method == "POST" else None, role="overlay").status_code == 403
