from dataclasses import replace

import pytest

from studio import events
from studio.transcribe.recorder import Recorder
from studio.transcribe.timeline import Timeline


class Stage:
    """What the recorder's surroundings tell it."""

    def __init__(self):
        self.live = None
        self.topics = {}


@pytest.fixture
def stage(studio, api):
    stage = Stage()
    stage.show = api("POST", "/shows", {"title": "t"}).json["id"]
    return stage


@pytest.fixture
def timeline(studio, stage):
    return Timeline(studio.database, lambda: stage.live)


@pytest.fixture
def recorder(studio, stage, timeline):
    return Recorder(studio.writer, studio.database, timeline, put=stage.topics.__setitem__)


def status(session_ms):
    return events.EarStatus(state="listening", source="mic", model="base", session_ms=session_ms)


def heard(seq, start, text="好", **more):
    return events.SegmentHeard(seq=seq, start=start, end=start + 1, text=text, raw_text=text, **more)


def stored(api, stage):
    return api("GET", f"/shows/{stage.show}/transcript").json


def test_nothing_is_stored_before_the_show_is_live_but_everything_is_shown(api, recorder, stage, timeline):
    timeline.status(status(1000))
    recorder.segment(heard(0, 1.0, "试音"))
    assert stored(api, stage)["segments"] == []
    assert stage.topics["caption"]["text"] == "试音"
    assert stage.topics["transcript"][0]["text"] == "试音"


def test_caption_tells_what_is_settled_and_which_names_are_in_it(studio, stage, timeline):
    names = ("巴氏鲜牛奶", "时令蔬菜箱")
    recorder = Recorder(studio.writer, studio.database, timeline, put=stage.topics.__setitem__, names=lambda: names)
    recorder.partial(events.CaptionPartial(text="巴氏鲜牛奶九百五十毫升", start=1.0, settled=8))
    caption = stage.topics["caption"]
    assert (caption["text"], caption["settled"], caption["names"]) == ("巴氏鲜牛奶950毫升", 5, ["巴氏鲜牛奶"])
    recorder.segment(heard(0, 1.0, "时令蔬菜箱"))
    caption = stage.topics["caption"]
    assert (caption["text"], caption["settled"], caption["names"]) == ("时令蔬菜箱", 5, ["时令蔬菜箱"])


def test_what_is_filled_in_later_stands_where_it_was_said_and_is_no_caption(api, recorder, stage, timeline):
    timeline.status(status(1000))
    stage.live = (stage.show, 1000)
    for seq, start, text in ((0, 1.0, "一"), (1, 30.0, "三"), (2, 10.0, "二"), (3, 33.0, "四"), (4, 20.0, "二点五")):
        recorder.segment(heard(seq, start, text))
        assert stage.topics["caption"]["text"] == ("四" if start == 20.0 else "三" if start == 10.0 else text)
    in_order = ["一", "二", "二点五", "三", "四"]
    assert [line["text"] for line in stage.topics["transcript"]] == in_order
    assert [line["text"] for line in stored(api, stage)["segments"]] == in_order
    # an ear that started anew counts from zero again
    timeline.status(status(90_000))
    recorder.segment(heard(0, 1.0, "五"))
    assert stage.topics["caption"]["text"] == "五"


def test_what_waits_to_be_filled_in_is_told_on_the_shows_own_line(recorder, stage, timeline):
    stage.live = (stage.show, 130_000)
    behind = replace(status(100_000), gaps=((-5.0, 29.0), (28.0, 40.0), (50.0, 61.5)))
    for listener in (timeline.status, recorder.status):
        listener(behind)
    assert stage.topics["gaps"] == [{"start": 0.0, "end": 10.0}, {"start": 20.0, "end": 31.5}]
    # an ear that starts anew has not found yet what is left
    recorder.status(events.EarStatus(state="loading", source="mic", model="base"))
    assert len(stage.topics["gaps"]) == 2
    recorder.status(status(100_000))
    assert stage.topics["gaps"] == []


