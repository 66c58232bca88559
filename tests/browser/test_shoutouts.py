"""Shout-outs in a real Chromium: the overlay proves what it painted, the control page shows it and can take it back."""

import pytest
from playwright.sync_api import expect

from tests.live import LiveStudio

pytestmark = pytest.mark.browser

STAY_S = 60


@pytest.fixture
def studio(tmp_path):
    """start(**settings) → a running studio with a live show; a shout-out stays as long as a test needs."""
    started = []

    def start(**settings):
        live = LiveStudio(tmp_path / "studio", **{"shoutout_seconds": STAY_S, **settings}).start()
        started.append(live)
        live.prepare_show()
        return live

    yield start
    for live in started:
        live.stop()


def first(rows):
    return rows[0] if rows else None


def acks(number):
    return lambda rows: bool(rows) and rows[0]["acks"] == number


def text_of(page, part):
    return page.locator(f".shoutout [data-part='{part}']")


def test_overlay_proves_what_it_painted_once_a_page(studio, open_overlay):
    live = studio()
    open_overlay(live, "shoutout")
    with live.listen("shoutouts") as desk:
        live.order("a")
        row = desk.wait("shoutouts", acks(1))[0]
        assert (row["state"], row["showings"]) == ("shown", 1)
        second = open_overlay(live, "composite", motion=True)
        desk.wait("shoutouts", acks(2))
        second.reload()
        desk.wait("shoutouts", acks(3))


def test_preview_and_a_page_that_shows_no_shoutouts_prove_nothing(studio, open_overlay):
    live = studio()
    preview = open_overlay(live, "shoutout", preview=1)
    open_overlay(live, "card")
    with live.listen("shoutout", "shoutouts") as desk:
        live.order("a")
        assert desk.wait("shoutout", lambda value: value["waiting"])["unseen"]
        overlay = open_overlay(live, "shoutout")
        expect(preview.locator(".shoutout")).to_be_visible()
        expect(overlay.locator(".shoutout")).to_be_visible()
        desk.wait("shoutouts", acks(1))
        live.order("b", buyer="李叔叔")
        # by the time the second one is counted, the preview's proof of the first would be, too
        assert desk.wait("shoutouts", lambda rows: len(rows) == 2)[1]["acks"] == 1


def test_hidden_page_says_nothing_until_it_is_seen(studio, open_overlay):
    live = studio()
    page = open_overlay(live, "shoutout")
    page.evaluate("""() => {
        window.hold = [];
        window.requestAnimationFrame = (callback) => window.hold.push(callback);
    }""")
    with live.listen("shoutouts") as desk:
        live.order("a")
        expect(page.locator(".shoutout")).to_be_visible()
        page.wait_for_function("window.hold.length > 0")
        assert desk.wait("shoutouts", bool)[0]["acks"] == 0
        # two frames: whoever counts frames asks for the next one in each
        page.evaluate(
            "() => { for (const _ of [1, 2]) for (const paint of window.hold.splice(0)) paint(performance.now()); }"
        )
        desk.wait("shoutouts", acks(1))


def test_proof_lost_with_the_server_is_told_again(studio, open_overlay):
    live = studio()
    page = open_overlay(live, "shoutout")
    live.order("a")
    expect(page.locator(".shoutout")).to_be_visible()
    live.kill()
    live.start()
    with live.listen("shoutouts") as desk:
        assert desk.wait("shoutouts", acks(1))[0]["showings"] == 1
    expect(page.locator(".shoutout")).to_be_visible()


def test_overlay_that_crashed_before_it_painted_is_shown_it_again(studio, open_overlay):
    live = studio(shoutout_seconds=1)
    page = open_overlay(live, "shoutout")
    page.evaluate("window.requestAnimationFrame = () => 0")  # it hangs: nothing is painted any more
    with live.listen("shoutouts") as desk:
        live.order("a")
        ended = desk.wait("shoutouts", lambda rows: rows and rows[0]["state"] == "ended")[0]
        assert (ended["acks"], ended["showings"]) == (0, 1)
        page.context.close()
        again = open_overlay(live, "shoutout")
        expect(again.locator(".shoutout")).to_be_visible()
        proven = desk.wait("shoutouts", acks(1))[0]
        assert (proven["id"], proven["showings"]) == (ended["id"], 2)


