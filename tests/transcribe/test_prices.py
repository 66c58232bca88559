import pytest

from studio.transcribe.numerals import find_prices
from studio.transcribe.prices import hear_prices, priced_product

CATALOGUE = {"MILK": 1590, "RICE": 5580, "EGG": 4580, "BOX": 12800}


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("今天团购价十五块九", [1590]),
        ("15块9", [1590]),
        ("15.9元", [1590]),
        ("一共15块酒", [1590]),
        ("22块巴。", [2280]),
        ("四十五块八一箱", [4580]),
        ("十五块九毛九", [1599]),
        ("一百二十元", [12000]),
        ("三毛五一个", [35]),
        ("5块一斤", [500]),
        ("二十五块吧", [2500]),
        ("十块零五毛", [1050]),
        ("两块一盒六块八", [200, 680]),
        ("一块五一个", [150]),
        ("九块九包邮", [990]),
        ("一百二十五块八一箱", [12580]),
        ("十块三斤", [1000]),
        ("两三块钱一个", []),
        ("三块多一斤", []),
        ("八到十块", []),
        ("几十块钱的东西", []),
        ("切成三块", []),
        ("一块五花肉", []),
        ("十八块五花肉", [1800]),
    ],
)
def test_spoken_price_is_read_in_fen(text, fen):
    assert [price.price_fen for price in find_prices(text)] == fen


@pytest.mark.parametrize(
    "text", ["大家快来看", "快递明天到", "一块看看吧", "第三块试验田", "凌晨四点", "两公里", "950毫升"]
)
def test_other_numbers_are_no_price_of_a_product(text):
    assert hear_prices(text, "MILK", [], CATALOGUE) == []


@pytest.mark.parametrize(
    ("text", "sku", "fen"),
    [
        ("一瓶15块9", "MILK", 1590),
        ("一瓶15块酒", "MILK", 1590),
        ("五千克155块8", "RICE", 5580),
        ("一箱45块吧", "EGG", 4580),
        ("2.1和45.8", "EGG", 4580),
        ("今天只要128", "BOX", 12800),
        ("团购价十二块九", "MILK", 1290),
    ],
)
def test_price_is_heard_for_the_topic(text, sku, fen):
    (price,) = hear_prices(text, sku, [], CATALOGUE)
    assert (price.sku, price.price_fen, price.expected_fen) == (sku, fen, CATALOGUE[sku])


@pytest.mark.parametrize(
    "text",
    [
        "新人有三块钱的红包",
        "满99块包邮",
        "运费八块",
        "坏了退你十五块九",
        "平均一块五一个",
        "走了15.9公里",
        "里面有128个",
    ],
)
def test_other_money_is_not_the_products_price(text):
    assert hear_prices(text, "MILK", [], CATALOGUE) == []


def test_named_product_gets_its_own_price():
    (price,) = hear_prices("鸡蛋四十五块八", "MILK", ["EGG"], CATALOGUE)
    assert price.sku == "EGG"


def test_guessed_digit_makes_no_mismatch():
    assert hear_prices("团购价12块酒", "MILK", [], CATALOGUE) == []
    assert hear_prices("团购价12块吧", "MILK", [], CATALOGUE) == []


def test_priced_product_needs_a_price_only_one_has():
    assert priced_product("一箱四十五块八", CATALOGUE) == "EGG"
    assert priced_product("一箱四十五块八", CATALOGUE | {"OTHER": 4580}) is None


SOLD_BY = {"MILK": "950毫升/瓶", "RICE": "5千克/袋", "EGG": "30枚/箱", "BOX": "8只/盒"}


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("价格是两瓶二十九块八", "MILK"),  # of two
        ("算下来价格一斤五块六", "RICE"),  # of a part
        ("原价六十九块，价格便宜", "RICE"),
        ("超市价格要六十五块", "RICE"),
        ("平时卖五十块，今天价格好", "EGG"),
        ("运费价格四十块", "EGG"),
        ("团购价45块酒", "RICE"),  # a digit guessed by its sound
    ],
)
def test_another_things_price_is_no_wrong_price(text, sku):
    assert [
        price for price in hear_prices(text, sku, [], CATALOGUE, SOLD_BY) if price.price_fen != CATALOGUE[sku]
    ] == []


@pytest.mark.parametrize(
    ("text", "sku", "fen"),
    [
        ("团购价一袋五十九块八", "RICE", 5980),
        ("三十枚一箱，团购价五十五块八", "EGG", 5580),
        ("今天价格十三块九一瓶", "MILK", 1390),
    ],
)
def test_a_wrong_price_is_told(text, sku, fen):
    (price,) = hear_prices(text, sku, [], CATALOGUE, SOLD_BY)
    assert (price.price_fen, price.expected_fen) == (fen, CATALOGUE[sku])
