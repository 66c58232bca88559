"""Durable orders a second over HTTP, against one commit an order in a bare sqlite3 loop in the same folder.

`python -m bench shop`. 64 clients place paid orders while 200 sockets get the stock; clients and sockets live in
processes of their own, so that the server's share is all that counts.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from bench import buyer_page, webhooks
from bench.row import Row, skipped
from bench.slow_disk import SYNC_S, available, slow_disk
from tests.live import TODAY, FreshStudio

CLIENTS = 64
SOCKETS = 200
ORDERS = 3000
QUICK_ORDERS = 600
STOCK = 1_000_000
BARE_S = 2.0
LIMIT_RATIO = 1.5
# 1.5 × the 345 commits a second of the disk that the limit was set on
LIMIT_RATE = 517
LIMIT_P95_MS = 150


def run(*, quick: bool = False) -> list[Row]:
    """Orders a second and p95 on this disk and on a slow one, each beside the bare loop of the same run."""
    count = QUICK_ORDERS if quick else ORDERS
    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as folder:
        fast = durable_orders(Path(folder), count, "this disk", f"≥ {LIMIT_RATE}")
    return [*fast, *on_slow_disk(count), *buyer_page.run(quick=quick), *webhooks.run(quick=quick)]


def on_slow_disk(count: int) -> list[Row]:
    """The same where a commit costs what it costs on the disk that the limit was set on."""
    title = f"a disk of {SYNC_S * 1000:.1f} ms a sync"
    if not available():
        return [skipped("shop", title, "needs Linux and a C compiler (cc)")]
    temporary = tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True)
    with temporary as folder, slow_disk(Path(folder)):
        return durable_orders(Path(folder), count, title, f"≥ {LIMIT_RATIO} × beside")


def durable_orders(folder: Path, count: int, title: str, limit: str) -> list[Row]:
    """The figures of one disk."""
    bare = bare_commits(folder / "before.db")
    ours, delays_ms, changes, cpu_ms = place_orders(folder, count)
    bare = statistics.mean([bare, bare_commits(folder / "after.db")])
    p95 = statistics.quantiles(delays_ms, n=20)[18]
    return [
        Row("shop", f"{title}: durable orders, 64 clients", f"{ours:.0f}", f"{bare:.0f}", limit, "1/s"),
        Row("shop", "… order acknowledged, p95", f"{p95:.0f}", "", f"≤ {LIMIT_P95_MS}", "ms"),
        Row("shop", "… server's CPU an order, fan-out included", f"{cpu_ms:.1f}", "", "", "ms"),
        Row("shop", "… stock values that each of 200 sockets got meanwhile", f"{changes:.0f}"),
    ]


def bare_commits(path: Path) -> float:
    """Commits a second of the bare loop in a file beside ours."""
    command = [sys.executable, "-m", "bench.bare", str(path), str(BARE_S)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def place_orders(folder: Path, count: int) -> tuple[float, list[float], float, float]:
    """(orders a second, milliseconds of each, stock values a socket got, server's CPU milliseconds an order)."""
    live = FreshStudio(folder / "studio").start()
    try:
        live.prepare_show(catalogue=[_product("A"), _product("B")])
        sockets = _child("listen", live, SOCKETS)
        assert sockets.stdout is not None
        assert sockets.stdin is not None
        sockets.stdout.readline()  # all are connected
        server = psutil.Process(live.process.pid)
        before_s = sum(server.cpu_times()[:2])
        clients = _child("order", live, count)
        answer = json.loads(clients.communicate()[0])
        cpu_ms = (sum(server.cpu_times()[:2]) - before_s) / count * 1000
        sockets.stdin.close()
        heard = json.loads(sockets.stdout.readline())
        sockets.wait()
        with live.listen("stock") as page:
            sold = page.values["stock"]["items"]["A"]["sold"]
        if sold != count:
            raise AssertionError(f"{count} orders acknowledged, {sold} sold")
        return answer["rate"], answer["delays_ms"], heard, cpu_ms
    finally:
        live.stop()


def _product(sku: str) -> dict[str, object]:
    label = {"origin": "青浦", "produced_on": TODAY, "shelf_life_days": 7, "storage": "冷藏", "batch": "1"}
    return {"sku": sku, "name": f"商品{sku}", "unit": "份", "price_fen": 100, "stock": STOCK, **label}


def _child(task: str, live: FreshStudio, number: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "bench.crowd", task, str(live.port), live.token(), str(number)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


if __name__ == "__main__":
    for row in run(quick="--quick" in sys.argv):
        print(*row, sep=" | ")
