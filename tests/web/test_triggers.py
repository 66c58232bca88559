"""Triggers: every documented curl line, the scope of their token, presses that are repeated; and undo."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import requests

from studio.events import SegmentHeard
from tests.browser.staged import StagedStudio

DOCUMENT = (Path(__file__).parents[2] / "docs/triggers.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| `([a-z-]+)` \|[^|]+\| `(curl [^`]+)` \|$", DOCUMENT, re.MULTILINE))

KEYMAP = (Path(__file__).parents[2] / "static/js/panel/keymap.js").read_text("utf-8")
SHORTCUT = re.compile(r'id: "(\w+)",\s+keys: \[(.+?)\],(?:\s+where: "(\w+)",)?\s+words: \(\) => t\("(.+?)"\)')
CAPS = {"Control": "Ctrl", "Meta": "⌘", "Shift": "⇧", "Escape": "Esc"}
CAPS |= {"ArrowUp": "↑", "ArrowDown": "↓", "ArrowLeft": "←", "ArrowRight": "→"}


def test_keyboard_map_of_the_docs_is_the_pages_own():
    told = re.findall(r"^\| (`.+`) \| ([^·|]+) · [^|]+ \|$", DOCUMENT, re.MULTILINE)
    shown = []
    for _id, keys, _where, words in SHORTCUT.findall(KEYMAP):
        caps = (" ".join(CAPS.get(part, part) for part in chord.split("+")) for chord in re.findall(r'"(.+?)"', keys))
        shown.append((" ".join(f"`{cap}`" for cap in caps), words))
    assert len(shown) == KEYMAP.count("words: () => t(") > 20
    assert told == shown


def test_no_key_means_two_things_and_the_left_hand_reaches_all_of_the_show():
    chords = []
    reached = set()
    for name, keys, where, _words in SHORTCUT.findall(KEYMAP):
        for chord in re.findall(r'"(.+?)"', keys):
            nine = chord.endswith("1…9")
            chords += [(where, chord[:-3] + str(digit)) for digit in range(1, 10)] if nine else [(where, chord)]
            if re.fullmatch(r"(Shift\+)?([QWERTASDFGZXCVB]|1…9)|Space", chord):
                reached.add(name)
    assert len(chords) == len(set(chords))
    of_the_show = "next previous take standby undo cue dismiss pause skip replay question answer poll mute record"
    assert reached >= {*of_the_show.split(), "stream", "save", "captions", "mark"}


@pytest.fixture(scope="module")
def on_air(tmp_path_factory):
    studio = StagedStudio(tmp_path_factory.mktemp("triggers") / "studio").start()
    studio.prepare_show()
    yield studio
    studio.stop()


@pytest.fixture
def press(on_air):
    """press(action, key=None, **body) → response, as Companion sends it."""
    token = on_air.call("GET", "/triggers/connection")["token"]

    def send(action, key=None, **body):
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        return requests.post(f"{on_air.url}/api/v1/triggers/{action}", json=body, headers=headers, timeout=10)

    return send


def curl(studio, line):
    """Runs a line of the document; (status, JSON)."""
    token = studio.call("GET", "/triggers/connection")["token"]
    filled = line.replace("$URL", studio.url).replace("$TOKEN", token)
    done = subprocess.run(
        [*shlex.split(filled), "-w", "\n%{http_code}"], capture_output=True, text=True, check=True, timeout=20
    )
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), requests.models.complexjson.loads(body)


def test_every_documented_curl_line_does_what_it_says(on_air):
    actions = on_air.call("GET", "/triggers/connection")["actions"]
    assert sorted(ROWS) == sorted(actions)
    on_air.call("POST", "/triggers/take", {"position": 1})
    on_air.call("POST", "/questions", {"text": "这个牛奶能放几天？", "asker": "王阿姨"})
    on_air.order("trigger-1", buyer="张阿姨")
    on_air.publish(SegmentHeard(seq=0, start=0, end=9e6, text="这就开箱", raw_text="这就开箱"))
    expected = {
        "next": {"position": 2},
        "previous": {"position": 1},
        "take": {"position": 3},
        "standby": {"position": 3, "next_title": "原味老酸奶", "undo": "standby"},
        "undo": {"position": 3, "undo": "take"},
        "pause-shoutouts": {"shoutouts_paused": True},
        "resume-shoutouts": {"shoutouts_paused": False},
        "skip-shoutout": {"shoutouts_waiting": 0, "undo": "skip"},
        "show-question": {"question": "这个牛奶能放几天？"},
        "clear-question": {"question": None},
        "mark": {"live": True},
    }
    for action, line in ROWS.items():
        status, answer = curl(on_air, line)
        if action in expected:
            assert status == 200, (action, answer)
            assert {**answer, **expected[action]} == answer, action
        else:  # no OBS here: the request is understood, and says so
            assert status in {404, 503}, (action, answer)
    state = re.search(r"`(curl [^`]+/triggers)`", DOCUMENT)[1]
    show = on_air.call("GET", "/shows")["shows"][0]
    assert on_air.call("GET", f"/shows/{show['id']}/transcript")["highlights"][0]["note"] == "开箱"
    status, answer = curl(on_air, state)
    assert (status, answer["live"], answer["title"]) == (200, True, "手工奶酪棒")


def test_token_opens_triggers_and_nothing_else_until_it_is_renewed(on_air, press):
    connection = on_air.call("GET", "/triggers/connection")
    headers = {"Authorization": f"Bearer {connection['token']}"}
    for path in ("/shows", "/orders", "/stock", "/triggers/connection", "/preflight", "/prompter"):
        answer = requests.get(f"{on_air.url}/api/v1{path}", headers=headers, timeout=10)
        assert answer.status_code in {403, 404, 405}, path
    assert requests.post(f"{on_air.url}/login", data={"token": connection["token"]}, timeout=10).status_code == 401
    on_air.call("POST", "/triggers/next", role="moderator", status=403)
    on_air.call("POST", "/triggers/token", role="producer", status=403)
    assert press("take", position=1).status_code == 200
    fresh = on_air.call("POST", "/triggers/token")["token"]
    assert fresh != connection["token"]
    assert press("take", position=1).status_code == 401
    assert on_air.token("host") not in {fresh, connection["token"]}


def test_a_press_sent_twice_counts_once_and_impossible_ones_change_nothing(on_air):
    token = on_air.call("GET", "/triggers/connection")["token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "press-7"}

    def send(action, body=None, **extra):
        given = headers | extra
        return requests.post(f"{on_air.url}/api/v1/triggers/{action}", json=body or {}, headers=given, timeout=10)

    send("take", {"position": 1}, **{"Idempotency-Key": "reset"})
    assert send("next").json()["position"] == 2
    assert send("next").json()["position"] == 2
    assert send("previous").status_code == 422
    other = {"Idempotency-Key": ""}
    assert send("take", {"position": 99}, **{"Idempotency-Key": "a"}).status_code == 404
    assert send("take", {}, **{"Idempotency-Key": "b"}).status_code == 422
    assert send("take", {"position": "x"}, **{"Idempotency-Key": "c"}).status_code == 422
    assert send("explode", **{"Idempotency-Key": "d"}).status_code == 404
    assert send("next", **other).status_code == 422
    assert send("next", **{"Idempotency-Key": "x" * 201}).status_code == 422
    assert on_air.call("GET", "/triggers")["position"] == 2


def test_a_press_that_is_refused_says_why(live):
    live.prepare_show()
    token = live.call("GET", "/triggers/connection")["token"]

    def send(method, **headers):
        headers = {"Accept-Language": "zh", "Authorization": f"Bearer {token}"} | headers
        return requests.request(method, f"{live.url}/api/v1/triggers/pause-shoutouts", headers=headers, timeout=10)

    assert send("POST", **{"Content-Type": "application/json"}).status_code == 200  # no body, whatever the header says
    assert "设置页" in send("POST", Authorization="Bearer of-yesterday").json()["detail"]
    assert "请先登录" in send("POST", Authorization=None).json()["detail"]
    assert send("GET").json()["detail"] == "这个地址不支持这种请求方法"
    limited = next(answer for answer in (send("POST") for _ in range(130)) if answer.status_code != 200)
    assert (limited.status_code, limited.json()["detail"]) == (429, "太频繁了，请稍后再试")
    assert 0 < int(limited.headers["Retry-After"]) <= 60


def test_undo_takes_back_only_what_was_seen(on_air):
    on_air.call("POST", "/triggers/take", {"position": 1})
    on_air.call("POST", "/triggers/take", {"position": 2})
    with on_air.listen("undo", "show") as listener:
        seen = listener.wait("undo", lambda value: value and value["what"] == "原味老酸奶")
        assert seen["kind"] == "take"
        on_air.call("POST", "/triggers/take", {"position": 3})
        on_air.call("POST", "/undo", {"id": seen["id"]}, status=409)
        on_air.call("POST", "/undo", {"id": seen["id"]}, role="moderator", status=403)
        newest = listener.wait("undo", lambda value: value and value["what"] == "手工奶酪棒")
        on_air.call("POST", "/undo", {"id": newest["id"]})
        assert on_air.call("GET", "/triggers")["position"] == 2
        asked = on_air.call("POST", "/questions", {"text": "有没有无糖的？"})
        on_air.call("POST", f"/questions/{asked['id']}/hide")
        hidden = listener.wait("undo", lambda value: value and value["kind"] == "hide")
        assert hidden["what"] == "有没有无糖的？"
        on_air.call("POST", "/undo", {"id": hidden["id"]}, role="moderator")
        assert listener.wait("undo", lambda value: value and value["kind"] == "take")
    on_air.call("POST", f"/questions/{asked['id']}/hide")  # the other tests' questions are shown
