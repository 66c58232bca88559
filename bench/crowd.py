"""The other side of the shop's bench, in a process of its own: `listen` opens sockets, `order` places orders."""

from gevent import monkey

monkey.patch_all()

import http.client  # noqa: E402 - patched first
import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

import gevent  # noqa: E402
import websocket  # noqa: E402

CLIENTS = 64
PING, PONG = "2", "3"


def listen(port: int, token: str, count: int) -> None:
    """Open `count` sockets on the stock topic; print how many values each got on average when stdin closes."""
    values = [0] * count

    def attend(index: int, ready: gevent.event.AsyncResult) -> None:
        socket = websocket.create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=60)
        socket.recv()
        socket.send("40" + json.dumps({"token": token, "page": "bench"}))
        socket.send('420["subscribe",["stock"]]')
        while True:
            message = socket.recv()
            if message == PING:
                socket.send(PONG)
            elif message.startswith("430"):
                ready.set()
            elif message.startswith('42["topic"'):
                values[index] += 1

    waiting = [gevent.event.AsyncResult() for _ in range(count)]
    for index, ready in enumerate(waiting):
        gevent.spawn(attend, index, ready)
    gevent.wait(waiting)
    print("ready", flush=True)
    gevent.get_hub().threadpool.apply(sys.stdin.read)
    print(json.dumps(sum(values) / count), flush=True)


def order(port: int, token: str, count: int) -> None:
    """Place `count` paid orders from 64 clients; print rate and delays."""
    delays_ms: list[float] = []
    numbers = iter(range(count))
    body = json.dumps({"buyer": "张阿姨", "lines": [{"sku": "A", "quantity": 1}], "paid": True}).encode()

    def buy() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number in numbers:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"bench-{number}"}
            begun = time.perf_counter()
            connection.request("POST", "/api/v1/orders", body, headers)
            answer = connection.getresponse()
            answer.read()
            delays_ms.append((time.perf_counter() - begun) * 1000)
            if answer.status != http.client.CREATED:
                raise AssertionError(answer.status)
        connection.close()

    begun = time.perf_counter()
    gevent.joinall([gevent.spawn(buy) for _ in range(CLIENTS)], raise_error=True)
    print(json.dumps({"rate": count / (time.perf_counter() - begun), "delays_ms": delays_ms}))


if __name__ == "__main__":
    {"listen": listen, "order": order}[sys.argv[1]](int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
