"""The stage beside NodeCG: fan-out, change → DOM, hard kills, idle cost; and a page that never reads.

Both servers get the same crowd of clients, the same Chromium, the same value and the same clock, in turns, so that
what else the machine does meets both. Where NodeCG cannot be installed its figures of shared/BENCH.md stand beside.
"""

import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import psutil
import requests
import websocket
from playwright.sync_api import Page

from bench.nodecg import NodeCG
from bench.row import Row, skipped
from bench.scene import SKU, Ours, Scene
from bench.start import Door
from tests.live import FreshStudio, LiveStudio

ROOT = Path(__file__).parents[1]
SECTION = "stage"
COUNTS = (100, 500, 1000)
HZ = 20
IDLE_S = 10.0
FLOOD = 10_000
QUOTED_FANOUT_MS = {100: 16.0, 500: 52.0, 1000: 85.0}
QUOTED_DOM_MS = (4.1, 18.0)

WATCH = """(selector) => {
  const element = document.querySelector(selector);
  window.seen = [];
  new MutationObserver(() => {
    window.seen.push([element.textContent, performance.timeOrigin + performance.now()]);
  }).observe(element, { childList: true, characterData: true, subtree: true });
}"""


def run(*, quick: bool = False) -> list[Row]:
    """Every figure of BENCH.md's table of the stage."""
    for program in ("node", "chromium"):
        if shutil.which(program) is None:
            return [skipped(SECTION, "all", f"apt-get install {program}")]
    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as folder:
        with Scene(Path(folder), quick=quick) as scene:
            rows = [*idle(scene), *fan_out(scene), *change_to_dom(scene), *never_reads(scene), *lost_writes(scene)]
            rows += revival(scene)
            if scene.why:
                rows.append(skipped(SECTION, "NodeCG beside", scene.why))
        return rows


def fan_out(scene: Scene) -> list[Row]:
    """Change → last of so many sockets, median; the two servers take turns."""
    times: dict[str, dict[int, list[float]]] = {side.kind: defaultdict(list) for side in scene.sides}
    for _ in range(1 if scene.quick else 3):
        for side in scene.sides:
            task = {"kind": side.kind, "url": side.url, "token": side.token(), "counts": COUNTS, "changes": 20}
            command = ["node", str(ROOT / "bench/sockets.mjs"), str(ROOT), json.dumps(task)]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=300).stdout
            for count, found in json.loads(answer).items():
                times[side.kind][int(count)] += found
    rows = []
    for count in COUNTS:
        ours = statistics.median(times["ours"][count])
        peer = statistics.median(times["nodecg"][count]) if scene.peer else QUOTED_FANOUT_MS[count]
        limit = "≤ NodeCG" if count == max(COUNTS) else ""
        figure = f"change → last of {count} sockets, median"
        rows.append(Row(SECTION, figure, f"{ours:.1f}", _beside(scene, f"{peer:.1f}"), limit, "ms"))
    return rows


def change_to_dom(scene: Scene) -> list[Row]:
    """A change in the server → text in Chromium, 20 Hz; then a durable stock change, counted from its POST."""
    count = 50
    pulses: dict[str, list[float]] = defaultdict(list)
    posts: dict[str, list[float]] = defaultdict(list)
    commits: list[float] = []
    pages = {side.kind: scene.open(side) for side in scene.sides}
    for side in scene.sides * (2 if scene.quick else 6):  # short turns: a busy moment of the machine meets both
        page = pages[side.kind]
        page.evaluate(WATCH, "#value")
        _pulse(side, count, HZ)
        page.wait_for_function("(count) => window.seen.length >= count", arg=count, timeout=60_000)
        pulses[side.kind] += [at - float(text) for text, at in page.evaluate("window.seen")]
        page.evaluate(WATCH, "#stock" if side.kind == "ours" else "#value")
        sent = _post_values(side, count)
        page.wait_for_function("(last) => window.seen.at(-1)?.[0] === last", arg=str(count), timeout=60_000)
        seen = dict(reversed(page.evaluate("window.seen")))
        # a value that was followed by another before it was announced counts as seen with that one
        shown = [float(seen[str(number)]) if str(number) in seen else None for number in range(1, count + 1)]
        for number in reversed(range(count - 1)):
            shown[number] = shown[number] or shown[number + 1]
        commits += _bare_commits(scene.folder / "bare.db", count)
        posts[side.kind] += [at - began for at, began in zip(shown, sent, strict=True) if at is not None]
    for page in pages.values():
        page.close()
    durable_peer = [delay + commit for delay, commit in zip(posts["nodecg"], commits, strict=False)]
    return [
        *_dom_rows(scene, f"change → DOM, {HZ} Hz", pulses, ("≤ NodeCG", "≤ NodeCG")),
        *_dom_rows(scene, f"POST → DOM, {HZ} Hz, ours durable, NodeCG's not", posts, ("≤ 2 × NodeCG", "≤ NodeCG")),
        Row(SECTION, "… of that one commit in a bare sqlite3 on this disk, p50 / p95", _p50_p95(commits), "", "", "ms"),
        Row(SECTION, "… NodeCG's if it waited for such a commit, p50 / p95", "", _p50_p95(durable_peer), "", "ms"),
    ]


