import pytest

from studio.catalogue_file import parse_catalogue
from studio.transcribe.lot_words import correct_facts, known_words
from studio.transcribe.misheard import amounts_of, correct_amounts, correct_neighbours

PRODUCTS = parse_catalogue(
    [
        {"sku": "SQUID", "name": "鱿鱼圈", "unit": "300克/袋", "price_fen": 3690, "origin": "浙江舟山"},
        {"sku": "TEA", "name": "绿茶", "unit": "2盒/份", "price_fen": 8800, "facts": {"净含量": "每盒125克"}},
        {"sku": "PLUM", "name": "杨梅", "unit": "12颗/盒", "price_fen": 2590, "origin": "福建漳州龙海"},
    ]
)
AMOUNTS = amounts_of(PRODUCTS)
PRICES = [product.price_fen for product in PRODUCTS]


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("三百颗一袋", "三百克一袋"),
        ("每盒125颗", "每盒125克"),
        ("12颗一盒", "12颗一盒"),
        ("十二克一盒", "十二颗一盒"),
        ("二百颗够不够", "二百颗够不够"),
        ("三十六块酒", "三十六块九"),
        ("只要36块久，", "只要36块9，"),
        ("三十五块酒", "三十五块酒"),  # no price of tonight's: as it was heard
        ("二十五块就行", "二十五块就行"),
        ("36块9", "36块9"),
        ("", ""),
    ],
)
def test_amounts_of_the_catalogue_are_written_as_it_has_them(heard, written):
    assert correct_amounts(heard, AMOUNTS, PRICES) == written


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("有邻居温，能放几天", "有邻居问，能放几天"),
        ("刚才阿姨文：甜不甜", "刚才阿姨问：甜不甜"),
        ("给大姐闻，香不香", "给大姐闻，香不香"),
        ("老师温柔地说", "老师温柔地说"),
        ("邻居们，晚上好", "邻居们，晚上好"),
        ("粉思说昨天的好吃", "粉丝说昨天的好吃"),
        ("理解问你一下", "理解问你一下"),  # a word of its own
        ("我们说好了", "我们说好了"),
        ("7动的阿姨", "7栋的阿姨"),
        ("三动二单元", "三栋二单元"),
        ("一动不动", "一动不动"),
        ("十个动作", "十个动作"),
    ],
)
def test_who_asks_and_where_they_live_is_written_right(heard, written):
    assert correct_neighbours(heard) == written


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("从州山直接发过来", "从舟山直接发过来"),
        ("都是樟州本地的", "都是漳州本地的"),
        ("周三上午送到", "周三上午送到"),
        ("张洲的", "漳州的"),
    ],
)
def test_a_town_said_without_its_province_is_set_right(heard, written):
    assert correct_facts(heard, known_words(PRODUCTS)) == written
