"""The least code that could keep an order, in a process of its own: `python -m bench.bare FILE SECONDS`."""

import sqlite3
import sys
import time


def commits_per_s(path: str, seconds: float) -> float:
    """Commits a second of one INSERT and one UPDATE each, WAL, synchronous FULL, one after the other."""
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


if __name__ == "__main__":
    print(commits_per_s(sys.argv[1], float(sys.argv[2])))
