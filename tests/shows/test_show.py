import pytest

from studio.events import ItemTaken


@pytest.fixture
def show(api, dairy):
    api("POST", "/catalogue", dairy)
    rundown = [
        {"title": "开场", "points": ["问好"]},
        {"title": "鲜奶", "sku": "MILK-950", "scene": "特写", "minutes": 5},
    ]
    return api("POST", "/shows", {"title": "周三", "rundown": rundown}).json


def test_going_live_takes_the_first_item_and_names_the_next(api, show):
    live = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json
    first, second = live["rundown"]
    assert (live["status"], live["current_item"], live["next_item"]) == ("live", first["id"], second["id"])
    taken = api("POST", f"/shows/{show['id']}/take", {"item_id": second["id"]}).json
    assert (taken["current_item"], taken["next_item"]) == (second["id"], None)


def test_only_one_show_is_live(api, show):
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    other = api("POST", "/shows", {"title": "周四"}).json
    answer = api("POST", f"/shows/{other['id']}/live")
    assert answer.status_code == 409
    assert "周三" in answer.json["detail"]


def test_an_ended_show_stays_ended(api, show):
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    ended = api("POST", f"/shows/{show['id']}/end").json
    assert (ended["status"], ended["current_item"], ended["next_item"]) == ("ended", None, None)
    assert api("POST", f"/shows/{show['id']}/end").json == ended
    for command, body in (("live", None), ("take", {"item_id": show["rundown"][0]["id"]})):
        assert api("POST", f"/shows/{show['id']}/{command}", body).status_code == 409
    assert api("PUT", f"/shows/{show['id']}/rundown", {"items": []}).status_code == 409


def test_rundown_is_reordered_live_and_items_keep_their_identity(api, show):
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    first, second = show["rundown"]
    items = [{"title": "加场"}, {"id": second["id"], "title": "鲜奶"}, {"id": first["id"], "title": "开场"}]
    changed = api("PUT", f"/shows/{show['id']}/rundown", {"items": items}).json
    assert [item["title"] for item in changed["rundown"]] == ["加场", "鲜奶", "开场"]
    assert changed["rundown"][1]["id"] == second["id"]
    assert changed["current_item"] == first["id"]


def test_a_rundown_changed_meanwhile_is_not_overwritten(api, show):
    path = f"/shows/{show['id']}/rundown"
    mine = {"items": [{"title": "我的"}]}
    assert api("PUT", path, {"items": [{"title": "别人的"}]}).status_code == 200
    refused = api("PUT", path, mine, headers={"If-Match": f'"{show["revision"]}"'})
    assert (refused.status_code, refused.json["code"]) == (412, "stale")
    now = api("GET", f"/shows/{show['id']}").json
    assert [item["title"] for item in now["rundown"]] == ["别人的"]
    assert api("PUT", path, mine, headers={"If-Match": f'"{now["revision"]}"'}).status_code == 200


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ([{"title": "没有正在播出的"}], 409),
        ([{"id": 999, "title": "别人的"}], 422),
        ([{"title": "x", "minutes": 0}], 422),
        ([{"title": ""}], 422),
        ([{"title": "x"}] * 201, 422),
    ],
)
def test_a_bad_rundown_changes_nothing(api, show, items, status):
    live = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json
    if status == 422:
        items = [{"id": live["current_item"], "title": "开场"}, *items]
    assert api("PUT", f"/shows/{show['id']}/rundown", {"items": items}).status_code == status
    assert api("GET", f"/shows/{show['id']}").json == live


def test_an_item_twice_in_a_rundown_is_refused(api, show):
    item = {"id": show["rundown"][0]["id"], "title": "开场"}
    assert api("PUT", f"/shows/{show['id']}/rundown", {"items": [item, item]}).status_code == 422


def test_unknown_shows_and_items_are_not_found(api, show):
    assert api("GET", "/shows/999").status_code == 404
    assert api("POST", f"/shows/{show['id']}/take", {"item_id": 999}).status_code == 404


def test_an_item_of_an_unknown_product_cannot_be_taken(api, show):
    items = [{"title": "?", "sku": "NOPE"}]
    changed = api("PUT", f"/shows/{show['id']}/rundown", {"items": items}).json
    answer = api("POST", f"/shows/{show['id']}/take", {"item_id": changed["rundown"][0]["id"]})
    assert answer.status_code == 409
    assert "NOPE" in answer.json["detail"]