def test_times_are_put_on_the_shows_own_line(api, recorder, stage, timeline):
    timeline.status(status(100_000))
    stage.live = (stage.show, 130_000)
    recorder.segment(heard(4, 40.0, product="A", emitted_at=41.5))
    (segment,) = stored(api, stage)["segments"]
    assert (segment["seq"], segment["start"], segment["end"], segment["emitted_at"]) == (4, 10.0, 11.0, 11.5)


def test_what_was_said_before_the_show_is_shown_but_not_kept(api, recorder, stage, timeline):
    timeline.status(status(0))
    stage.live = (stage.show, 10_000)
    recorder.segment(heard(0, 8.0, "试音"))
    recorder.segment(heard(1, 9.5, "开播"))
    assert [(row["text"], row["start"], row["end"]) for row in stored(api, stage)["segments"]] == [("开播", 0.0, 0.5)]
    assert [row["text"] for row in stage.topics["transcript"]] == ["试音", "开播"]


def test_a_restarted_ear_goes_on_counting(api, recorder, stage, timeline):
    stage.live = (stage.show, 0)
    timeline.status(status(0))
    recorder.segment(heard(0, 1.0, "一"))
    recorder.segment(heard(1, 2.0, "二"))
    timeline.status(status(60_000))
    recorder.segment(heard(0, 1.0, "三"))
    recorder.highlight(events.HighlightFound(seq=0, product="A", kind="fact", start=1.0, end=2.0, text="三"))
    kept = stored(api, stage)
    assert [(row["seq"], row["start"], row["text"]) for row in kept["segments"]] == [
        (0, 1, "一"),
        (1, 2, "二"),
        (2, 61, "三"),
    ]
    assert (kept["highlights"][0]["seq"], kept["highlights"][0]["start"]) == (2, 61)


def test_a_restarted_server_goes_on_counting_and_shows_what_was_heard(api, studio, recorder, stage, timeline):
    stage.live = (stage.show, 0)
    timeline.status(status(0))
    recorder.segment(heard(0, 1.0, "一"))
    topics = {}
    line = Timeline(studio.database, lambda: stage.live)
    again = Recorder(studio.writer, studio.database, line, put=topics.__setitem__)
    again.load(stage.show)
    line.status(status(5_000))
    again.segment(heard(0, 1.0, "二"))
    assert [row["text"] for row in topics["transcript"]] == ["一", "二"]
    assert [row["seq"] for row in stored(api, stage)["segments"]] == [0, 1]


def test_a_question_and_its_growing_answer_are_one_row(api, recorder, stage, timeline):
    stage.live = (stage.show, 0)
    timeline.status(status(0))
    question = {"question_seq": 3, "product": "A", "question": "保质期几天"}
    recorder.question(events.QuestionHeard(**question, asker="张阿姨", start=1.0, end=2.0))
    assert stage.topics["qa"][0]["answer"] is None
    for answer, end in (("七天", 4.0), ("七天，放冰箱", 6.0)):
        recorder.answer(
            events.QuestionAnswered(
                **question, answer=answer, question_start=1.0, question_end=2.0, answer_start=3.0, answer_end=end
            )
        )
    (row,) = stored(api, stage)["qa"]
    assert (row["asker"], row["answer"], row["answer_end"]) == ("张阿姨", "七天，放冰箱", 6.0)
    assert stage.topics["qa"] == [row]


def test_windows_stay_small(recorder, stage):
    for number in range(100):
        recorder.segment(heard(number, float(number)))
        recorder.question(
            events.QuestionHeard(question_seq=number, product=None, asker="", question="?", start=number, end=number)
        )
    assert len(stage.topics["transcript"]) == len(stage.topics["qa"]) == 40
    assert stage.topics["transcript"][-1]["seq"] == 99


def test_windows_are_the_same_after_a_restart(studio, recorder, stage, timeline):
    stage.live = (stage.show, 0)
    timeline.status(status(0))
    for number in range(45):
        recorder.segment(heard(number, float(number)))
        recorder.question(
            events.QuestionHeard(question_seq=number, product=None, asker="", question="?", start=number, end=number)
        )
    topics = {}
    again = Recorder(studio.writer, studio.database, timeline, put=topics.__setitem__)
    again.load(stage.show)
    assert topics["transcript"] == stage.topics["transcript"]
    assert topics["qa"] == stage.topics["qa"]