def _p50_p95(found: list[float]) -> str:
    return f"{statistics.median(found):.1f} / {statistics.quantiles(found, n=20)[18]:.1f}" if found else ""


def _bare_commits(path: Path, count: int) -> list[float]:
    """Milliseconds of each durable commit at 20 Hz with nothing around it."""
    took = []
    pause = threading.Event()
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS bare (n INT);")
    for number in range(count):
        began = time.perf_counter()
        database.execute("INSERT INTO bare VALUES (?)", (number,))
        took.append((time.perf_counter() - began) * 1000)
        pause.wait(1 / HZ)
    database.close()
    return took


def _dom_rows(scene: Scene, figure: str, delays: dict[str, list[float]], limits: tuple[str, str]) -> list[Row]:
    rows = []
    for index, (name, limit) in enumerate(zip(("p50", "p95"), limits, strict=True)):
        at = {"p50": 9, "p95": 18}[name]
        ours = statistics.quantiles(delays["ours"], n=20)[at]
        peer = statistics.quantiles(delays["nodecg"], n=20)[at] if scene.peer else QUOTED_DOM_MS[index]
        rows.append(Row(SECTION, f"{figure}, {name}", f"{ours:.1f}", _beside(scene, f"{peer:.1f}"), limit, "ms"))
    return rows


def never_reads(scene: Scene) -> list[Row]:
    """10,000 changes while one page of two never reads: what the other sees, and what the server keeps."""
    server = psutil.Process(scene.ours.process.pid)
    asleep, awake = _subscribe(scene.ours), _subscribe(scene.ours)
    count = FLOOD // 5 if scene.quick else FLOOD
    before = server.memory_info().rss
    _pulse(scene.ours, count, 2000)
    delays_ms: list[float] = []
    while len(delays_ms) < count:
        message = awake.recv()
        if message == "2":
            awake.send("3")
        elif message.startswith('42["topic"'):
            delays_ms.append(time.time() * 1000 - float(json.loads(message[2:])[1]["value"]["version"]))
    grown = (server.memory_info().rss - before) / 1e6
    asleep.close()
    awake.close()
    p95 = statistics.quantiles(delays_ms, n=20)[18]
    return [
        Row(SECTION, f"{count} changes beside a page that never reads: the other's p95", f"{p95:.1f}", "", "", "ms"),
        Row(SECTION, "… the server's growth", f"{grown:.1f}", "", "", "MB"),
    ]


def lost_writes(scene: Scene) -> list[Row]:
    """Kill -9 while a client writes without pause: is the last acknowledged value there after the start?"""
    kills = {"ours": 5 if scene.quick else 20, "nodecg": 1 if scene.quick else 3}
    lost = dict.fromkeys(kills, 0)
    for side in scene.sides:
        for _ in range(kills[side.kind]):
            acknowledged: list[int] = []
            ready = threading.Event()
            writer = threading.Thread(target=_write_until_dead, args=(side, acknowledged, ready))
            writer.start()
            ready.wait(timeout=30)
            side.kill()
            writer.join()
            side.start()
            lost[side.kind] += _stored(side) < acknowledged[-1]
    beside = f"{lost['nodecg']} in {kills['nodecg']} NodeCG" if scene.peer else "1 in 1 NodeCG, quoted"
    return [Row(SECTION, f"acknowledged writes lost, {kills['ours']} kills", str(lost["ours"]), beside, "0")]


def revival(scene: Scene) -> list[Row]:
    """Kill -9 → answers (ours by its own supervisor, NodeCG started again at once) → page shows a new value."""
    rounds = 1 if scene.quick else 3
    answers: dict[str, list[float]] = defaultdict(list)
    shows: dict[str, list[float]] = defaultdict(list)
    for number in range(rounds):
        environ = {"STUDIO_EAR_ENABLED": "false", "STUDIO_OBS_ENABLED": "false"}
        with Door(scene.folder / f"door-{number}", **environ) as door:
            door.overlay_served_s()
            door.studio.prepare_show()
            page = scene.open(door.studio)
            answers["ours"].append(door.revival_s())
            shows["ours"].append(_shows_after(door.studio, page))
        if scene.peer:
            page = scene.open(scene.peer)
            scene.peer.kill()
            began = time.monotonic()
            scene.peer.start()
            answers["nodecg"].append(time.monotonic() - began)
            shows["nodecg"].append(_shows_after(scene.peer, page))
    rows = []
    for figure, found, quoted, limit in (
        ("kill -9 → server answers, median", answers, "4.4-7.2", "≤ 2"),
        ("… → page shows a new value", shows, "0.7-3.9", "≤ 0.5"),
    ):
        peer = f"{statistics.median(found['nodecg']):.2f}" if scene.peer else quoted
        ours = f"{statistics.median(found['ours']):.2f}"
        rows.append(Row(SECTION, figure, ours, _beside(scene, peer), limit, "s"))
    return rows