def test_nothing_of_another_show_is_taken_while_one_is_live(api, show, studio):
    taken = []
    studio.bus.listen(ItemTaken, taken.append)
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    draft = api("POST", "/shows", {"title": "周四", "rundown": [{"title": "鲜奶", "scene": "特写"}]}).json
    answer = api("POST", f"/shows/{draft['id']}/take", {"item_id": draft["rundown"][0]["id"]})
    assert answer.status_code == 409
    assert "周三" in answer.json["detail"]
    assert [event.show_id for event in taken] == [show["id"]]


def test_a_product_without_label_cannot_come_on_air_by_a_change_of_the_rundown(api, show, studio):
    api("POST", "/catalogue", [{"sku": "BARE", "name": "散装", "price_fen": 1}])
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    (first, second), path = show["rundown"], f"/shows/{show['id']}/rundown"
    items = [{"id": first["id"], "title": "开场", "sku": "BARE"}, {"id": second["id"], "title": "鲜奶"}]
    assert api("PUT", path, {"items": items}).status_code == 409
    assert api("GET", f"/shows/{show['id']}").json["rundown"][0]["sku"] is None
    items[0]["sku"] = "MILK-950"
    assert api("PUT", path, {"items": items}).status_code == 200
    assert studio.state.get("product")["sku"] == "MILK-950"


def test_minutes_of_an_item_count_from_when_it_came_on_air(api, show):
    looked = api("POST", f"/shows/{show['id']}/take", {"item_id": show["rundown"][1]["id"]}).json
    live = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json
    assert (live["current_item"], live["item_taken_ms"]) == (looked["current_item"], live["started_ms"])
    again = api("POST", f"/shows/{show['id']}/take", {"item_id": live["current_item"]}).json
    assert again["item_taken_ms"] == live["item_taken_ms"]
    first = api("POST", f"/shows/{show['id']}/take", {"item_id": show["rundown"][0]["id"]}).json
    assert first["item_taken_ms"] >= live["item_taken_ms"]
    assert api("POST", f"/shows/{show['id']}/end").json["item_taken_ms"] is None


def test_a_show_is_made_of_a_template_in_two_calls(api, studio):
    folder = studio.settings.data_dir / "scenes"
    folder.mkdir()
    (folder / "mine.toml").write_text('title = "我的"\n[[rundown]]\ntitle = "开场"\n', "utf-8")
    (folder / "broken.toml").write_text(
        'title = "x"\n[[rundown]]\ntitle = "a"\ntrust = [{ kind = "magic", text = "b" }]', "utf-8"
    )
    found = api("GET", "/shows/templates", role="producer").json
    assert [(each["name"], each["own"]) for each in found["templates"]] == [
        ("dairy", False), ("kitchen", False), ("mine", True), ("orchard", False),
    ]  # fmt: skip
    assert [(each["name"], "trust" in each["en"]) for each in found["problems"]] == [("broken", True)]
    dairy = found["templates"][0]
    assert {trust["kind"] for item in dairy["rundown"] for trust in item["trust"]} == {"demo", "test", "story"}
    show = api("POST", "/shows", {"title": dairy["title"], "rundown": dairy["rundown"]}, role="producer").json
    assert [item["trust"] for item in show["rundown"]] == [item["trust"] for item in dairy["rundown"]]
    assert api("GET", f"/shows/{show['id']}").json == show


@pytest.fixture
def long_show(api, dairy):
    """On air with milk; then a gift whose label is incomplete, yoghurt, and words."""
    api("POST", "/catalogue", [*dairy, {"sku": "GIFT", "name": "礼盒", "price_fen": 12800, "stock": 3}])
    rundown = [{"title": sku, "sku": sku} for sku in ("MILK-950", "GIFT", "YOG-1K")]
    show = api("POST", "/shows", {"title": "周三", "rundown": [*rundown, {"title": "抽奖"}]}).json
    return api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json


