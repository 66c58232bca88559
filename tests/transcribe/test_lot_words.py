import pytest

from studio.catalogue_file import parse_catalogue
from studio.transcribe.lot_words import correct_facts, known_words, lot_words

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


def test_prompt_words_are_places_and_names_of_facts():
    assert lot_words(TEA) == ["武夷山市星村镇桐木关茶场", "采摘标准", "发酵程度"]
