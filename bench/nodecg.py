"""NodeCG, the peer: installed by npm into the user's cache folder, run on a bundle with one replicant.

Needs npm with access to a registry and, where no prebuilt better-sqlite3 is to be had, a C++ compiler.
"""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from dataclasses import asdict
from pathlib import Path

from platformdirs import user_cache_path

from studio.events import ObsChanged

VERSION = "2.6.4"
INSTALL_TIMEOUT_S = 1200
START_TIMEOUT_S = 60

CHANGE = ObsChanged(state="connected", version="0", program="商品")
"""What changes, on both sides; `version` is when, in milliseconds."""

_EXTENSION = """
const CHANGE = /* the same value as ours */;
const TOKEN = /* the same header as ours */;
module.exports = (nodecg) => {
  const now = () => performance.timeOrigin + performance.now();
  const value = nodecg.Replicant("bench", { defaultValue: CHANGE });
  const router = nodecg.Router();
  router.post("/pulse", (request, response) => {
    let left = Number(request.query.count);
    const beat = () => {
      if (left-- <= 0) return clearInterval(timer);
      value.value = { ...CHANGE, version: now().toFixed(3) };
    };
    const timer = setInterval(beat, 1000 / Number(request.query.hz));
    beat();
    response.end();
  });
  router.post("/set", (request, response) => {
    if (request.get("authorization") !== TOKEN) return response.status(401).end();
    value.value = { ...CHANGE, version: String(request.body.quantity) };
    response.end();
  });
  router.get("/get", (request, response) => response.end(value.value.version));
  nodecg.mount("/bench", router);
};
"""

_GRAPHIC = """<!doctype html><meta charset="utf-8"><p id="value"></p>
<script>
  const value = document.getElementById("value");
  nodecg.Replicant("bench").on("change", (next) => { value.textContent = next ? next.version : ""; });
</script>
"""


class NotInstallable(Exception):
    """NodeCG cannot be installed here; says why."""


def install() -> Path:
    """Folder whose node_modules holds NodeCG; minutes the first time.

    Raises:
        NotInstallable: no npm, no registry, or a failed build.
    """
    folder = user_cache_path("linli-bench") / f"nodecg-{VERSION}"
    if _sqlite(folder).exists():
        return folder
    npm = shutil.which("npm")
    if npm is None:
        raise NotInstallable("npm is not installed: apt-get install npm")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"name": "peer", "private": true}', "utf-8")
    # newer npm runs no install scripts unasked; rebuild runs that of the one package that needs it
    for command in (["install", f"nodecg@{VERSION}", "--no-audit", "--no-fund"], ["rebuild", "better-sqlite3"]):
        if _sqlite(folder).exists():
            continue
        try:
            subprocess.run([npm, *command], cwd=folder, check=True, capture_output=True, timeout=INSTALL_TIMEOUT_S)
        except subprocess.CalledProcessError as error:
            reason = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise NotInstallable(f"npm {command[0]} failed: {''.join(reason)[:200]}") from error
        except subprocess.TimeoutExpired as error:
            raise NotInstallable(f"npm {command[0]} took more than {INSTALL_TIMEOUT_S} s") from error
    if not _sqlite(folder).exists():
        raise NotInstallable("better-sqlite3 could not be built")
    return folder


def _sqlite(folder: Path) -> Path:
    return folder / "node_modules/better-sqlite3/build/Release/better_sqlite3.node"


class NodeCG:
    """One NodeCG on a free port, with its data in `home`.

    Args:
        installed: what `install` gave.
        home: a folder of ours; a bundle, a configuration and the database are written into it.
    """

    def __init__(self, installed: Path, home: Path) -> None:
        self.kind = "nodecg"
        self.home = home
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        bundle = home / "bundles/bench"
        (bundle / "graphics").mkdir(parents=True)
        manifest = {
            "name": "bench",
            "version": "1.0.0",
            "nodecg": {
                "compatibleRange": "^2.0.0",
                "graphics": [{"file": "index.html", "width": 1080, "height": 1920}],
            },
        }
        (bundle / "package.json").write_text(json.dumps(manifest), "utf-8")
        extension = _EXTENSION.replace("/* the same value as ours */", json.dumps(asdict(CHANGE)))
        extension = extension.replace("/* the same header as ours */", json.dumps(f"Bearer {self.token()}"))
        (bundle / "extension.js").write_text(extension, "utf-8")
        (bundle / "graphics/index.html").write_text(_GRAPHIC, "utf-8")
        project = {"name": "peer", "private": True, "dependencies": {"nodecg": VERSION}}
        (home / "package.json").write_text(json.dumps(project), "utf-8")
        (home / "cfg").mkdir()
        (home / "cfg/nodecg.json").write_text(json.dumps({"host": "127.0.0.1", "port": self.port}), "utf-8")
        (home / "node_modules").symlink_to(installed / "node_modules", target_is_directory=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def token(self) -> str:
        """What its `/bench/set` asks for."""
        return "nobody-else-knows-this-one"

    @property
    def page_url(self) -> str:
        """The graphic whose #value shows when the replicant was changed."""
        return f"{self.url}/bundles/bench/graphics/index.html"

    def start(self) -> "NodeCG":
        with (self.home / "log").open("ab") as log:
            command = ["node", "node_modules/nodecg/index.js"]
            environ = {**os.environ, "NODE_ENV": "production"}
            self.process = subprocess.Popen(command, cwd=self.home, stdout=log, stderr=log, env=environ)
        wait_for_answer(self.page_url, self.process, START_TIMEOUT_S)
        return self

    def kill(self) -> None:
        """SIGKILL, no goodbye."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()


def wait_for_answer(url: str, process: "subprocess.Popen[bytes] | None", timeout_s: float) -> float:
    """Ask until the server says 200; returns when (monotonic seconds).

    Raises:
        AssertionError: the process ended, or nobody answered in time.
    """
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise AssertionError(f"{process.args} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return time.monotonic()
        except OSError:
            pause.wait(0.02)
    raise AssertionError(f"no answer from {url}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
