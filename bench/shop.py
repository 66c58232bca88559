"""Durable orders a second over HTTP, against one commit an order in a bare sqlite3 loop on the same disk.

`python -m bench shop`. 64 clients place paid orders while 200 sockets get the stock; clients and sockets live in
processes of their own, so that the server's share is all that counts.
"""

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench import buyer_page, webhooks
from bench.row import Row
from tests.live import TODAY, FreshStudio

CLIENTS = 64
SOCKETS = 200
ORDERS = 3000
QUICK_ORDERS = 600
STOCK = 1_000_000
LIMIT_RATIO = 1.5
LIMIT_P95_MS = 150


def run(*, quick: bool = False) -> list[Row]:
    """Orders a second and p95, beside the bare loop of the same run."""
    count = QUICK_ORDERS if quick else ORDERS
    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as folder:
        bare = bare_commits(Path(folder) / "bare.db", seconds=2.0)
        ours, delays_ms, changes, cpu_ms = place_orders(Path(folder), count)
        bare = statistics.mean([bare, bare_commits(Path(folder) / "bare2.db", seconds=2.0)])
    p95 = statistics.quantiles(delays_ms, n=20)[18]
    return [
        Row("shop", "durable orders over HTTP, 64 clients", f"{ours:.0f}", f"{bare:.0f}", f"{LIMIT_RATIO}×", "1/s"),
        Row("shop", "… ratio to one commit an order", f"{ours / bare:.2f}", "1", f"≥ {LIMIT_RATIO}", "×"),
        Row("shop", "order acknowledged, p95", f"{p95:.0f}", "", f"≤ {LIMIT_P95_MS}", "ms"),
        Row("shop", "server's CPU an order, fan-out included", f"{cpu_ms:.1f}", "", "", "ms"),
        Row("shop", "stock values that each of 200 sockets got meanwhile", f"{changes:.0f}"),
        *buyer_page.run(quick=quick),
        *webhooks.run(quick=quick),
    ]


def bare_commits(path: Path, seconds: float) -> float:
    """Commits a second of the least code that could keep an order: one INSERT and one UPDATE, synchronous FULL."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, buyer TEXT, sku TEXT, n INT);"
        "CREATE TABLE stock (sku TEXT PRIMARY KEY, on_hand INT); INSERT INTO stock VALUES ('A', 1000000);"
    )
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO orders (buyer, sku, n) VALUES ('张', 'A', 1)")
        connection.execute("UPDATE stock SET on_hand = on_hand - 1 WHERE sku = 'A' AND on_hand >= 1")
        connection.execute("COMMIT")
        count += 1
    rate = count / (time.perf_counter() - begun)
    connection.close()
    return rate


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
