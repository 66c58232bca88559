"""Where sound comes from: microphones, files and streams, all as 16 kHz mono float32 blocks."""

import logging
import queue
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any, Protocol

import av
import av.error
import numpy as np
import soxr
from numpy.typing import NDArray

from studio.errors import AudioUnreadable

_log = logging.getLogger(__name__)

SAMPLE_RATE = 16_000
BLOCK = 1600  # 100 ms
MIC_SILENT_S = 3.0
# a device that gives this much more or less than its rate, twice in a row, has changed it
RATE_WINDOW_S = 5.0
RATE_TOLERANCE = 0.1
URL_TIMEOUT_S = 15.0

Samples = NDArray[np.float32]


class Source(Protocol):
    """One thing to listen to."""

    @property
    def name(self) -> str:
        """As given on the command line."""
        ...

    @property
    def live(self) -> bool:
        """Whether it runs by itself and cannot wait."""
        ...

    @property
    def duration_s(self) -> float | None:
        """Length; None where it has no end or does not say."""
        ...

    def blocks(self, stop: Flag) -> Iterator[Samples]:
        """Blocks of samples until the end or until `stop`.

        Raises:
            AudioUnreadable: it cannot be opened, or breaks off.
        """
        ...


def open_source(name: str, start_s: float = 0.0) -> Source:
    """The source of a `--source` value: `mic`, `mic:NAME`, a path or a URL.

    Raises:
        AudioUnreadable: a file that does not exist or holds no sound.
    """
    if name == "mic" or name.startswith("mic:"):
        return Microphone(name)
    return Recording(name, start_s)


class Recording:
    """A file or stream that PyAV opens."""

    def __init__(self, name: str, start_s: float = 0.0) -> None:
        self.name = name
        self.live = False
        self._start_s = start_s
        with self._open() as container:
            self.duration_s = container.duration / av.time_base if container.duration else None

    def blocks(self, stop: Flag) -> Iterator[Samples]:
        with self._open() as container:
            if self._start_s:
                container.seek(round(self._start_s * av.time_base), backward=True)
            resampler = av.AudioResampler("flt", "mono", SAMPLE_RATE)
            skipped = self._start_s <= 0
            broken = 0
            for packet in container.demux(audio=0):
                if stop.is_set():
                    return
                try:
                    frames = packet.decode()
                except av.error.InvalidDataError:  # a damaged packet is skipped, as players do
                    broken += 1
                    continue
                for frame in frames:
                    skipped = skipped or _reaches(frame, self._start_s)
                    yield from _blocks(resampler.resample(frame)) if skipped else ()
            yield from _blocks(resampler.resample(None))
            if broken:
                _log.warning("%d damaged packets skipped in %s", broken, self.name)

    def _open(self) -> Any:
        if "://" not in self.name and not Path(self.name).is_file():
            raise AudioUnreadable(f"找不到音频文件 {self.name}", f"audio file {self.name} does not exist")
        try:
            container = av.open(self.name, timeout=URL_TIMEOUT_S if "://" in self.name else None)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise AudioUnreadable(
                f"音频 {self.name} 打不开：{error}。请换成常见格式（mp3、wav、m4a、opus、mp4）",
                f"cannot open audio {self.name}: {error}; use a common format (mp3, wav, m4a, opus, mp4)",
            ) from error
        if not container.streams.audio:
            container.close()
            raise AudioUnreadable(f"{self.name} 里没有声音", f"{self.name} holds no sound")
        return container


def _reaches(frame: av.AudioFrame, start_s: float) -> bool:
    """Whether a frame ends after the place to begin at; a seek lands before it."""
    return frame.time is None or frame.time + frame.samples / frame.sample_rate > start_s


def _blocks(frames: Iterable[av.AudioFrame]) -> Iterator[Samples]:
    for frame in frames:
        samples = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
        for first in range(0, len(samples), BLOCK):
            yield samples[first : first + BLOCK]


