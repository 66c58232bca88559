"""Readings come in by HTTP and CSV, once, and nothing broken is taken for good."""

import time

import pytest

from studio.errors import BadInput
from studio.trust.logger_file import read_logger_file
from tests.live import DAIRY

LOT = f"/lots/MILK-950/{DAIRY[0]['batch']}"
MINUTE = 60_000


@pytest.fixture
def lot(api, dairy):
    assert api("POST", "/catalogue", dairy).status_code == 200
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "m", "sku": "MILK-950"}]}).json
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    return round(time.time() / 60) * MINUTE - 300 * MINUTE


def readings(start, *celsius):
    return [{"at": start + index * 10 * MINUTE, "celsius": value} for index, value in enumerate(celsius)]


def test_readings_count_once_and_the_first_word_about_a_moment_stays(api, studio, lot):
    assert studio.state.get("cold_chain")["verdict"] == "unknown"
    given = {"readings": readings(lot, 4.0, 4.5, 5.0)}
    first = api("POST", f"{LOT}/temperatures", given, role="agent").json
    assert first == {"added": 3, "known": 0, "contradicting": 0, "verdict": "good"}
    again = {"readings": [*reversed(given["readings"]), {"at": lot, "celsius": 9.0}]}
    assert api("POST", f"{LOT}/temperatures", again).json == {**first, "added": 0, "known": 3, "contradicting": 1}
    chain = studio.state.get("cold_chain")
    assert (chain["verdict"], chain["count"], chain["max_c"]) == ("good", 3, 5.0)
    assert chain["limit"] == {"low": 2.0, "high": 6.0, "source": "label"}
    late = {"readings": readings(lot + 100 * MINUTE, 4.0, 4.0)}
    assert api("POST", f"{LOT}/temperatures", late).json["verdict"] == "broken"
    assert studio.state.get("cold_chain")["gaps"] == [[lot + 20 * MINUTE, lot + 100 * MINUTE]]


def test_what_is_no_temperature_is_refused_whole(api, studio, lot):
    good = readings(lot, 4.0, 4.0)
    for wrong in (
        {"at": 1_700_000_000_000, "celsius": 85.0},
        {"at": 4_000_000_000_000, "celsius": 4.0},
        {"at": 1, "celsius": 4.0},
        {"at": 1_700_000_000_000, "celsius": "4"},
    ):
        assert api("POST", f"{LOT}/temperatures", {"readings": [*good, wrong]}).status_code == 422
    assert api("POST", f"{LOT}/temperatures", {"readings": []}).status_code == 422
    assert studio.state.get("cold_chain")["count"] == 0


def test_only_agents_and_operators_measure_and_only_known_lots(api, lot):
    body = {"readings": readings(lot, 4.0)}
    assert api("POST", f"{LOT}/temperatures", body, role="overlay").status_code == 403
    assert api("POST", f"{LOT}/temperatures", body, role=None).status_code == 401
    assert api("POST", "/lots/MILK-950/nowhere/temperatures", body).status_code == 404
    assert api("GET", f"{LOT}/temperatures", role="agent").status_code == 403


def test_a_loggers_file_is_taken_and_repeated_without_harm(api, lot, app, studio):
    text = "﻿型号,RC-5\n\n时间,温度(℃),探头\n2026-11-22 06:10,3.9,1\n2026/11/22 06:20:00,4.1 ℃,1\n"
    headers = {"Authorization": f"Bearer {studio.tokens.of('agent')}", "Content-Type": "text/csv"}
    client = app.test_client()
    for added in (2, 0):
        answer = client.post(f"/api/v1{LOT}/temperatures.csv?interval_s=600", data=text.encode(), headers=headers)
        assert answer.json["added"] == added
        assert answer.json["verdict"] == "good"
    wrong = client.post(
        f"/api/v1{LOT}/temperatures.csv", data="time,temp\n2026-11-22 07:00,4\nlater,5\n", headers=headers
    )
    assert (wrong.status_code, wrong.json["line"]) == (422, 3)
    assert api("GET", f"{LOT}/temperatures").json["count"] == 2


def test_files_of_loggers_are_read_as_they_come():
    for text in (
        "Date;Time;Temperature\n2026-11-22;06:10:00;4,5\n",
        "timestamp\ttemperature\n2026-11-22T06:10:00\t4.5\n",
        "时间,温度\n2026年11月22日 06:10,4.5\n",
    ):
        for encoding in ("utf-8", "gb18030", "utf-16"):
            rows = read_logger_file(text.encode(encoding))
            assert [(row.line, row.celsius) for row in rows] == [(2, 4.5)]
            assert time.localtime(rows[0].at / 1000)[3:5] == (6, 10)


@pytest.mark.parametrize(
    "data", [b"", b"\0\1\2\xff" * 50, b"a,b\n1,2\n", "时间,温度\n".encode(), b"time,temp\n2026-13-40 99:00,4\n"]
)
def test_a_file_that_is_none_is_refused(data):
    with pytest.raises(BadInput):
        read_logger_file(data)
