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
        ("一个半小时内送到", "delivery", 1.5),
        ("碎一个赔一个", "replace", None),
        ("明天早上一定送到", "delivery", None),
        ("下单就送你一把小葱", "gift", None),
    ],
)
def test_a_promise_has_its_kind_and_limit(text, kind, hours):
    promise = find_promise(text)
    assert (promise.kind, promise.within_hours) == (kind, hours)
