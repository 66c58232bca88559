import tomllib
from pathlib import Path

import pytest

from studio.catalogue_file import parse_catalogue
from studio.events import ClaimHeard
from studio.transcribe import claims
from studio.transcribe.claims import CATEGORIES, advice, find_claims, takes_back
from studio.transcribe.sentences import Sentence
from studio.transcribe.understanding import Understanding

# RULES.md, "False positives that must stay silent", each in a sentence as hosts say it
SILENT = [
    "最近大家都在买",
    "最后说一下",
    "最后一个产品",
    "最终还是选它",
    "最晚六点送到自提点",
    "最多两份",
    "最少买一份",
    "最好放冰箱",
    "最好的做法是清蒸",
    "最佳食用时间是三天",
    "最低温度是两度",
    "最低消费二十元",
    "我要最大号的",
    "最新到货的橙子",
    "第一次吃",
    "第一步先洗",
    "第一箱打开看看",
    "第一排那个",
    "第一时间通知大家",
    "唯一不足是个头小",
    "绝对值得",
    "有机会来看看",
    "用天然气煮",
    "高压锅降压以后再开",
    "降价了",
    "冠状病毒期间",
    "顶着太阳采的",
    "大家排队",
    "原价退",
    "虾仁不能降血糖",
    "糖尿病能吃吗",
    "减肥的朋友少买",
    "最用心的服务",
    "第 一 次来的朋友",
    "第1次来",
    "收到当天吃最好",
    "煮粥特别香",
    "没有有机认证，我不能说它是有机的",
    "农残检测报告在链接里",
]
# RULES.md, categories of level red, and how they are heard
FORBIDDEN = [
    "不是我吹，能抗癌",
    "这是全国最好的酸奶",
    "国家级 工厂",
    "最高级",
    "顶级牛肉",
    "全网 最 低",
    "史上最低价",
    "销量第1",
    "唯一正宗",
    "首选我们家",
    "独一无二",
    "绝对安全",
    "特供产品",
    "降血压",
    "能消炎",
    "可以根治",
    "有疗效",
    "增强免疫力还能预防感冒",
    "排毒养颜",
    "护肝",
    "治失眠",
    "有减肥效果",
    "全上海第一，没有人比得过",
    "替代母乳",
    "发展下线",
    "增强免意力",
    "全国最号的酸奶",
    "遇防感冒",
    "調理腸胃",
    "不得不说是全国最好的",
]
# RULES.md, every example term of every category, with its level
EXAMPLES = {
    (
        "absolute",
        "red",
    ): "国家级 最高级 最佳 顶级 极品 全网最低 史上最低 全国最好 销量第一 唯一正宗 首选 独一无二 绝对安全 特供",
    ("health", "red"): "抗癌 降血糖 降血压 消炎 根治 疗效 增强免疫力 预防感冒 排毒 护肝 调理 治失眠 减肥效果",
    ("evidence", "amber"): "有机 富硒 零添加 无抗 地理标志 进口的 检测合格 无农残",
    ("price", "amber"): "原价 成本价 亏本 出厂价 马上涨价",
    ("scarcity", "amber"): "最后5份 只剩5份 限时 仅今天 卖完就没有了",
    ("disparagement", "amber"): "别家都是假的 超市卖的都是陈货",
    ("special", "red"): "替代母乳",
    ("alcohol", "amber"): "我来喝一口这个酒",
    ("child", "amber"): "请小朋友给大家推荐",
    ("privacy", "amber"): "电话是13812345678 王阿姨住3栋2单元",
    ("referral", "red"): "拉人头 下级提成 入门费",
}
# ordinary talk of a show, none of it forbidden
ORDINARY = [
    "大家晚上好，欢迎来到我们社区的直播间",
    "今天最便宜的是这个小番茄，一盒九块九",
    "全都是今天早上摘的，全都是最甜的那一批",
    "血糖正常的人可以放心吃",
    "这个口感我个人最喜欢",
    "最受小朋友欢迎的是原味",
    "最大的有半斤重",
    "这是我们今年第一批枇杷",
    "我最爱吃的就是这个炒饭",
    "姜是去腥最好的",
    "早上空腹喝是最好的",
    "最低两份起送",
    "这箱里面最小的也有三两",
    "第一，我们不打蜡，第二，我们不催熟",
    "全家人都能吃",
    "全程冷链配送到自提点",
    "这款卖得最好",
    "今天来了最多的是老邻居",
    "他们家在全国有三个基地",
    "国内外都有卖",
    "世界各地都在吃燕麦",
    "他家孩子考了全市第一名",
    "市场上也有便宜的，但是品种不一样",
    "我们家也有最普通的那种",
    "这个价格不是最低的，但是品质可以放心",
    "吃了不拉肚子",
    "喝完记得漱口",
    "高血压的朋友少吃咸菜",
    "感冒的时候不要吃太凉",
    "孕妇能不能吃要问医生",
    "胃不好的人少吃",
    "这个是凉性的，胃寒的少吃一点",
    "小朋友吃不完就放冰箱",
    "杀菌温度是七十二度十五秒",
    "这是特级初榨橄榄油",
    "我们尽量做到最好的服务",
    "你们放心，我一定帮大家盯着",
    "明天下午五点以后到自提点拿",
    "周三截单，周五到货",
    "昨天有位邻居说收到坏果，我已经退款了",
    "不满意可以联系我",
    "下单的时候备注一下",
    "送到自提点的时候是冷的",
    "快递三天到",
    "送礼也很体面",
    "一箱里面送一个冰袋",
    "有机会大家来农场看看",
    "有机的那种要贵一倍，我们这个不是有机的",
    "不含防腐剂",
    "配料表很干净，只有三样",
    "富含蛋白质",
    "每一百克蛋白质三点二克",
    "这个梨水分很足，止渴",
    "夏天喝着解暑",
    "秋天吃梨润润嗓子",
    "祝大家身体健康",
    "家里老人牙口不好也能吃",
    "这一批有百分之五左右的小果",
    "最后再提醒一下，明天中午十二点截单",
    "还剩最后十分钟，没下单的抓紧",
    "就两个人在上班，回复慢一点",
    "只有一个缺点就是个头小",
    "今天只有我一个人",
    "就这三个产品",
    "剩下的我们下次再说",
    "退换货规则在商品页里写着",
    "运费我来出",
    "这个锅三百块，不卖，是我自己用的",
    "上次有人问能不能退，我说可以的",
    "有没有人想要试吃装",
    "下期送什么大家投票",
    "这个价格我也赚不到钱",
    "外面卖二十几块",
    "说错了，是十九块八",
    "不好意思，刚才价格报错了，是二十九块八",
]


