"""Chat messages by hook: the generic form and that of Social Stream Ninja."""

import json

import pytest

from studio.audience.comments import of_ninja

# as the extension posts them ("Send all to POST server"): fields of its docs/event-reference.html
NINJA = {
    "id": 920417,
    "chatname": "Wang &amp; Li",
    "chatmessage": 'Hi <img src="https://x.example/e.png" alt="😀">, 这个奶能放几天？',
    "chatimg": "https://x.example/face.png",
    "chatbadges": "",
    "backgroundColor": "",
    "textColor": "",
    "hasDonation": "",
    "membership": "",
    "contentimg": "",
    "textonly": False,
    "type": "youtube",
    "event": False,
}


@pytest.fixture
def hooks(api, dairy):
    api("POST", "/catalogue", dairy)
    show = api("POST", "/shows", {"title": "牧场", "rundown": [{"title": "奶", "sku": "MILK-950"}]}).json
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    return api("GET", "/comments/hooks").json


@pytest.fixture
def deliver(app, hooks):
    """deliver(kind, body, **kwargs) → response; body as JSON unless it is bytes."""
    client = app.test_client()

    def post(kind, body, **kwargs):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(hooks[kind], data=data, **{"content_type": "application/json", **kwargs})

    return post


def topic(studio, name):
    return studio.state.snapshot([name])[name]["value"]


def comment(number=1, text="真好喝", **changes):
    return {"id": f"c{number}", "source": "douyin", "who": "张桂芳", "text": text, **changes}


def test_a_comment_is_kept_masked(deliver, studio):
    assert deliver("generic", comment(text="加我 13800138000")).json == {"received": 1, "new": 1}
    [row] = topic(studio, "comments")
    assert (row["who"], row["source"], row["text"], row["question_id"]) == ("张*", "douyin", "加我 138****8000", None)


def test_the_same_comment_again_changes_nothing(deliver, studio):
    batch = [comment(1), comment(2, "这个能放几天？"), comment(1)]
    assert deliver("generic", batch).json == {"received": 3, "new": 2}
    assert deliver("generic", batch).json == {"received": 3, "new": 0}
    assert deliver("generic", comment(1, source="kuaishou")).json["new"] == 1
    assert len(topic(studio, "comments")) == 3
    assert [row["askers"] for row in topic(studio, "questions")] == [1]


def test_a_comment_that_asks_goes_to_the_inbox_with_its_source(deliver, studio):
    deliver("generic", [comment(1, "这个奶能放几天"), comment(2, "牛奶可以放几天啊", who="李姐"), comment(3, "好喝")])
    [question] = topic(studio, "questions")
    assert (question["source"], question["sku"], question["askers"], question["asker"]) == (
        "douyin",
        "MILK-950",
        2,
        "张*",
    )
    assert [row["question_id"] for row in topic(studio, "comments")] == [question["id"], question["id"], None]


def test_one_person_asking_twice_in_the_chat_counts_once(deliver, studio):
    deliver("generic", [comment(1, "这个奶能放几天"), comment(2, "能放几天呀这个奶？")])
    assert [row["askers"] for row in topic(studio, "questions")] == [1]


def test_a_message_of_social_stream_ninja_is_read(deliver, studio):
    assert deliver("ninja", NINJA).json == {"received": 1, "new": 1}
    [row] = topic(studio, "comments")
    assert (row["source"], row["who"], row["text"]) == ("youtube", "W*", "Hi 😀, 这个奶能放几天？")
    assert row["question_id"] == topic(studio, "questions")[0]["id"]
    assert deliver("ninja", NINJA).json == {"received": 1, "new": 0}
    assert deliver("ninja", {**NINJA, "chatmessage": "另一句"}).json["new"] == 1  # its ids start anew each session


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"event": "viewer_update", "meta": 12, "type": "youtube"},
        {**NINJA, "event": "new_follower"},
        {**NINJA, "chatname": ""},
        {**NINJA, "chatmessage": "<img src=x>"},
        {**NINJA, "chatmessage": None},
        {**NINJA, "chatname": 7},
        "text",
        7,
        None,
    ],
)
def test_what_nobody_wrote_is_ignored(deliver, studio, message):
    assert deliver("ninja", [message, NINJA]).json == {"received": 1, "new": 1}


