import pytest

from studio.transcribe.settled import Agreement, Shown, carry
from studio.transcribe.written import written


def shown(*partials):
    agreement = Agreement()
    return [(each.text[: each.settled], each.text[each.settled :]) for each in map(agreement.take, partials)]


def test_what_two_decodes_agree_on_is_settled():
    assert shown("今天早上", "今天早上六点挤", "今天早上六点挤的奶") == [
        ("", "今天早上"),
        ("今天早上", "六点挤"),
        ("今天早上六点挤", "的奶"),
    ]


def test_last_words_may_change_until_they_are_settled():
    assert shown("今天找", "今天早上六点极", "今天早上六点挤的奶")[1:] == [
        ("今天", "早上六点极"),
        ("今天早上六点", "挤的奶"),
    ]


def test_marks_that_come_and_go_unsettle_nothing():
    assert shown("好，大家", "好大家晚上", "好，大家晚上好。")[-1] == ("好，大家晚上", "好。")


def test_one_decode_alone_changes_nothing_that_is_settled():
    heard = shown("赣南脐橙今天", "赣南脐橙今天到", "干蓝脐橙今天到货了", "赣南脐橙今天到货了来看")
    assert heard[2] == ("赣南脐橙今天", "到货了")
    assert heard[3][0].startswith("赣南脐橙今天")


def test_two_decodes_in_a_row_put_right_what_was_settled():
    heard = shown("八十先牛奶", "八十先牛奶一瓶", "巴氏鲜牛奶一瓶十五", "巴氏鲜牛奶一瓶十五块九")
    assert heard[2][0] == "八十先牛奶"
    assert heard[3] == ("巴氏鲜牛奶一瓶十五", "块九")


@pytest.mark.parametrize("partials", [("", ""), ("。", "，"), ("你好", ""), ("", "你好")])
def test_nothing_said_is_no_error(partials):
    assert all(settled == "" for settled, _ in shown(*partials))


def test_settled_words_never_end_inside_a_number():
    assert shown("一瓶15", "一瓶15.9元", "一瓶15.9元")[1][0] == "一瓶"
    whole = "一瓶九百五十毫升十五块九一瓶"
    assert carry(Shown(whole, whole.index("九一瓶")), written) == Shown("一瓶950毫升15.9元一瓶", len("一瓶950毫升"))
    assert carry(Shown(whole, len(whole)), written).settled == len("一瓶950毫升15.9元一瓶")
