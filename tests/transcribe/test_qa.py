import pytest

from studio.transcribe.qa import Conversation
from studio.transcribe.questions import find_question


@pytest.mark.parametrize(
    ("text", "asker", "question"),
    [
        ("李叔问，这个橙子打不打蜡？", "李叔", "这个橙子打不打蜡？"),
        ("有邻居问馄饨是什么馅", "邻居", "馄饨是什么馅"),
        ("有林居温，这个能放几天", "邻居", "这个能放几天"),
        ("有零具文，这个能放几天", "邻居", "这个能放几天"),
        ("评论区有个宝妈想知道这个几个月能吃", "宝妈", "这个几个月能吃"),
        ("我看到弹幕里有人问这个怎么保存", "有人", "这个怎么保存"),
        ("有姐妹们、路上化了怎么办", "姐妹们", "路上化了怎么办"),
        ("小周文是不是野生的", "小周", "是不是野生的"),
    ],
)
def test_question_read_out_is_found(text, asker, question):
    found = find_question(text)
    assert (found.asker, found.text) == (asker, question)


@pytest.mark.parametrize(
    "text",
    [
        "没问题，都可以",
        "我想问大家想不想看",
        "请问大家要不要",
        "有什么想问的打在公屏上",
        "大家有问题可以问我",
        "下一期大家想看哪个产品",
        "老实说，这个怎么样大家自己看",
        "宝宝说有点咸，那我下次少放点盐",
        "这个问题问得好",
        "不用问了",
        "邻居们晚上好",
        "",
    ],
)
def test_hosts_own_sentence_is_no_question(text):
    assert find_question(text) is None


def hear(conversation, sentences):
    return [
        conversation.hear(seq, text, "A", start, end, turns=turns)
        for seq, (text, start, end, turns) in enumerate(sentences)
    ]


def test_answer_is_paired_and_grows_until_something_else_begins():
    heard = hear(
        Conversation(),
        [
            ("李叔问，能放几天？", 0.0, 2.0, False),
            ("冷藏能放七天", 2.8, 4.0, False),
            ("开封以后尽快吃", 4.3, 6.0, False),
            ("我现在切开给大家看", 6.2, 8.0, True),
            ("汁水很多", 8.2, 9.0, False),
        ],
    )
    assert [kind for kind, _ in heard] == ["question", "answer", "answer", "", ""]
    pair = heard[2][1]
    assert (pair.question, pair.answer) == ("能放几天？", "冷藏能放七天，开封以后尽快吃")
    assert (pair.answer_start, pair.answer_end) == (2.8, 6.0)


def test_asker_alone_waits_for_the_question():
    heard = hear(Conversation(), [("有人问，", 0.0, 1.0, False), ("能不能寄外地", 1.4, 3.0, False)])
    assert heard[0] == ("asking", None)
    assert heard[1][1].question == "能不能寄外地"
    assert heard[1][1].start == 0.0


def test_next_question_closes_the_one_before():
    conversation = Conversation()
    heard = hear(
        conversation,
        [("李叔问，能放几天？", 0, 2, False), ("王姐问，多少钱？", 2.5, 4, False), ("十五块九", 4.5, 5.5, True)],
    )
    assert heard[2][1].question == "多少钱？"


@pytest.mark.parametrize("late", ["接下来是赣南脐橙", "谢谢大家我们下周再见"])
def test_turn_to_something_else_is_no_second_answer(late):
    heard = hear(
        Conversation(),
        [("李叔问，能放几天？", 0, 2, False), ("七天", 2.5, 3, False), (late, 3.2, 5, False)],
    )
    assert heard[2] == ("", None)
