"""A sentence marked by a key or a button is a highlight of its show: on the page, in review and in exports."""

from studio.events import SegmentHeard


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
