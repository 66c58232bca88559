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


SENTENCES = [
    "今天第一个是赣南脐橙礼盒，一箱9.5千克一共128.5元包邮到家",
    "接下来这瓶是绿原牧场巴氏鲜牛奶，950毫升一瓶15.9元，两瓶28元",
    "冷藏2到6度能放15天，蛋白质含量3.8%，每份120克，加热10分钟就可以吃了",
    "我们一共准备了1200份，现在还剩下350份，明天早上6:30从村里发车，走80公里",
]
NAMES = ["赣南脐橙礼盒", "绿原牧场巴氏鲜牛奶"]
WHOLE = [
    "9.5千克",
    "128.5元",
    "950毫升",
    "15.9元",
    "28元",
    "15天",
    "3.8%",
    "120克",
    "10分钟",
    "1200份",
    "350份",
    "6:30",
    "80公里",
]
GROWING = "(text, shape) => Array.from(text, (_, n) => text.slice(0, n + 1)).map((t) => [t, f.captionLines(t, shape)])"


@pytest.mark.parametrize(("per_line", "growing"), [(16, False), (16, True), (28, False)])
def test_no_line_breaks_a_number_with_its_unit_or_a_name(js, per_line, growing):
    """In every state of a sentence that grows, on a tall and on a wide picture."""
    shape = f"{{ perLine: {per_line}, names: {NAMES!r}, growing: {str(growing).lower()} }}"
    for sentence in SENTENCES:
        for text, lines in js(f"({GROWING})({sentence!r}, {shape})"):
            assert len(lines) <= 2
            assert text.endswith("".join(lines))
            for word in [*NAMES, *WHOLE]:
                if text.rfind(word) >= len(text) - len("".join(lines)):
                    assert any(word in line for line in lines), (word, lines)


def test_growing_caption_keeps_its_first_line(js):
    """Until the second line is full."""
    text = "这瓶奶是今天早上六点挤的，七十五度十五秒巴氏杀菌"
    grown = js(f"({GROWING})({text!r}, {{ perLine: 16, growing: true }})")
    assert len({lines[0] for _, lines in grown if len(lines) > 1}) == 1


def test_captions_keep_the_newest_words(js):
    lines = js("f.captionLines('开头的话' + '中间说了很多很多的话'.repeat(9) + '最后一句。', { perLine: 16 })")
    assert len(lines) == 2
    assert "".join(lines).endswith("最后一句。")
    assert js(f"Math.max(...{lines!r}.map(f.textWidth))") <= 16


def test_captions_split_what_fits_nowhere(js):
    lines = js("f.captionLines('a'.repeat(200), { perLine: 16 })")
    assert len(lines) == 2
    assert js(f"Math.max(...{lines!r}.map(f.textWidth))") <= 16


def test_no_line_of_a_question_begins_with_what_closes_or_ends_with_what_opens(js):
    phrases = js("f.phrases('（周日）两岁可以吃，煮熟。再说“好”！')")
    assert "".join(phrases) == "（周日）两岁可以吃，煮熟。再说“好”！"
    assert not [phrase for phrase in phrases if phrase[0] in "，。）”！" or phrase[-1] in "（“"]


def test_unknown_placeholders_stay_visible(js):
    assert js("i.t('还有 {count} 份 {typo}', { count: 3 })") == "还有 3 份 {typo}"
