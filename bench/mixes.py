"""Sound for measuring the ear: shows with music or noise under them, and long runs of looped shows, as WAV files."""

import threading
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.transcribe.audio import SAMPLE_RATE, Recording

Samples = NDArray[np.float32]

# how far speech is above what is mixed in
MUSIC_DB, NOISE_DB = 8.0, 15.0
QUIETER, HISS_DB = 0.6, -45.0
# silences between two shows of a long run, in turn
GAPS_S = (20.0, 3.0, 60.0, 8.0)
_CHORDS_HZ = ((220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (196.0, 246.9, 293.7), (164.8, 207.7, 246.9))
_BEAT_S = 0.5


@dataclass(frozen=True)
class Loop:
    """One show in a long run: which, and the second at which it begins."""

    show: str
    start_s: float


def read(path: Path) -> Samples:
    """All of a file at 16 kHz mono."""
    return np.concatenate(list(Recording(str(path)).blocks(threading.Event())))


def music(count: int) -> Samples:
    """Chords with a plucked melody and a beat, as a shop plays in the background."""
    seconds = np.arange(count) / SAMPLE_RATE
    bar = (seconds / (4 * _BEAT_S)).astype(int) % len(_CHORDS_HZ)
    chords = np.array(_CHORDS_HZ)[bar]
    pad = sum(np.sin(2 * np.pi * chords[:, voice] * seconds) for voice in range(3))
    since_beat = seconds % _BEAT_S
    step = (seconds / _BEAT_S).astype(int) * 5 % 3
    melody = np.sin(2 * np.pi * 2 * chords[np.arange(count), step] * seconds) * np.exp(-5 * since_beat)
    beat = np.random.default_rng(7).normal(0, 1, count) * np.exp(-60 * since_beat)
    return (0.3 * pad + 0.8 * melody + 0.3 * beat).astype(np.float32)


def pink_noise(count: int) -> Samples:
    """Noise whose power falls with frequency, as fans and rooms make it."""
    spectrum = np.fft.rfft(np.random.default_rng(8).normal(0, 1, count))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    return np.fft.irfft(spectrum, count).astype(np.float32)


def mixed(speech: Samples, other: Samples, speech_above_db: float) -> Samples:
    """Both, the other scaled to lie that far below the speech (RMS over what is not silent)."""
    spoken = speech[np.abs(speech) > 0.01]
    level = float(np.sqrt(np.mean(np.square(spoken)))) if len(spoken) else 0.0
    scale = level / float(np.sqrt(np.mean(np.square(other)))) / 10 ** (speech_above_db / 20)
    return np.clip(speech + scale * other, -1, 1).astype(np.float32)


def write_wave(path: Path, blocks: Sequence[Samples]) -> Path:
    """Blocks one after the other as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for block in blocks:
            file.writeframes((np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def noisy(folder: Path, show: str, audio: Path) -> dict[str, Path]:
    """The show with music and with noise under it, by name."""
    speech = read(audio)
    others: dict[str, tuple[Any, float]] = {"music": (music, MUSIC_DB), "noise": (pink_noise, NOISE_DB)}
    return {
        f"{show} + {name} {above_db:.0f} dB": write_wave(
            folder / f"{show}-{name}.wav", [mixed(speech, make(len(speech)), above_db)]
        )
        for name, (make, above_db) in others.items()
    }


def disturbed(folder: Path, show: str, audio: Path) -> dict[str, Path]:
    """The show as it is, quieter, and with a hiss that hardly anybody hears: how much of a figure is chance?"""
    speech = read(audio)
    hiss = np.random.default_rng(9).normal(0, 10 ** (HISS_DB / 20), len(speech))
    forms = {"as it is": speech, "quieter": QUIETER * speech, "hiss": speech + hiss}
    return {
        title: write_wave(folder / f"{show}-{place}.wav", [sound.astype(np.float32)])
        for place, (title, sound) in enumerate(forms.items())
    }


def looped(path: Path, shows: dict[str, Path], minutes: float) -> list[Loop]:
    """Write the shows over and over, with silences between them, until `minutes` are full; where each begins."""
    sounds = {name: read(audio) for name, audio in shows.items()}
    blocks: list[Samples] = []
    loops: list[Loop] = []
    length_s = 0.0
    while length_s < minutes * 60:
        for name, sound in sounds.items():
            loops.append(Loop(name, length_s))
            gap = np.zeros(round(GAPS_S[len(loops) % len(GAPS_S)] * SAMPLE_RATE), np.float32)
            blocks += [sound, gap]
            length_s += (len(sound) + len(gap)) / SAMPLE_RATE
            if length_s >= minutes * 60:
                break
    write_wave(path, blocks)
    return loops
