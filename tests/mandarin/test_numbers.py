import pytest

from studio.mandarin.numbers import parse_number, upper_bound


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十五", 15),
        ("二十二", 22),
        ("一百二", 120),
        ("一百零二", 102),
        ("九五零", 950),
        ("15.9", 15.9),
        ("一万二", 12000),
        ("两百", 200),
        ("二〇二六", 2026),
        ("零五", 5),
    ],
)
def test_number_has_its_value(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "块", "1.2.3", "abc", "三四", "五六十", "十七八", "一两百", "二两一"])
def test_other_text_is_no_number(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("三四", 4), ("五六十", 60), ("十七八", 18), ("一两百", 200), ("十五", 15), ("九五零", 950)]
)
def test_a_rough_number_has_an_upper_bound(text, value):
    assert upper_bound(text) == value
