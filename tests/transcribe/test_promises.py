import pytest

from studio.transcribe.promises import find_promise
from tests.transcribe.test_claims import ORDINARY, SILENT

BINDING = [
    "坏了包赔",
    "不甜包退",
    "不甜退",
    "明早到",
    "收到有问题两小时内退款",
    "24小时内退款",
    "坏果我们赔",
    "碎了补发",
    "少了给你补",
    "明天早上一定送到",
    "保证周五之前送到",
    "质量有问题全额退款",
    "半小时内发货",
    "有坏的拍照，当天退给你",
    "烂一个赔两个",
    "下单就送你一把小葱",
    "缺斤少两假一赔十",
    "如果化了我给大家重新发一份",
    "送到的时候不新鲜你直接找我退",
    "三天之内不满意无条件退货",
    "漏了的话我马上给你补一盒",
    "死一只赔两只",
    "米里生虫了包退",
    "不甜不要钱",
    "下周一给大家送到",
    "下周一送到",
    "今晚十二点前发完",
    "这周末之前送到大家手里",
    "今天拍明天到",
    "压扁了我重新给你做",
    "今晚十二点之前送完",
    "明天中午之前送到",
    "当天下单当天送",
    "月底前补给大家",
    "坏单保赔",
    "少称我双倍补",
    "买两箱送一箱",
    "拍三斤送半斤",
    "我晚上统一回复大家",
]


@pytest.mark.parametrize("text", BINDING)
def test_what_binds_the_host_is_a_promise(text):
    assert find_promise(text) is not None


@pytest.mark.parametrize("text", [text for text in (*ORDINARY, *SILENT) if text != "原价退"])
def test_ordinary_talk_promises_nothing(text):
    assert find_promise(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "有姐妹问，碎了怎么办",
        "坏了能退吗？",
        "这个不支持退换",
        "昨天那位我已经退款了",
        "生鲜不能退",
        "不用退回来",
        "昨天有位大姐死了两只，我赔给她了",
        "上次买三送一的活动结束了",
        "快的话明天能到",
        "不一定明天能到",
        "争取明天送到",
        "我没说过包赔",
        "不能保证明天到",
        "明天中午前吃完",
        "下周一开始卖螃蟹",
        "周五之前下单",
        "今晚十二点截单",
        "明天中午前下单的朋友",
        "三天就熟了",
        "下周我们休息",
        "要是能送就好了",
        "退一万步讲",
        "我退休的爸妈种的",
        "他送我一箱",
        "坏了赔不赔啊",
        "平台规定七天内可以退",
        "之前送到的那批",
    ],
)
def test_questions_refusals_and_reports_promise_nothing(text):
    assert find_promise(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "hours"),
    [
        ("两小时内给你退款", "refund", 2.0),
        ("半小时之内回复你", "reply", 0.5),
        ("三十分钟内给你退", "refund", 0.5),
        ("24小时内补发给你", "replace", 24.0),
        ("三天之内不满意无条件退", "refund", 72.0),
        ("当天退给你", "refund", 24.0),
        ("三四天之内给你退", "refund", 96.0),
        ("七天无理由退", "refund", 168.0),
        ("一周之内给你换", "replace", 168.0),
        ("两个礼拜之内包退", "refund", 336.0),
        ("有坏的两小时之内找我，我全赔", "refund", None),
        ("二十四小时内拍照，给大家补发", "replace", None),
        ("四十八小时内发货", "delivery", 48.0),
        ("一小时内给你答复", "reply", 1.0),
        ("一个半小时内送到", "delivery", 1.5),
        ("碎一个赔一个", "replace", None),
        ("明天早上一定送到", "delivery", None),
        ("下单就送你一把小葱", "gift", None),
    ],
)
def test_a_promise_has_its_kind_and_limit(text, kind, hours):
    promise = find_promise(text)
    assert (promise.kind, promise.within_hours) == (kind, hours)