def red(text):
    return [claim for claim in find_claims(text) if claim.level == "red"]


@pytest.mark.parametrize("text", SILENT)
def test_the_listed_false_positives_stay_silent(text):
    assert find_claims(text) == []


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_forbidden_claim_is_red(text):
    assert red(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_is_never_red(text):
    assert red(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我们这个大米是有机的", "evidence"),
        ("零添加，放心吃", "evidence"),
        ("今年最甜的一批", "evidence"),
        ("原价五十九块九，今天只要三十九", "price"),
        ("我们亏本卖给大家", "price"),
        ("只剩12份了", "scarcity"),
        ("最后十盒，卖完就没有了", "scarcity"),
        ("超市卖的都是陈货", "disparagement"),
        ("来，我们干一杯", "alcohol"),
        ("让我家宝宝给大家推荐一下", "child"),
        ("他电话是13812345678", "privacy"),
        ("王阿姨住3栋2单元", "privacy"),
    ],
)
def test_what_needs_proof_or_care_is_amber(text, kind):
    assert [(claim.kind, claim.level) for claim in find_claims(text)] == [(kind, "amber")]


@pytest.mark.parametrize(
    ("kind", "level", "term"), [(*rule, term) for rule, terms in EXAMPLES.items() for term in terms.split()]
)
def test_every_example_of_a_category_is_found_at_its_level(kind, level, term):
    assert (kind, level) in {(claim.kind, claim.level) for claim in find_claims(term)}


def test_every_category_has_examples():
    assert {kind for kind, _level in EXAMPLES} == set(CATEGORIES)


@pytest.mark.parametrize(
    ("text", "count"), [("只剩12份了", 12), ("最后三十盒，", 30), ("就剩两箱了", 2), ("卖完就没有了", None)]
)
def test_a_scarcity_carries_the_number_that_was_said(text, count):
    assert [claim.count for claim in find_claims(text)] == [count]


@pytest.mark.parametrize("text", ["有邻居问，这个能抗癌吗", "张阿姨问，是不是全国最好的", "这个能降血糖吗"])
def test_a_buyers_question_is_no_claim(text):
    assert find_claims(text) == []


@pytest.mark.parametrize("text", ["网上说它能抗癌", "广告里说是顶级的"])
def test_what_others_say_is_no_claim_of_the_host(text):
    assert find_claims(text) == []


def test_negation_ends_with_its_clause():
    assert red("不是我吹，能抗癌")
    assert not red("虾仁不能抗癌")
    assert red("不仅能抗癌")


@pytest.mark.parametrize(
    "text",
    ["不能降血糖", "这个真不能抗癌", "这里就不说降血压了", "没有减肥效果", "一级果，个头匀", "获得过区里的名牌产品奖"],
)
def test_negation_and_grades_and_awards_stay_silent(text):
    assert find_claims(text) == []


def test_every_category_names_its_source_and_an_advice():
    rules = tomllib.loads(Path(claims.__file__).with_name("rules").joinpath("claims.toml").read_text("utf-8"))
    for kind in CATEGORIES:
        assert rules[kind]["source"]
        assert all(advice(kind))


@pytest.mark.parametrize("text", ["我收回刚才那句话", "这句话不能说", "不好意思，口误口误", "这么说不合适"])
def test_a_correction_is_known(text):
    assert takes_back(text)


def heard(*sentences, gap_s=1.0):
    understanding = Understanding(parse_catalogue([{"sku": "A", "name": "脐橙", "price_fen": 990}]))
    found, at = [], 0.0
    for text in sentences:
        events = understanding.hear(Sentence(text, text, at, at + 3), 0.9, None)
        found += [(event.kind, event.retracted) for event in events if isinstance(event, ClaimHeard)]
        at += 3 + gap_s
    return found


def test_a_correction_retracts_the_claim_before_it():
    assert heard("我们的橙子全国最好", "我收回刚才那句话") == [("absolute", False), ("absolute", True)]


def test_a_correction_reaches_only_the_last_claim():
    assert heard("这个能抗癌", "我们的橙子全国最好", "口误口误") == [
        ("health", False),
        ("absolute", False),
        ("absolute", True),
    ]


def test_a_late_correction_retracts_nothing():
    assert heard("我们的橙子全国最好", "口误口误", gap_s=60) == [("absolute", False)]


def test_a_claim_taken_back_in_the_same_sentence_is_retracted():
    assert heard("全国最好，哎这句话不能说") == [("absolute", False), ("absolute", True)]
