"""What overlays say can be read: whole where there is room, in letters that are large enough, in both languages."""

import time

import pytest
from playwright.sync_api import expect

from studio import qr_code
from tests.browser.staged import StagedStudio
from tests.browser.test_overlay_hostile import PANELS, hostile
from tests.browser.test_overlay_layout import apart, inside

pytestmark = pytest.mark.browser

HOUR = 3_600_000
CODE = qr_code.png_url("http://192.168.100.100:8733/s/12#poll")
PROMISES = (
    "坏一个赔一个，拍照发群里，两小时之内给答复，不用退货",
    "明天下午五点以前全部送到自提点，晚了每单退五块钱",
    "所有检测报告三天之内补发到群里，随时可以看原件",
)
HONEST = (
    "蛋壳颜色深浅不一，有的带血丝",
    "个头有大有小，最小的四十克左右",
    "冬天鸡下蛋少，这批只有六十盒",
    "收到坏的拍照发群里，坏一赔一",
)
CUT_SHORT = """all => all.filter((one) => one.checkVisibility())
  // the ink of a line may be a little higher than the line
  .filter((one) => one.scrollHeight > one.clientHeight + parseFloat(getComputedStyle(one).fontSize) / 2
    || one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.textContent)"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".stage *")]
  .filter((one) => one.checkVisibility())
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize) * (one.getScreenCTM?.().a ?? 1)))"""
NOTHING_MOVES = "Promise.allSettled(document.getAnimations().map((motion) => motion.finished))"


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """One studio for all: every test puts the values that it looks at."""
    studio = StagedStudio(tmp_path_factory.mktemp("reading") / "studio").start()
    yield studio
    studio.stop()


def boxes(page, selector):
    return page.locator(selector).evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.top, box.right, box.bottom])"
    )


def poll(title, texts):
    options = [{"id": n + 1, "text": text, "votes": n, "winner": False} for n, text in enumerate(texts)]
    return {
        "id": time.monotonic_ns(),
        "title": title,
        "state": "open",
        "closed_ms": None,
        "total": 146,
        "options": options,
        "url": "http://192.168.100.100:8733/s/12",
        "qr": CODE,
    }


def test_promises_and_honest_words_are_read_whole(staged, open_overlay, orientation):
    due = (None, 23 * HOUR, 99 * HOUR)
    now = round(time.time() * 1000)
    pledges = [
        {"id": n, "text": text, "due_ms": after and now + after, "outcome": None}
        for n, (text, after) in enumerate(zip(PROMISES, due, strict=True))
    ]
    words = {"name": "散养土鸡蛋", "batch": "20261122A", "defects": HONEST[:2], "notes": HONEST[2:]}
    staged.put(**hostile("鲜牛奶"))
    page = open_overlay(staged, "composite", orientation)
    for values in ({"panel": "promises", "pledges": pledges}, {"panel": "honesty", "honesty": words}):
        staged.put(**values)
        panel = page.locator(f".{values['panel']}")
        expect(panel).to_be_visible()
        expect(panel.locator(".line-text").last).to_be_visible()
        assert panel.locator(".line-text, .line-kind, .leaflet-lot").evaluate_all(CUT_SHORT) == []


def test_every_option_of_a_poll_is_read_below_its_title_and_beside_its_code(staged, open_overlay, orientation):
    page = open_overlay(staged, "composite", orientation)
    texts = ["老酸奶", "奶酪棒", "农家散养土鸡蛋", "崇明大米十斤装", "本地草莓现摘", "生态黑猪肉前腿"]
    for count, title in (
        (6, "下一场想看哪家？" * 7),
        (6, "Which farm? " * 5),
        (4, "投票决定下周去谁家的地里直播好不好"),
        (2, "下一个？"),
    ):
        staged.put(**{**hostile("鲜牛奶"), "poll": poll(title, texts[:count])})
        expect(page.locator(".poll-title")).to_have_text(title)
        expect(page.locator(".poll-options li")).to_have_count(count)
        (whole,), (head,), (code,) = (boxes(page, f".poll{part}") for part in ("", "-head", "-qr img"))
        rows = boxes(page, ".poll-options li")
        parts = [head, code, *rows]
        assert not [box for box in parts if box[0] < whole[0] or box[2] > whole[2] or box[3] > whole[3] - 10]
        assert all(apart(one, other) for index, one in enumerate(parts) for other in parts[index + 1 :])
        assert page.locator(".poll-text, .poll-votes").evaluate_all(CUT_SHORT) == []


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_code_that_only_near_phones_open_says_so(staged, open_overlay, orientation, lang):
    page = open_overlay(staged, "composite", orientation, lang=lang)
    values = hostile("散养土鸡蛋三十枚装")
    near = {"qr": CODE, "qr_lan": True}
    asked = poll("投票决定下周去谁家的地里直播好不好", ["老酸奶", "奶酪棒"]) | near
    shown = {".card": {}, ".trace": {"panel": "trace"}, ".poll": {"poll": asked}}
    for card, more in shown.items():
        staged.put(
            **{**values, "panel": None, "poll": None, "question": None, "product": values["product"] | near, **more}
        )
        word = page.locator(f"{card} figcaption")
        expect(word).to_be_visible()
        expect(word).to_contain_text("Wi-Fi")
        page.evaluate(NOTHING_MOVES)
        (whole,), (below,), (code,) = (
            boxes(page, f"{card}{part}") for part in ("", " figcaption", " [class*=-qr] img")
        )
        others = boxes(page, f"{card} :is(.card-stock, .card-lot li, .poll-options li, .fact)")
        assert others
        assert inside(below, whole)
        assert inside(code, whole)
        assert apart(below, code)
        assert all(apart(below, other) and apart(code, other) for other in others)
        assert word.evaluate_all(CUT_SHORT) == []


