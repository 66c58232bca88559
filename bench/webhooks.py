"""Webhook receipt → 200, while every delivery becomes a paid order beside it; part of `python -m bench shop`.

Deliveries of the generic source come at a steady pace over kept connections, as a busy shop's do.
"""

import http.client
import json
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.row import Row
from studio.shop.webhooks.signatures import Keys, sign
from studio.types import now_ms
from tests.live import TODAY, LiveStudio

COUNT, QUICK_COUNT = 600, 150
PER_SECOND = 20
SENDERS = 4
LIMIT_P95_MS = 50
SECRET = "bench-secret"


def run(*, quick: bool = False) -> list[Row]:
    """p95 of the answers, and that every delivery became an order."""
    count = QUICK_COUNT if quick else COUNT
    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as folder:
        delays_ms, settled_s = deliver(Path(folder), count)
    p95 = statistics.quantiles(delays_ms, n=20)[18]
    return [
        Row("shop", f"webhook receipt → 200, p95, {PER_SECOND}/s", f"{p95:.0f}", "", f"≤ {LIMIT_P95_MS}", "ms"),
        Row("shop", "… median", f"{statistics.median(delays_ms):.0f}", "", "", "ms"),
        Row("shop", "… last delivery answered → its order paid", f"{settled_s * 1000:.0f}", "", "", "ms"),
    ]


def deliver(folder: Path, count: int) -> tuple[list[float], float]:
    """(milliseconds of each answer, seconds until the last order was paid after the last answer)."""
    live = LiveStudio(folder / "studio").start()
    try:
        label = {"origin": "青浦", "produced_on": TODAY, "shelf_life_days": 7, "storage": "冷藏", "batch": "1"}
        product = {"sku": "A", "name": "商品", "unit": "份", "price_fen": 100, "stock": 1_000_000, **label}
        live.prepare_show(catalogue=[product])
        live.call("PUT", "/webhooks/sources/generic", {"enabled": True, "secret": SECRET})
        begun = time.perf_counter()
        with ThreadPoolExecutor(SENDERS) as pool:
            parts = list(pool.map(lambda place: _send(live.port, range(place, count, SENDERS), begun), range(SENDERS)))
        answered = time.perf_counter()
        with live.listen("orders") as page:
            page.wait("orders", lambda value: value["paid"] == count, timeout_s=120)
        return [delay for part in parts for delay in part], time.perf_counter() - answered
    finally:
        live.stop()


def _send(port: int, numbers: range, begun: float) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    delays_ms: list[float] = []
    for number in numbers:
        body = _body(number)
        headers = {"Idempotency-Key": f"bench-{number}", **sign("generic", Keys((SECRET,)), body, now=now_ms())}
        time.sleep(max(0.0, begun + number / PER_SECOND - time.perf_counter()))
        sent = time.perf_counter()
        connection.request("POST", "/hooks/generic", body, headers)
        answer = connection.getresponse()
        answer.read()
        delays_ms.append((time.perf_counter() - sent) * 1000)
        if answer.status != http.client.OK:
            raise AssertionError(answer.status)
    connection.close()
    return delays_ms


def _body(number: int) -> bytes:
    moment = "2026-11-22T12:00:00Z"
    line = {"sku": "A", "name": "商品", "quantity": 1, "price": "1.00"}
    told = {"id": f"B{number}", "updated_at": moment, "paid_at": moment, "customer": {"id": str(number), "name": "张"}}
    return json.dumps({"event": "order", "order": {**told, "lines": [line]}}).encode()
