"""OBS: what a scene switch costs beside the bare protocol, and how soon OBS is followed again after a crash."""

import itertools
import json
import queue
import random
import statistics
import tempfile
import time

import pytest
import websocket
from obswebsocket import obsws, requests

from bench.row import Row, skipped
from studio.events import Event, ObsChanged
from studio.obs import restoration, setup
from studio.obs.client import ObsClient
from studio.obs.inventory import look
from studio.obs.journal import Journal
from studio.obs.link import Connection, ObsLink
from tests.obs.real_obs import INSTALL, SCENES, RealObs

SWITCHES = 400
CRASHES = 3
SET_UPS = 3
LIMIT_RATIO = 1.1
LIMIT_RECONNECT_S = 1.5
LIMIT_SET_UP_S = 3.0


class Bare:
    """obs-websocket with nothing around it: one socket, no threads, no events."""

    def __init__(self, client: ObsClient) -> None:
        self._socket = websocket.create_connection(f"ws://{client.address}", timeout=10, skip_utf8_validation=True)
        hello = json.loads(self._socket.recv())["d"]["authentication"]
        proof = client._build_auth_string(hello["salt"], hello["challenge"])  # noqa: SLF001 - only the proof is borrowed
        self._say(1, {"rpcVersion": 1, "authentication": proof, "eventSubscriptions": 0})

    def switch(self, scene: str) -> None:
        data = {"requestType": "SetCurrentProgramScene", "requestId": "1", "requestData": {"sceneName": scene}}
        answer = self._say(6, data)
        assert answer["requestStatus"]["result"], answer

    def close(self) -> None:
        self._socket.close()

    def _say(self, op: int, body: dict) -> dict:
        self._socket.send(json.dumps({"op": op, "d": body}))
        return json.loads(self._socket.recv())["d"]


def run() -> list[Row]:
    """Measure on a real OBS of our own under Xvfb."""
    with tempfile.TemporaryDirectory(prefix="bench-obs-", ignore_cleanup_errors=True) as home:
        try:
            obs = RealObs(home)
        except pytest.skip.Exception:
            return [skipped("OBS", "scene switch, reconnect", INSTALL)]
        changes: queue.Queue[tuple[float, Event]] = queue.Queue()
        link = ObsLink(
            Connection(obs.host, obs.port, obs.password), lambda event: changes.put((time.monotonic(), event))
        )
        try:
            obs.start()
            link.start()
            _await(changes, "connected")
            return [*_switches(obs, link), *_set_ups(link), _reconnects(obs, changes)]
        finally:
            link.stop()
            obs.stop()


def _switches(obs: RealObs, link: ObsLink) -> list[Row]:
    client = obs.connect()
    client.request("SetCurrentSceneTransition", {"transitionName": "Cut"})
    bare = Bare(client)
    client.disconnect()
    library = obsws(obs.host, obs.port, obs.password, timeout=10)
    library.connect()
    ways = {
        "ours": link.switch,
        "bare": bare.switch,
        "library": lambda scene: library.call(requests.SetCurrentProgramScene(sceneName=scene)),
    }
    times_ms: dict[str, list[float]] = {way: [] for way in ways}
    order = random.Random(1)  # who goes first must not follow OBS's frame clock
    scenes = itertools.cycle(SCENES)  # every switch is a real one
    for number in range(SWITCHES):
        # the library waits some 40 ms for a delayed acknowledgement: fewer rounds tell enough
        present = sorted(ways) if number % 10 == 0 else ["bare", "ours"]
        for way in order.sample(present, len(present)):
            scene = next(scenes)
            began = time.perf_counter()
            ways[way](scene)
            times_ms[way].append((time.perf_counter() - began) * 1000)
    bare.close()
    library.disconnect()
    ours_ms, bare_ms, library_ms = (statistics.median(times_ms[way]) for way in ("ours", "bare", "library"))
    figure = f"scene switch, median of {SWITCHES}"
    return [
        Row("OBS", figure, f"{ours_ms:.2f}", f"{bare_ms:.2f} bare obs-websocket", "", "ms"),
        Row("OBS", figure, f"{ours_ms:.2f}", f"{library_ms:.2f} obs-websocket-py", "", "ms"),
        Row("OBS", "scene switch ÷ bare round trip", f"{ours_ms / bare_ms:.2f}", "", f"≤ {LIMIT_RATIO}", "×"),
    ]


def _set_ups(link: ObsLink) -> list[Row]:
    """The whole collection from nothing, as one click does it: look, plan, one batch, look again."""

    def url(orientation: str) -> str:
        return f"http://127.0.0.1:8733/overlay/composite?orientation={orientation}"

    took_s: list[float] = []
    left = 0
    for _ in range(SET_UPS):
        began = time.monotonic()
        found = look(link)
        done: list[Journal] = []
        setup.apply(link, found, setup.plan(found, url), Journal(), done.append)
        left += len(setup.plan(look(link), url).changes)
        took_s.append(time.monotonic() - began)
        restoration.undo(link, done[-1])
    return [
        Row("OBS", f"set-up of all scenes, worst of {SET_UPS}", f"{max(took_s):.2f}", "", f"≤ {LIMIT_SET_UP_S}", "s"),
        Row("OBS", "changes left for a second set-up", str(left), "", "0", ""),
    ]


def _reconnects(obs: RealObs, changes: "queue.Queue[tuple[float, Event]]") -> Row:
    after_s: list[float] = []
    for _ in range(CRASHES):
        obs.kill()
        _await(changes, "off")
        obs.restart()
        ready = time.monotonic()
        after_s.append(max(0.0, _await(changes, "connected") - ready))
    figure = f"followed again after OBS is back, worst of {CRASHES}"
    return Row("OBS", figure, f"{max(after_s):.2f}", "", f"≤ {LIMIT_RECONNECT_S}", "s")


def _await(changes: "queue.Queue[tuple[float, Event]]", state: str) -> float:
    """When OBS came into this state (monotonic seconds)."""
    while True:
        at, event = changes.get(timeout=30)
        if isinstance(event, ObsChanged) and event.state == state:
            return at


if __name__ == "__main__":
    for row in run():
        print(*row, sep=" | ")
