import subprocess
import sys
from pathlib import Path

import pytest

from studio import event_lines, events
from studio.errors import EventDecodeError


@pytest.mark.parametrize("kind", events.ALL, ids=lambda kind: kind.__name__)
def test_every_event_has_a_docstring_and_a_past_tense_home(kind):
    assert kind.__doc__
    assert kind.__mro__[1] is events.Event


def test_encode_and_decode_are_inverse():
    heard = events.SegmentHeard(seq=3, start=1.5, end=2.25, text="鲜奶\n“好”", raw_text="先奶", product="MILK-950")
    assert event_lines.decode(event_lines.encode(heard)) == heard
    assert "\n" not in event_lines.encode(heard)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "not json",
        "[]",
        "null",
        '{"event": "NoSuchEvent"}',
        '{"event": ["SegmentHeard"]}',
        '{"event": "SegmentHeard", "seq": "x"}',
        '{"event": "CaptionPartial", "text": "a", "start": 0, "extra": 1}',
        '{"event": "CaptionPartial"',
        "[" * 100_000,
        b"\xff\xfe\x00",
        '{"event":"CaptionPartial","text":"' + "长" * 300_000 + '","start":0}',
    ],
)
def test_decode_refuses_garbage_with_one_error(line):
    with pytest.raises(EventDecodeError):
        event_lines.decode(line)


def test_events_page_is_current():
    page = (Path(__file__).parents[1] / "docs/events.md").read_text("utf-8")
    written = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "studio.event_lines"],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert page == written.stdout.decode("utf-8"), "run: python -m studio.event_lines > docs/events.md"
