"""The review of a show in Chromium: what was heard is found, read and taken along."""

import contextlib
import json
import sqlite3

import pytest
from playwright.sync_api import expect

from studio.events import HighlightFound, PriceHeard, QuestionAnswered, QuestionHeard, SegmentHeard

pytestmark = pytest.mark.browser

SAID = [
    (None, "大家好，欢迎来到透明牧场。"),
    ("MILK-950", "先说巴氏鲜牛奶，今天早上五点挤的。"),
    ("MILK-950", "有邻居问，小朋友能喝吗？"),
    ("MILK-950", "一岁以上可以喝。"),
    ("YOG-1K", "老酸奶今天六十桶，<b>不加糖</b>。"),
    ("YOG-1K", "老酸奶十九块八一桶。"),
]
MANY = 2000


@pytest.fixture
def reviewed(staged):
    """A show in which SAID was heard, with a highlight, an answered and an open question, and a wrong price."""
    show = staged.prepare_show()
    staged.publish(
        *(
            SegmentHeard(seq=seq, start=seq * 5.0, end=seq * 5.0 + 4, text=text, raw_text=text, product=sku)
            for seq, (sku, text) in enumerate(SAID)
        ),
        HighlightFound(seq=1, product="MILK-950", kind="fact", start=5, end=9, text=SAID[1][1]),
        QuestionHeard(question_seq=2, product="MILK-950", asker="李姐", question="小朋友能喝吗？", start=10, end=14),
        QuestionAnswered(
            question_seq=2,
            product="MILK-950",
            question="小朋友能喝吗？",
            answer="一岁以上可以喝。",
            question_start=10,
            question_end=14,
            answer_start=15,
            answer_end=19,
        ),
        QuestionHeard(question_seq=4, product="YOG-1K", asker="", question="几点取货？", start=20, end=24),
        PriceHeard(seq=5, sku="YOG-1K", price_fen=1980, expected_fen=2280, start=25, end=29),
    )
    staged.call("POST", f"/shows/{show['id']}/end")
    return staged, show["id"]


def keep_hearing(studio, show_id, seq, text):
    """A text of a recording that was heard again."""
    with contextlib.closing(sqlite3.connect(studio.data_dir / "studio.db")) as database, database:
        database.execute(
            "INSERT INTO segment_texts (show_id, seq, text, kind, model, beam, at) "
            "VALUES (?, ?, ?, 'batch', 'base', 5, 1)",
            (show_id, seq, text),
        )


def selected(page):
    return page.locator("#transcript [aria-selected='true'] p")


def test_list_leads_to_the_show(reviewed, open_operator):
    studio, show_id = reviewed
    page = open_operator(studio, "/review")
    row = page.get_by_role("link", name="透明牧场")
    expect(row).to_contain_text("已结束")
    row.click()
    expect(page).to_have_url(f"{studio.url}/review/{show_id}")
    expect(page.locator("#transcript .line p")).to_have_text([text for _sku, text in SAID])


def test_list_without_shows_says_so(live, open_operator):
    page = open_operator(live, "/review")
    expect(page.get_by_text("还没有直播")).to_be_visible()


def test_found_things_lead_to_their_line(reviewed, open_operator):
    studio, show_id = reviewed
    page = open_operator(studio, f"/review/{show_id}")
    page.locator("#pane-highlights").get_by_role("button").click()
    expect(selected(page)).to_have_text(SAID[1][1])
    page.get_by_role("tab", name="问答").click()
    entries = page.locator("#pane-qa").get_by_role("button")
    expect(entries).to_contain_text(["没有回答", "已回答"])
    entries.nth(1).click()
    expect(selected(page)).to_have_text(SAID[2][1])
    page.get_by_role("tab", name="报价").click()
    page.locator("#pane-prices").get_by_role("button", name="不一致").click()
    expect(selected(page)).to_have_text(SAID[5][1])
    assert page.url.endswith("#5")


def test_search_and_keys_walk_through_the_matches(reviewed, open_operator):
    studio, show_id = reviewed
    page = open_operator(studio, f"/review/{show_id}")
    expect(page.locator("#transcript .line")).to_have_count(len(SAID))
    page.keyboard.press("/")
    page.keyboard.type("老酸奶")
    expect(page.locator("#found")).to_have_text("找到 2 句")
    expect(page.locator("#transcript mark.found")).to_have_text(["老酸奶", "老酸奶"])
    page.keyboard.press("Enter")
    expect(selected(page)).to_have_text(SAID[4][1])
    page.keyboard.press("Enter")
    expect(selected(page)).to_have_text(SAID[5][1])
    page.keyboard.press("Escape")
    expect(page.locator("#found")).to_be_empty()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(selected(page)).to_have_text(SAID[3][1])
    page.keyboard.press("j")
    expect(selected(page)).to_have_text(SAID[4][1])
    page.get_by_label("商品").select_option(label="巴氏鲜牛奶")
    page.get_by_label("只看找到的").check()
    expect(page.locator("#transcript .line:not([hidden])")).to_have_count(3)


