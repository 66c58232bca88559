import queue
import threading
import wave
from itertools import pairwise

import numpy as np
import pytest

from studio.errors import AudioUnreadable
from studio.transcribe.audio import SAMPLE_RATE, Microphone, Recording, open_source
from studio.transcribe.ring import MEMORY_S, Ring


def write_wave(path, seconds, rate=44_100, channels=2):
    tone = np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate) * 0.5
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat((tone * 32767).astype("<i2"), channels).tobytes())
    return path


def read(source):
    return np.concatenate(list(source.blocks(threading.Event())))


def test_any_rate_and_channels_become_16_khz_mono(tmp_path):
    source = open_source(str(write_wave(tmp_path / "a.wav", 2.0)))
    samples = read(source)
    assert source.duration_s == pytest.approx(2.0, abs=0.01)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(2 * SAMPLE_RATE, abs=64)
    assert np.abs(np.fft.rfft(samples)).argmax() / 2 == pytest.approx(440, abs=2)


def test_start_skips_what_was_before(dairy_audio):
    whole, rest = read(Recording(str(dairy_audio))), read(Recording(str(dairy_audio), 100.0))
    assert len(rest) == pytest.approx(len(whole) - 100 * SAMPLE_RATE, abs=0.1 * SAMPLE_RATE)


def test_missing_file_says_so(tmp_path):
    with pytest.raises(AudioUnreadable, match="does not exist"):
        open_source(str(tmp_path / "none.mp3"))


@pytest.mark.parametrize("content", [b"", b"not audio at all" * 100])
def test_unreadable_audio_says_what_to_use(tmp_path, content):
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    with pytest.raises(AudioUnreadable) as refused:
        open_source(str(path))
    assert "常见格式" in refused.value.zh


def test_unreachable_stream_says_so():
    with pytest.raises(AudioUnreadable, match="cannot open audio http"):
        open_source("http://127.0.0.1:1/live.m3u8")


def test_unknown_microphone_says_which_there_are():
    microphone = Microphone("mic:no such device")
    with pytest.raises(AudioUnreadable) as refused:
        next(microphone.blocks(threading.Event()))
    assert "麦克风" in refused.value.zh or "PortAudio" in refused.value.zh


def numbered(first, count):
    return np.arange(first, first + count, dtype=np.float32)


def test_ring_gives_samples_back_in_order_whatever_the_sizes():
    ring = Ring()
    for first in range(0, 1000, 100):
        ring.push(numbered(first, 100))
    ring.close()
    pulled = [ring.pull(count, 1.0) for count in (1, 512, 300, 512, 512)]
    assert [len(part) for part in pulled] == [1, 512, 300, 187, 0]
    assert np.array_equal(np.concatenate(pulled), numbered(0, 1000))


def test_ring_keeps_more_than_memory_holds():
    """A reader that stalls for 90 s: nothing is dropped, memory stays bounded."""
    ring = Ring()
    total = 90 * SAMPLE_RATE
    for first in range(0, total, SAMPLE_RATE):
        ring.push(numbered(first, SAMPLE_RATE))
        assert ring._in_memory <= (MEMORY_S + 1) * SAMPLE_RATE
    assert ring.lag_s == 90
    half = ring.pull(total // 2, 1.0)
    ring.push(numbered(total, 100))
    ring.close()
    rest = ring.pull(total, 1.0)
    assert np.array_equal(np.concatenate([half, rest]), numbered(0, total + 100))
    assert ring.lag_s == 0


def test_ring_makes_a_patient_writer_wait():
    ring = Ring()
    written = queue.SimpleQueue()

    def write():
        for first in range(0, 60 * SAMPLE_RATE, SAMPLE_RATE):
            ring.push(numbered(first, SAMPLE_RATE), wait=True)
            written.put(first)
        ring.close()

    writer = threading.Thread(target=write)
    writer.start()
    parts = []
    while len(part := ring.pull(1000, 5.0)):
        parts.append(part)
        assert ring.lag_s <= MEMORY_S + 1
    writer.join()
    assert np.array_equal(np.concatenate(parts), numbered(0, 60 * SAMPLE_RATE))


def test_ring_times_out_where_nothing_comes():
    assert Ring().pull(512, 0.01) is None


def test_media_clock_starts_where_the_media_does_and_never_runs_back():
    ring = Ring(start=10 * SAMPLE_RATE)
    times = [ring.now_s()]
    for _ in range(5):
        ring.push(np.zeros(160, np.float32))
        times.append(ring.now_s())
    assert times[0] == pytest.approx(10.0, abs=0.5)
    assert all(one <= other + 0.5 for one, other in pairwise(times))
