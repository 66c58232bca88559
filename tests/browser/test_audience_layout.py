"""The question and the poll stay in their boxes and beside everything else, whatever people type."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.staged import StagedStudio
from tests.browser.test_overlay_layout import FACE, LEAVING_ITS_BOX, SAFE, apart, box_of, extreme, inside

pytestmark = pytest.mark.browser

QR = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
TEXTS = {
    "long": "长" * 80,
    "short": "甜吗",
    "html": "<img src=x onerror=alert(1)><script>alert(2)</script>" + "吗" * 27,
    "emoji": "👨‍👩‍👧‍👦🥛" * 10,
    "arabic": "مزرعة الحليب الطازج كم يوما يمكن حفظها في الثلاجة من فضلك يا صديقي العزيز جد",
    "latin": "Supercalifragilisticexpialidocious" * 2 + "expialidocio",
    "marks": "z\u0301\u0301" * 40,
}


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """One studio for all: every test puts the values that it looks at."""
    studio = StagedStudio(tmp_path_factory.mktemp("audience") / "studio").start()
    yield studio
    studio.stop()


def question(text, answer=None):
    return {
        "id": 1,
        "asker": f"{text[:1]}*",
        "text": text,
        "sku": None,
        "askers": 12_345,
        "answer": answer,
        "changed_ms": 1,
    }


def poll(text, *, options=6, state="open", winners=1):
    now = round(time.time() * 1000)
    return {
        "id": 1,
        "kind": "free",
        "title": text[:60],
        "state": state,
        "opened_ms": now,
        "closed_ms": now if state == "closed" else None,
        "total": 123_456,
        "options": [
            {
                "id": place,
                "text": f"{place}{text}"[:40],
                "sku": None,
                "votes": 20_576 * (place % 3),
                "winner": state == "closed" and place < winners,
            }
            for place in range(options)
        ],
        "url": "https://a-very-long-name-of-a-shop.example.com/s/12345#poll",
        "qr": QR,
    }


def check(page, orientation, parts):
    boxes = [box_of(page, f".{part}") for part in parts]
    for index, box in enumerate(boxes):
        assert inside(box, SAFE[orientation]), (parts[index], box)
        assert apart(box, FACE[orientation]), (parts[index], box)
        for other, against in zip(boxes[index + 1 :], parts[index + 1 :], strict=True):
            assert apart(box, other), (parts[index], against, box, other)
    assert page.locator("[data-overlay]:not([hidden])").evaluate_all(LEAVING_ITS_BOX) == []


def settle(page):
    page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")


@pytest.mark.parametrize("answer", [None, "冷藏七天" * 50])
def test_a_question_stays_beside_everything_else(staged, open_overlay, orientation, answer):
    page = open_overlay(staged, "composite", orientation)
    for text in TEXTS.values():
        staged.put(**extreme(text), question=question(text, answer and answer[:200]), poll=None)
        expect(page.locator("[data-part='question-text']")).to_have_text(text)
        expect(page.locator(".poll")).to_be_hidden()
        settle(page)
        check(page, orientation, ["question", "card", "shoutout", "caption"])
    assert page.locator(".question img").count() == 0


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_poll_stays_beside_everything_else(staged, open_overlay, orientation, state):
    page = open_overlay(staged, "composite", orientation)
    beside = ["poll", "shoutout", "caption"] + (["card", "question"] if orientation == "landscape" else [])
    for text in TEXTS.values():
        for shape in ({"options": 2}, {"winners": 6}):
            staged.put(**extreme(text), question=question(text), poll=poll(text, state=state, **shape))
            if state == "open":
                expect(page.locator("[data-part='poll-title']")).to_have_text(text[:60])
                expect(page.locator(".poll-options li")).to_have_count(shape.get("options", 6))
            else:
                expect(page.locator("[data-part='poll-winner']")).to_contain_text(f"0{text}"[:40])
            settle(page)
            check(page, orientation, beside)
            if orientation == "portrait":
                expect(page.locator(".card")).not_to_be_visible()
                expect(page.locator(".question")).not_to_be_visible()
            rows = page.locator(".poll-options li, .poll-qr img, .poll-winner, .poll-share")
            for box in rows.evaluate_all("all => all.filter(e => e.checkVisibility()).map(e => e.clientHeight)"):
                assert box >= 36


@pytest.mark.parametrize("name", ["question", "poll"])
def test_own_pages_hold_extreme_texts(staged, open_overlay, orientation, name):
    page = open_overlay(staged, name, orientation)
    for text in TEXTS.values():
        staged.put(question=question(text, "好" * 200), poll=poll(text))
        expect(page.locator(f"[data-part='{'question-text' if name == 'question' else 'poll-title'}']")).to_have_text(
            text if name == "question" else text[:60]
        )
        settle(page)
        check(page, orientation, [name])


def test_texts_in_portrait_are_never_smaller_than_36_px(staged, open_overlay):
    page = open_overlay(staged, "composite", "portrait")
    for values in (
        {"question": question(TEXTS["long"], "好" * 200), "poll": None},
        {"poll": poll(TEXTS["long"])},
        {"poll": poll(TEXTS["long"], state="closed")},
    ):
        staged.put(**extreme("农家牛奶"), **values)
        expect(page.locator(".question" if values.get("question") else ".poll")).to_be_visible()
        sizes = page.locator(".stage *").evaluate_all(
            "all => all.filter((e) => e.checkVisibility())"
            ".filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))"
            ".map((e) => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert len(sizes) > 5
        assert min(sizes) >= 36
