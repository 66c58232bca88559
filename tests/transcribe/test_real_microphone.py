"""A microphone of a real sound server: heard through PortAudio, pulled out while it is on air, back at another rate."""

import subprocess
import threading
import time

import pytest

from studio.events import AudioLevel, ProductMentioned
from tests.real import require

INSTALL = "sudo apt-get install pulseaudio libasound2-plugins libportaudio2 ffmpeg"
# PortAudio's default device; Debian's own file first, it knows the types
ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
pytestmark = pytest.mark.speech


class SoundServer:
    """PulseAudio with one microphone that can be pulled out, and what is said into it."""

    def __init__(self, folder):
        self._address = f"unix:{folder / 'sound'}"
        self._process = subprocess.Popen(
            [
                *(require("pulseaudio", INSTALL), "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
                *("--disable-shm", "-L", f"module-native-protocol-unix auth-anonymous=1 socket={folder / 'sound'}"),
            ],
            stderr=subprocess.DEVNULL,
            env={"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "PATH": "/usr/bin:/bin"},
        )
        self._speaker = None
        self._module = ""
        while not (folder / "sound").exists():
            assert self._process.poll() is None, "PulseAudio does not start"
            threading.Event().wait(0.02)

    def environment(self, folder):
        """What makes PortAudio use it."""
        (folder / "asound.conf").write_text(ALSA)
        return {"PULSE_SERVER": self._address, "ALSA_CONFIG_PATH": str(folder / "asound.conf")}

    def plug_in(self, rate):
        sink = f"sink_name=microphone rate={rate} channels=1"
        self._module = self._control("load-module", "module-null-sink", *sink.split())
        self._control("set-default-source", "microphone.monitor")

    def unplug(self):
        self.hush()
        self._control("unload-module", self._module)

    def say(self, audio, *filters):
        command = ["ffmpeg", "-loglevel", "error", "-re", "-ss", "9", "-i", audio, *filters]
        self._speaker = subprocess.Popen(
            [require(command[0], INSTALL), *command[1:], "-f", "pulse", "-device", "microphone", "test"],
            env={"PULSE_SERVER": self._address, "PATH": "/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
        )

    def hush(self):
        if self._speaker:
            self._speaker.kill()
            self._speaker.wait()

    def stop(self):
        self.hush()
        self._process.kill()
        self._process.wait()

    def _control(self, *command):
        tool = require("pactl", INSTALL)
        return subprocess.run(
            [tool, "--server", self._address, *command], check=True, capture_output=True, text=True
        ).stdout.strip()


@pytest.fixture
def sound_server(tmp_path, monkeypatch):
    server = SoundServer(tmp_path)
    for name, value in server.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


def test_microphone_is_heard_pulled_out_told_and_heard_again_at_another_rate(
    start, model_dir, dairy_audio, dairy_catalogue_path, sound_server
):
    """From second 9: 先给大家看今天的巴氏鲜牛奶。"""
    sound_server.plug_in(44_100)
    worker = start("--source", "mic", "--model-dir", model_dir, "--catalog", dairy_catalogue_path)
    worker.status("listening")
    sound_server.say(dairy_audio)
    worker.wait_for(lambda event: isinstance(event, ProductMentioned))

    sound_server.unplug()
    began = time.monotonic()
    status = worker.status("failed")
    assert "麦克风用不了" in status.message_zh
    assert time.monotonic() - began < 10

    sound_server.plug_in(48_000)
    worker.status("listening")
    sound_server.say(dairy_audio)
    worker.wait_for(lambda event: isinstance(event, ProductMentioned))
    assert worker.close() == 0


def test_level_of_the_microphone_tells_silence_and_clipping(start, model_dir, dairy_audio, sound_server):
    sound_server.plug_in(48_000)
    worker = start("--source", "mic", "--model-dir", model_dir)
    worker.status("listening")
    worker.wait_for(lambda event: isinstance(event, AudioLevel) and event.peak_db < -60)
    sound_server.say(dairy_audio, "-af", "volume=30dB")
    worker.wait_for(lambda event: isinstance(event, AudioLevel) and event.peak_db > -0.1)
    assert worker.close() == 0
