"""The control page's dialogs of OBS, in Chromium on a real OBS: all of it in one hand, set-up there and back."""

import pytest
from playwright.sync_api import expect

from studio.obs.frames import Step
from tests.live import LiveStudio
from tests.obs.real_obs import PASSWORD, SCENES
from tests.waiting import until

pytestmark = [pytest.mark.obs, pytest.mark.xdist_group("obs")]
BADGE = "角标 <img src=x onerror=alert(1)> \u202e🎬" + "长" * 170


def scenes_of(hand):
    return {scene["sceneName"] for scene in hand.request("GetSceneList")["scenes"]}


def refusals_by(obs):
    """How often OBS has closed a connection for its password."""
    return obs.log_path.read_text("utf-8", errors="replace").count("code `4009`")


@pytest.fixture
def page(obs, chromium, tmp_path):
    """The control page of a studio that follows the OBS of the tests, on a small laptop."""
    where = {"obs_host": obs.host, "obs_port": obs.port, "obs_password": obs.password}
    studio = LiveStudio(tmp_path / "studio", obs_enabled=True, **where).start()
    studio.prepare_show(live=False)
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{studio.login_url}")
    page.goto(f"{studio.url}/control")
    yield page
    context.close()
    studio.stop()


def test_obs_is_run_and_set_up_from_the_control_page(page, hand):
    hand.request("CreateInput", {"sceneName": SCENES[0], "inputName": BADGE, "inputKind": "color_source_v3"})
    try:
        page.get_by_role("button", name="来源、转场与输出").click()
        panel = page.get_by_role("dialog", name="OBS 面板")
        item = panel.locator(".obs-items button", has_text=BADGE)
        expect(item).to_have_attribute("aria-pressed", "true")
        body = panel.locator(".dialog-body")
        assert body.evaluate("body => body.scrollWidth <= body.clientWidth")
        item.click()
        expect(item).to_have_attribute("aria-pressed", "false")
        items = hand.request("GetSceneItemList", {"sceneName": SCENES[0]})["sceneItems"]
        (kept,) = [each for each in items if each["sourceName"] == BADGE]  # other tests' stay in the OBS they share
        assert kept["sceneItemEnabled"] is False

        panel.get_by_label("方式").select_option("Cut")
        expect(panel.get_by_label("毫秒")).to_have_count(
            0
        )  # a cut has no length; OBS drops a take while a fade is running
        assert hand.request("GetCurrentSceneTransition")["transitionName"] == "Cut"

        picture = panel.locator(".obs-scene", has_text=SCENES[1])
        expect(picture.locator("img")).to_have_js_property("naturalWidth", 320)
        picture.click()
        expect(picture).to_have_attribute("data-tally", "program")
        panel.get_by_role("button", name="工作室模式").click()
        expect(panel.get_by_role("button", name="预备 → 播出")).to_be_visible()
        panel.locator(".obs-scene", has_text=SCENES[2]).click()
        expect(panel.locator(".obs-scene", has_text=SCENES[2])).to_have_attribute("data-tally", "preview")
        panel.get_by_role("button", name="预备 → 播出").click()
        expect(panel.locator(".obs-scene", has_text=SCENES[2])).to_have_attribute("data-tally", "program")
        expect(panel.get_by_text("回放缓存没有设置")).to_be_visible()

        panel.get_by_role("button", name="布置场景和叠加画面").click()
        plan = page.get_by_role("dialog", name="布置 OBS")
        expect(plan.get_by_text("这个 OBS 没有“浏览器”来源")).to_be_visible()
        expect(plan.locator(".obs-changes li", has_text="邻里·主播")).to_have_text("邻里·主播新建场景，放进“邻里·机位”")
        plan.get_by_role("button", name="开始布置").click()
        expect(plan).to_have_count(0)
        expect(panel.locator(".obs-scene", has_text="邻里·主播")).to_be_visible()
        panel.get_by_role("button", name="布置场景和叠加画面").click()
        expect(plan.get_by_text("都已就位")).to_be_visible()
        plan.get_by_role("button", name="撤销布置").click()
        question = page.get_by_role("dialog", name="撤销布置？")
        expect(question).to_contain_text("新建的场景和来源会删掉")
        question.get_by_role("button", name="取消").click()
        expect(question).to_have_count(0)
        assert "邻里·主播" in scenes_of(hand)
        plan.get_by_role("button", name="撤销布置").click()
        question.get_by_role("button", name="撤销布置").click()
        expect(plan).to_have_count(0)
        expect(panel.locator(".obs-scene", has_text="邻里·主播")).to_have_count(0)
    finally:
        hand.request("SetCurrentSceneTransition", {"transitionName": "Fade"})
        hand.request("RemoveInput", {"inputName": BADGE})


def test_set_up_tells_what_is_in_the_way_before_it_touches_anything(page, hand):
    hand.request("CreateInput", {"sceneName": SCENES[0], "inputName": "邻里·问答", "inputKind": "color_source_v3"})
    try:
        page.get_by_role("button", name="来源、转场与输出").click()
        page.get_by_role("button", name="布置场景和叠加画面").click()
        plan = page.get_by_role("dialog", name="布置 OBS")
        expect(plan.get_by_text("也叫“邻里·问答”")).to_be_visible()
        expect(plan.get_by_role("button", name="开始布置")).to_have_count(0)
        expect(plan.get_by_text("都已就位")).to_have_count(0)
    finally:
        hand.request("RemoveInput", {"inputName": "邻里·问答"})


def test_address_is_corrected_without_typing_the_password_again(page):
    light = page.locator("[data-light=obs]")
    expect(light).to_contain_text("已连接")
    light.click()
    dialog = page.get_by_role("dialog", name="OBS 连接")
    expect(dialog.get_by_label("密码")).to_have_attribute("placeholder", "已存好，不改就空着")
    dialog.get_by_label("地址").fill("localhost")
    dialog.get_by_role("button", name="连接").click()
    expect(dialog).to_have_count(0)
    # answered by OBS itself, so by a connection that was accepted
    setup = page.url.replace("/control", "/api/v1/obs/setup")
    until(lambda: page.context.request.get(setup).ok)


def test_password_changed_in_obs_is_asked_for_and_entered_in_the_dialog(page, obs):
    light = page.locator("[data-light=obs]")
    expect(light).to_contain_text("已连接")
    before = refusals_by(obs)
    obs.kill()
    obs.password = "换过的-4455"
    try:
        obs.restart()
        expect(light).to_contain_text("被拒绝")
        hand = obs.connect()
        hand.batch([Step("Sleep", {"sleepMillis": 3000})])  # time to hammer in
        hand.disconnect()
        # the second try comes four seconds after the first, or later
        assert 1 <= refusals_by(obs) - before <= 2

        light.click()
        dialog = page.get_by_role("dialog", name="OBS 连接")
        expect(dialog.get_by_text("说密码不对")).to_be_visible()
        dialog.get_by_label("密码").fill(obs.password)
        dialog.get_by_role("button", name="连接").click()
        expect(light).to_contain_text("已连接", timeout=3000)
    finally:
        obs.kill()
        obs.password = PASSWORD
        obs.restart()
