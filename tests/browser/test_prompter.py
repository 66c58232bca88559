"""The prompter in a real Chromium: two devices that scroll together, follow the show, warn, and come back."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from studio.events import ClaimHeard, QuestionHeard
from tests.live import DAIRY

pytestmark = pytest.mark.browser

WATCH_LOCKS = """
window.locks = [];
const ask = WakeLock.prototype.request;
WakeLock.prototype.request = async function (kind) {
  const lock = await ask.call(this, kind);
  locks.push(lock);
  return lock;
};
"""
RUNDOWN = [
    {
        "title": "今早的鲜奶",
        "sku": "MILK-950",
        "minutes": 4,
        "points": ["几点挤奶", "<img src=x onerror=alert(1)> 💚 " + "长" * 60, "价格念一遍"],
        "trust": [{"kind": "test", "text": "测一管鲜度"}],
    },
    {"title": "原味老酸奶", "sku": "YOG-1K", "points": ["配料表"]},
]


def current(page):
    return page.locator("#lines [aria-current]")


def test_alarm_of_obs_reaches_the_prompter_and_comes_again(staged, open_operator):
    page, english = (open_operator(staged, "/prompter", locale=locale) for locale in ("zh-CN", "en-US"))
    broke = {"code": "recording", "level": "red", "zh": "录像自己停了", "en": "the recording ended by itself"}
    for _ in range(2):
        staged.put(obs_alarms=[broke])
        expect(page.locator("#alert")).to_have_text("OBS录像自己停了")
        expect(english.locator("#alert")).to_have_text("OBSthe recording ended by itself")
        staged.put(obs_alarms=[])
        expect(page.locator("#alert")).to_be_hidden()


def test_prompters_follow_the_show_and_scroll_together(staged, open_operator, chromium):
    staged.call("POST", "/catalogue", DAIRY)
    show = staged.call("POST", "/shows", {"title": "周三", "rundown": RUNDOWN})
    link = staged.call("GET", "/prompter/link")["url"].replace(staged.url, "")
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    glass = phone.new_page()
    glass.goto(staged.url + link)
    page = open_operator(staged, "/prompter", viewport=(1920, 1080))
    control = open_operator(staged, "/control")
    expect(current(page)).to_have_text("几点挤奶")  # before the show: what it begins with
    staged.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    expect(page.locator("#left")).to_have_text(re.compile(r"^剩 3:\d\d$"))
    expect(page.locator("#facts")).to_contain_text("15.90", timeout=20_000)  # facts come in pages
    expect(page.locator("#next")).to_contain_text("原味老酸奶")

    glass.keyboard.press("PageDown")  # a pedal at one device moves all
    for each in (page, glass):
        expect(current(each)).to_contain_text("<img src=x")
    page.keyboard.press("ArrowDown")
    expect(current(glass)).to_have_text("价格念一遍")
    control.locator("#prompter-forth").click()
    expect(current(glass)).to_have_text("现场检测测一管鲜度")
    expect(control.locator("#prompter-line")).to_have_text("4/4")

    staged.call("POST", "/questions", {"text": "奶能放几天？", "asker": "张阿姨"})
    expect(page.locator("#asked")).to_contain_text("奶能放几天")
    staged.call("POST", "/knowledge", {"text": "酸奶甜吗", "sku": "MILK-950", "answer": "微甜，没有加糖"})
    asked = {"question_seq": 7, "product": "MILK-950", "asker": "李姐", "question": "酸奶甜不甜？"}
    staged.publish(QuestionHeard(**asked, start=1.0, end=2.0))  # read out: first now, with what was answered before
    expect(page.locator("#asked")).to_contain_text("酸奶甜不甜")
    expect(page.locator("#known")).to_have_text("答过微甜，没有加糖")
    heard = {"seq": 1, "product": "MILK-950", "kind": "health", "level": "red", "term": "增强免疫力"}
    staged.publish(ClaimHeard(**heard, text="喝了增强免疫力", start=1.0, end=2.0))
    expect(page.locator("#alert")).to_contain_text("请说：刚才那句我收回，食品就是食品")
    staged.publish(ClaimHeard(**heard, text="喝了增强免疫力", start=1.0, end=2.0, retracted=True))
    expect(page.locator("#alert")).to_be_hidden()

    page.keyboard.press("m")
    page.keyboard.press("+")
    page.reload()
    expect(page.locator("#main")).to_have_attribute("data-mirror", "")
    expect(page.locator("#size")).to_have_text("72")
    expect(glass.locator("#size")).to_have_text("64")  # each device its own
    for each in (page, glass):
        assert each.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        small = each.evaluate("() => parseFloat(getComputedStyle(document.querySelector('#lines')).fontSize)")
        assert small >= 64

    staged.call("POST", f"/shows/{show['id']}/take", {"item_id": show["rundown"][1]["id"]})
    expect(current(glass)).to_have_text("配料表")
    staged.kill()
    expect(glass.locator("#lost")).to_be_visible()
    expect(current(glass)).to_have_text("配料表")  # what is read stays
    staged.start()
    expect(glass.locator("#lost")).to_be_hidden(timeout=20_000)
    expect(current(glass)).to_have_text("配料表")
    phone.close()


def press(page, key, *, repeat=False, **how):
    page.evaluate(
        "how => document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...how }))",
        {"key": key, "repeat": repeat, **how},
    )


def test_next_is_what_the_operator_readied_and_keys_work_with_an_input_method(staged, open_operator):
    staged.call("POST", "/catalogue", DAIRY)
    show = staged.call("POST", "/shows", {"title": "周三", "rundown": [*RUNDOWN, {"title": "抽奖说明", "minutes": 3}]})
    staged.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    page = open_operator(staged, "/prompter")
    expect(page.locator("#next span")).to_have_text("原味老酸奶")
    staged.call("PUT", f"/shows/{show['id']}/standby", {"item_id": show["rundown"][2]["id"]})
    expect(page.locator("#next span")).to_have_text("抽奖说明 · 3 分钟")
    press(page, "Process", code="KeyM")  # as a Chinese input method says it
    expect(page.locator("#main")).to_have_attribute("data-mirror", "")
    press(page, "m", code="KeyM", repeat=True)
    press(page, "m", code="KeyM", ctrlKey=True)
    expect(page.locator("#main")).to_have_attribute("data-mirror", "")
    press(page, " ", code="Space")
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("viewport", [(1366, 768), (390, 844)], ids=str)
def test_an_alert_leaves_the_line_that_is_read_where_it_is_and_is_read_whole(staged, open_operator, viewport):
    staged.call("POST", "/catalogue", DAIRY)
    show = staged.call("POST", "/shows", {"title": "周三", "rundown": RUNDOWN})
    staged.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    staged.call("POST", "/questions", {"text": "这个奶开封以后能放几天？", "asker": "张阿姨"})
    page = open_operator(staged, "/prompter", viewport=viewport)
    expect(page.locator("#asked")).to_be_visible()
    where = current(page).bounding_box()
    heard = {"seq": 1, "product": "MILK-950", "kind": "health", "level": "red", "term": "增强免疫力"}
    staged.publish(ClaimHeard(**heard, text="喝了增强免疫力", start=1.0, end=2.0))
    expect(page.locator("#alert")).to_be_visible()
    assert current(page).bounding_box() == where
    expect(current(page)).to_be_in_viewport(ratio=0.99)
    say = page.locator(".alert-say")
    cut_px, size_px = say.evaluate(
        "say => [say.scrollHeight - say.clientHeight, parseFloat(getComputedStyle(say).fontSize)]"
    )
    assert cut_px < size_px / 2  # less than a row: what fonts reach over their line
    expect(say).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("last", [False, True], ids=["amid", "last"])
def test_a_point_longer_than_the_screen_is_read_to_its_end_by_the_pedal(staged, open_operator, last):
    long = "".join(f"第{number}句是这么说的，" for number in range(30))
    points = [long] if last else [long, "价格念一遍"]
    show = staged.call("POST", "/shows", {"title": "周三", "rundown": [{"title": "长", "points": points}]})
    staged.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    page = open_operator(staged, "/prompter", viewport=(1366, 768))
    expect(current(page)).to_have_text(long)
    text, script, point = page.locator("#lines"), page.locator("#script"), page.locator("#lines li").first
    unread = [point.bounding_box()["y"]]

    def left_px():
        box, room = point.bounding_box(), script.bounding_box()
        return box["y"] + box["height"] - room["y"] - room["height"]

    while left_px() > 0:
        expect(current(page)).to_have_text(long)
        where = text.get_attribute("style")
        page.keyboard.press("PageDown")
        expect(text).not_to_have_attribute("style", where)
        unread.append(point.bounding_box()["y"])
    assert len(unread) > 2
    steps = [before - after for before, after in itertools.pairwise(unread)]
    assert max(steps) < script.bounding_box()["height"]  # nothing was passed over
    page.keyboard.press("PageDown")
    if last:
        page.keyboard.press("ArrowUp")
        expect(text).to_have_attribute("style", where)  # a screen back from the end, which the pedal did not leave
    else:
        expect(current(page)).to_have_text("价格念一遍")
        page.keyboard.press("PageUp")
        expect(current(page)).to_have_text(long)


def test_screens_stay_on_where_the_browser_grants_it(live, open_operator):
    show = live.prepare_show(live=False)
    prompter = open_operator(live, "/prompter")
    control = open_operator(live, "/control")
    for page in (prompter, control):
        page.add_init_script(WATCH_LOCKS)
        page.reload()
    prompter.wait_for_function("locks.length === 1 && !locks[0].released")
    expect(prompter.locator("#awake")).to_be_hidden()
    expect(control.locator("#go-live")).to_be_visible()
    assert control.evaluate("locks.length") == 0
    live.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    control.wait_for_function("locks.length === 1 && !locks[0].released")
    live.call("POST", f"/shows/{show['id']}/end")
    control.wait_for_function("locks.length === 1 && locks[0].released")

    prompter.add_init_script("delete Navigator.prototype.wakeLock")  # as at an address without https
    prompter.reload()
    expect(prompter.locator("#awake")).to_be_visible()
