import pytest

from studio.audience.asking import asks


@pytest.mark.parametrize(
    "text",
    [
        *(
            "这个能放几天？",
            "怎么下单",
            "多少钱",
            "能不能便宜点",
            "有没有小瓶的",
            "明天能到吗",
            "自提点在哪里",
            "发货了没",
        ),
        *(
            "几点下播",
            "什么时候发货",
            "孕妇可以喝吗",
            "你们家奶甜不甜",
            "酸奶呢",
            "是现挤的么",
            "老板在吗",
            "@小王 这个多少钱",
        ),
        *("好喝！明天还有吗", "这个多少錢", "is it fresh?", "請問幾天能到"),
    ],
)
def test_a_question_is_heard_in_a_comment(text):
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "吗啡哥来了",
            "@小吗 你好",
            "小吗家的奶真香",
            "呢绒大衣真好看",
            "我在路上呢",
            "还没到呢",
            "没什么",
            "怎么都行",
        ),
        *(
            "好几个邻居都买了",
            "多少有点甜",
            "几乎天天喝",
            "真好喝",
            "已下单",
            "666",
            "???",
            "？",
            "看 https://a.b/c?d=1",
        ),
        *(
            "我正喝着呢",
            "什么都好",
            "不怎么甜",
            "支持一下！",
            "那么",
            "多么好",
            "买了十几瓶",
            "几百个人在看",
            "",
            "👍👍",
        ),
    ],
)
def test_a_remark_is_no_question(text):
    assert not asks(text)