def test_next_and_previous_pass_over_what_cannot_go_on_air(api, long_show, studio, dairy):
    milk, gift, yoghurt, words = (item["id"] for item in long_show["rundown"])
    assert (long_show["next_item"], long_show["passed_over"]) == (yoghurt, [gift])
    taken = api("POST", f"/shows/{long_show['id']}/take", {"item_id": yoghurt}).json
    assert (taken["previous_item"], taken["next_item"], taken["passed_over"]) == (milk, words, [])
    api("POST", f"/shows/{long_show['id']}/take", {"item_id": milk})
    whole = {**dairy[0], "sku": "GIFT", "name": "礼盒"}
    api("POST", "/catalogue", [whole])
    now = studio.state.get("show")  # the page hears of it without anybody touching the show
    assert (now["next_item"], now["passed_over"]) == (gift, [])


def test_standby_comes_next_once_and_is_refused_honestly(api, long_show):
    path = f"/shows/{long_show['id']}/standby"
    milk, gift, yoghurt, words = (item["id"] for item in long_show["rundown"])
    chosen = api("PUT", path, {"item_id": words}).json
    assert (chosen["next_item"], chosen["standby_item"], chosen["passed_over"]) == (words, words, [])
    refused = api("PUT", path, {"item_id": gift})
    assert refused.status_code == 409
    assert "产地" in refused.json["detail"]
    assert api("PUT", path, {"item_id": milk}).status_code == 409  # on air
    assert api("PUT", path, {"item_id": 999}).status_code == 404
    assert api("PUT", path, {"sku": "YOG-1K"}).status_code == 422
    assert api("PUT", path, {"item_id": words}, role="moderator").status_code == 403
    kept = api("GET", f"/shows/{long_show['id']}").json
    assert kept["standby_item"] == words
    taken = api("POST", f"/shows/{long_show['id']}/take", {"item_id": words}).json
    assert (taken["standby_item"], taken["next_item"]) == (None, None)
    api("PUT", path, {"item_id": yoghurt})
    assert api("PUT", path, {"item_id": None}).json["standby_item"] is None


def test_a_product_on_standby_uses_its_item_or_joins_the_rundown_behind_the_one_on_air(api, long_show, studio):
    path = f"/shows/{long_show['id']}/standby"
    milk, gift, yoghurt, words = (item["id"] for item in long_show["rundown"])
    assert api("PUT", path, {"sku": "YOG-1K", "title": "酸奶"}).json["standby_item"] == yoghurt
    added = api("PUT", path, {"sku": "CHEESE-200", "title": "奶酪棒"}).json
    assert [item["title"] for item in added["rundown"]][:2] == ["MILK-950", "奶酪棒"]
    assert [item["position"] for item in added["rundown"]] == [1, 2, 3, 4, 5]
    assert added["standby_item"] == added["rundown"][1]["id"] not in {milk, gift, yoghurt, words}
    undo = studio.state.get("undo")
    assert (undo["kind"], undo["what"]) == ("add", "奶酪棒")
    assert api("POST", "/undo", {"id": undo["id"]}, role="moderator").status_code == 403
    api("POST", "/undo", {"id": undo["id"]})
    assert [item["id"] for item in studio.state.get("show")["rundown"]] == [milk, gift, yoghurt, words]
    before = studio.state.get("undo")
    assert (before["kind"], before["what"]) == ("standby", "YOG-1K")
    refused = api("PUT", path, {"sku": "NOBODY", "title": "没有的"})
    assert refused.status_code == 409
    assert len(api("GET", f"/shows/{long_show['id']}").json["rundown"]) == 4
    api("POST", f"/shows/{long_show['id']}/take", {"item_id": words})
    assert studio.state.get("undo")["kind"] == "take"  # what was on standby went its way


def test_what_left_the_rundown_is_not_offered_for_undo(api, long_show, studio):
    milk, _gift, yoghurt, words = long_show["rundown"]
    path = f"/shows/{long_show['id']}"
    api("PUT", f"{path}/standby", {"item_id": yoghurt["id"]})
    assert studio.state.get("undo")["what"] == "YOG-1K"

    def keep(*items):
        rows = [{key: item[key] for key in ("id", "title", "sku")} for item in items]
        assert api("PUT", f"{path}/rundown", {"items": rows}).status_code == 200

    keep(milk, words)
    assert studio.state.get("undo") is None
    api("POST", f"{path}/take", {"item_id": words["id"]})
    assert studio.state.get("undo")["back"] == milk["id"]
    keep(words)
    assert studio.state.get("undo") is None
