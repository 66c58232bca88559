import pytest

from studio.audience.texts import clean, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("能放几天？", "能放几天？"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<b>好</b>喝", "好喝"),
        ('<img src="https://x/1.png" alt="😀"> 好', "😀 好"),
        ("<img src=x onerror=alert(1)>好", "好"),
        ("<script>alert(1)</script>好", "好"),
        ("<svg><script>alert(1)</script></svg>好", "好"),
        ("一<br>二", "一 二"),
        ("1 < 2 吗", "1 < 2 吗"),
        ("&#0;&#x202e;x", "�\u202ex"),
    ],
)
def test_markup_becomes_words(html, text):
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\x00b\x1bc", "abc"),
        ("一\n二\t三\u2028四", "一 二 三 四"),
        ("\u202eabc\u2066", "abc"),
        ("\ud800x", "x"),
        ("👨‍👩‍👧 好", "👨‍👩‍👧 好"),
        ("z" + "\u0301" * 40, "z" + "\u0301" * 2),
        ("  \u3000 a  ", "a"),
        ("\u200d\u200d", ""),
        ("x" * 100, "x" * 79 + "…"),
    ],
)
def test_hostile_characters_are_dropped(given, kept):
    assert clean(given, 80) == kept