def test_exports_are_downloaded_whole(reviewed, open_operator, tmp_path):
    studio, show_id = reviewed
    page = open_operator(studio, f"/review/{show_id}")
    for kind in ("SRT", "VTT", "TXT", "Markdown", "CSV", "JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        target = tmp_path / kind
        download.value.save_as(target)
        text = target.read_text("utf-8")
        assert "今天早上五点挤的" in (json.dumps(json.loads(text), ensure_ascii=False) if kind == "JSON" else text)
        assert download.value.suggested_filename.startswith(("透明牧场", "show-"))


def test_long_show_is_drawn_and_searched_at_once(reviewed, open_operator):
    studio, show_id = reviewed
    with sqlite3.connect(studio.data_dir / "studio.db", timeout=20) as database:
        database.executemany(
            "INSERT INTO segments (show_id, seq, start, end, text, raw_text, product) VALUES (?, ?, ?, ?, ?, '', NULL)",
            [(show_id, 100 + n, 100 + n * 4.0, 103 + n * 4.0, f"第{n}句，说说奶酪棒") for n in range(MANY)],
        )
    page = open_operator(studio, f"/review/{show_id}")
    expect(page.locator("#transcript .line")).to_have_count(MANY + len(SAID))
    page.locator("#query").fill("第1999句")
    expect(page.locator("#found")).to_have_text("找到 1 句")
    took_ms = page.evaluate(
        """() => {
          const query = document.getElementById("query");
          const start = performance.now();
          query.value = "奶酪棒";
          query.dispatchEvent(new Event("input"));
          document.body.getBoundingClientRect();
          return performance.now() - start;
        }"""
    )
    expect(page.locator("#found")).to_have_text(f"找到 {MANY} 句")
    assert took_ms < 1000
    page.locator("#query").press("Enter")
    expect(selected(page)).to_be_in_viewport()


def test_show_without_speech_says_so(live, open_operator):
    show = live.prepare_show()
    page = open_operator(live, f"/review/{show['id']}")
    expect(page.get_by_text("这场直播没有听到说话")).to_be_visible()


def test_a_sentence_is_edited_with_its_history_and_a_recording_is_heard_again(reviewed, open_operator):
    studio, show_id = reviewed
    page = open_operator(studio, f"/review/{show_id}")
    expect(page.locator("#transcript .line").first).to_contain_text(SAID[0][1])
    expect(page.locator("#transcript .line").first.get_by_title("直播时听到的原话")).to_be_visible()
    page.locator("#transcript").focus()
    page.keyboard.press("j")
    expect(selected(page)).to_have_text(SAID[0][1])
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("直播时听到")
    dialog.get_by_label("原话").fill("大家好，欢迎来到透明牧场！")
    dialog.get_by_role("button", name="保存").click()
    expect(selected(page)).to_have_text("大家好，欢迎来到透明牧场！")
    expect(page.locator("#transcript .line").first.get_by_title("人改过的")).to_have_text("改过")
    keep_hearing(studio, show_id, 1, "先说巴氏鲜牛奶，今早五点挤的。")
    page.reload()
    expect(page.locator("#transcript .line").nth(1).get_by_title("用录音重听")).to_have_text("录音重听")
    page.locator("#transcript .line").first.dblclick()
    dialog.get_by_role("button", name="用这句").last.click()
    expect(dialog.get_by_label("原话")).to_have_value(SAID[0][1])
    page.keyboard.press("Escape")

    page.get_by_role("button", name="用录音重听").click()
    dialog.get_by_label("录音文件").fill("/no/such/recording.mkv")
    dialog.get_by_role("button", name="开始").click()
    expect(dialog.get_by_role("alert")).to_contain_text("没有这个录音文件")
    page.keyboard.press("Escape")
    job = {"show_id": show_id, "state": "running", "share": 0.4, "text": "先说巴氏鲜牛奶", "changed": 0, "extra": 0}
    job |= {"message_zh": "", "message_en": ""}
    studio.put(retake=job)
    expect(page.locator("#retake")).to_contain_text("40%")
    studio.put(retake={**job, "state": "done", "share": 1.0, "changed": 5, "extra": 1})
    expect(page.get_by_text("5 句用上了录音")).to_be_visible()
    expect(page.locator("#retake")).to_be_hidden()
    moderator = open_operator(studio, f"/review/{show_id}", role="moderator")
    expect(moderator.locator("#transcript .line").first).to_contain_text("改过")
    expect(moderator.get_by_role("button", name="用录音重听")).to_have_count(0)
