"""The microphone at its border to PortAudio: unplugged and back, another sample rate, lost blocks."""

import logging
import threading
import time

import numpy as np
import pytest

from studio.errors import AudioUnreadable
from studio.transcribe import audio
from studio.transcribe.audio import SAMPLE_RATE, Microphone


class PortAudio:
    """What `sounddevice` offers, without a sound card: one device that sends a tone while it is plugged in."""

    class PortAudioError(Exception):
        pass

    def __init__(self, told_rate=44_100, real_rate=None, status=""):
        self.told_rate = told_rate
        self.real_rate = real_rate or told_rate
        self.status = status
        self.plugged = threading.Event()
        self.plugged.set()

    def _terminate(self):
        pass

    _initialize = _terminate

    def query_devices(self, kind=None):
        device = {"index": 0, "name": "USB Mic", "max_input_channels": 2, "default_samplerate": self.told_rate}
        return device if kind else [device] if self.plugged.is_set() else []

    def InputStream(self, *, callback, channels, **_options):  # noqa: N802 - as PortAudio calls it
        return Stream(self, callback, channels)


class Stream:
    def __init__(self, port, callback, channels):
        self._port, self._callback, self._channels = port, callback, channels
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()

    def _send(self):
        began, sent = time.monotonic(), 0
        while not self._done.wait(0.01):
            count = int((time.monotonic() - began) * self._port.real_rate) - sent
            if count and self._port.plugged.is_set():
                tone = 0.5 * np.sin(2 * np.pi * 440 * (sent + np.arange(count)) / self._port.real_rate)
                data = np.repeat(tone.astype(np.float32)[:, None], self._channels, axis=1)
                self._callback(data, count, None, self._port.status)
            sent += count


@pytest.fixture
def plug_in(monkeypatch):
    monkeypatch.setattr(audio, "MIC_SILENT_S", 0.3)
    monkeypatch.setattr(audio, "RATE_WINDOW_S", 0.4)

    def use(**options):
        port = PortAudio(**options)
        monkeypatch.setattr(audio, "_portaudio", lambda: port)
        return port

    return use


def listen(seconds):
    """Sound of the default microphone."""
    parts = []
    for block in Microphone("mic").blocks(threading.Event()):
        parts.append(block)
        if sum(map(len, parts)) > seconds * SAMPLE_RATE:
            break
    return np.concatenate(parts)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_any_rate_of_the_device_becomes_16_khz(plug_in, rate):
    plug_in(told_rate=rate)
    samples = listen(0.6)
    assert np.abs(np.fft.rfft(samples)).argmax() / len(samples) * SAMPLE_RATE == pytest.approx(440, abs=5)


def test_unplugged_is_told_and_another_try_hears_it_again(plug_in):
    port = plug_in()
    blocks = Microphone("mic").blocks(threading.Event())
    next(blocks)
    port.plugged.clear()
    with pytest.raises(AudioUnreadable, match="no data arrives"):
        list(blocks)
    with pytest.raises(AudioUnreadable, match="no input device"):
        next(Microphone("mic").blocks(threading.Event()))
    port.plugged.set()
    assert len(listen(0.2))


def test_rate_that_changes_under_way_is_noticed(plug_in):
    plug_in(told_rate=44_100, real_rate=16_000)
    with pytest.raises(AudioUnreadable, match="sample rate"):
        listen(30)


def test_lost_blocks_do_not_flood_the_log(plug_in, caplog):
    plug_in(status="input overflow")
    with caplog.at_level(logging.INFO):
        listen(1.0)
    told = [record for record in caplog.records if "input overflow" in record.getMessage()]
    assert 1 <= len(told) <= 8
