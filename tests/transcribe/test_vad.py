import threading
from itertools import pairwise

import numpy as np
import pytest

from studio.transcribe.audio import Recording
from studio.transcribe.vad import HOP, HOP_MS, SAMPLE_RATE, Endpointer, Endpointing, VoiceDetector

SPEECH, QUIET = 0.95, 0.05


def hops(ms):
    return round(ms / HOP_MS)


def marks(*stretches):
    """Marks for (probability, ms) stretches, and those of the end of the audio."""
    endpointer = Endpointer()
    out = []
    for probability, ms in stretches:
        for _ in range(hops(ms)):
            out += endpointer.push(probability)
    return out + endpointer.finish()


def ends(*stretches):
    return [mark for mark in marks(*stretches) if mark.kind == "end"]


def test_pause_of_half_a_second_ends_the_utterance():
    (mark,) = ends((QUIET, 1000), (SPEECH, 2000), (QUIET, 2000))
    assert mark.first == hops(1000)
    assert mark.last == hops(1000) + hops(2000)
    assert mark.audio_first == mark.first - hops(320)
    assert mark.audio_last == mark.last + hops(200)


def test_shorter_pause_is_a_breath():
    (mark,) = ends((SPEECH, 2000), (QUIET, 400), (SPEECH, 2000), (QUIET, 1000))
    assert mark.breaths == ((hops(2000), hops(2000) + hops(400)),)


def test_decode_may_begin_before_the_pause_is_an_end():
    kinds = [mark.kind for mark in marks((SPEECH, 2000), (QUIET, 350), (SPEECH, 500), (QUIET, 1000))]
    assert kinds == ["pause", "resume", "pause", "end"]


def test_pause_mark_and_end_mark_agree_on_the_audio():
    pause, end = marks((SPEECH, 2000), (QUIET, 1000))
    assert (pause.audio_first, pause.audio_last) == (end.audio_first, end.audio_last)


def test_host_who_hardly_pauses_is_cut_at_a_breath():
    sentence = [(SPEECH, 2500), (QUIET, 128)]
    found = ends(*(sentence * 8))
    assert len(found) == 3
    assert all(mark.last - mark.first <= hops(8000) for mark in found)
    assert [one.last <= other.audio_first for one, other in pairwise(found)] == [True, True]


def test_speech_without_any_pause_is_cut_at_its_quietest_moment():
    found = ends((SPEECH, 11_000), (0.6, 64), (SPEECH, 5000))
    assert len(found) == 2
    assert abs(found[0].last - hops(11_000)) <= 2
    assert found[1].audio_first == found[0].audio_last


@pytest.mark.parametrize("stretch", [(SPEECH, 32), (0.45, 3000), (QUIET, 3000)])
def test_clicks_and_murmur_are_no_utterance(stretch):
    assert ends((QUIET, 500), stretch, (QUIET, 1000)) == []


def test_end_of_the_audio_ends_the_utterance():
    (mark,) = ends((SPEECH, 1000))
    assert mark.last == hops(1000)


def test_no_audio_belongs_to_two_utterances():
    found = ends((SPEECH, 1000), (QUIET, 520), (SPEECH, 1000), (QUIET, 600))
    assert found[1].audio_first >= found[0].audio_last


def test_settings_move_the_end():
    endpointer = Endpointer(Endpointing(end_ms=700))
    found = [endpointer.push(probability) for probability in [SPEECH] * 40 + [QUIET] * hops(600)]
    assert not any(mark.kind == "end" for marks in found for mark in marks)


def probabilities(samples):
    detector = VoiceDetector()
    return np.array([detector.probability(samples[at : at + HOP]) for at in range(0, len(samples) - HOP + 1, HOP)])


def test_silence_noise_and_tone_are_not_speech():
    random = np.random.default_rng(1)
    seconds = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    for sound in (
        np.zeros(3 * SAMPLE_RATE),
        random.normal(0, 0.03, 3 * SAMPLE_RATE),
        0.3 * np.sin(2 * np.pi * 440 * seconds),
    ):
        endpointer = Endpointer()
        found = [mark for p in probabilities(sound.astype(np.float32)) for mark in endpointer.push(p)]
        assert [mark for mark in [*found, *endpointer.finish()] if mark.kind == "end"] == []


def test_real_sentences_are_found_where_they_are(dairy_audio):
    samples = np.concatenate(list(Recording(str(dairy_audio)).blocks(threading.Event())))[: 18 * SAMPLE_RATE]
    endpointer = Endpointer()
    found = [mark for p in probabilities(samples) for mark in endpointer.push(p) if mark.kind == "end"]
    spoken = [(mark.first * HOP_MS / 1000, mark.last * HOP_MS / 1000) for mark in found]
    assert spoken == [
        (pytest.approx(start, abs=0.25), pytest.approx(end, abs=0.25))
        for start, end in [(0.60, 3.87), (4.57, 8.48), (9.48, 12.05)]
    ]
