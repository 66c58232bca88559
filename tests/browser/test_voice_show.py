"""The host's voice on the control page: the suggestion with its key, the mode, and what to say instead of a claim."""

import pytest
from playwright.sync_api import expect

from studio.events import ClaimHeard, ProductIntroduced, QuestionHeard
from tests.browser.staged import StagedStudio
from tests.live import DAIRY

pytestmark = pytest.mark.browser


@pytest.fixture
def on_air(tmp_path):
    studio = StagedStudio(tmp_path / "studio").start()
    show = studio.prepare_show()
    yield studio, show
    studio.stop()


def turned_to(sku, seq=1):
    return ProductIntroduced(seq=seq, sku=sku, start=1.0, end=2.0, text="接下来给大家看看我们家的酸奶")


def test_what_the_host_turns_to_is_one_key_away_and_claims_come_with_words(on_air, open_operator):
    studio, show = on_air
    _, yoghurt, cheese = show["rundown"][:3]
    page = open_operator(studio, "/control")
    cue, mode = page.locator("#cue"), page.locator("#cue-mode")
    expect(mode).to_have_value("confirm")
    expect(cue).to_be_hidden()

    studio.publish(turned_to(yoghurt["sku"]))
    expect(cue).to_contain_text(yoghurt["title"])
    expect(cue).to_contain_text("接下来给大家看看")
    page.keyboard.press("Enter")
    expect(page.locator("#rundown [aria-current=step]")).to_contain_text(yoghurt["title"])
    expect(cue).to_be_hidden()

    studio.publish(turned_to(cheese["sku"], seq=2))
    expect(cue).to_contain_text(cheese["title"])
    page.keyboard.press("x")
    expect(cue).to_be_hidden()
    studio.publish(turned_to(cheese["sku"], seq=3))  # it rests now
    mode.select_option("auto")
    with studio.listen("show") as desk:
        desk.wait("show", lambda value: value["cue_mode"] == "auto")
    expect(cue).to_be_hidden()

    studio.publish(
        QuestionHeard(question_seq=4, product=DAIRY[0]["sku"], asker="张阿姨", question="牛奶能放几天", start=3, end=4),
        ClaimHeard(
            seq=5, product=None, kind="absolute", level="red", term="全国最好", text="全国最好的奶", start=5, end=6
        ),
    )
    expect(page.locator("#claim-say")).to_contain_text("我收回")
    question = page.locator("#pane-questions .question")
    expect(question).to_contain_text("牛奶能放几天")
    expect(question).to_contain_text("口播里听到")


def test_voice_takes_by_itself_and_the_card_follows(on_air, open_overlay):
    studio, show = on_air
    yoghurt = show["rundown"][1]
    studio.call("PUT", f"/shows/{show['id']}/cue-mode", {"mode": "auto"})
    page = open_overlay(studio, "card")
    studio.publish(turned_to(yoghurt["sku"]))
    expect(page.locator("[data-part=name]")).to_have_text(DAIRY[1]["name"])


def test_suggestion_fits_a_phone_and_both_languages(on_air, open_operator):
    studio, show = on_air
    for locale, viewport in (("zh-CN", (390, 844)), ("en", (390, 844))):
        page = open_operator(studio, f"/control?lang={locale}", viewport=viewport, locale=locale)
        studio.publish(turned_to(show["rundown"][1]["sku"]))
        expect(page.locator("#cue-take")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]
        page.context.close()
