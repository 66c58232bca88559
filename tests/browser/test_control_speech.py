"""What the control page shows of OBS and of the host's speech, and how it fits the screens it is used on."""

import re
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from bench.mixes import read, write_wave
from studio.events import (
    ClaimHeard,
    EarStatus,
    PriceHeard,
    PromiseHeard,
    QuestionAnswered,
    QuestionHeard,
    SegmentHeard,
)
from studio.transcribe.audio import SAMPLE_RATE
from tests.browser.staged import StagedStudio
from tests.live import DAIRY, LiveStudio

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
OBS = {
    "state": "connected",
    "message_zh": "",
    "message_en": "",
    "version": "31.0.2",
    "program": "主机位",
    "preview": "商品特写",
    "studio_mode": True,
    "scenes": ["主机位", "商品特写", "稍候"],
    "inputs": {"麦克风": False, "桌面音频": True},
    "recording": False,
    "recording_ms": None,
    "streaming": False,
}


@pytest.fixture
def heard(tmp_path):
    """A studio on air whose ear and OBS are the test."""
    studio = StagedStudio(tmp_path / "studio").start()
    studio.prepare_show()
    yield studio
    studio.stop()


def price_heard(seq, fen):
    return PriceHeard(seq=seq, sku="MILK-950", price_fen=fen, expected_fen=1590, start=seq, end=seq)


def segment(seq, text):
    return SegmentHeard(seq=seq, start=seq, end=seq + 0.9, text=text, raw_text=text)