def test_a_word_that_fills_the_line_has_no_empty_line_above_it(staged, open_overlay, orientation):
    page = open_overlay(staged, "question", orientation)
    staged.put(question={"id": 1, "asker": "李*", "text": "W" * 80, "sku": None, "askers": 1, "answer": "W" * 80})
    expect(page.locator(".question")).to_be_visible()
    for part in ("text", "words"):
        gap = page.locator(f"[data-part='question-{part}']").evaluate(
            "(one) => { const range = document.createRange(); "
            " range.selectNode([...one.childNodes].find((node) => node.nodeType === 3));"
            " return range.getClientRects()[0].top - one.getBoundingClientRect().top; }"
        )
        assert gap < 20


def test_another_panel_takes_the_place_at_its_full_width(staged, open_overlay, orientation):
    page = open_overlay(staged, "composite", orientation, motion=True)
    staged.put(**hostile("鲜牛奶", panel="trace"))
    expect(page.locator(".trace")).to_be_visible()
    page.evaluate(NOTHING_MOVES)
    (full,) = boxes(page, ".trace")
    page.evaluate(
        "() => { const shown = document.querySelector('.honesty');"
        " const widths = () => [shown, document.querySelector('.trace')].map((one) => one.offsetWidth);"
        " window.first = new Promise((done) =>"
        " new MutationObserver(() => shown.hidden || done(widths())).observe(shown, {attributes: true})); }"
    )
    staged.put(panel="honesty")
    assert page.evaluate("window.first") == [full[2] - full[0]] * 2


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_fixed_words_find_room_in_both_languages(staged, open_overlay, orientation, lang):
    page = open_overlay(staged, "composite", orientation, lang=lang)
    values = hostile("鲜牛奶", panel="temperature")
    for verdict in ("broken", "unknown", "warm"):
        staged.put(**{**values, "cold_chain": {**values["cold_chain"], "verdict": verdict}})
        expect(page.locator(f".temperature[data-verdict='{verdict}']")).to_be_visible()
        page.evaluate(NOTHING_MOVES)
        assert page.locator(".temperature :is(.fact bdi, .verdict)").evaluate_all(CUT_SHORT) == []
        assert page.locator(".chip :is(.goal-target, .chip-note)").evaluate_all(CUT_SHORT) == []
    staged.put(panel=None)
    expect(page.locator(".seal")).to_be_visible()
    assert page.locator(".seal").evaluate("(one) => one.offsetHeight < 80")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_lot_past_its_shelf_life_is_not_offered(staged, open_overlay, orientation, lang):
    values = hostile("鲜牛奶")
    values["product"]["lot"]["expired"] = True
    staged.put(**values)
    words = {"zh-CN": ("已过保质期，不卖", "已过保质期"), "en": ("Past its shelf life", "expired")}[lang]
    for name in ("card", "stock"):
        page = open_overlay(staged, name, orientation, lang=lang)
        expect(page.locator("[data-part='stock-label']")).to_have_text(words[0])
        expect(page.locator("[data-part='stock-number']")).to_have_text("")
        assert page.locator(".stock-label").evaluate_all(CUT_SHORT) == []
        (label,), (whole,) = (boxes(page, selector) for selector in (".stock-label", f".{name}"))
        assert label[2] < whole[2] - 20
    trace = open_overlay(staged, "trace", orientation, lang=lang)
    expect(trace.locator(".fact.old").first).to_contain_text(words[1])
    assert trace.locator(".fact.old bdi").evaluate_all(CUT_SHORT) == []


def test_text_in_portrait_is_never_smaller_than_36_px(staged, open_overlay):
    page = open_overlay(staged, "composite")
    for values, parts in (
        (hostile("鲜牛奶"), ("card", "shoutout", "caption", "goal", "countdown")),
        (hostile("鲜牛奶", question=True), ("question",)),
        (hostile("鲜牛奶", poll=True), ("poll",)),
        ({"poll": None, "question": None, "shoutout": None}, ("ticker",)),
        *(({"panel": panel}, (panel,)) for panel in PANELS),
    ):
        staged.put(**values)
        for part in parts:
            expect(page.locator(f"[data-overlay='{part}']")).to_be_visible()
        assert page.evaluate(SMALLEST) >= 36, parts
    page.goto(staged.overlay_url("stock"))
    expect(page.locator(".stock")).to_be_visible()
    assert page.evaluate(SMALLEST) >= 36
