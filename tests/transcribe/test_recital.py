import pytest

from studio.catalogue_file import parse_catalogue
from studio.errors import AudioUnreadable
from studio.events import CaptionPartial, ClaimHeard, PriceHeard, ProductMentioned, SegmentHeard
from studio.transcribe.recital import Recital, ScriptLine, read_script
from studio.transcribe.understanding import Understanding
from tests.live import DAIRY

SRT = """1
00:00:01,500 --> 00:00:03,000
今天的巴氏鲜牛奶

2
00:00:02,000 --> 00:00:04,250
十五块九
一瓶
"""


def test_lines_take_as_long_as_a_host_takes_and_remarks_none():
    first, second = read_script("# 开场\n今天的鲜奶早上五点挤的\n\n好\n")
    assert first == ScriptLine(1.0, pytest.approx(1 + 11 / 4.5), "今天的鲜奶早上五点挤的")
    assert (second.start, second.end - second.start) == (pytest.approx(first.end + 0.6), 1.0)


def test_times_of_subtitles_are_kept_and_never_overlap():
    assert read_script(SRT) == [
        ScriptLine(1.5, 3.0, "今天的巴氏鲜牛奶"),
        ScriptLine(3.0, 4.25, "十五块九 一瓶"),
    ]
    assert read_script("WEBVTT\n\n00:01.000 --> 00:02.000\n好的\n") == [ScriptLine(1.0, 2.0, "好的")]


@pytest.mark.parametrize("text", ["", "# 备注\n", "1\n00:00:01,000 --> 00:00:02,000\n\n", "好\n" * 5001])
def test_a_script_that_says_nothing_or_far_too_much_is_refused(text):
    with pytest.raises(AudioUnreadable):
        read_script(text)


def test_a_script_is_understood_as_speech_is(tmp_path):
    path = tmp_path / "script.txt"
    path.write_text("今天的巴氏鲜牛奶\n巴氏鲜牛奶十五块九一瓶\n喝了能增强免疫力\n", "utf-8")
    heard = []
    recital = Recital(f"script:{path}", Understanding(parse_catalogue(DAIRY)), heard.append, realtime=False)
    recital.start()
    while recital.step():
        pass
    kinds = [type(event) for event in heard]
    assert kinds.count(SegmentHeard) == 3
    assert {ProductMentioned, PriceHeard, ClaimHeard} <= set(kinds)
    assert recital.done


def test_a_caption_grows_while_a_line_is_said(tmp_path):
    path = tmp_path / "script.txt"
    path.write_text("1\n00:00:00,000 --> 00:00:00,800\n今天的巴氏鲜牛奶来了\n", "utf-8")
    heard = []
    recital = Recital(f"script:{path}", Understanding(()), heard.append, realtime=True)
    recital.start()
    while recital.step():
        pass
    partials = [event.text for event in heard if isinstance(event, CaptionPartial)]
    assert len(partials) >= 2
    assert all("今天的巴氏鲜牛奶来了".startswith(text) for text in partials)
    assert [event.text for event in heard if isinstance(event, SegmentHeard)] == ["今天的巴氏鲜牛奶来了"]