class Microphone:
    """An input device of the operating system, through PortAudio.

    `mic` is the default device, `mic:NAME` the first whose name contains NAME.
    """

    live = True
    duration_s = None

    def __init__(self, name: str) -> None:
        self.name = name

    def blocks(self, stop: Flag) -> Iterator[Samples]:
        sounddevice = _portaudio()
        device, rate, channels = self._device(sounddevice)
        captured: queue.SimpleQueue[Samples] = queue.SimpleQueue()

        lost = 0

        def on_audio(data: Samples, _frames: int, _time: object, status: object) -> None:
            nonlocal lost
            if status:
                lost += 1
                if lost & (lost - 1) == 0:  # 1, 2, 4, 8 …: say it, do not flood
                    _log.warning("microphone: %s (%d times so far)", status, lost)
            captured.put(data.mean(axis=1, dtype=np.float32))

        resampler = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32") if rate != SAMPLE_RATE else None
        try:
            with sounddevice.InputStream(
                samplerate=rate, device=device, channels=channels, dtype="float32", callback=on_audio
            ):
                heard = time.monotonic()
                pace = _Pace(rate)
                while not stop.is_set():
                    try:
                        samples = captured.get(timeout=0.2)
                    except queue.Empty:
                        if time.monotonic() - heard > MIC_SILENT_S:
                            raise _no_microphone("没有收到声音数据", "no data arrives") from None
                        continue
                    heard = time.monotonic()
                    if pace.is_off(len(samples)):
                        raise _no_microphone("采样率变了", "its sample rate changed")
                    yield resampler.resample_chunk(samples) if resampler else samples
        except sounddevice.PortAudioError as error:
            raise _no_microphone(str(error), str(error)) from error

    def _device(self, sounddevice: Any) -> tuple[int, int, int]:
        """Index, sample rate and channel count of the device that is meant."""
        wanted = self.name.partition(":")[2].lower()
        try:
            sounddevice._terminate()  # noqa: SLF001 - PortAudio lists devices once; a re-plugged one needs this
            sounddevice._initialize()  # noqa: SLF001
            devices = [dict(device) for device in sounddevice.query_devices()]
            inputs = [device for device in devices if device["max_input_channels"] > 0]
            if wanted:
                chosen = next((device for device in inputs if wanted in device["name"].lower()), None)
            else:
                chosen = dict(sounddevice.query_devices(kind="input")) if inputs else None
        except (sounddevice.PortAudioError, ValueError) as error:
            raise _no_microphone(str(error), str(error)) from error
        if chosen is None:
            names = "、".join(str(device["name"]) for device in inputs)
            if not names:
                raise _no_microphone("这台电脑没有录音设备", "this computer has no input device")
            raise _no_microphone(
                f"没有名字里带 “{wanted}” 的，现有：{names}", f"none is called '{wanted}'; there are: {names}"
            )
        return int(chosen["index"]), int(chosen["default_samplerate"]), min(2, int(chosen["max_input_channels"]))


class _Pace:
    """Whether a device gives as many samples a second as it said; windows by the clock, two in a row count."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._began: float | None = None
        self._samples = self._off = 0

    def is_off(self, samples: int) -> bool:
        """Take the next samples."""
        now = time.monotonic()
        if self._began is None:  # the first block may have waited
            self._began = now
            return False
        self._samples += samples
        passed_s = now - self._began
        if passed_s >= RATE_WINDOW_S:
            off = abs(self._samples / passed_s / self._rate - 1) > RATE_TOLERANCE
            self._off = self._off + 1 if off else 0
            self._began, self._samples = now, 0
        return self._off > 1


def _portaudio() -> Any:
    try:
        import sounddevice  # noqa: PLC0415 - loads PortAudio, which files and streams do without
    except OSError as error:
        raise AudioUnreadable(
            "缺少录音组件 PortAudio。Linux 请运行 sudo apt-get install libportaudio2 后重试",
            f"PortAudio is missing ({error}); on Linux run: sudo apt-get install libportaudio2",
        ) from error
    return sounddevice


def _no_microphone(zh: str, en: str) -> AudioUnreadable:
    return AudioUnreadable(
        f"麦克风用不了：{zh}。请检查是否插好、是否允许访问，正在不断重试",
        f"cannot use the microphone: {en}; check that it is plugged in and allowed, trying again",
    )
