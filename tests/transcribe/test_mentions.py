import pytest

from studio.catalogue_file import parse_catalogue
from studio.transcribe.mentions import correct, find_mentions, names_of

ORCHARD = parse_catalogue(
    [
        {"sku": "ORA", "name": "赣南脐橙", "aliases": ["脐橙", "橙子"], "price_fen": 3990},
        {"sku": "TUN", "name": "云屯荠菜馄饨", "aliases": ["馄饨", "荠菜馄饨"], "price_fen": 1880},
        {"sku": "SHR", "name": "鲜冻虾仁", "aliases": ["虾仁"], "price_fen": 5990},
        {"sku": "A2", "name": "A2鲜牛奶", "aliases": ["A2奶"], "price_fen": 1990},
    ]
)
NAMES = names_of(ORCHARD)


def mentioned(text, current=None):
    return [mention.sku for mention in find_mentions(text, NAMES, current)]


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("接下来是赣南脐橙", "ORA"),
        ("接下来是干南其成", "ORA"),
        ("今天的甘兰脐橙到了", "ORA"),
        ("这个橙子很甜", "ORA"),
        ("先洞虾仁五百克", "SHR"),
        ("计菜馄饨一袋", "TUN"),
        ("来一瓶a2鲜牛奶", "A2"),
    ],
)
def test_name_is_found_written_or_misheard(text, sku):
    assert mentioned(text) == [sku]


@pytest.mark.parametrize(
    "text",
    [
        "大家好欢迎来到直播间",
        "这个价格很吓人",
        "天气预报说明天下雨",
        "我们的程序员朋友",
        "成分表在这里",
        "一瓶鲜奶",
        "",
        "，。",
    ],
)
def test_other_words_name_nothing(text):
    assert mentioned(text) == []
    assert mentioned(text, current="SHR") == []


def test_two_syllables_by_sound_count_only_for_the_current_product():
    assert mentioned("这个瞎人解冻以后") == []
    assert mentioned("这个瞎人解冻以后", current="SHR") == ["SHR"]


def test_longer_name_wins_over_the_alias_inside_it():
    (mention,) = find_mentions("云屯荠菜馄饨", NAMES, None)
    assert (mention.name, mention.similarity) == ("云屯荠菜馄饨", 1.0)


def test_misheard_names_are_set_right_and_nothing_else():
    text = "今天的干南其成和先洞虾仁都到了"
    assert correct(text, find_mentions(text, NAMES, None)) == "今天的赣南脐橙和鲜冻虾仁都到了"