def test_plain_text_is_not_read_as_markup():
    assert of_ninja({**NINJA, "textonly": True, "chatmessage": "1 <b> 2"}).text == "1 <b> 2"
    assert of_ninja({**NINJA, "type": "<Twitch!>" + "x" * 50}).source == "twitch" + "x" * 14
    assert of_ninja({**NINJA, "type": None}).source == "none"


def test_a_browser_extension_may_deliver(deliver, app, hooks):
    headers = {"Origin": "chrome-extension://abcdef", "Sec-Fetch-Site": "cross-site"}
    answer = deliver("ninja", NINJA, headers=headers, content_type="text/plain")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    preflight = app.test_client().options(hooks["ninja"], headers=headers)
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Private-Network"] == "true"


@pytest.mark.parametrize("kind", ["generic", "ninja"])
@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b"x" * 300_000, b"[" + b"1," * 300 + b"1]"])
def test_unreadable_deliveries_are_clear_errors(deliver, studio, kind, body):
    answer = deliver(kind, body)
    assert answer.status_code in {400, 413, 422}, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert topic(studio, "comments") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        comment(text=None),
        comment(text="x" * 2001),
        comment(source="抖音"),
        comment(source="x" * 21),
        comment(id=""),
        comment(id=None),
        comment(id="x" * 101),
        comment(at="now"),
        [comment(1), {"id": 2}],
        "text",
        7,
        None,
    ],
)
def test_a_malformed_comment_refuses_its_whole_delivery(deliver, studio, body):
    assert deliver("generic", body).status_code == 422
    assert topic(studio, "comments") == []


def test_hostile_comments_are_words(deliver, studio):
    deliver(
        "generic",
        [comment(1, "<script>alert(1)</script>\x00\u202e怎么买"), comment(2, "\x01\x00"), comment(3, "好" * 2000)],
    )
    texts = [row["text"] for row in topic(studio, "comments")]
    assert texts == ["<script>alert(1)</script>怎么买", "好" * 299 + "…"]
    assert topic(studio, "questions")[0]["text"] == "<script>alert(1)</script>怎么买"


def test_a_long_question_in_the_chat_is_shortened_not_refused(deliver, studio):
    deliver("generic", comment(text="这个牛奶" + "特别特别" * 40 + "能放几天？"))
    assert len(topic(studio, "questions")[0]["text"]) == 80


def test_a_time_that_cannot_be_is_replaced_by_ours(deliver, studio):
    now = topic(studio, "show")["started_ms"]
    deliver("generic", [comment(1, at=-5), comment(2, at=2**70), comment(3, at=now)])
    times = [row["at"] for row in topic(studio, "comments")]
    assert times[2] == now
    assert all(at >= now for at in times)


@pytest.mark.parametrize("kind", ["generic", "ninja"])
def test_a_wrong_key_is_refused(app, hooks, studio, kind):
    wrong = hooks[kind][:-1] + ("0" if hooks[kind][-1] != "0" else "1")
    for address in (wrong, hooks[kind].rsplit("/", 1)[0] + "/密"):
        assert app.test_client().post(address, json=comment()).status_code == 403
    assert topic(studio, "comments") == []


@pytest.mark.parametrize("role", [None, "overlay", "agent", "moderator"])
def test_the_addresses_are_for_producers(api, role):
    assert api("GET", "/comments/hooks", role=role).status_code in {401, 403}


def test_one_click_makes_a_question_of_a_comment_once(deliver, api, studio):
    deliver("generic", comment(text="牛奶放冰箱"))
    [row] = topic(studio, "comments")
    first = api("POST", f"/comments/{row['id']}/ask", role="moderator").json
    assert api("POST", f"/comments/{row['id']}/ask").json == first
    assert topic(studio, "comments")[0]["question_id"] == first["question_id"]
    assert [question["askers"] for question in topic(studio, "questions")] == [1]
    assert api("POST", "/comments/999/ask").status_code == 404


def test_the_feed_holds_the_last_fifty(deliver, studio):
    deliver("generic", [comment(number, f"第{number}条") for number in range(60)])
    assert [row["text"] for row in topic(studio, "comments")] == [f"第{number}条" for number in range(10, 60)]


def test_half_a_character_breaks_nothing(deliver, studio):
    assert deliver("ninja", {**NINJA, "chatname": "\ud800甲", "chatmessage": "好\udfff喝"}).json["new"] == 1
    assert [(row["who"], row["text"]) for row in topic(studio, "comments")] == [("甲*", "好喝")]
    assert deliver("generic", comment(text="\ud800")).status_code == 422
