"""A real OBS Studio of the test's own: under its own Xvfb, with its own home, port, password and scenes."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from studio.errors import StudioError
from studio.obs.client import ObsClient
from tests.real import require

INSTALL = "apt-get install obs-studio obs-plugins xvfb xauth libgl1-mesa-dri"
SCENES = ("片头", "牛奶", "厨房")
PASSWORD = "p谷-4455"
START_TIMEOUT_S = 60


class RealObs:
    """Start it, kill it, start it again; everything it leaves is in `home`."""

    def __init__(self, home, fps=10, collections=(), encoder=""):
        self.programs = {name: require(name, INSTALL) for name in ("obs", "Xvfb")}
        self.home = Path(home)
        self.fps = fps
        self.collections = collections  # imported ones, as documents: OBS lists its folder at its start
        self.encoder = encoder  # lines of the profile's simple output
        self.host = "127.0.0.1"
        self.port = free_port()
        self.password = PASSWORD
        self.recordings = self.home / "recordings"
        self.log_path = self.home / "obs.log"
        self.process = None
        self._screen = None
        self._display = ""

    def start(self):
        """Run OBS and wait until it answers with its scenes."""
        self.launch()
        return self.wait_ready()

    def launch(self):
        """Run OBS without waiting for it."""
        if self._screen is None:
            self._prepare()
            self._start_screen()
        # importing cv2 points Qt at plugins of its own, which OBS cannot load
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
        environment = {
            **inherited,
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "DISPLAY": self._display,
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "QT_QPA_PLATFORM": "xcb",
        }
        arguments = ["--multi", "--minimize-to-tray", "--disable-updater", "--disable-missing-files-check"]
        arguments += ["--disable-shutdown-check"]  # since OBS 30: no question after a kill
        arguments += ["--websocket_port", str(self.port), "--websocket_password", self.password]
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs["obs"], *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_ready(self):
        """Wait until obs-websocket answers and knows the scenes."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            try:
                client = self.connect(timeout_s=2.0)
            except StudioError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = self.log_path.read_text("utf-8", errors="replace")[-4000:]
                    raise AssertionError(f"OBS did not start: {error}\n{log}") from error
                threading.Event().wait(0.01)  # between two looks at a port that is about to open
                continue
            try:
                if client.request("GetSceneList")["scenes"]:
                    return self
            finally:
                client.disconnect()

    def connect(self, **options):
        """A connected client of its own, to act as the host's hand in OBS."""
        client = ObsClient(self.host, self.port, self.password, **options)
        client.connect()
        return client

    def kill(self):
        """As a crash would: SIGKILL, no goodbye."""
        _end_group(self.process, signal.SIGKILL)

    def restart(self):
        """The same OBS again, with its configuration as it is on disk."""
        return self.start()

    def stop(self):
        """End OBS and its screen, whatever state they are in."""
        for process in (self.process, self._screen):
            if process is not None:
                _end_group(process, signal.SIGTERM)

    def _prepare(self):
        config = self.home / "config/obs-studio"
        profile = config / "basic/profiles/studio"
        for folder in (profile, config / "basic/scenes", self.recordings):
            folder.mkdir(parents=True)
        (config / "global.ini").write_text(
            "[General]\nFirstRun=true\n"
            "[Basic]\nProfile=studio\nProfileDir=studio\nSceneCollection=studio\nSceneCollectionFile=studio\n"
            f"[OBSWebSocket]\nFirstLoad=false\nServerEnabled=true\nServerPort={self.port}\n"
            f"AuthRequired=true\nServerPassword={self.password}\n",
            "utf-8",
        )
        (profile / "basic.ini").write_text(
            "[General]\nName=studio\n"
            f"[SimpleOutput]\nFilePath={self.recordings}\nRecFormat=mkv\n{self.encoder}"
            "[Video]\nBaseCX=1280\nBaseCY=720\nOutputCX=640\nOutputCY=360\n"
            f"FPSType=1\nFPSInt={self.fps}\n",
            "utf-8",
        )
        collection = {
            "name": "studio",
            "current_scene": SCENES[0],
            "current_program_scene": SCENES[0],
            "scene_order": [{"name": name} for name in SCENES],
            "sources": [{"id": "scene", "name": name, "settings": {"items": []}} for name in SCENES],
        }
        for number, document in enumerate((collection, *self.collections)):
            name = "studio" if number == 0 else f"imported-{number}"
            (config / f"basic/scenes/{name}.json").write_text(json.dumps(document), "utf-8")

    def _start_screen(self):
        # Xvfb chooses a free display itself: several workers run at the same time
        reading, writing = os.pipe()
        self._screen = subprocess.Popen(
            [self.programs["Xvfb"], "-displayfd", str(writing), "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise AssertionError("Xvfb did not start")
        self._display = f":{number}"


def _end_group(process, how):
    if process.poll() is None:
        os.killpg(process.pid, how)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
