import pytest

from studio.mandarin.numbers import parse_number


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
    ],
)
def test_number_has_its_value(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "块", "1.2.3", "abc"])
def test_other_text_is_no_number(text):
    assert parse_number(text) is None
