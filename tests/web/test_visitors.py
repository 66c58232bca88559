"""Buyers without an account: the cookie, the token against other sites, the limits, the socket."""

import json
import re

import pytest
import websocket
from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from studio.app import create_app
from studio.config import Settings
from studio.errors import NotAllowed
from studio.web.visitors import Visitors

ORDER = {"nickname": "张阿姨", "lines": [{"sku": "MILK-950", "quantity": 1}]}


@pytest.fixture
def stall():
    return make_stall()


def make_stall(**options):
    """A small app with two pages, three visits a minute each, and a command."""
    app = Flask(__name__)
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    visitors = Visitors(app, "key", limiter, 8000, **options)

    @app.get("/page")
    @visitors.public("3 per minute")
    def page():
        return {"who": visitors.current(), "csrf": visitors.csrf()}

    @app.post("/command")
    @visitors.public("30 per minute")
    def command():
        return {"who": visitors.current()}

    @app.get("/other")
    @visitors.public("3 per minute")
    def other():
        return {}

    app.register_error_handler(NotAllowed, lambda error: (error.en, error.status))
    return app


def send(client, csrf, **headers):
    given = {"X-CSRF-Token": csrf} if csrf is not None else {}
    return client.post("/command", headers={**given, **headers})


def test_a_browser_is_known_again_and_no_other_is(stall):
    one, two = stall.test_client(), stall.test_client()
    first = one.get("/page").json["who"]
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert one.get("/page").json["who"] == first
    assert two.get("/page").json["who"] != first


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(stall):
    cookie = stall.test_client().get("/page").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secure = stall.test_client().get("/page", base_url="https://shop.example").headers["Set-Cookie"]
    assert "Secure" in secure


def test_who_comes_back_within_the_year_is_known_for_another(app):
    browser = app.test_client()
    first = browser.get("/s").headers["Set-Cookie"]
    again = browser.get("/me").headers["Set-Cookie"]
    assert first.split(";")[0] == again.split(";")[0]
    assert f"Max-Age={365 * 24 * 3600}" in again


def test_the_id_does_not_give_the_cookie_away(stall):
    answer = stall.test_client().get("/page")
    assert answer.json["who"] not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("cookie", ["", "nonsense", '"x".y', "ImZUOEdQWDQi.forged", "é"])
def test_a_forged_cookie_names_nobody(stall, cookie):
    client = stall.test_client()
    client.set_cookie("linli_visitor_8000", cookie)
    answer = client.get("/page")
    assert answer.status_code == 200
    assert "Set-Cookie" in answer.headers
    assert send(client, "x").status_code == 403


def test_a_command_needs_the_token_of_this_very_browser(stall):
    mine, other = stall.test_client(), stall.test_client()
    token, foreign = mine.get("/page").json["csrf"], other.get("/page").json["csrf"]
    for wrong in (None, "", "x", foreign, token + "0", "é"):
        assert send(mine, wrong).status_code == 403
    assert send(mine, token).status_code == 200
    assert send(stall.test_client(), token).status_code == 403


def test_a_browser_is_stopped_at_its_limit_and_others_are_not(stall):
    one, two = stall.test_client(), stall.test_client()
    assert [one.get("/page").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert two.get("/page").status_code == 200
    assert one.get("/other").status_code == 200


def test_a_neighbourhood_behind_one_address_may_arrive_at_once(stall):
    assert {stall.test_client().get("/page").status_code for _ in range(50)} == {200}


def test_thrown_away_cookies_do_not_lift_the_limit_of_an_address():
    stall = make_stall(address_limits={True: "5 per minute", False: "5 per minute"})
    codes = []
    for _ in range(7):
        client = stall.test_client()
        token = client.get("/page").json
        codes.append(send(client, token["csrf"]).status_code if token else 429)
        if codes[-1] == 429:
            break
    assert codes.count(200) <= 5
    assert codes[-1] == 429


def test_real_pages_give_the_cookie_the_socket_takes(live):
    live.prepare_show()
    with pytest.raises(AssertionError, match="44"):
        greet(live, None)
    import requests  # noqa: PLC0415 - beside its use

    browser = requests.Session()
    browser.get(f"{live.url}/s", timeout=10)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with pytest.raises(AssertionError, match="44"):
        greet(live, cookie, page="control")
    socket, hello = greet(live, cookie)
    try:
        assert hello["role"] == "visitor"
        socket.send('421["subscribe",["stock","product","show","poll","orders","complaints","questions","shoutouts"]]')
        granted = json.loads(answer_to(socket, "431"))[0]
        assert set(granted) == {"stock", "product", "poll"}  # the show's rundown holds the host's notes
        live.order("a", quantity=3)
        topic = json.loads(answer_to(socket, '42["topic"', whole=True)[2:])[1]
        assert topic["value"]["items"]["MILK-950"]["sold"] == 3
        socket.send('42["ack",{"kind":"shoutout","id":1,"client":"x"}]')  # not a buyer's to say
        socket.send('422["subscribe",["stock"]]')
        assert answer_to(socket, "432")
    finally:
        socket.close()


def greet(live, cookie, page="shop"):
    """(an open socket, its hello); AssertionError with the refusal."""
    url = f"ws://127.0.0.1:{live.port}/socket.io/?EIO=4&transport=websocket"
    socket = websocket.create_connection(url, timeout=10, cookie=cookie)
    socket.recv()
    socket.send("40" + json.dumps({"page": page}))
    first, second = socket.recv(), None
    if first.startswith("44"):
        socket.close()
        raise AssertionError(first)
    second = socket.recv()
    hello = next(text for text in (first, second) if text.startswith("42"))
    return socket, json.loads(hello[2:])[1]


def answer_to(socket, start, *, whole=False):
    """The first message that starts so, pings answered."""
    while True:
        message = socket.recv()
        if message == "2":
            socket.send("3")
        elif message.startswith(start):
            return message if whole else message[len(start) :]


def test_limits_and_tokens_guard_the_shop_itself(tmp_path, dairy):
    app = create_app(Settings(data_dir=tmp_path, obs_enabled=False, ear_enabled=False))
    studio = app.extensions["studio"]
    try:
        host = {"Authorization": f"Bearer {studio.tokens.of('host')}"}
        app.test_client().post("/api/v1/catalogue", json=dairy, headers=host)
        client = app.test_client()
        page = client.get("/s").get_data(as_text=True)
        token = re.search(r'name="csrf" content="(\w+)"', page)[1]
        refused = client.post("/api/v1/public/orders", json=ORDER, headers={"Idempotency-Key": "k"})
        assert refused.status_code == 403
        foreign = {"Idempotency-Key": "k", "X-CSRF-Token": token, "Origin": "https://evil.example"}
        assert client.post("/api/v1/public/orders", json=ORDER, headers=foreign).status_code == 403
        given = {"X-CSRF-Token": token}
        codes = [
            client.post(
                "/api/v1/public/orders", json=ORDER, headers={**given, "Idempotency-Key": f"k{number}"}
            ).status_code
            for number in range(11)
        ]
        assert codes.count(201) <= 10
        assert codes[-1] == 429
        assert codes[0] == 201
    finally:
        studio.stop()