def test_scenes_carry_their_tally_in_word_and_pressed_state(heard, open_operator):
    page = open_operator(heard, "/control")
    heard.put(obs=OBS)
    scenes = page.locator("#scenes")
    expect(scenes.get_by_role("button", pressed=True)).to_have_text("主机位播出")
    expect(scenes.get_by_role("button", name="商品特写")).to_have_text("商品特写预备")
    page.keyboard.press("s")
    expect(scenes.get_by_role("button", name="主机位")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(scenes.get_by_role("button", name="商品特写")).to_be_focused()
    heard.put(obs={**OBS, "program": "稍候", "inputs": {"麦克风": True, "桌面音频": True}})
    expect(scenes.get_by_role("button", pressed=True)).to_have_text("稍候播出")
    expect(page.locator("#inputs").get_by_role("button", name="麦克风 已静音")).to_be_visible()


@pytest.mark.parametrize("name", ["农家散养谷物喂养" * 7, "حليب طازج من المزرعة العضوية في الجبل الأخضر"])
def test_a_long_name_in_the_strip_leaves_the_words_their_room(heard, open_operator, name):
    page = open_operator(heard, "/control", viewport=(390, 844))
    catalogue = [{**DAIRY[0], "name": name}]
    heard.call("POST", "/catalogue", catalogue)
    words = {"text": "今天早上刚挤的奶", "seq": 1, "start": 0, "end": 1}
    heard.put(transcript=[{**words, "product": DAIRY[0]["sku"]}], caption={**words, "partial": False, "at": 1})
    badge = page.locator("#caption-product")
    expect(badge).to_have_text(name)
    box = badge.bounding_box()
    assert box["x"] + box["width"] <= 390
    assert page.locator("#caption").bounding_box()["width"] >= 100


def test_command_that_obs_cannot_take_is_told(heard, open_operator):
    page = open_operator(heard, "/control")
    heard.put(obs=OBS)  # the page believes it, but no OBS is there
    page.locator("#scenes").get_by_role("button", name="稍候").click()
    expect(page.get_by_role("alert").filter(has_text="OBS")).to_be_visible()
    expect(page.locator("#scenes").get_by_role("button", pressed=True)).to_have_text("主机位播出")


def test_lights_say_what_is_wrong_and_what_to_do(heard, open_operator):
    page = open_operator(heard, "/control")
    heard.put(obs={**OBS, "state": "refused", "message_zh": "密码不对，请重新填写", "message_en": "wrong password"})
    light = page.get_by_role("button", name="OBS：被拒绝")
    expect(light).to_be_visible()
    light.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("密码不对，请重新填写")
    dialog.get_by_label("密码").fill("secret")
    dialog.get_by_label("端口").fill("4466")
    dialog.get_by_role("button", name="连接", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("正在连接 OBS")


def test_prices_questions_and_words_appear_as_they_are_heard(heard, open_operator):
    page = open_operator(heard, "/control")
    question = {"product": "MILK-950", "asker": "李姐", "question": "小朋友能喝吗？", "start": 2.0, "end": 3.0}
    answer = {
        "question_seq": 2,
        "product": "MILK-950",
        "question": "小朋友能喝吗？",
        "answer": "一岁以上可以喝。",
        "question_start": 2.0,
        "question_end": 3.0,
        "answer_start": 3.0,
        "answer_end": 4.0,
    }
    heard.publish(segment(1, "这瓶巴氏鲜牛奶只要十四块九"), price_heard(1, 1490))
    expect(page.locator("#price-alert")).to_contain_text("报价 ¥14.90，商品表是 ¥15.90")
    heard.publish(segment(3, "说错了，十五块九"), price_heard(3, 1590))
    expect(page.locator("#price-alert")).to_be_hidden()
    expect(page.locator("#caption")).to_have_text("说错了，15.9元")

    heard.publish(QuestionHeard(question_seq=2, **question))
    entry = page.locator("#pane-qa .entry")
    expect(entry).to_contain_text("待回答")
    heard.publish(QuestionAnswered(**answer))
    expect(entry).to_contain_text("已回答")
    expect(entry).to_contain_text("一岁以上可以喝。")

    page.locator("#tab-heard").click()
    expect(page.locator("#pane-heard mark")).to_have_text("巴氏鲜牛奶")


def test_hostile_words_stay_words(heard, open_operator):
    page = open_operator(heard, "/control")
    text = "<img src=x onerror=alert(1)> & <b>牛奶</b> .*+?^${}()|[]"
    heard.publish(segment(1, text))
    expect(page.locator("#caption")).to_have_text(text)
    expect(page.locator("#caption img, #caption b")).to_have_count(0)


@pytest.mark.parametrize("viewport", [(1366, 768), (1280, 640), (1920, 1080)])
def test_laptop_shows_everything_without_scrolling(heard, open_operator, viewport):
    page = open_operator(heard, "/control", viewport=viewport)
    heard.put(obs=OBS)
    expect(page.locator("#scenes button")).to_have_count(3)
    width, height = viewport
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        width,
        height,
    ]
    essential = "#air #end-show #rundown #take-next .now-name #scenes #inputs #shout #stock #tabs #caption #lights"
    for selector in essential.split():
        box = page.locator(selector).bounding_box()
        assert box, selector
        assert box["x"] >= 0, selector
        assert box["y"] >= 0, selector
        assert box["x"] + box["width"] <= width, selector
        assert box["y"] + box["height"] <= height, selector


def test_phone_shows_one_area_at_a_time_with_large_targets(heard, open_operator):
    page = open_operator(heard, "/control", viewport=(390, 844))
    heard.put(obs=OBS)
    expect(page.locator(".panel.now")).to_be_visible()
    expect(page.locator(".panel.stock")).to_be_hidden()
    for view, panel in (("库存", ".panel.stock"), ("记录", ".panel.log"), ("画面", ".panel.obs")):
        page.locator("#views").get_by_role("button", name=view).click()
        expect(page.locator(panel)).to_be_visible()
        expect(page.locator(".panel.now")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        small = page.evaluate(
            """[...document.querySelectorAll('button, a.button, select')].filter((element) => {
              const box = element.getBoundingClientRect();
              return element.checkVisibility() && box.width && (box.width < 44 || box.height < 44);
            }).map((element) => element.outerHTML)"""
        )
        assert small == []


def test_theme_that_was_chosen_is_remembered(live, open_operator):
    page = open_operator(live, "/control", theme="light")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    bright = page.evaluate(paper)
    page.locator("#menu-button").click()
    page.locator("#menu [data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(paper)
    assert dark != bright
    page.reload()
    assert page.evaluate(paper) == dark


def claim_heard(*, retracted=False):
    return ClaimHeard(
        seq=1,
        product="YOG-1K",
        kind="absolute",
        level="red",
        term="全国最好",
        text="我们的酸奶是全国最好的酸奶",
        start=1,
        end=3,
        retracted=retracted,
    )


def test_a_claim_is_an_alert_until_it_is_taken_back(heard, open_operator):
    page = open_operator(heard, "/control")
    heard.publish(claim_heard())
    expect(page.locator("#claim-alert")).to_contain_text("全国最好")
    page.get_by_role("tab", name="宣称").click()
    expect(page.locator("#pane-claims mark")).to_have_text("全国最好")
    heard.publish(claim_heard(retracted=True))
    expect(page.locator("#claim-alert")).to_be_hidden()
    expect(page.locator("#pane-claims .entry")).to_contain_text("已收回")


def test_an_alert_put_away_by_one_operator_is_gone_for_all(heard, open_operator):
    first, second = open_operator(heard, "/control"), open_operator(heard, "/control")
    heard.publish(claim_heard())
    expect(second.locator("#claim-alert")).to_be_visible()
    first.locator("#claim-alert").get_by_role("button", name="知道了").click()
    for page in (first, second):
        expect(page.locator("#claim-alert")).to_be_hidden()


def test_a_heard_promise_is_confirmed_and_kept_and_the_board_says_so(heard, open_operator, open_overlay):
    page = open_operator(heard, "/control")
    heard.publish(
        PromiseHeard(seq=2, product=None, kind="refund", within_hours=2.0, text="两小时内退款", start=4, end=6)
    )
    page.get_by_role("tab", name="承诺").click()
    entry = page.locator("#pane-promises .entry")
    expect(entry).to_contain_text("2 小时内")
    entry.get_by_role("button", name="确认", exact=True).click()
    expect(entry).to_contain_text("已确认")
    expect(entry.get_by_role("button", name="没兑现")).to_have_count(0)  # its time is not over
    board = open_overlay(heard, "promises")
    heard.call("PUT", "/board/panel", {"panel": "promises"})
    expect(board.locator(".promises li")).to_contain_text("还剩")
    entry.get_by_role("button", name="兑现了").click()
    expect(entry).to_contain_text("已兑现")
    expect(board.locator(".promises li[data-state=kept]")).to_contain_text("已兑现")
    entry.get_by_role("button", name="收回这个结果").click()
    expect(board.locator(".promises li")).to_contain_text("还剩")


def test_a_promise_for_a_day_tells_until_when(heard, open_operator):
    page = open_operator(heard, "/control")
    heard.publish(
        PromiseHeard(seq=3, product=None, kind="delivery", within_hours=None, text="后天送到大家手里", start=4, end=6)
    )
    page.get_by_role("tab", name="承诺").click()
    expect(page.locator("#pane-promises .entry")).to_contain_text(re.compile(r"送达 · 到 \d+-\d+ 23:59"))


def test_captions_leave_the_screen_and_a_sentence_is_marked_by_one_key(heard, open_operator, open_overlay):
    text = "这批奶昨天下午才挤的"
    overlay = open_overlay(heard, "caption")
    page = open_operator(heard, "/control")
    heard.publish(SegmentHeard(seq=9, start=4, end=6, text=text, raw_text=text, product="MILK-950"))
    line = overlay.locator("[data-overlay='caption']")
    expect(line).to_have_text(text)
    page.keyboard.press("c")
    expect(line).to_be_hidden()
    expect(page.locator("#captions")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#caption")).to_have_text(text)  # the operators read on
    page.keyboard.press("v")
    expect(page.locator("#toasts")).to_contain_text("标记好了")
    page.keyboard.press("v")
    expect(page.get_by_role("alert").filter(has_text="已经标记过")).to_be_visible()
    page.get_by_role("tab", name="亮点").click()
    expect(page.locator("#pane-highlights .entry").filter(has_text="标记")).to_contain_text(text)
    page.keyboard.press("c")
    expect(page.locator("#captions")).to_have_attribute("aria-pressed", "true")
    show = heard.call("GET", "/shows")["shows"][0]
    kept = heard.call("GET", f"/shows/{show['id']}/transcript")["highlights"]
    assert [row["text"] for row in kept if row["kind"] == "mark"] == [text]


def test_a_note_is_written_on_a_mark_afterwards_there_and_in_review(heard, open_operator):
    page = open_operator(heard, "/control")
    page.keyboard.press("Shift+V")
    expect(page.get_by_role("alert").filter(has_text="还没有标记")).to_be_visible()
    heard.publish(SegmentHeard(seq=9, start=4, end=6, text="这就开箱", raw_text="这就开箱", product="MILK-950"))
    expect(page.locator("#caption")).to_have_text("这就开箱")
    page.keyboard.press("v")
    expect(page.locator("#toasts")).to_contain_text("标记好了")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement === document.body")  # the next key is a shortcut, too
    page.keyboard.press("Shift+V")
    expect(page.get_by_role("dialog")).to_contain_text("这就开箱")
    page.keyboard.type("开箱")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("tab", name="亮点").click()
    expect(page.locator("#pane-highlights .mark-note")).to_have_text("开箱")

    show = heard.call("GET", "/shows")["shows"][0]
    review = open_operator(heard, f"/review/{show['id']}")
    note = review.locator(".mark-note")
    expect(note).to_have_text("开箱")
    note.get_by_role("button", name="改备注").click()
    review.get_by_label("备注，回看和导出里都有").fill("开箱，剪成片头")
    review.keyboard.press("Enter")
    expect(note).to_have_text("开箱，剪成片头")


def test_a_microphone_at_full_scale_is_told(heard, open_operator):
    page = open_operator(heard, "/control")
    heard.put(ear={"state": "listening", "source": "mic", "model": "base", "lag_s": 0.0, "level_db": -9.0})
    for rms_db in (-9.0, -8.0, -7.0):
        heard.put(level={"rms_db": rms_db, "peak_db": 0.0})
        expect(page.locator("#meter")).to_have_attribute("aria-valuenow", str(round(rms_db)))
    expect(page.locator("[data-light=mic]")).to_contain_text("破音")


def test_what_the_ear_had_no_time_for_is_marked_where_it_was_said_until_it_is_written(heard, open_operator):
    page, review = open_operator(heard, "/control"), open_operator(heard, "/review/1")
    model, entries = page.locator("[data-light=model]"), page.locator("#pane-heard .entry")
    page.locator("#tab-heard").click()

    def ear(**how):
        status = EarStatus(source="mic", model="base", session_ms=heard.call("GET", "/shows/1")["started_ms"], **how)
        heard.publish(status)
        heard.put(ear=asdict(status))

    ear(state="behind", lag_s=7.0)
    heard.publish(segment(1, "早上挤的奶"), segment(60, "最后是奶酪棒"))
    expect(model).to_contain_text("慢 7 秒")
    ear(state="behind", lag_s=1.0, waiting_s=25.0, gaps=((20.0, 45.0),))
    expect(model).to_contain_text("待补 25 秒")
    expect(entries).to_contain_text(["早上挤的奶", "待补", "最后是奶酪棒"])
    expect(review.locator("#transcript .line p")).to_contain_text(["早上挤的奶", "待补", "最后是奶酪棒"])
    heard.publish(replace(segment(30, "中间说的"), seq=61))
    ear(state="listening")
    expect(model).to_contain_text("跟得上")
    expect(entries).to_contain_text(["早上挤的奶", "中间说的", "最后是奶酪棒"])
    expect(review.locator("#transcript .line p")).to_have_text(["早上挤的奶", "中间说的", "最后是奶酪棒"])


@pytest.mark.speech
def test_clipping_and_silence_of_real_sound_are_told(tmp_path, open_operator, model_dir):
    """The ear itself plays a file whose talk is far too loud and then stops."""
    talk = read(ROOT / "scenes/demo/dairy.opus")[: 3 * SAMPLE_RATE]
    sound = write_wave(tmp_path / "loud.wav", [talk * 30, np.zeros(15 * SAMPLE_RATE, np.float32)])
    studio = LiveStudio(
        tmp_path / "studio", ear_enabled=True, ear_source=str(sound), models_dir=str(model_dir.parent)
    ).start()
    try:
        light = open_operator(studio, "/control").locator("[data-light=mic]")
        expect(light).to_contain_text("破音", timeout=30_000)
        expect(light).to_contain_text("没有声音", timeout=30_000)
    finally:
        studio.stop()
