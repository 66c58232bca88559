"""The control page in a real Chromium against a real studio: the host runs a show with mouse, touch and keyboard."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.live import DAIRY, fresh_dairy

pytestmark = pytest.mark.browser


def item_on_air(page):
    return page.locator("#rundown .item[data-state='air'] .item-title")


def press_in_dialog(page, name):
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def test_host_goes_live_and_ends_after_one_question(live, open_operator):
    live.prepare_show(live=False)
    page = open_operator(live, "/control")
    page.get_by_role("button", name="开播", exact=True).click()
    expect(page.locator("[data-check='cold_chain']")).to_have_attribute("data-level", "amber")
    reason = page.get_by_label("写明理由")
    if reason.is_visible():  # the catalogue of the tests is not of today
        reason.fill("测试")
    press_in_dialog(page, "开播")
    expect(page.locator("#air")).to_have_attribute("data-status", "live")
    expect(page.locator("#air-clock")).to_have_text(re.compile(r"^0:00:\d\d$"))
    page.get_by_role("button", name="结束", exact=True).click()
    press_in_dialog(page, "取消")
    assert live.call("GET", "/shows")["shows"][0]["status"] == "live"
    page.get_by_role("button", name="结束", exact=True).click()
    press_in_dialog(page, "结束直播")
    expect(page.locator("#air")).to_have_attribute("data-status", "ended")
    expect(page.get_by_role("button", name="新建直播")).to_be_visible()
    show = live.call("GET", "/shows")["shows"][0]
    assert show["status"] == "ended"
    page.locator("#now").get_by_role("link", name="回看与导出").click()
    expect(page).to_have_url(re.compile(rf"/review/{show['id']}$"))


def test_a_red_check_blocks_until_it_is_mended_or_overridden(live, open_operator):
    live.call("POST", "/catalogue", fresh_dairy())
    rundown = [{"title": "鲜奶", "sku": "MILK-950", "points": ["这款奶增强免疫力"]}]
    show = live.call("POST", "/shows", {"title": "周三", "rundown": rundown})
    page = open_operator(live, "/control", viewport=(390, 844))
    page.get_by_role("button", name="开播", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-check]").first).to_contain_text("增强免疫力")  # the worst comes first
    press_in_dialog(page, "开播")  # the browser asks for the reason
    assert live.call("GET", f"/shows/{show['id']}")["status"] == "draft"
    item = {"id": show["rundown"][0]["id"], "title": "鲜奶", "sku": "MILK-950", "points": ["早上五点挤的"]}
    live.call("PUT", f"/shows/{show['id']}/rundown", {"items": [item]})
    expect(dialog.locator("[data-check='script']")).to_have_attribute("data-level", "green")
    expect(page.get_by_label("写明理由")).to_be_hidden()
    live.call("PUT", f"/shows/{show['id']}/rundown", {"items": [{**item, "points": ["全网最低"]}]})
    page.get_by_label("写明理由").fill("已经改口")
    press_in_dialog(page, "开播")
    expect(page.locator("#air")).to_have_attribute("data-status", "live")
    page.goto(f"{live.url}/review/{show['id']}")
    expect(page.get_by_text("已经改口")).to_be_visible()


def test_what_mends_a_red_check_is_one_press_away_and_the_dialog_follows(live, open_operator):
    gift = {"sku": "GIFT", "name": "团圆礼盒", "unit": "1盒", "price_fen": 12800, "stock": 3}
    live.call("POST", "/catalogue", [gift])
    show = live.call("POST", "/shows", {"title": "周三", "rundown": [{"title": "礼盒", "sku": "GIFT"}]})
    page = open_operator(live, "/control")
    page.get_by_role("button", name="开播", exact=True).click()
    labels, script = (page.locator(f"[data-check='{name}']") for name in ("labels", "script"))
    with page.expect_file_chooser():
        labels.get_by_role("button", name="导入商品").click()
    expect(page.locator(".preflight-summary")).to_have_text("1 项不过，先处理再开播。")
    expect(script.get_by_role("button")).to_have_count(0)
    change = labels.get_by_role("button", name="编辑流程")
    change.focus()
    items = [{"id": show["rundown"][0]["id"], "title": "礼盒", "sku": "GIFT", "points": ["增强免疫力"]}]
    live.call("PUT", f"/shows/{show['id']}/rundown", {"items": items})
    expect(page.locator(".preflight-summary")).to_have_text("2 项不过，先处理再开播。")
    expect(change).to_be_focused()
    script.get_by_role("button", name="编辑流程").click()
    plan = page.get_by_role("dialog", name="编辑流程")
    plan.get_by_label("要点").fill("早上五点挤的")
    plan.get_by_role("button", name="保存").click()
    expect(plan).to_have_count(0)
    expect(script).to_have_attribute("data-level", "green")
    expect(page.get_by_role("dialog", name="开播检查")).to_be_visible()


def test_next_follows_key_and_click_and_so_does_the_card(live, open_operator, open_overlay):
    live.prepare_show()
    card = open_overlay(live, "card")
    page = open_operator(live, "/control")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.keyboard.press("Space")
    expect(item_on_air(page)).to_have_text("原味老酸奶")
    expect(card.locator("[data-part='name']")).to_have_text("原味老酸奶")
    page.locator("#take-next").click()
    expect(item_on_air(page)).to_have_text("手工奶酪棒")
    expect(card.locator("[data-part='name']")).to_have_text("手工奶酪棒")
    expect(page.locator("#take-next")).to_be_disabled()
    page.keyboard.press("1")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.get_by_role("button", name="3 手工奶酪棒").click()
    expect(page.locator("#undo")).to_contain_text("手工奶酪棒 上屏")
    page.keyboard.press("Control+z")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.get_by_role("button", name="3 手工奶酪棒").click()
    expect(card.locator("[data-part='name']")).to_have_text("手工奶酪棒")
    expect(page.locator("#now")).to_contain_text(fresh_dairy()[2]["batch"])


def test_keys_do_nothing_while_typing_or_on_a_button(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.locator("#tab-orders").click()
    page.get_by_role("button", name="手动录入").click()
    page.get_by_label("买家称呼").press_sequentially("张 2 3p")
    expect(page.get_by_label("买家称呼")).to_have_value("张 2 3p")
    page.keyboard.press("Escape")
    page.locator("[data-light='model']").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog")).to_contain_text("语音识别")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("3")
    expect(item_on_air(page)).to_have_text("手工奶酪棒")


def test_keys_are_the_shows_again_after_the_mouse_set_something(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    speed, mode = page.locator("#prompter-speed"), page.locator("#cue-mode")
    speed.click()
    page.keyboard.press("Space")
    expect(item_on_air(page)).to_have_text("原味老酸奶")
    page.locator("#now h3").click()  # nothing to press there
    page.keyboard.press("Space")
    expect(item_on_air(page)).to_have_text("手工奶酪棒")
    mode.hover()
    page.mouse.down()
    page.mouse.up()
    mode.select_option("off")
    expect(mode).not_to_be_focused()
    page.keyboard.press("Escape")  # the browser's own list
    page.keyboard.press("q")
    expect(item_on_air(page)).to_have_text("原味老酸奶")
    speed.focus()
    before = speed.input_value()
    for _ in range(2):
        page.keyboard.press("ArrowRight")  # who sets by keys goes on setting
    assert float(speed.input_value()) == float(before) + 2
    expect(item_on_air(page)).to_have_text("原味老酸奶")


def test_undo_takes_back_what_was_taken_again_and_says_when_there_is_nothing(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.keyboard.press("z")
    expect(page.get_by_role("alert").filter(has_text="没有可以撤销的操作")).to_be_visible()
    for key, on_air in (("Space", "原味老酸奶"), ("z", "巴氏鲜牛奶"), ("Space", "原味老酸奶")):
        page.keyboard.press(key)
        expect(item_on_air(page)).to_have_text(on_air)
        expect(page.locator("#undo")).to_be_visible(visible=key == "Space")


def test_a_held_key_selects_on_and_does_nothing_else_twice(live, open_operator):
    rundown = [{"title": f"第 {n} 段"} for n in range(9)]
    show = live.call("POST", "/shows", {"title": "长", "rundown": rundown})
    live.call("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    page = open_operator(live, "/control", viewport=(1024, 768))  # where the page scrolls
    expect(item_on_air(page)).to_have_text("第 0 段")
    for _ in range(4):
        page.keyboard.down("Space")
    page.keyboard.up("Space")
    expect(item_on_air(page)).to_have_text("第 1 段")
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
    for _ in range(4):
        page.keyboard.down("ArrowDown")
    page.keyboard.up("ArrowDown")
    expect(page.locator("#rundown .item:focus")).to_contain_text("第 5 段")
    expect(item_on_air(page)).to_have_text("第 1 段")


def test_key_list_opens_and_closes_by_keyboard(live, open_operator):
    page = open_operator(live, "/control")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_questions_polls_and_thanks_are_run_by_keys_that_say_when_they_cannot(live, open_operator):
    live.prepare_show()
    asked = live.call("POST", "/questions", {"text": "能放几天？", "asker": "王阿姨"})
    poll = {"kind": "free", "title": "下一个？", "options": [{"text": "甲"}, {"text": "乙"}]}
    live.call("POST", "/polls", poll)
    page = open_operator(live, "/control")
    question = page.locator("#pane-questions .question")
    expect(question.locator("[aria-keyshortcuts='E'] kbd")).to_have_text("E")
    page.keyboard.press("e")
    expect(question).to_contain_text("在屏幕上")
    page.keyboard.press("Shift+E")
    page.get_by_label("回答（").fill("七天")
    press_in_dialog(page, "已回答")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(question).to_contain_text("七天")
    page.keyboard.press("e")
    expect(page.get_by_role("alert").filter(has_text="没有等着回答的问题")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("#tab-polls b")).to_have_text("1")
    page.keyboard.press("t")  # it asks before it closes
    press_in_dialog(page, "结束投票")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#tab-polls b")).to_be_hidden()
    for key, words in (
        ("Shift+D", "还没有播过的感谢"),
        ("d", "没有感谢播报可跳过"),
        ("g", "OBS 还没有连上"),
        ("w", "没有声音来源"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert live.call("GET", "/knowledge")["known"][0]["asked"] == asked["askers"] == 1


def test_stock_moves_with_a_reason(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    row = page.locator("#stock tbody tr").filter(has_text="原味老酸奶")
    expect(row.locator(".available")).to_have_text("60")
    row.get_by_role("button", name="调整 原味老酸奶 的库存").click()
    page.get_by_label("损耗").check()
    page.get_by_role("spinbutton", name="数量").fill("4")
    page.get_by_label("原因").fill("盖子破了")
    press_in_dialog(page, "记入台账")
    expect(row.locator(".available")).to_have_text("56")
    assert live.call("GET", "/stock")["items"]["YOG-1K"]["on_hand"] == 56


def test_refused_movement_keeps_the_dialog_and_tells_why(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    page.get_by_role("button", name="调整 手工奶酪棒 的库存").click()
    page.get_by_label("损耗").check()
    page.get_by_role("spinbutton", name="数量").fill("999")
    page.get_by_label("原因").fill("数错了")
    press_in_dialog(page, "记入台账")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("原因")).to_have_value("数错了")
    assert live.call("GET", "/stock")["items"]["CHEESE-200"]["on_hand"] == 40


def test_paid_order_waits_for_its_shoutout(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    page.locator("#tab-orders").click()
    page.get_by_role("button", name="手动录入").click()
    page.get_by_label("买家称呼").fill("张阿姨")
    page.get_by_role("spinbutton", name="巴氏鲜牛奶 的数量").fill("2")
    press_in_dialog(page, "录入")
    expect(page.locator("#shout")).to_contain_text("还有 1 条在排队")
    expect(page.locator("#pane-orders")).to_contain_text("张*")
    expect(page.locator("#pane-orders")).to_contain_text("已付 1 单 ¥31.80")
    expect(page.locator("#stock tbody tr").first.locator(".available")).to_have_text("118")
    expect(page.get_by_role("dialog")).to_have_count(0)  # the sockets may tell of the order before it is answered
    page.keyboard.press("p")
    expect(page.locator("#shout")).to_contain_text("感谢播报已暂停")


def test_waiting_order_is_paid_and_a_refund_asks_once(live, open_operator):
    live.prepare_show()
    live.order("key-1", buyer="李叔叔", paid=False)
    page = open_operator(live, "/control")
    page.locator("#tab-orders").click()
    page.get_by_role("button", name="收款 L000001").click()
    page.get_by_role("menuitem", name="微信收到了").click()
    expect(page.locator("#pane-orders li")).to_contain_text("已付款")
    page.get_by_role("button", name="L000001 的更多操作").click()
    page.get_by_role("menuitem", name="退款…").click()
    page.get_by_label("原因").fill("拍错了")
    press_in_dialog(page, "记为已退款")
    expect(page.locator("#pane-orders li")).to_contain_text("已退款")
    assert live.call("GET", "/stock")["items"]["MILK-950"]["sold"] == 0


def test_studio_without_a_show_leads_from_catalogue_to_rundown(live, open_operator, tmp_path):
    page = open_operator(live, "/control")
    expect(page.get_by_role("heading", name="今天给邻居们看什么？")).to_be_visible()
    document = tmp_path / "catalogue.json"
    document.write_text(json.dumps(DAIRY, ensure_ascii=False), "utf-8")
    with page.expect_file_chooser() as chooser:
        page.locator("#welcome").get_by_role("button", name="导入商品").click()
    chooser.value.set_files(document)
    expect(page.locator("#welcome")).to_contain_text("已有 3 个商品")
    page.locator("#welcome").get_by_role("button", name="新建直播").click()
    page.get_by_label("标题", exact=True).fill("周三鲜奶")
    page.get_by_label("要点").first.fill("早上五点挤的\n只做巴氏杀菌")
    page.get_by_role("button", name="去掉").last.click()
    press_in_dialog(page, "建好了")
    expect(page.locator("#show-title")).to_have_text("周三鲜奶")
    [show] = live.call("GET", "/shows")["shows"]
    assert [item["sku"] for item in show["rundown"]] == ["MILK-950", "YOG-1K"]
    assert show["rundown"][0]["points"] == ["早上五点挤的", "只做巴氏杀菌"]


def test_a_show_is_ready_from_a_template(live, open_operator):
    live.call("POST", "/catalogue", DAIRY[:2])
    page = open_operator(live, "/control")
    page.locator("#welcome").get_by_role("button", name="新建直播").click()
    page.get_by_role("radio", name="透明牧场").check()
    page.get_by_label("镜头前做什么").first.fill("试剂测一管")
    press_in_dialog(page, "建好了")
    expect(page.locator("#show-title")).to_have_text("透明牧场：周三鲜奶直播")
    expect(page.locator("#now")).to_contain_text("试剂测一管")
    [show] = live.call("GET", "/shows")["shows"]
    assert [item["sku"] for item in show["rundown"]] == ["MILK-950", "YOG-1K", None, None]  # no cheese in this shop
    assert [trust["kind"] for trust in show["rundown"][0]["trust"]] == ["test", "story"]
    assert show["rundown"][0]["scene"] == "邻里·主播"


def test_toml_catalogue_is_read_and_a_wrong_one_explained(live, open_operator, tmp_path):
    live.prepare_show(live=False)
    page = open_operator(live, "/control")

    def send(text):
        path = tmp_path / "catalogue.toml"
        path.write_text(text, "utf-8")
        page.locator("#menu-button").click()
        with page.expect_file_chooser() as chooser:
            page.locator("#import-catalogue").click()
        chooser.value.set_files(path)

    send('[[products]]\nsku = "EGG-30"\nname = "土鸡蛋"\nprice_fen = 3000\nstock = 9\n')
    expect(page.locator("#stock")).to_contain_text("土鸡蛋")
    send('[[products]]\nsku = "EGG-31"\nname = "土鸡蛋"\nprice_fen = 3000\nstok = 9\n')
    expect(page.get_by_role("alert").filter(has_text="是不是想写 “stock”")).to_be_visible()


def test_rundown_is_reordered_while_live(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    page.get_by_role("button", name="编辑流程").click()
    page.get_by_role("dialog").locator(".plan-item").nth(2).get_by_role("button", name="上移").click()
    press_in_dialog(page, "保存")
    expect(page.locator("#rundown .item-title")).to_have_text(["巴氏鲜牛奶", "手工奶酪棒", "原味老酸奶"])
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    expect(page.locator("#next-title")).to_have_text("手工奶酪棒")


def test_rundown_is_moved_by_handle_and_keys_and_two_editors_lose_nothing(live, open_operator):
    show = live.prepare_show()
    page = open_operator(live, "/control")
    titles = page.locator("#rundown .item-title")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    handle = page.get_by_role("button", name="移动 手工奶酪棒")
    handle.focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(titles).to_have_text(["手工奶酪棒", "巴氏鲜牛奶", "原味老酸奶"])
    expect(handle).to_be_focused()
    assert live.call("GET", f"/shows/{show['id']}")["rundown"][0]["title"] == "手工奶酪棒"
    handle.hover()
    page.mouse.down()
    box = page.locator("#rundown > li").last.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] - 2, steps=6)
    page.mouse.up()
    expect(titles).to_have_text(["巴氏鲜牛奶", "原味老酸奶", "手工奶酪棒"])
    expect(page.locator("#next-title")).to_have_text("原味老酸奶")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")

    page.get_by_role("button", name="编辑流程").click()
    # the dialog may have opened before the page heard of the last move: the row is found by its name
    named = page.get_by_role("dialog").get_by_label("名称").evaluate_all("inputs => inputs.map(({value}) => value)")
    page.get_by_role("dialog").get_by_label("分钟").nth(named.index("巴氏鲜牛奶")).fill("7")
    kept = live.call("GET", f"/shows/{show['id']}")
    items = [{key: value for key, value in item.items() if key != "position"} for item in kept["rundown"]]
    items[1]["minutes"] = 9
    items.append({"title": "抽奖说明"})
    live.call("PUT", f"/shows/{show['id']}/rundown", {"items": items})
    press_in_dialog(page, "保存")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("已合在一起，还没有保存")
    press_in_dialog(page, "保存")
    expect(page.get_by_role("dialog")).to_have_count(0)  # saved
    expect(titles).to_have_count(4)
    rundown = live.call("GET", f"/shows/{show['id']}")["rundown"]
    assert [(item["title"], item["minutes"]) for item in rundown] == [
        ("巴氏鲜牛奶", 7),
        ("原味老酸奶", 9),
        ("手工奶酪棒", None),
        ("抽奖说明", None),
    ]


@pytest.mark.parametrize("viewport", [(1280, 720), (390, 844)], ids=str)
def test_an_item_is_dragged_beyond_what_is_in_sight(live, open_operator, viewport):
    show = live.call("POST", "/shows", {"title": "长", "rundown": [{"title": f"第 {n} 段"} for n in range(60)]})
    page = open_operator(live, "/control", viewport=viewport)
    rundown = page.locator("#rundown")
    page.get_by_role("button", name="移动 第 1 段", exact=True).hover()
    page.mouse.down()
    box, take = rundown.bounding_box(), page.locator("#take-next").bounding_box()
    page.mouse.move(box["x"] + 10, take["y"] - 20, steps=4)
    expect(rundown.locator("li").nth(20)).to_be_in_viewport()
    page.mouse.move(box["x"] + 10, take["y"] - 200)
    place = rundown.locator("li").evaluate_all("rows => rows.findIndex((row) => row.matches('.dragged'))")
    page.mouse.up()
    expect(rundown.locator(".dragged")).to_have_count(0)
    assert place > 10
    expect(rundown.locator(".item-title").nth(place)).to_have_text("第 1 段")
    with live.listen("show") as desk:
        desk.wait("show", lambda value: value["id"] == show["id"] and value["rundown"][place]["title"] == "第 1 段")


def test_an_incomplete_label_is_refused_with_its_reason_and_passed_over(live, open_operator):
    gift = {"sku": "GIFT", "name": "团圆礼盒", "unit": "1盒", "price_fen": 12800, "stock": 3}
    live.prepare_show(catalogue=[DAIRY[0], gift, DAIRY[1]])
    page = open_operator(live, "/control")
    expect(page.locator("#rundown")).to_contain_text("缺标签")
    expect(page.locator("#next-passed")).to_have_text("跳过不能上屏的：团圆礼盒（缺产地、生产日期、保质期、贮存）")
    page.get_by_role("button", name="备好 团圆礼盒").click()
    expect(page.get_by_role("alert").filter(has_text="缺标签项")).to_be_visible()
    page.keyboard.press("2")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.keyboard.press("ArrowRight")
    expect(item_on_air(page)).to_have_text("原味老酸奶")
    expect(page.locator("#toasts")).to_contain_text("跳过不能上屏的：团圆礼盒")
    page.keyboard.press("q")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")


def test_any_item_is_chosen_to_come_next_by_button_and_keys(live, open_operator):
    spare = {**DAIRY[0], "sku": "MILK-475", "name": "小瓶鲜奶", "aliases": []}
    live.prepare_show()
    live.call("POST", "/catalogue", [spare])
    page = open_operator(live, "/control")
    following = page.locator("#next-title")
    expect(following).to_have_text("原味老酸奶")
    page.keyboard.press("ArrowUp")  # to what comes next
    expect(page.get_by_role("button", name="2 原味老酸奶")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(following).to_have_text("手工奶酪棒")
    expect(page.locator("#undo")).to_contain_text("撤销：备好 手工奶酪棒")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.keyboard.press("z")
    expect(following).to_have_text("原味老酸奶")
    page.keyboard.press("Shift+Digit3")
    expect(following).to_have_text("手工奶酪棒")
    page.keyboard.press("Space")  # the focus is still on the item
    expect(item_on_air(page)).to_have_text("手工奶酪棒")
    page.get_by_role("button", name="备好流程外的商品").click()
    page.get_by_role("dialog").get_by_role("button", name="备好").click()
    expect(following).to_have_text("小瓶鲜奶")
    expect(page.locator("#rundown .item-title")).to_have_count(4)


def test_keys_mean_the_same_with_a_chinese_input_method_and_can_be_turned_off(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    press = (
        "([target, key, code, more]) => document.querySelector(target).dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true, ...more}))"
    )
    page.evaluate(press, ["body", "a", "KeyA", {"isComposing": True}])  # a pinyin is being written
    page.evaluate(press, ["#main", "\u3000", "Space", {}])  # a full-width space
    expect(item_on_air(page)).to_have_text("原味老酸奶")
    page.evaluate(press, ["body", "Process", "Digit3", {}])
    expect(item_on_air(page)).to_have_text("手工奶酪棒")
    expect(page.locator("#shout")).not_to_contain_text("已暂停")
    page.evaluate(press, ["body", "Process", "KeyA", {}])
    expect(page.locator("#shout")).to_contain_text("已暂停")
    page.evaluate(press, ["body", "？", "Slash", {"shiftKey": True}])
    page.get_by_label("字母和数字键可用").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("1")
    page.keyboard.press("ArrowLeft")
    expect(item_on_air(page)).to_have_text("原味老酸奶")


def test_lost_link_is_told_and_found_again(live, open_operator):
    live.stop()
    live.start()  # from now on its port is fixed, and the port names the cookie
    live.prepare_show()
    page = open_operator(live, "/control")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")  # the page has its topics
    live.kill()
    expect(page.locator("#lost")).to_be_visible()
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    page.locator("#take-next").click()
    expect(page.get_by_role("alert").filter(has_text="连不上直播间")).to_be_visible()
    live.start()
    expect(page.locator("#lost")).to_be_hidden()
    page.locator("#take-next").click()
    expect(item_on_air(page)).to_have_text("原味老酸奶")


FETCHED = "performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())"


def test_what_tells_of_a_lost_link_was_fetched_before(live, open_operator):
    live.prepare_show()
    for path in ("/control", "/prompter", "/orders"):
        page = open_operator(live, path)
        page.wait_for_load_state("networkidle")
        assert "wifi-off.svg" in page.evaluate(FETCHED), path


def test_moderator_sees_no_button_that_would_be_refused(live, open_operator):
    live.prepare_show()
    page = open_operator(live, "/control", role="moderator")
    expect(item_on_air(page)).to_have_text("巴氏鲜牛奶")
    expect(page.locator("#take-next")).to_be_disabled()
    expect(page.locator("#end-show")).to_be_hidden()
    expect(page.locator("#edit-rundown")).to_be_hidden()
    page.get_by_role("button", name="巴氏鲜牛奶 的台账").click()
    expect(page.get_by_role("dialog")).to_contain_text("到货")
    expect(page.get_by_role("dialog").get_by_role("spinbutton")).to_have_count(0)
    page.keyboard.press("Escape")