def idle(scene: Scene) -> list[Row]:
    """Resident memory and processor of each server with one page open and nothing happening; ours off the air, too."""
    off_air = FreshStudio(scene.folder / "off-air")
    off_air.start()
    off_air.prepare_show(live=False)
    sides = [off_air, *scene.sides]
    pages = [scene.open(side) for side in sides]
    servers = [psutil.Process(side.process.pid) for side in sides if side.process]
    for server in servers:
        server.cpu_percent()
    threading.Event().wait(IDLE_S)
    found = [(server.memory_info().rss / 1e6, server.cpu_percent()) for server in servers]
    for page in pages:
        page.close()
    off_air.stop()
    (ours_mb, ours_percent), (on_air_mb, _), peer = found[0], found[1], found[-1]
    beside = [_beside(scene, f"{value:.1f}") if scene.peer else "" for value in peer]
    return [
        Row(SECTION, "idle server, one page, memory", f"{ours_mb:.0f}", beside[0], "≤ 120", "MB"),
        Row(SECTION, "… with a show on air", f"{on_air_mb:.0f}", "", "", "MB"),
        Row(SECTION, "idle server, one page, CPU", f"{ours_percent:.1f}", beside[1], "< 1", "% of a core"),
    ]


def _beside(scene: Scene, figure: str) -> str:
    return f"{figure} NodeCG" if scene.peer else f"{figure} NodeCG, quoted"


def _pulse(side: "Ours | NodeCG", count: int, hz: float) -> None:
    answer = requests.post(f"{side.url}/bench/pulse", params={"count": count, "hz": hz}, timeout=10)
    answer.raise_for_status()


def _post_values(side: "Ours | NodeCG", count: int) -> list[float]:
    """POST 1…count at 20 Hz; when each was sent, wall clock in milliseconds."""
    sent = []
    pause = threading.Event()
    begun = time.monotonic()
    with requests.Session() as session:
        for number in range(1, count + 1):
            pause.wait(max(0.0, begun + number / HZ - time.monotonic()))
            sent.append(time.time() * 1000)
            _write(side, session, number)
    return sent


def _write(side: "LiveStudio | NodeCG", session: requests.Session, number: int) -> None:
    """Returns when the server has acknowledged the number; both get the same request."""
    path = "/bench/set" if isinstance(side, NodeCG) else f"/api/v1/stock/{SKU}/movements"
    body = {"kind": "recount", "quantity": number, "reason": "bench"}
    headers = {"Authorization": f"Bearer {side.token()}"}
    session.post(f"{side.url}{path}", json=body, headers=headers, timeout=10).raise_for_status()


def _write_until_dead(side: "Ours | NodeCG", acknowledged: list[int], ready: threading.Event) -> None:
    with requests.Session() as session:
        for number in range(1_000, 1_000_000):
            try:
                _write(side, session, number)
            except requests.RequestException:
                return
            acknowledged.append(number)
            if len(acknowledged) > 20:
                ready.set()


def _stored(side: "Ours | NodeCG") -> int:
    if isinstance(side, NodeCG):
        return int(float(requests.get(f"{side.url}/bench/get", timeout=10).text or 0))
    with side.listen("stock") as page:
        return page.values["stock"]["items"][SKU]["on_hand"]


def _shows_after(side: "LiveStudio | NodeCG", page: Page) -> float:
    """Seconds until the page shows a value that is written now."""
    began = time.monotonic()
    with requests.Session() as session:
        _write(side, session, 77)
    selector = "#value" if isinstance(side, NodeCG) else "#stock"
    page.wait_for_function(f"document.querySelector('{selector}').textContent === '77'", timeout=60_000, polling=10)
    taken = time.monotonic() - began
    page.close()
    return taken


def _subscribe(live: LiveStudio) -> websocket.WebSocket:
    page = websocket.create_connection(f"ws://127.0.0.1:{live.port}/socket.io/?EIO=4&transport=websocket", timeout=60)
    page.recv()
    page.send("40" + json.dumps({"token": live.token(), "page": "bench"}))
    page.send('420["subscribe",["obs"]]')
    while not page.recv().startswith("430"):
        pass
    return page


if __name__ == "__main__":
    for row in run(quick="--quick" in sys.argv):
        print(*row, sep=" | ")
