"""A sentence marked by a key or a button is a highlight of its show: on the page, in review and in exports."""

import csv
import io
import json

from studio.events import SegmentHeard
from tests.waiting import until


def test_what_was_said_last_is_marked_once_whoever_presses(studio, api):
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "开场"}]}).json["id"]
    assert api("POST", "/marks").status_code == 409  # not on air
    api("POST", f"/shows/{show}/live", {"override": "a test"})
    assert api("POST", "/triggers/mark", {}, role="trigger").status_code == 409  # nothing was heard
    for seq, text in enumerate(("今天的奶早上五点挤的", "坏了包赔")):
        studio.bus.publish(SegmentHeard(seq=seq, start=seq, end=seq + 1, text=text, raw_text=text))
    assert api("POST", "/triggers/mark", {}, role="trigger").status_code == 200
    again = api("POST", "/marks")
    assert (again.status_code, again.json["detail"]) == (409, "这一句已经标记过")
    (shown,) = studio.state.get("highlights")
    assert (shown["kind"], shown["text"], shown["seq"]) == ("mark", "坏了包赔", 1)
    assert api("GET", f"/shows/{show}/transcript").json["highlights"] == [shown]
    assert "mark · —：坏了包赔" in api("GET", f"/shows/{show}/export/md").text


def test_a_mark_says_what_for_then_or_later_masked_in_review_and_exports(studio, api):
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "开场"}]}).json["id"]
    api("POST", f"/shows/{show}/live", {"override": "a test"})
    for seq, text in enumerate(("今天的奶早上五点挤的", "这就开箱", "坏了包赔")):
        studio.bus.publish(SegmentHeard(seq=seq, start=seq, end=seq + 1, text=text, raw_text=text))
        assert api("POST", "/triggers/mark", {"text": " 开箱 "} if seq == 1 else {}, role="trigger").status_code == 200
    assert api("POST", "/marks", {"text": "打 13812345678 问"}).status_code == 204  # on the sentence marked before
    assert api("POST", "/marks", {}).status_code == 409
    for path, method in (("/triggers/mark", "POST"), (f"/shows/{show}/marks/2", "PUT")):
        assert api(method, path, {"text": "长" * 81}).status_code == 422
    assert api("PUT", f"/shows/{show}/marks/0", {"text": "=剪成片头"}).status_code == 204
    assert api("PUT", f"/shows/{show}/marks/7", {"text": "没有这一句"}).status_code == 404
    assert api("PUT", f"/shows/{show + 1}/marks/0", {"text": "别场的"}).status_code == 404

    notes = ["=剪成片头", "开箱", "打 138****5678 问"]
    until(lambda: [row["note"] for row in studio.state.get("highlights")] == notes)
    kept = api("GET", f"/shows/{show}/transcript").json["highlights"]
    assert kept == studio.state.get("highlights")
    exports = {kind: api("GET", f"/shows/{show}/export/{kind}").text for kind in ("md", "csv", "json")}
    assert "mark · —：这就开箱（开箱）" in exports["md"]
    rows = list(csv.DictReader(io.StringIO(exports["csv"].lstrip("\ufeff"))))
    assert [row["mark"] for row in rows] == ["'=剪成片头", *notes[1:]]
    assert [row["note"] for row in json.loads(exports["json"])["highlights"]] == notes

    api("PUT", f"/shows/{show}/marks/1", {"text": " "})
    assert api("GET", f"/shows/{show}/transcript").json["highlights"][1]["note"] is None
