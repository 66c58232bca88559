"""The measured table of the comparison: every true pair lies at or above ALIKE, every false one below."""

import pytest

from studio.audience import likeness

SAME = [
    ("这个奶能放几天", "牛奶可以放几天啊"),
    ("请问这个奶能放几天？", "鲜奶能放多久"),
    ("牛奶能放几天", "這個奶能放幾天"),
    ("老板多少钱一瓶", "一瓶多少钱"),
    ("孕妇能喝吗", "孕妇可不可以喝呀"),
    ("能放冰箱吗", "可以放冰箱不"),
    ("什么时候发货", "啥时候发货呀"),
    ("怎么保存", "如何存放"),
    ("保质期多久", "保质期是几天"),
    ("小孩能喝吗", "宝宝可以喝吗"),
    ("有没有无糖的", "有无糖的吗"),
    ("能方几天", "能放几天"),
    ("产地是哪里", "产地在哪儿"),
    ("今天下单明天能送到吗", "今天下单明天可以送到不"),
    ("自提点在哪里", "自提点在哪"),
    ("老酸奶甜不甜", "酸奶甜吗"),
    ("奶酪棒是自己做的吗", "奶酪棒你们自己做的？"),
    ("需要加热喝吗", "要加热喝吗"),
    ("可以退吗", "能退不"),
    ("开封后能放几天", "开封以后能放多久"),
    ("怎么领优惠券", "咋领优惠券啊"),
    ("糖尿病人能喝吗", "糖尿病人可以喝么"),
    ("ＭＩＬＫ包邮吗？", "milk 包邮吗"),
]
OTHER = [
    ("能放几天", "能放冰箱吗"),
    ("牛奶能放几天", "酸奶能放几天"),
    ("今天下单明天能送到吗", "今天下单后天能送到吗"),
    ("要冷藏吗", "要冷冻吗"),
    ("有糖的吗", "有无糖的吗"),
    ("开封后能放几天", "能放几天"),
    ("一瓶多少钱", "一桶多少钱"),
    ("买2瓶便宜吗", "买5瓶便宜吗"),
    ("两瓶包邮吗", "三瓶包邮吗"),
    ("老人能喝吗", "小孩能喝吗"),
    ("微信能付吗", "支付宝能付吗"),
    ("能退吗", "能换吗"),
    ("怎么保存", "怎么吃"),
    ("产地是哪里", "自提点在哪里"),
    ("甜不甜", "酸不酸"),
    ("多少钱", "多重"),
    ("什么时候发货", "什么时候下播"),
    ("早上几点自提", "晚上几点自提"),
    ("怎么领优惠券", "怎么用优惠券"),
    ("冷藏能放几天", "冷冻能放几天"),
    ("蛋白质多少", "脂肪多少"),
    ("空腹能喝吗", "睡前能喝吗"),
    ("牛是吃草的吗", "牛是吃饲料的吗"),
]


@pytest.fixture
def words(dairy):
    return likeness.product_words(dairy)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_is_the_same(words, one, other):
    asked, again = likeness.read(one, None, words), likeness.read(other, None, words)
    assert likeness.is_same(asked, again), (asked, again)
    assert likeness.is_same(again, asked)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_question_is_not_the_same(words, one, other):
    asked, again = likeness.read(one, None, words), likeness.read(other, None, words)
    assert not likeness.is_same(asked, again), (asked, again)


def test_the_limit_lies_between_the_nearest_true_and_the_nearest_false_pair(words):
    def score(one, other):
        return likeness.likeness(likeness.read(one, None, words).core, likeness.read(other, None, words).core)

    told_by_words = [pair for pair in OTHER if pair != ("牛奶能放几天", "酸奶能放几天")]  # that one by its products
    assert min(score(*pair) for pair in SAME) >= likeness.ALIKE > max(score(*pair) for pair in told_by_words)


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("牛奶能放几天", "MILK-950"),
        ("鲜奶多少钱", "MILK-950"),
        ("老酸奶甜吗", "YOG-1K"),
        ("这个奶能放几天", "CHEESE-200"),
        ("这个能放几天", "CHEESE-200"),
        ("几点下播", None),
    ],
)
def test_a_product_is_found_by_its_name_or_by_pointing_at_the_one_on_air(words, text, sku):
    assert likeness.read(text, None, words, on_air="CHEESE-200").sku == sku


def test_a_tail_that_two_products_share_names_neither():
    words = likeness.product_words(
        [{"sku": "A", "name": "红富士苹果", "aliases": []}, {"sku": "B", "name": "嘎啦苹果", "aliases": []}]
    )
    assert likeness.read("苹果甜吗", None, words).sku is None
    assert likeness.read("红富士甜吗", None, words).sku is None
    assert likeness.read("嘎啦苹果甜吗", None, words).sku == "B"


def test_marks_alone_have_no_core(words):
    assert likeness.read("？？？", None, words).core == ""
