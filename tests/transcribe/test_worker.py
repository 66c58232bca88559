"""The ear as the server runs it: a process that writes events and takes commands."""

import socket
from pathlib import Path

import pytest

from studio.events import AudioProgressed, PriceHeard, ProductMentioned, SegmentHeard

ROOT = Path(__file__).parents[2]


def test_missing_model_is_told_and_the_process_stays_until_stdin_closes(start, tmp_path):
    worker = start("--source", "mic", "--model-dir", tmp_path / "base")
    status = worker.status("failed")
    assert "model.bin" in status.message_zh
    assert "run_studio.py" in status.message_en
    assert worker.process.poll() is None
    assert worker.close() == 1


@pytest.mark.speech
def test_hanging_start_ends_the_process(start, model_dir):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes every connection and never answers
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/show.wav"
        worker = start("--source", address, "--model-dir", model_dir, "--stuck-opening", 1)
        assert "启动时卡住" in worker.status("failed").message_zh
        assert worker.process.wait(20) == 75


@pytest.mark.speech
def test_show_is_heard_and_garbage_on_stdin_is_ignored(start, model_dir, dairy_audio, dairy_catalogue_path):
    worker = start(
        *("--source", dairy_audio, "--model-dir", model_dir, "--catalog", dairy_catalogue_path, "--no-realtime")
    )
    worker.status("listening")
    for garbage in (b"", b"garbage", b"\xff\xfe\x00", b"[1,2]", b'{"command":"dance"}', b'{"command":"catalog"}'):
        worker.send(garbage)
    worker.wait_for(lambda event: isinstance(event, AudioProgressed) and event.ended)
    worker.status("stopped")
    segments = [event for event in worker.events if isinstance(event, SegmentHeard)]
    assert [segment.seq for segment in segments] == list(range(len(segments)))
    assert {event.sku for event in worker.events if isinstance(event, ProductMentioned)} == {
        "MILK-950",
        "YOG-1K",
        "CHEESE-200",
    }
    assert all(event.price_fen == event.expected_fen for event in worker.events if isinstance(event, PriceHeard))
    assert worker.close() == 0
    assert "ignored on stdin" in worker.log()
    assert "Traceback" not in worker.log()


@pytest.mark.speech
def test_unreadable_source_is_told_and_another_source_is_taken(start, model_dir, dairy_audio, tmp_path):
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no sound")
    worker = start("--source", broken, "--model-dir", model_dir, "--no-realtime", "--start", "110")
    assert "常见格式" in worker.status("failed").message_zh
    worker.send({"command": "source", "source": str(dairy_audio), "start": 112})
    first = worker.wait_for(lambda event: isinstance(event, SegmentHeard))
    assert first.seq == 0
    assert first.start >= 112
    assert worker.close() == 0


@pytest.mark.speech
def test_missing_microphone_is_told_and_tried_again(start, model_dir):
    worker = start("--source", "mic:no such device", "--model-dir", model_dir)
    status = worker.status("failed")
    assert status.message_zh
    worker.status("failed")
    worker.send({"command": "stop"})
    assert worker.process.wait(20) == 0


@pytest.mark.speech
def test_realtime_show_gives_partials_levels_and_latency(start, model_dir, dairy_audio, dairy_catalogue_path):
    """From second 23.2: 一瓶九百五十毫升，今天团购价十五块九。"""
    worker = start(
        *("--source", dairy_audio, "--model-dir", model_dir, "--catalog", dairy_catalogue_path, "--start", "23.2")
    )
    status = worker.status("listening")
    assert status.session_ms is not None
    worker.send({"command": "current", "sku": "MILK-950"})
    price = worker.wait_for(lambda event: isinstance(event, PriceHeard))
    assert (price.sku, price.price_fen) == ("MILK-950", 1590)
    segments = [event for event in worker.events if isinstance(event, SegmentHeard)]
    assert all(segment.emitted_at > segment.end for segment in segments)
    names = {type(event).__name__ for event in worker.events}
    assert {"AudioLevel", "AudioProgressed"} <= names
    worker.send({"command": "pause", "on": True})
    assert worker.status("stopped").message_zh == "已暂停听写"
    worker.send({"command": "pause", "on": False})
    worker.status("listening")
    assert worker.close() == 0
