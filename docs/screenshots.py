"""Takes the pictures of docs/screenshots from a running demo.

    linli-studio demo --no-open          # in one terminal
    python docs/screenshots.py LOGIN_LINK   # the control page's link that the demo prints

Wait until a few orders came and the first sentences were heard. Overlays, transparent in OBS, are laid over a plain
evening light. Every picture stays below 300 KB. Needs Chromium, OBS, Xvfb and the test extras.
"""

# ruff: noqa: INP001 - a script beside the documents
import argparse
import re
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray
from own_studio import draft, draft_with_obs
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright  # noqa: A004 - Playwright's
from staging import Stage
from visits import as_buyer, as_device

from studio.obs.client import ObsClient
from studio.obs.frames import Step
from studio.obs.layout import PAPER

FOLDER = Path(__file__).parent / "screenshots"
MAX_BYTES = 300_000
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
CANVAS = {"portrait": {"width": 1080, "height": 1920}, "landscape": {"width": 1920, "height": 1080}}
OVERLAYS = (
    *("composite", "card", "stock", "shoutout", "caption", "question", "poll", "ticker", "goal", "countdown"),
    *("trace", "honesty", "promises", "miles", "temperature", "logo"),
)
SAMPLED = ("promises", "logo")
"""The demo's host promises nothing and has no logo: these show the gallery's sample, which says 示例."""
BUYER = ("shop", "shop-lot", "checkout", "order", "me")
TOGETHER = ("card", "shoutout", "caption", "goal", "countdown")
"""What one picture of the composite shows; the others take turns in the card's place."""
OVERLAY_WIDTH = {"portrait": 540, "landscape": 960}
SHOWN_WITHIN_MS = 45_000
ATTEMPTS = 6
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")

Image = NDArray[np.uint8]


def main() -> None:
    """Take every picture, tell each name."""
    parser = argparse.ArgumentParser(description="Pictures for the docs from a running demo")
    parser.add_argument("login", help="the control page's link that the demo prints")
    parser.add_argument("--only", default="", help="only pictures whose name contains this")
    arguments = parser.parse_args()
    address = urlsplit(arguments.login)
    base = f"{address.scheme}://{address.netloc}"
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        pictures: dict[str, Callable[[], Image]] = {}
        for kind in (_pages, _visits, _overlays, _set_up):
            pictures |= kind(browser, base, arguments.login)
        for name, take in pictures.items():
            if arguments.only in name:
                size = _save(take(), FOLDER / f"{name}.png")
                sys.stdout.write(f"{name}.png {size // 1000} KB\n")
        browser.close()


def _pages(browser: Browser, base: str, login: str) -> dict[str, Callable[[], Image]]:
    def shoot(
        path: str,
        *,
        theme: str = "light",
        locale: str = "zh-CN",
        whole: bool = False,
        press: str = "",
        size: dict[str, int] | None = None,
    ) -> Callable[[], Image]:
        def take() -> Image:
            page = _signed_in(browser, login, theme=theme, locale=locale)
            page.set_viewport_size(size or LAPTOP)  # pyright: ignore[reportArgumentType] - a plain dict
            page.goto(base + (_newest_review(page, base) if path == "/review/newest" else path))
            page.wait_for_load_state("load")
            if page.locator("html[data-link]").count():
                page.wait_for_selector("html[data-link=live]", state="attached")
            for preview in page.frames[1:]:
                if preview.url == "about:blank":  # out of sight
                    continue
                preview.wait_for_selector("html[data-link=live]", state="attached")
            page.wait_for_load_state("networkidle")
            if press:
                page.keyboard.press(press)
            picture = page.screenshot(full_page=whole, animations="disabled")
            page.context.close()
            return _decode(picture)

        return take

    def login_page() -> Image:
        page = browser.new_page(viewport=LAPTOP, locale="zh-CN")
        page.goto(f"{base}/login")
        picture = page.screenshot()
        page.close()
        return _decode(picture)

    return {
        "login": login_page,
        "control": shoot("/control"),
        "control-dark": shoot("/control", theme="dark"),
        "control-en": shoot("/control", locale="en-US"),
        "review-list": shoot("/review"),
        "review": shoot("/review/newest"),
        "orders": shoot("/orders"),
        "pickup": shoot("/pickup"),
        "announce": shoot("/announce"),
        "buyers": shoot("/buyers"),
        "settings": shoot("/settings", whole=True),
        "knowledge": shoot("/knowledge"),
        "overlays": shoot("/overlays"),
        "overlays-en": shoot("/overlays", locale="en-US"),
        "themes": shoot("/themes", whole=True),
        "prompter": shoot("/prompter", size=CANVAS["landscape"]),
        "prompter-mirrored": shoot("/prompter", size=CANVAS["landscape"], press="m"),
        "prompter-phone": shoot("/prompter", size=PHONE),
        **{
            f"{name}{suffix}": _before_a_show(browser, name, size)
            for name in ("new-show", "preflight", "rehearsal")
            for suffix, size in (("", LAPTOP), ("-phone", PHONE))
        },
    }


