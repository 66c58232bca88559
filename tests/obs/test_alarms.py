"""What is an alarm of OBS: when it comes, how grave it is, when it goes."""

import dataclasses

import pytest

from studio.obs.alarms import Alarms, Limits, Trouble
from studio.obs.survey import Load, take

CALM = Load(
    cpu_percent=9,
    memory_mb=200,
    disk_mb=90_000,
    fps=30,
    render_skipped=0,
    render_total=1000,
    encode_skipped=0,
    encode_total=1000,
    stream_skipped=0,
    stream_total=1000,
    reconnecting=False,
)
NONE = Trouble()


def told(*loads, step_s=10.0):
    """(code, level) of each moment's alarms."""
    alarms = Alarms()
    return [
        [(alarm.code, alarm.level) for alarm in alarms.judge(load, NONE, Limits(), at * step_s)]
        for at, load in enumerate(loads)
    ]


def later(**fields):
    return dataclasses.replace(CALM, **fields)


@pytest.mark.parametrize(
    ("now", "code", "level"),
    [
        (later(reconnecting=True), "stream", "red"),
        (later(stream_skipped=20, stream_total=2000), "network", "amber"),
        (later(encode_skipped=100, encode_total=2000), "encoder", "red"),
        (later(render_skipped=15, render_total=2000), "render", "amber"),
        (later(cpu_percent=180), "cpu", "amber"),
        (later(disk_mb=3000), "disk", "amber"),
        (later(disk_mb=500), "disk", "red"),
    ],
)
def test_alarm_says_what_is_wrong(now, code, level):
    alarms = Alarms()
    alarms.judge(CALM, NONE, Limits(), 0)

    (alarm,) = alarms.judge(now, NONE, Limits(), 10)

    assert (alarm.code, alarm.level) == (code, level)
    assert alarm.zh
    assert alarm.en


def test_figures_without_trouble_are_silent():
    assert told(CALM, later(render_total=2000, render_skipped=1)) == [[], []]
    # OBS restarted its counters: nothing was lost
    assert told(later(stream_skipped=500, stream_total=9000), CALM) == [[], []]
    assert told(later(disk_mb=None)) == [[]]  # not told is not full


def test_one_hiccup_in_a_second_of_frames_is_no_alarm():
    seconds = [later(render_total=1000 + 30 * second, render_skipped=second > 4) for second in range(20)]

    assert told(*seconds, step_s=1.0) == [[]] * 20


def test_lost_frames_stay_alarmed_however_often_is_looked():
    steady = [later(render_total=1000 + 30 * second, render_skipped=second) for second in range(30)]

    assert told(*steady, step_s=1.0)[2:] == [[("render", "amber")]] * 28
    burst = [later(render_total=1000 + look, render_skipped=20) for look in range(3)]
    assert told(CALM, *(later(render_total=1500, render_skipped=20), *burst), step_s=0.02)[1] == [("render", "amber")]


@pytest.mark.parametrize(
    ("code", "field", "values", "expected"),
    [
        ("disk", "disk_mb", [5000, 5300, 5000, 5700], [True, True, True, False]),
        ("disk", "disk_mb", [5700, 5300, 5000, 5300], [False, False, True, True]),
        ("cpu", "cpu_percent", [90, 83, 90, 78], [True, True, True, False]),
        ("cpu", "cpu_percent", [78, 83, 90, 83], [False, False, True, True]),
    ],
)
def test_alarm_ends_well_below_its_limit(code, field, values, expected):
    loads = [later(**{field: value}) for value in values]

    # far apart: the mean of the last seconds is the value itself
    found = told(*(load for load in loads for _ in range(3)), step_s=20.0)
    assert [code in dict(each) for each in found[2::3]] == expected


def test_red_becomes_amber_only_when_much_has_changed():
    lost = [0, 50, 30, 24, 4]  # of the thousand frames since the moment before

    frames = [later(render_total=1000 * (at + 1), render_skipped=sum(lost[: at + 1])) for at in range(len(lost))]

    assert told(*frames) == [[], [("render", "red")], [("render", "red")], [("render", "amber")], []]


def test_what_ended_or_is_missing_comes_first_and_needs_no_figures():
    trouble = Trouble(frozenset({"recording", "streaming"}), ("牛奶", "厨房"))

    found = Alarms().judge(None, trouble, Limits(), 0)

    assert [(alarm.code, alarm.level) for alarm in found] == [
        ("streaming", "red"),
        ("recording", "red"),
        ("scenes", "red"),
    ]
    assert "牛奶、厨房" in found[-1].zh
    assert "牛奶, 厨房" in found[-1].en


def test_many_missing_scenes_are_counted():
    (alarm,) = Alarms().judge(None, Trouble(missing=tuple("一二三四五")), Limits(), 0)

    assert "一、二、三等 5 个" in alarm.zh
    assert "一, 二, 三 and 2 more" in alarm.en


class Odd:
    """An OBS whose figures are null, text, or not there."""

    def ask_each(self, steps):
        stats = {"cpuUsage": None, "memoryUsage": "viel", "activeFps": float("nan"), "renderTotalFrames": [1]}
        odd = {"sceneItems": [{"sceneItemIndex": None, "sceneItemId": None}], "inputVolumeDb": None}
        return [{**stats, **odd, "transitions": None, "profiles": None} for _ in steps]


def test_figures_of_another_shape_are_none_and_no_error():
    seen = take(Odd(), {"GetStats", "GetStreamStatus", "GetProfileList"}, "场景", ["麦"])

    assert seen.value["volumes"] == {"麦": -100.0}
    assert (seen.load.disk_mb, seen.load.cpu_percent, seen.load.fps, seen.load.render_total) == (None, 0, 0, 0)
