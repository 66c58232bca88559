"""A recording laid over the live log: where it begins, which text belongs to which sentence."""

import pytest

from studio.transcribe.alignment import Piece, align, find_offset
from studio.transcribe.laying import lay_over

LIVE = [
    Piece(10.0, 13.0, "第一道菜是番茄炒蛋，用的是崇明岛的土鸡蛋。"),
    Piece(14.0, 17.0, "大家看蛋黄的颜色，这是昨天刚捡的鸡蛋。"),
    Piece(18.0, 22.0, "三十枚一箱，四十五块八，平均一块五一个。"),
    Piece(23.0, 25.5, "有姐妹问，鸡蛋路上碎了怎么办？"),
    Piece(26.0, 29.0, "碎一个陪一个，拍照给我就行。"),
]
UNTIL_S = 60.0


def moved(pieces, by_s):
    return [Piece(piece.start + by_s, piece.end + by_s, piece.text) for piece in pieces]


@pytest.mark.parametrize("offset", [-125.4, 0.0, 37.5])
def test_the_recordings_begin_is_found_by_what_both_heard(offset):
    assert find_offset(LIVE, moved(LIVE, -offset)) == pytest.approx(offset, abs=0.05)


def test_a_sentence_said_twice_does_not_mislead():
    again = [*moved(LIVE, -5), Piece(200.0, 203.0, LIVE[1].text)]
    assert find_offset(LIVE, again) == pytest.approx(5.0)


def test_another_show_fits_nowhere():
    other = [Piece(number * 4.0, number * 4.0 + 3, f"今天的牛奶是早上挤的第{number}批很新鲜") for number in range(6)]
    assert find_offset(LIVE, other) is None
    assert lay_over(LIVE, other, None) == (None, None)


def test_sentences_cut_alike_get_their_text():
    better = [Piece(each.start + 0.2, each.end - 0.1, each.text.replace("陪", "赔")) for each in LIVE]
    aligned = align(LIVE, better, until_s=UNTIL_S)
    assert aligned.texts[4] == "碎一个赔一个，拍照给我就行。"
    assert aligned.texts[0] == LIVE[0].text
    assert aligned.extra == ()


def test_one_long_sentence_is_divided_where_the_live_ones_were():
    joined = Piece(
        10.0,
        22.0,
        "第一道菜是番茄炒蛋，用的是崇明岛的散养土鸡蛋。大家看蛋黄颜色，这是昨天刚捡的鸡蛋。三十枚一箱，四十五块八，平均一块五一个。",
    )
    aligned = align(LIVE[:3], [joined], until_s=UNTIL_S)
    assert aligned.texts == {
        0: "第一道菜是番茄炒蛋，用的是崇明岛的散养土鸡蛋。",
        1: "大家看蛋黄颜色，这是昨天刚捡的鸡蛋。",
        2: "三十枚一箱，四十五块八，平均一块五一个。",
    }


def test_several_sentences_are_joined_for_one():
    halves = [Piece(10.0, 11.4, "第一道菜是番茄炒蛋，"), Piece(11.5, 13.0, "用的是崇明岛的散养土鸡蛋。")]
    assert align(LIVE[:1], halves, until_s=UNTIL_S).texts == {0: "第一道菜是番茄炒蛋，用的是崇明岛的散养土鸡蛋。"}


def test_what_only_the_recording_has_is_extra_within_the_show():
    again = [Piece(-8.0, -5.0, "试音试音"), *LIVE, Piece(35.0, 37.0, "今天就到这里，拜拜。"), Piece(90.0, 92.0, "收工")]
    aligned = align(LIVE, again, until_s=UNTIL_S)
    assert [piece.text for piece in aligned.extra] == ["今天就到这里，拜拜。"]


def test_other_words_at_the_same_time_change_nothing():
    aligned = align(LIVE[:1], [Piece(10.0, 13.0, "嗯嗯")], until_s=UNTIL_S)
    assert aligned.texts == {}


def test_nothing_on_either_side():
    assert align([], [], until_s=UNTIL_S).texts == {}
    assert align(LIVE, [], until_s=UNTIL_S).texts == {}
    assert [each.text for each in align([], LIVE, until_s=UNTIL_S).extra] == [each.text for each in LIVE]