def _visits(browser: Browser, base: str, login: str) -> dict[str, Callable[[], Image]]:
    """Pages of buyers, and of a tablet that is being paired."""

    def visited(visit: Callable[[], Page]) -> Callable[[], Image]:
        def take() -> Image:
            page = visit()
            picture = page.screenshot(animations="disabled")
            page.context.close()
            return _decode(picture)

        return take

    def pair() -> Page:
        host = _signed_in(browser, login)
        page = as_device(browser, base, Stage(host.context.request, base).call)
        host.context.close()
        return page

    buyers = {f"buyer-{step}": visited(partial(as_buyer, browser, base, step)) for step in BUYER}
    return {"pair": visited(pair), **buyers}


def _before_a_show(browser: Browser, name: str, size: dict[str, int]) -> Callable[[], Image]:
    """A dialog of the control page on a draft, in a studio of its own: the demo's show is always live."""

    def take() -> Image:
        with draft() as login:
            page = _signed_in(browser, login)
            page.set_viewport_size(size)  # pyright: ignore[reportArgumentType] - a plain dict
            page.wait_for_selector("#rundown .item")
            if name == "preflight":
                page.locator("#go-live").click()
                page.wait_for_selector("[data-check]")
            else:
                page.locator("#menu-button").click()
                page.locator("#rehearse" if name == "rehearsal" else "#plan-show").click()
            page.get_by_role("dialog").wait_for()
            page.wait_for_load_state("networkidle")
            picture = page.screenshot(animations="disabled")
            page.context.close()
            return _decode(picture)

    return take


def _set_up(browser: Browser, _base: str, _login: str) -> dict[str, Callable[[], Image]]:
    """What needs a studio of its own: setting up a real OBS, and a custom pack."""

    def obs(*, set_up: bool, harm: bool = False) -> Callable[[], Image]:
        def take() -> Image:
            with draft_with_obs() as (login, hand):
                page = _signed_in(browser, login)
                page.locator("#open-obs-controls").click()
                dialog = page.get_by_role("dialog", name="布置 OBS")
                if set_up:
                    _open_set_up(page)
                    dialog.locator("button[type=submit]").click()
                    dialog.wait_for(state="hidden")
                if harm:
                    _do_harm(hand)
                _open_set_up(page)
                picture = page.screenshot(animations="disabled")
                page.context.close()
                hand.disconnect()
                return _decode(picture)

        return take

    def pack() -> Image:
        with draft() as login:
            page = _signed_in(browser, login)
            base = login.partition("/login")[0]
            stage = Stage(page.context.request, base)
            (show,) = stage.call("GET", "/shows")["shows"]
            stage.call("POST", f"/shows/{show['id']}/live", {"override": "图片"})
            token = _overlay_token(page, base)
            page.set_viewport_size(CANVAS["landscape"])  # pyright: ignore[reportArgumentType] - a plain dict
            page.goto(f"{base}/overlay/pack?pack=chalkboard&orientation=landscape&token={token}")
            page.wait_for_selector("html[data-link=live]", state="attached")
            page.wait_for_load_state("networkidle")
            picture = _over_light(_decode(page.screenshot(omit_background=True)))
            page.context.close()
            return _small(picture, OVERLAY_WIDTH["landscape"])

    return {
        "obs-setup": obs(set_up=False),
        "obs-setup-done": obs(set_up=True),
        "obs-repair": obs(set_up=True, harm=True),
        "pack-chalkboard": pack,
    }


def _open_set_up(page: Page) -> None:
    page.get_by_role("button", name="布置场景和叠加画面").click()
    page.get_by_role("dialog", name="布置 OBS").wait_for()


