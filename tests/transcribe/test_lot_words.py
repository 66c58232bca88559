import pytest

from studio.catalogue_file import parse_catalogue
from studio.transcribe.lot_words import correct_facts, correct_units, known_words, lot_words

(TEA,) = parse_catalogue(
    [
        {
            "sku": "TEA",
            "name": "高山绿茶",
            "price_fen": 8800,
            "origin": "武夷山市星村镇桐木关茶场",
            "facts": {"采摘标准": "一芽两叶", "发酵程度": "不发酵"},
        }
    ]
)
WORDS = known_words([TEA])


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("产地在武一山市新村镇", "产地在武夷山市星村镇"),
        ("就是同木关查场的茶", "就是桐木关茶场的茶"),
        ("采摘标准是一芽两叶", "采摘标准是一芽两叶"),
        ("彩摘标准都写在卡片上", "采摘标准都写在卡片上"),
    ],
)
def test_misheard_fact_is_set_right(heard, shown):
    assert correct_facts(heard, WORDS) == shown


@pytest.mark.parametrize(
    "text", ["大家好欢迎来到直播间", "今天天气真好", "一共二十八公里", "我们下周三再见", "", "新村的邻居问"]
)
def test_other_text_stays_as_it_is(text):
    assert correct_facts(text, WORDS) == text


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("一代五百克", "一袋五百克"),
        ("今天库存200分", "今天库存200份"),
        ("一分钟以后", "一分钟以后"),
        ("十分好吃的一代", "十分好吃的一袋"),
        ("三代人都在种", "三代人都在种"),
        ("一瓶一瓶来", "一瓶一瓶来"),
    ],
)
def test_unit_after_a_number_is_one_that_things_are_sold_by(heard, shown):
    assert correct_units(heard, frozenset("袋份")) == shown


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("扫屏幕上的2围码", "扫屏幕上的二维码"),
        ("农产检测报告在练接里", "农残检测报告在链接里"),
        ("有林居问", "有邻居问"),
        ("母鸡天天下蛋", "母鸡天天下蛋"),
        ("一共2000份", "一共2000份"),
        ("和大家零距离", "和大家零距离"),
        ("直播件到了", "直播间到了"),
        ("木厂的直播间", "木厂的直播间"),
    ],
)
def test_word_of_the_trade_is_set_right_and_ordinary_speech_is_not(heard, shown):
    assert correct_facts(heard, WORDS) == shown


def test_prompt_words_are_places_and_names_of_facts():
    assert lot_words(TEA) == ["武夷山市星村镇桐木关茶场", "采摘标准", "发酵程度"]
