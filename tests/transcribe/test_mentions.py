import pytest

from studio.catalogue_file import parse_catalogue
from studio.transcribe.mentions import correct, find_mentions, names_of
from tests.transcribe import talk
from tests.transcribe.other_shows import BETWEEN, SHOWS

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


def test_a_name_of_two_whose_end_was_lost_counts_for_the_current_product():
    names = names_of(parse_catalogue([{"sku": "PEAR", "name": "雪梨", "price_fen": 1}]))
    assert [mention.name for mention in find_mentions("这个雪李榨汁", names, "PEAR")] == ["雪梨"]
    assert [mention.name for mention in find_mentions("这个些梨榨汁", names, "PEAR")] == []  # it begins otherwise
    assert (
        find_mentions(
            "闻一下梨香", names_of(parse_catalogue([{"sku": "PEAR", "name": "鲜梨", "price_fen": 1}])), "PEAR"
        )
        == []
    )
    assert find_mentions("这个雪李榨汁", names, None) == []


def test_longer_name_wins_over_the_alias_inside_it():
    (mention,) = find_mentions("云屯荠菜馄饨", NAMES, None)
    assert (mention.name, mention.similarity) == ("云屯荠菜馄饨", 1.0)


def test_misheard_names_are_set_right_and_nothing_else():
    text = "今天的干南其成和先洞虾仁都到了"
    assert correct(text, find_mentions(text, NAMES, None)) == "今天的赣南脐橙和鲜冻虾仁都到了"


SOUTH = names_of(
    parse_catalogue(
        [
            {"sku": "CALTROP", "name": "南湖菱角", "price_fen": 1},
            {"sku": "TARO", "name": "紫薯芋圆", "price_fen": 1},
            {"sku": "LIME", "name": "青柠檬汁", "price_fen": 1},
            {"sku": "GOJI", "name": "宁夏枸杞", "price_fen": 1},
            {"sku": "OIL", "name": "冷榨山茶油", "aliases": ["山茶油"], "price_fen": 1},
        ]
    )
)


@pytest.mark.parametrize(
    ("heard", "sku"),
    [
        ("先看兰湖零角", "CALTROP"),  # n as l
        ("这个纸鼠玉缘", "TARO"),  # z as zh, s as sh
        ("来一瓶亲宁萌汁", "LIME"),  # ing as in, m as m
        ("林夏枸杞到了", "GOJI"),  # n as l, ing as in
        ("愣扎三茶油", "OIL"),  # eng as en, zh as z, sh as s
        ("三叉油炒菜", "OIL"),
    ],
)
def test_a_name_is_known_in_a_southern_mouth(heard, sku):
    assert [mention.sku for mention in find_mentions(heard, SOUTH, None)] == [sku]


@pytest.mark.parametrize(
    "text",
    [
        "高压锅降压以后再开",  # 锅降 sounds like 果酱
        "每一批都通过检测",
        "一盒里只有六个",  # 里只: 李子
        "这个送老人挺好的",  # 个送: 可颂
        "还有二十几单就没了",  # 几单: 鸡蛋
        "下单的时候写几栋几单元就行",
        "大家首选地址填自提点",  # 填自: 橙子, by a rare reading of 填
        "今天还有韭菜鲜肉饺",  # no 荠菜鲜肉包: a bun is no dumpling
    ],
)
def test_parts_of_ordinary_words_name_nothing(text):
    goods = {"JAM": "果酱", "PLUM": "李子", "ROLL": "可颂", "EGG": "鸡蛋", "ORANGE": "橙子", "BUN": "荠菜鲜肉包"}
    names = names_of(parse_catalogue([{"sku": sku, "name": name, "price_fen": 1} for sku, name in goods.items()]))
    assert [find_mentions(text, names, current) for current in (None, *goods)] == [[]] * 7


def test_names_of_other_shows_are_hardly_ever_heard_in_ordinary_talk():
    between = [*talk.SILENT, *talk.NO_PROMISES, *BETWEEN]
    wrong = []
    for name, show in SHOWS.items():
        products = parse_catalogue(show["products"])
        names = names_of(products)
        texts = [*between, *(text for other in SHOWS if other != name for _role, _sku, text in SHOWS[other]["talk"])]
        for text in texts:
            for current in (None, *(product.sku for product in products)):
                wrong += [mention for mention in find_mentions(text, names, current) if mention.similarity < 1]
    assert wrong == []
