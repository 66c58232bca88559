"""A PC slower than speech: what is given up first, what never is."""

import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from studio.events import CaptionPartial, SegmentHeard
from studio.transcribe import session as session_module
from studio.transcribe.audio import Recording
from studio.transcribe.backlog import KEEP_MS, Backlog
from studio.transcribe.engine import Engine
from studio.transcribe.pipeline import MERGE_LIMIT_S, Pipeline
from studio.transcribe.session import Session
from studio.transcribe.understanding import Understanding
from studio.transcribe.vad import HOP, SAMPLE_RATE
from studio.types import now_ms
from tests.score.score_show import score

ROOT = Path(__file__).parents[2]
TALK_S = 23


class Counted:
    """The real engine; remembers how much sound each first decode was of, and may be slow."""

    def __init__(self, engine):
        self._engine = engine
        self.decoded_s = []
        self.delay_s = 0.0

    def decode(self, samples, prompt, **options):
        if "beam" not in options:  # a second look at what is doubtful, where the machine is fast enough for one
            self.decoded_s.append(len(samples) / SAMPLE_RATE)
        time.sleep(self.delay_s)
        return self._engine.decode(samples, prompt, **options)


@pytest.fixture(scope="module")
def real_engine(model_dir):
    return Engine(model_dir)


@pytest.fixture
def engine(real_engine):
    return Counted(real_engine)


@pytest.fixture(scope="module")
def talk(dairy_audio):
    samples = np.concatenate(list(Recording(str(dairy_audio)).blocks(threading.Event())))
    return samples[: TALK_S * SAMPLE_RATE]


def feed(engine, products, talk, lag_s):
    pipeline = Pipeline(engine, Understanding(products), live=True)
    events = []
    for first in range(0, len(talk) - HOP + 1, HOP):
        events += pipeline.feed(talk[first : first + HOP], lag_s)
    return pipeline, events + pipeline.finish()


def words(events):
    return "".join(event.text for event in events if isinstance(event, SegmentHeard))


@pytest.mark.speech
def test_partials_go_first_then_decoding_ahead_then_utterances_are_put_together(engine, dairy_products, talk):
    talk = talk[: 9 * SAMPLE_RATE]
    in_time, partly = feed(engine, dairy_products, talk, 0.0)
    most = len(engine.decoded_s)
    assert any(isinstance(event, CaptionPartial) for event in partly)
    assert in_time.dropped_partials == 0
    counts = [most]
    for lag_s in (2.0, 4.0, 8.0):
        engine.decoded_s.clear()
        pipeline, events = feed(engine, dairy_products, talk, lag_s)
        counts.append(len(engine.decoded_s))
        assert pipeline.dropped_partials > 0
        assert any(isinstance(event, CaptionPartial) for event in events) == (lag_s == 2.0)  # at a pause, decoded ahead
        assert "牧场" in words(events)
        assert len(words(events)) == pytest.approx(len(words(partly)), rel=0.25)
        assert max(engine.decoded_s) <= MERGE_LIMIT_S + 0.5
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] >= counts[2] > counts[3]


class Burst:
    """Sound at its own pace, made quicker: a microphone to a recogniser that cannot keep up."""

    live = True
    duration_s = None
    name = "burst"

    def __init__(self, samples, pace):
        self._samples = samples
        self._pace = pace

    def blocks(self, stop):
        for first in range(0, len(self._samples), 1600):
            if stop.wait(0.1 / self._pace):
                return
            yield self._samples[first : first + 1600]


@pytest.mark.speech
def test_far_behind_the_ear_goes_on_with_now_and_fills_the_gap_later(engine, dairy_products, talk, monkeypatch):
    monkeypatch.setattr(session_module, "SET_ASIDE_LAG_S", 8.0)
    engine.delay_s = 1.0  # a decode; the sound comes eight times as fast as it was spoken
    events = []
    session = Session(Burst(talk, 8), engine, Understanding(dairy_products), events.append, realtime=True)
    session.start()
    most_waiting_s = 0.0
    gaps = set()
    while session.step():
        most_waiting_s = max(most_waiting_s, session.waiting_s)
        gaps.update(session.gaps)
        engine.delay_s = 0.0 if most_waiting_s else engine.delay_s
    segments = [event for event in events if isinstance(event, SegmentHeard)]
    assert most_waiting_s > 5
    assert session.waiting_s == 0
    assert session.gaps == ()
    # where the gap was, sentences stand now
    assert any(start <= segment.start < end for segment in segments for start, end in gaps)
    starts = [segment.start for segment in segments]
    assert starts != sorted(starts), "nothing was filled in"
    assert sorted(segment.seq for segment in segments) == list(range(len(segments)))
    # nothing is lost
    log = {key: [] for key in ("mentions", "highlights", "qa", "claims", "promises", "prices")}
    log["segments"] = [{"start": event.start, "end": event.end, "text": event.text} for event in segments]
    truth = json.loads((ROOT / "tests/shows/dairy.json").read_text("utf-8"))
    truth["sentences"] = [one for one in truth["sentences"] if one["end"] <= TALK_S]
    assert score(truth, log)["cer"] <= 0.25


def test_backlog_is_found_by_the_next_process(tmp_path):
    samples = np.arange(5 * SAMPLE_RATE, dtype=np.float32) / SAMPLE_RATE
    Backlog(tmp_path).keep([samples[:100], samples[100:]], now_ms())
    Backlog(tmp_path).keep([samples[:10]], now_ms() - KEEP_MS - 1000)  # of another show
    (tmp_path / "notes.txt").write_text("not ours")
    found = Backlog(tmp_path)
    assert found.waiting_s == 5
    ((start, end),) = found.gaps(now_ms())
    assert -2 < start <= 0
    assert end - start == 5
    parts = [found.read(30_000) for _ in range(4)]
    assert np.array_equal(np.concatenate(parts), samples)
    assert [end - start for start, end in found.gaps(now_ms())] == [0]  # read, and not written down yet
    found.drop()
    assert found.gaps(now_ms()) == ()
    assert found.next is None
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_nothing_to_put_aside_leaves_no_file(tmp_path):
    backlog = Backlog(tmp_path)
    backlog.keep([], now_ms())
    assert backlog.next is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.speech
def test_hanging_decode_ends_the_process_and_the_next_one_writes_the_sound_down(
    start, model_dir, dairy_audio, dairy_catalogue_path, tmp_path
):
    common = ("--model-dir", model_dir, "--catalog", dairy_catalogue_path, "--backlog", tmp_path / "backlog")
    # no decode is as quick as 1 ms: to the watchdog each of them hangs
    worker = start("--source", dairy_audio, "--start", 23, "--stuck", 0.001, *common)
    worker.status("listening")
    assert "卡住" in worker.status("failed").message_zh
    assert worker.process.wait(20) == 75
    assert list((tmp_path / "backlog").glob("*.f32"))
    after = start("--source", dairy_audio, "--start", 120, *common)
    first = after.wait_for(lambda event: isinstance(event, SegmentHeard))
    assert first.start < 120
    assert after.close() == 0
