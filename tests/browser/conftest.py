"""Overlay pages in a real Chromium, at the size OBS gives them."""

import pytest

from tests.browser.staged import StagedStudio

CANVAS = {"portrait": {"width": 1080, "height": 1920}, "landscape": {"width": 1920, "height": 1080}}
OFFLINE = (
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_EMPTY_RESPONSE",
    "WebSocket connection",
)


@pytest.fixture
def staged(tmp_path):
    """A running studio that hears and shows what the test says."""
    studio = StagedStudio(tmp_path / "studio").start()
    yield studio
    studio.stop()


@pytest.fixture(params=["portrait", "landscape"])
def orientation(request):
    return request.param


@pytest.fixture
def open_overlay(chromium):
    """open_overlay(studio, name, orientation="portrait", motion=False, **options) → page; scripts must not complain."""
    contexts = []
    complaints = []

    def complain(text):
        if not any(sign in text for sign in OFFLINE):  # the test killed the studio
            complaints.append(text)

    def open_page(studio, name, orientation="portrait", *, motion=False, viewport=None, **options):
        context = chromium.new_context(
            viewport=viewport or CANVAS[orientation],
            locale="zh-CN",
            reduced_motion="no-preference" if motion else "reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complain(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("dialog", lambda dialog: complain(f"dialog: {dialog.message}"))
        page.goto(studio.overlay_url(name, orientation, **options))
        page.wait_for_selector("html[data-link=live]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def open_operator(chromium):
    """open_operator(studio, path, viewport=(1366, 768), locale="zh-CN", theme="light", role="host") → page."""
    contexts = []
    complaints = []

    def complain(text):
        if not any(sign in text for sign in (*OFFLINE, "Failed to load resource")):  # refusals are shown as toasts
            complaints.append(text)

    def open_page(studio, path, *, viewport=(1366, 768), locale="zh-CN", theme="light", role="host"):
        width, height = viewport
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, color_scheme=theme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complain(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complain(str(error)))
        context.request.get(f"{studio.url}/login?token={studio.token(role)}", max_redirects=0)  # not the page behind it
        page.goto(f"{studio.url}{path}")
        if path.startswith("/control"):
            page.wait_for_selector("html[data-link=live]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
