from itertools import pairwise

import pytest

from studio.transcribe.sentences import split
from studio.transcribe.text import is_invented, is_looping, tidy

GOOD = {"logprob": -0.2, "no_speech": 0.02, "compression": 0.9}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("這個牛奶,保質期幾天?", "这个牛奶，保质期几天？"),
        ("《绿原牧场》的 直播间", "绿原牧场的直播间"),
        ("5,000克1袋,15.9元", "5000克1袋，15.9元"),
        ("\ufffd好\ufffd的", "好的"),
        ("，。大家好,,,", "大家好，"),
        ("A2 鲜奶 OK 吗", "A2鲜奶OK吗"),
    ],
)
def test_text_is_tidied(raw, shown):
    assert tidy(raw) == shown


@pytest.mark.parametrize(
    "text",
    ["字幕by索兰娅", "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", "Amara.org 社区", "谢谢观看", "嗯", "", "。。"],
)
def test_known_inventions_are_dropped(text):
    assert is_invented(text, **GOOD)


@pytest.mark.parametrize("text", ["谢谢大家，我们下周三再见", "关注一下直播间", "好的"])
def test_what_hosts_say_is_kept(text):
    assert not is_invented(text, **GOOD)


@pytest.mark.parametrize(
    "change", [{"no_speech": 0.7}, {"logprob": -1.2}, {"compression": 2.6}, {"no_speech": 0.58, "logprob": -0.91}]
)
def test_text_the_model_does_not_believe_is_dropped(change):
    assert is_invented("赣南脐橙", **(GOOD | change))


@pytest.mark.parametrize(
    ("text", "loops"), [("好吃好吃好吃好吃", True), ("哈哈哈哈", False), ("啊" * 9, True), ("慢慢来，慢慢选", False)]
)
def test_loops_are_told_from_emphasis(text, loops):
    assert is_looping(text) is loops


def evenly(raw, start, end):
    step = (end - start) / len(raw)
    return [(n, start + step * n) for n in range(1, len(raw) + 1)]


def test_short_utterance_is_one_sentence():
    (sentence,) = split("今天团购价15块9,一共六十桶", [], 10.0, 13.0)
    assert (sentence.text, sentence.start, sentence.end) == ("今天团购价15块9，一共六十桶", 10.0, 13.0)


def test_question_and_answer_of_one_breath_are_two_sentences():
    raw = "李叔问能放几天,冷藏能放七天,开封以后尽快吃"
    sentences = split(raw, evenly(raw, 0, 7), 0.0, 7.0, [(2.4, 2.5)])
    assert sentences[0].text == "李叔问能放几天，"
    assert (sentences[0].end, sentences[1].start) == (2.4, 2.5)
    assert sentences[-1].end == 7.0


def test_breath_without_a_mark_parts_sentences_between_words():
    raw = "里面八样菜总重大概四千克接下来是石磨老豆腐两块一盒"
    sentences = split(raw, evenly(raw, 0, 10.4), 0.0, 10.4, [(4.85, 5.0)])
    assert [s.text for s in sentences] == ["里面八样菜总重大概四千克", "接下来是石磨老豆腐两块一盒"]


def test_sentences_cover_the_utterance_in_order():
    raw = "今天第一个是时令蔬菜箱,里面八样菜。刘阿姨问有没有香菜?这一箱没有香菜,下单备注不要葱也可以"
    sentences = split(raw, evenly(raw, 5, 17), 5.0, 17.0)
    assert sentences[0].start == 5.0
    assert sentences[-1].end == 17.0
    assert all(one.end <= other.start for one, other in pairwise(sentences))
    assert "".join(s.raw for s in sentences) == raw


def test_no_text_gives_no_sentence():
    assert split("", [], 0.0, 2.0) == []
    assert split("。。", [], 0.0, 2.0) == []