def _do_harm(hand: ObsClient) -> None:
    """What happens to a set-up over the weeks: a scene deleted, a source moved, one hidden."""
    hand.request("RemoveScene", {"sceneName": "邻里·问答"})
    for scene, request, change in (
        ("邻里·开场", "SetSceneItemTransform", {"sceneItemTransform": {"positionX": 240.0, "rotation": 8.0}}),
        ("邻里·结束", "SetSceneItemEnabled", {"sceneItemEnabled": False}),
    ):
        number = hand.request("GetSceneItemId", {"sceneName": scene, "sourceName": PAPER})["sceneItemId"]
        hand.request(request, {"sceneName": scene, "sceneItemId": number, **change})
    while "邻里·问答" in {scene["sceneName"] for scene in hand.request("GetSceneList")["scenes"]}:
        hand.batch([Step("Sleep", {"sleepMillis": 50})])


def _overlays(browser: Browser, base: str, login: str) -> dict[str, Callable[[], Image]]:
    def shoot(name: str, orientation: str) -> Callable[[], Image]:
        def take() -> Image:
            operator = _signed_in(browser, login)
            token = _overlay_token(operator, base)
            stage = Stage(operator.context.request, base)
            page = browser.new_page(viewport=CANVAS[orientation], locale="zh-CN", reduced_motion="reduce")
            sample = "&sample=1" if name in SAMPLED else ""
            page.goto(f"{base}/overlay/{name}?token={token}&orientation={orientation}{sample}")
            # a shout-out may have left while the caption was awaited; all of them in one picture say the most
            parts = ", ".join(f"[data-overlay='{part}']" for part in (TOGETHER if name == "composite" else (name,)))
            for attempt in range(ATTEMPTS):  # the demo's show is short, and the next one has a board of its own
                stage.prepare(name)
                try:
                    page.wait_for_function(
                        "(parts) => [...document.querySelectorAll(parts)].every((part) => !part.hidden)",
                        arg=parts,
                        timeout=SHOWN_WITHIN_MS,
                    )
                    break
                except TimeoutError:
                    stage.clear(name)
                    if attempt == ATTEMPTS - 1:
                        raise
            page.evaluate("() => Promise.allSettled(document.getAnimations().map((motion) => motion.finished))")
            picture = _over_light(_decode(page.screenshot(omit_background=True)))
            page.close()
            stage.clear(name)
            operator.context.close()
            return _small(picture, OVERLAY_WIDTH[orientation])

        return take

    return {
        f"overlay-{name}-{orientation}": shoot(name, orientation)
        for name in OVERLAYS
        for orientation in ("portrait", "landscape")
    }


def _signed_in(browser: Browser, login: str, *, theme: str = "light", locale: str = "zh-CN") -> Page:
    context = browser.new_context(
        viewport=LAPTOP, locale=locale, color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(login)
    return page


def _overlay_token(page: Page, base: str) -> str:
    page.goto(f"{base}/overlays")
    found = re.search(r"token=([\w-]+)", page.content())
    if found is None:
        raise SystemExit("the page of overlay addresses shows no address")
    return found[1]


def _newest_review(page: Page, base: str) -> str:
    page.goto(f"{base}/review")
    found = re.search(r'href="(/review/\d+)"', page.content())
    if found is None:
        raise SystemExit("no show to review yet")
    return found[1]


def _decode(png: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8)


def _over_light(overlay: Image) -> Image:
    """The overlay over a still picture of nothing: warm light from the upper left."""
    height, width = overlay.shape[:2]
    down, right = np.mgrid[0:height, 0:width]
    distance = np.hypot(right / width - 0.2, down / height - 0.1)[..., None]
    light = np.array([172, 196, 208]) * (1.05 - 0.55 * np.minimum(distance, 1.2))  # BGR
    opacity = overlay[..., 3:4] / 255
    return (overlay[..., :3] * opacity + light * (1 - opacity)).clip(0, 255).astype(np.uint8)


def _small(picture: Image, width: int) -> Image:
    size = (width, round(width * picture.shape[0] / picture.shape[1]))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _save(picture: Image, path: Path) -> int:
    """Write a PNG, smaller until it is below MAX_BYTES; its size."""
    while True:
        _, encoded = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if len(encoded) < MAX_BYTES:
            path.write_bytes(encoded.tobytes())
            return len(encoded)
        picture = _small(picture, round(picture.shape[1] * 0.85))


if __name__ == "__main__":
    main()
