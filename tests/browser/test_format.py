"""static/js/format.js and i18n.js, run where they run: in the browser."""

import pytest

from tests.browser.staged import StagedStudio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    studio = StagedStudio(tmp_path_factory.mktemp("format") / "studio").start()
    page = chromium.new_page(locale="zh-CN")
    page.goto(studio.overlay_url("card"))
    yield page
    page.close()
    studio.stop()


@pytest.fixture
def js(page):
    """js(expression) evaluates with the exports of format.js as `f`, of i18n.js as `i`."""

    def run(expression):
        return page.evaluate(
            "async () => {"
            " const root = document.querySelector('script[type=module]').src;"
            " const f = await import(new URL('../format.js', root));"
            " const i = await import(new URL('../i18n.js', root));"
            f" return {expression}; }}"
        )

    return run


def test_prices_have_small_parts(js):
    assert js("[1590, 3000, 5, 0, 123456789, -250].map(f.price)") == [
        "¥15.90",
        "¥30",
        "¥0.05",
        "¥0",
        "¥1,234,567.89",
        "−¥2.50",
    ]
    assert js("f.priceParts(1590)") == {"sign": "", "currency": "¥", "yuan": "15", "decimals": ".90"}


def test_times_and_dates_read_naturally(js):
    assert js("[0, 7.9, 187, 3765].map(f.mediaTime)") == ["00:00", "00:07", "03:07", "1:02:45"]
    assert js("['2026-11-02', 'yesterday'].map(f.shortDate)") == ["11月2日", "yesterday"]


def test_names_and_phones_are_masked(js):
    assert js("['张三', '张小明', '张', ' 欧阳娜娜 ', '👨‍👩‍👧‍👦家'].map(f.maskName)") == [
        "张*",
        "张**",
        "张*",
        "欧**",
        "👨‍👩‍👧‍👦*",
    ]
    assert js("['138 1234 1234', '12'].map(f.maskPhone)") == ["138****1234", "****"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("大家好", ["大家好"]),
        ("", []),
        ("这瓶奶是今天早上六点挤的，七十五度十五秒巴氏杀菌", ["这瓶奶是今天早上六点挤的，", "七十五度十五秒巴氏杀菌"]),
        ("今天这一箱一共是一百二十八块五毛", ["今天这一箱一共是", "一百二十八块五毛"]),
        ("我们今天的价格是每一瓶¥15.90包邮", ["我们今天的价格是每一瓶", "¥15.90包邮"]),
        ("欢迎来到我们的直播间今天的Pasteurized鲜奶", ["欢迎来到我们的直播间今天的", "Pasteurized鲜奶"]),
    ],
)
def test_captions_break_where_people_pause(js, text, lines):
    assert js(f"f.captionLines({text!r}, {{ perLine: 14 }})") == lines


def test_captions_keep_the_newest_words(js):
    lines = js("f.captionLines('开头的话' + '中间说了很多很多的话'.repeat(9) + '最后一句。', { perLine: 16 })")
    assert len(lines) == 2
    assert "".join(lines).endswith("最后一句。")
    assert js(f"Math.max(...{lines!r}.map(f.textWidth))") <= 16


def test_captions_split_what_fits_nowhere(js):
    lines = js("f.captionLines('a'.repeat(200), { perLine: 16 })")
    assert len(lines) == 2
    assert js(f"Math.max(...{lines!r}.map(f.textWidth))") <= 16


def test_unknown_placeholders_stay_visible(js):
    assert js("i.t('还有 {count} 份 {typo}', { count: 3 })") == "还有 3 份 {typo}"
