import json

import pytest

from studio.app import create_app


@pytest.fixture
def show(api, dairy):
    api("POST", "/catalogue", dairy)
    rundown = [
        {"title": "鲜奶", "sku": "MILK-950", "points": ["一", "二", "三"], "trust": [{"kind": "test", "text": "测"}]},
        {"title": "酸奶", "sku": "YOG-1K", "points": ["四"]},
    ]
    show = api("POST", "/shows", {"title": "周三", "rundown": rundown}).json
    return api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json


@pytest.fixture
def scroll(api, show):
    def command(role="prompter", **body):
        return api("POST", "/prompter", body, role=role)

    return command


def test_lines_are_gone_through_one_by_one_and_no_further(scroll, studio, show):
    assert studio.state.get("prompter")["item"] == show["current_item"]
    assert studio.state.get("prompter")["lines"] == 4
    assert [scroll(by=1).json["line"] for _press in range(5)] == [1, 2, 3, 3, 3]
    assert [scroll(by=-1).json["line"], scroll(by=-50).json["line"], scroll(line=999).json["line"]] == [2, 0, 3]


def test_a_running_text_counts_on_by_the_clock(scroll, time_machine):
    time_machine.move_to(1_900_000_000, tick=False)
    started = scroll(playing=True, speed=6, line=0).json
    assert (started["at"], started["playing"]) == (1_900_000_000_000, True)
    time_machine.shift(15)  # 6 lines a minute: a line and a half
    assert scroll(speed=12).json["line"] == pytest.approx(1.5)
    assert scroll(by=1).json["line"] == 2  # from the middle of a line to the next
    time_machine.shift(600)
    ended = scroll(playing=True).json
    assert (ended["line"], ended["playing"]) == (3, False)


def test_another_item_is_read_from_its_top(api, scroll, studio, show):
    scroll(line=2)
    api("POST", f"/shows/{show['id']}/take", {"item_id": show["next_item"]})
    value = studio.state.get("prompter")
    assert (value["item"], value["lines"], value["line"]) == (show["next_item"], 1, 0)
    items = [{**item, "points": []} for item in show["rundown"]]
    for item in items:
        item.pop("position")
    assert api("PUT", f"/shows/{show['id']}/rundown", {"items": items}).status_code == 200
    assert studio.state.get("prompter")["lines"] == 0
    assert scroll(by=1).json["line"] == 0
    api("POST", f"/shows/{show['id']}/end")
    assert studio.state.get("prompter")["item"] is None


@pytest.mark.parametrize("body", [{"line": -1}, {"line": "NaN"}, {"speed": 0}, {"by": 10**9}, {"up": 1}])
def test_nonsense_is_refused(scroll, body):
    assert scroll(**body).status_code == 422


def test_its_token_scrolls_and_does_nothing_else(api, app, scroll, show):
    assert scroll(role="moderator", by=1).status_code == 200
    for role in ("overlay", "agent"):
        assert scroll(role=role, by=1).status_code == 403
    assert scroll(role=None, by=1).status_code == 401
    assert api("POST", f"/shows/{show['id']}/end", role="prompter").status_code == 403
    assert api("GET", "/shows", role="prompter").status_code == 403
    link = api("GET", "/prompter/link", role="producer").json
    client = app.test_client()
    page = client.get(link["url"])
    assert (page.status_code, link["local"]) == (200, True)
    assert client.get("/prompter").status_code == 302  # the link signs nobody in
    assert client.get("/prompter?token=x").status_code == 401
    assert client.get(f"/control?{link['url'].split('?')[1]}").status_code == 302


def test_tokens_of_an_older_studio_stay_and_get_a_prompters(settings):
    app = create_app(settings)
    app.extensions["studio"].stop()
    path = settings.data_dir / "tokens.json"
    kept = json.loads(path.read_text("utf-8"))
    del kept["roles"]["prompter"]
    path.write_text(json.dumps(kept), "utf-8")
    app = create_app(settings)
    app.extensions["studio"].stop()
    now = json.loads(path.read_text("utf-8"))
    assert {role: token for role, token in now["roles"].items() if role != "prompter"} == kept["roles"]
    assert len(now["roles"]["prompter"]) > 20