def test_burst_is_one_and_shrinks_with_a_refund_without_leaving(studio, open_overlay, orientation):
    live = studio(shoutout_merge_from=3)
    live.call("POST", "/shoutouts/pause", {"paused": True})
    orders = [live.order(f"k{number}", buyer=f"{name}姐", quantity=2) for number, name in enumerate("甲乙丙丁")]
    page = open_overlay(live, "shoutout", orientation, motion=True)
    live.call("POST", "/shoutouts/pause", {"paused": False})
    expect(page.locator(".shoutout")).to_be_visible()
    expect(text_of(page, "who")).to_have_text("甲*")
    expect(text_of(page, "people")).to_have_text("等 4 人")
    expect(text_of(page, "quantity")).to_have_text("×8")
    page.evaluate("""() => {
        window.left = 0;
        const watch = (list) => { window.left += list.some(({ target }) => target.classList.contains("leaving")) };
        new MutationObserver(watch).observe(document.querySelector(".shoutout"), { attributeFilter: ["class"] });
    }""")
    live.call("POST", f"/orders/{orders[0]['id']}/cancel", {})
    expect(text_of(page, "who")).to_have_text("乙*")
    expect(text_of(page, "people")).to_have_text("等 3 人")
    expect(text_of(page, "quantity")).to_have_text("×6")
    for order in orders[1:3]:
        live.call("POST", f"/orders/{order['id']}/cancel", {})
    expect(text_of(page, "who")).to_have_text("丁*")
    expect(text_of(page, "people")).to_be_hidden()
    assert page.evaluate("window.left") == 0
    live.call("POST", f"/orders/{orders[3]['id']}/cancel", {})
    expect(page.locator(".shoutout")).to_be_hidden()


def test_replay_enters_again(studio, open_overlay):
    live = studio(shoutout_seconds=1)
    page = open_overlay(live, "shoutout")
    with live.listen("shoutouts") as desk:
        live.order("a")
        row = desk.wait("shoutouts", lambda rows: rows and rows[0]["state"] == "ended")[0]
        expect(page.locator(".shoutout")).to_be_hidden()
        live.call("POST", f"/shoutouts/{row['id']}/replay")
        expect(page.locator(".shoutout")).to_be_visible()
        assert desk.wait("shoutouts", lambda rows: rows[0]["showings"] == 2)[0]["id"] == row["id"]


def test_operator_takes_one_back_unseen_and_undoes_it(studio, open_operator, open_overlay):
    live = studio(shoutout_undo_seconds=60)
    overlay = open_overlay(live, "shoutout")
    page = open_operator(live, "/control")
    live.order("a")
    live.order("b", buyer="李叔叔")
    expect(page.locator("#shout")).to_contain_text("马上播：张* · 巴氏鲜牛奶 ×1")
    page.get_by_role("button", name="感谢播报的队列").click()
    rows = page.locator("#shout-list li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("已排队")
    expect(rows.first.locator(".shout-left")).to_contain_text("秒后播")
    rows.nth(1).get_by_role("button", name="优先播 李*").click()
    expect(rows.first).to_contain_text("李*")
    page.keyboard.press("k")
    expect(page.locator("#shout")).to_contain_text("已跳过 李*，10 秒内可撤销")
    page.keyboard.press("u")
    expect(page.locator("#shout")).to_contain_text("李* · 巴氏鲜牛奶 ×1")
    expect(overlay.locator(".shoutout")).to_be_visible()
    expect(text_of(overlay, "who")).to_have_text("李*")
    expect(page.locator("#shout-list li").filter(has_text="李*")).to_contain_text("画面已确认")


def test_control_page_says_that_nobody_sees_it(studio, open_operator, open_overlay):
    live = studio()
    page = open_operator(live, "/control")
    live.order("a")
    expect(page.locator("#shout")).to_contain_text("画面没打开，感谢播报在等")
    open_overlay(live, "shoutout")
    expect(page.locator("#shout")).to_contain_text("张* · 巴氏鲜牛奶 ×1")
    expect(page.locator("#shout")).to_contain_text("画面已确认")
