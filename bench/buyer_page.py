"""The buyer's page on a phone's slow line, in a real Chromium: first paint, and bytes over the wire before images.

`python -m bench shop` includes it; alone: `python -m bench.buyer_page`. Slow 3G as Chromium's developer tools had it:
400 kbit/s both ways, 400 ms a round trip. Thirty products, nothing cached.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.row import Row, skipped
from tests.live import TODAY, FreshStudio

PRODUCTS = 30
ROUNDS = 5
QUICK_ROUNDS = 2
LIMIT_PAINT_MS = 1500
LIMIT_KB = 60
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PHONE = {"width": 390, "height": 844}
CATEGORIES = ("dairy", "fruit", "vegetable", "egg", "meat")


def run(*, quick: bool = False) -> list[Row]:
    """First contentful paint (median) and bytes of one cold visit."""
    program = shutil.which("chromium")
    if program is None:
        return [skipped("shop", "buyer page", "no chromium: apt-get install chromium")]
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as folder:
        live = FreshStudio(Path(folder) / "studio").start()
        try:
            live.prepare_show(catalogue=[_product(number) for number in range(PRODUCTS)])
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
                visits = [visit(browser, f"{live.url}/s") for _round in range(rounds)]
                browser.close()
        finally:
            live.stop()
    paint_ms = statistics.median(paint for paint, _wire, _plain, _before in visits)
    _paint, wire, plain, before = visits[-1]
    return [
        Row("shop", "buyer page, slow 3G: first contentful paint", f"{paint_ms:.0f}", "", f"≤ {LIMIT_PAINT_MS}", "ms"),
        Row("shop", "… over the wire before images, socket included", f"{wire / 1024:.1f}", "", f"≤ {LIMIT_KB}", "KB"),
        Row("shop", "… of it before the page can order", f"{before / 1024:.1f}", "", "", "KB"),
        Row("shop", "… the same uncompressed", f"{plain / 1024:.1f}", "", "", "KB"),
    ]


def visit(browser: Browser, url: str) -> tuple[float, int, int, int]:
    """(first paint in ms; bytes but images on the wire; the same unpacked; on the wire until `load`) of one visit."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # pyright: ignore[reportArgumentType]
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", SLOW_3G)
    kinds: dict[str, str] = {}
    wire: dict[str, int] = {}
    plain: dict[str, int] = {}

    def received(event: dict[str, Any]) -> None:
        plain[event["requestId"]] = plain.get(event["requestId"], 0) + event["dataLength"]

    client.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    client.on("Network.loadingFinished", lambda event: wire.update({event["requestId"]: event["encodedDataLength"]}))
    client.on("Network.dataReceived", received)

    def total(counts: dict[str, int]) -> int:
        return round(sum(size for key, size in counts.items() if kinds.get(key) != "Image"))

    page.goto(url, wait_until="load")
    before = total(wire)
    page.wait_for_selector("html[data-link=live]", state="attached", timeout=60_000)
    paint_ms: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    result = (paint_ms, total(wire), total(plain), before)
    context.close()
    return result


def _product(number: int) -> dict[str, object]:
    return {
        "sku": f"P-{number}",
        "name": f"邻家好物 {number}",
        "unit": "500 克",
        "price_fen": 990 + number,
        "stock": 20 + number,
        "origin": "上海青浦",
        "produced_on": TODAY,
        "shelf_life_days": 7,
        "storage": "0-4℃ 冷藏",
        "batch": f"20261122-{number}",
        "category": CATEGORIES[number % len(CATEGORIES)],
    }


if __name__ == "__main__":
    for row in run(quick="--quick" in sys.argv):
        print(*row, sep=" | ")
