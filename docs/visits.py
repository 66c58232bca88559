"""Pages that are pictured after somebody did something on them: a buyer who orders, a tablet that is paired."""

# ruff: noqa: INP001 - a module beside the script that uses it
import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
WITHIN_S = 240


def as_buyer(browser: Browser, base: str, step: str) -> Page:
    """A neighbour's phone: `step` is shop, shop-lot, checkout, order or me, each after those before it."""
    page = _fresh(browser, PHONE)
    _open_in_a_show(page, f"{base}/s", "#list .product")
    if step == "shop-lot":
        page.locator(".product details summary").first.click()
    if step in {"checkout", "order", "me"}:
        page.locator(".product [data-step='1']").first.click()
        page.locator("#bar a").click()
        page.locator("#nickname").wait_for()
    if step in {"order", "me"}:
        if page.locator("[name=pickup_point_id]").count():
            page.locator("[name=pickup_point_id]").first.check()
        page.fill("#nickname", "梧桐")
        page.fill("#phone", "13800001234")
        page.click("#submit")
        page.wait_for_url("**/o/*")
    if step == "me":
        page.goto(f"{base}/me")
    page.wait_for_load_state("networkidle")
    return page


def as_device(browser: Browser, base: str, command: Callable[[str, str, dict[str, object]], dict[str, str]]) -> Page:
    """A tablet that has scanned the host's QR code; `command(method, path, body)` speaks to the API as the host."""
    command("PUT", "/lan", {"on": True})
    try:
        code = command("POST", "/pairing", {"role": "producer"})["url"].rpartition("/")[2]
        page = _fresh(browser, TABLET)
        page.goto(f"{base}/pair/{code}")
    finally:
        command("PUT", "/lan", {"on": False})
    return page


def _fresh(browser: Browser, size: dict[str, int]) -> Page:
    context = browser.new_context(
        viewport=size,  # pyright: ignore[reportArgumentType] - a plain dict
        locale="zh-CN",
        reduced_motion="reduce",
    )
    return context.new_page()


def _open_in_a_show(page: Page, address: str, wanted: str) -> None:
    """Between two shows of the demo the next one is waited for."""
    deadline = time.monotonic() + WITHIN_S
    page.goto(address)
    while not page.locator(wanted).count():
        if time.monotonic() > deadline:
            raise SystemExit(f"{address} shows no product")
        page.wait_for_timeout(1000)
        page.reload()
