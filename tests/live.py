"""A real studio in a process of its own, on a free port and a data folder of the test's."""

import json
import signal
import subprocess
import threading
import time
from datetime import date
from pathlib import Path
from queue import Empty, Queue

import requests
import socketio

from studio.catalogue_file import parse_catalogue
from studio.demo.driver import fresh_catalogue
from tests import template, zygote

START_TIMEOUT_S = 30
TODAY = date.today().isoformat()  # noqa: DTZ011 - the host's day
_DAIRY_FILE = Path(__file__).parents[1] / "scenes/demo/dairy.catalog.json"


def fresh(path):
    """The file's catalogue with lots of today: nothing in it is past its shelf life."""
    products = fresh_catalogue(parse_catalogue(json.loads(path.read_text("utf-8"))), date.fromisoformat(TODAY))
    return [json.loads(product.model_dump_json()) for product in products]


def fresh_dairy():
    return fresh(_DAIRY_FILE)


DAIRY = fresh_dairy()


class LiveStudio:
    """Start it, command it by HTTP, kill it."""

    spawn = staticmethod(zygote.spawn)

    def __init__(self, data_dir, **settings):
        self.data_dir = Path(data_dir)
        # no undo window: what is paid is announced at once, unless the test is about that window
        self.settings = {"obs_enabled": False, "ear_enabled": False, "shoutout_undo_seconds": 0, **settings}
        self.port = 0
        self.process = None
        self.log_path = self.data_dir.parent / f"{self.data_dir.name}.log"

    def start(self):
        self.data_dir.mkdir(parents=True, exist_ok=True)
        status = self.data_dir / "server.json"
        status.unlink(missing_ok=True)
        settings = {**self.settings, "data_dir": str(self.data_dir), "port": self.port}
        if not self.settings.get("database_url"):
            template.seed(self.data_dir)
        self.process = self.spawn(self.script(settings), self.log_path)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not status.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the studio did not start:\n{self.log()}")
            _breathe()
        self.port = json.loads(status.read_text("utf-8"))["port"]
        return self

    def script(self, settings):
        """What the process runs."""
        return f"from studio import config, server; server.serve(config.load({settings!r}))"

    def log(self):
        return self.log_path.read_text("utf-8", errors="replace")

    def kill(self):
        """As a power cut would: SIGKILL, no goodbye."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.kill()
                raise

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def token(self, role="host"):
        return json.loads((self.data_dir / "tokens.json").read_text("utf-8"))["roles"][role]

    @property
    def login_url(self):
        return f"{self.url}/login?token={self.token()}"

    def overlay_url(self, name, orientation="portrait", **options):
        extra = "".join(f"&{key}={value}" for key, value in options.items())
        return f"{self.url}/overlay/{name}?token={self.token('overlay')}&orientation={orientation}{extra}"

    def call(self, method, path, body=None, *, role="host", headers=None, status=None):
        answer = requests.request(
            method,
            f"{self.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token(role)}", **(headers or {})},
            timeout=20,
        )
        if status is not None:
            assert answer.status_code == status, answer.text
        else:
            assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def order(self, key, buyer="张阿姨", sku="MILK-950", quantity=1, *, paid=True, status=None):
        body = {"buyer": buyer, "lines": [{"sku": sku, "quantity": quantity}], "paid": paid}
        return self.call("POST", "/orders", body, headers={"Idempotency-Key": key}, status=status)

    def prepare_show(self, *, live=True, catalogue=None):
        """The dairy's catalogue and a show whose rundown is its products."""
        catalogue = catalogue or DAIRY
        self.call("POST", "/catalogue", catalogue)
        rundown = [{"title": item["name"], "sku": item["sku"]} for item in catalogue]
        show = self.call("POST", "/shows", {"title": "透明牧场", "rundown": rundown})
        return self.call("POST", f"/shows/{show['id']}/live", {"override": "测试"}) if live else show

    def listen(self, *topics, role="host", page="test"):
        return Listener(self, topics, role, page)


class FreshStudio(LiveStudio):
    """One whose start costs what it costs a host: to measure."""

    spawn = staticmethod(zygote.spawn_fresh)


class Listener:
    """A socket client that waits for topic values; use as a context manager."""

    def __init__(self, live, topics, role, page):
        self.hello = None
        self.values = {}
        self.revisions = {}
        self._changes = Queue()
        self._topics = topics
        self._client = socketio.Client(reconnection=False)
        self._client.on("hello", self._hello)
        self._client.on("topic", self._topic)
        self._live, self._role, self._page = live, role, page

    def __enter__(self):
        auth = {"token": self._live.token(self._role), "page": self._page}
        self._client.connect(self._live.url, auth=auth, transports=["websocket"], wait_timeout=10)
        snapshot = self._client.call("subscribe", list(self._topics), timeout=10)
        for topic, entry in snapshot.items():
            self._accept(topic, entry["rev"], entry["value"])
        return self

    def __exit__(self, *_exception):
        transport = self._client.eio.ws
        self._client.disconnect()
        if transport:
            transport.close()  # the library leaves it to the garbage collector when the server hung up first

    def wait(self, topic, accept, timeout_s=15):
        """The topic's value as soon as `accept(value)` holds."""
        deadline = time.monotonic() + timeout_s
        while True:
            if topic in self.values and accept(self.values[topic]):
                return self.values[topic]
            try:
                self._changes.get(timeout=max(0.01, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"{topic} stayed {self.values.get(topic)!r}") from None

    def say(self, event, payload):
        """What a page has to say."""
        self._client.emit(event, payload)

    def _hello(self, hello):
        self.hello = hello

    def _topic(self, message):
        self._accept(message["topic"], message["rev"], message["value"])

    def _accept(self, topic, revision, value):
        if revision >= self.revisions.get(topic, 0):
            self.revisions[topic], self.values[topic] = revision, value
        self._changes.put(topic)


def _breathe():
    """Give the other process the processor for a moment between two looks at a file it is about to write."""
    threading.Event().wait(0.02)
