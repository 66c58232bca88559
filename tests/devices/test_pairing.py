"""A tablet is paired by a link, known by its cookie, and sent away by the host."""

import re

import pytest

from studio.app import create_app
from studio.devices.paired import MOST_DEVICES, SEEN_EVERY_MS, Devices
from studio.errors import Conflict
from studio.types import Ms, Role, now_ms
from studio.web.lan import ENVIRON
from tests.waiting import settle

OUTSIDE = "https://studio.example"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"public_url": OUTSIDE})


@pytest.fixture
def invite(api):
    """invite(role) → path of a link for one device."""

    def make(role="producer"):
        return api("POST", "/pairing", {"role": role}).json["url"].removeprefix(OUTSIDE)

    return make


@pytest.fixture
def pair(app, invite):
    """pair(role, name) → the browser of a paired device."""

    def confirm(role="producer", name="灶台 iPad"):
        tablet = app.test_client()
        assert tablet.post(invite(role), data={"name": name}).status_code == 303
        return tablet

    return confirm


def devices(api):
    return api("GET", "/devices").json["devices"]


def test_device_is_paired_by_its_yes_and_lands_on_the_control_page(app, api, invite):
    link, tablet = invite("producer"), app.test_client()
    page = tablet.get(link, headers={"User-Agent": "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X)"})
    assert page.status_code == 200
    assert 'value="iPad"' in page.get_data(as_text=True)
    answer = tablet.post(link, data={"name": "  灶台 iPad "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/control")
    for attribute in ("HttpOnly", "SameSite=Lax", "Expires="):
        assert attribute in answer.headers["Set-Cookie"]
    assert tablet.get("/control").status_code == 200
    (device,) = devices(api)
    assert (device["name"], device["role"], device["online"]) == ("灶台 iPad", "producer", False)


def test_looking_at_the_link_uses_nothing_up(app, api, invite):
    link = invite()
    for _ in range(3):  # as chats do that show what a link leads to
        assert app.test_client().get(link).status_code == 200
        assert app.test_client().head(link).status_code == 200
    assert devices(api) == []
    assert app.test_client().post(link, data={"name": "x"}).status_code == 303


def test_used_wrong_and_voided_links_are_told_apart_in_both_languages(app, invite, pair):
    used = invite()
    app.test_client().post(used, data={"name": "x"})
    voided, _newer = invite(), invite()
    for link, status, zh, en in (
        (used, 409, "已经用过了", "used already"),
        (voided, 409, "扫新的", "newer QR code"),
        ("/pair/" + "a" * 26, 404, "配对码不对", "code is wrong"),
    ):
        for ask in (app.test_client().get, app.test_client().post):
            answer = ask(link)
            assert (answer.status_code, zh in answer.get_data(as_text=True)) == (status, True)
        assert en in app.test_client().get(link, headers={"Accept-Language": "en"}).get_data(as_text=True)


@pytest.mark.parametrize("name", ["", "   ", "名" * 41, "a\0b", "x" * 100_000])
def test_a_name_that_is_none_is_asked_for_again(app, api, invite, name):
    link = invite()
    answer = app.test_client().post(link, data={"name": name})
    assert (answer.status_code, "名字要有" in answer.get_data(as_text=True)) == (422, True)
    assert app.test_client().post(link, data=b"\xff{", content_type="application/json").status_code == 422
    assert devices(api) == []
    assert app.test_client().post(link, data={"name": "<b>好</b>"}).status_code == 303


def test_a_device_has_its_role_and_never_the_hosts(api, pair):
    producer, moderator = pair("producer"), pair("moderator")
    assert producer.post("/api/v1/shows", json={"title": "t"}).status_code == 201
    assert moderator.post("/api/v1/shows", json={"title": "t"}).status_code == 403
    for tablet in (producer, moderator):
        assert tablet.get("/api/v1/orders").status_code == 200
        assert tablet.post("/api/v1/pairing", json={"role": "moderator"}).status_code == 403
        assert tablet.delete("/api/v1/devices/1").status_code == 403
        assert tablet.put("/api/v1/lan", json={"on": True}).status_code == 403
    for role in ("host", "agent", "overlay", "", None):
        assert api("POST", "/pairing", {"role": role}).status_code == 422


def test_only_the_host_is_offered_to_pair(app, studio):
    for role, offered in (("host", True), ("producer", False)):
        client = app.test_client()
        client.get(f"/login?token={studio.tokens.of(Role(role))}")
        for path, sign in (("/settings", 'id="pair-device"'), ("/control", "/settings#devices")):
            assert (sign in client.get(path).get_data(as_text=True)) is offered


def test_rehearsal_opens_on_the_hosts_pc_alone(api):
    answer = api("GET", "/rehearsal/links", environ_overrides={ENVIRON: "192.168.1.5"})
    assert (answer.status_code, "主播的电脑" in answer.json["detail"]) == (409, True)


def test_secrets_and_addresses_are_nowhere_in_the_data_folder(settings, studio, api, pair):
    tablet = pair()
    with tablet.session_transaction() as session:
        secret = session["device"].encode()
    assert len(secret) >= 43  # 256 bits in base64
    studio.writer.run(lambda _unit: None)
    kept = b"".join(path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file())
    assert "灶台 iPad".encode() in kept
    assert secret not in kept
    assert devices(api)[0].keys() == {"id", "name", "role", "paired_ms", "seen_ms", "online"}


def test_revoked_device_is_told_so_and_stays_out(app, settings, api, pair):
    tablet, other = pair(name="A"), pair(name="B")
    cookie = tablet.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    kept = other.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    assert [device["name"] for device in api("DELETE", "/devices/1").json["devices"]] == ["B"]
    answer = tablet.get("/api/v1/shows")
    assert (answer.status_code, "配对已被取消" in answer.json["detail"]) == (401, True)
    assert "配对已被取消" in tablet.get("/control", follow_redirects=True).get_data(as_text=True)
    assert api("DELETE", "/devices/1").status_code == 404
    again = create_app(settings)
    try:
        for value, status in ((cookie, 401), (kept, 200)):
            client = again.test_client()
            client.set_cookie(again.config["SESSION_COOKIE_NAME"], value)
            assert client.get("/api/v1/shows").status_code == status
    finally:
        again.extensions["studio"].stop()


def test_there_is_room_for_thirty(studio, api):
    paired = Devices(studio.database, studio.writer)
    for number in range(MOST_DEVICES):
        paired.pair(str(number), Role.MODERATOR, at=now_ms())
    with pytest.raises(Conflict, match="remove one"):
        paired.pair("more", Role.MODERATOR, at=now_ms())
    paired.pair("again", Role.MODERATOR, at=now_ms(), instead_of=1)
    assert len(devices(api)) == MOST_DEVICES


def test_device_was_last_seen_when_it_asked_last(studio, api):
    paired = Devices(studio.database, studio.writer)
    secret = paired.pair("iPad", Role.MODERATOR, at=Ms(now_ms() - SEEN_EVERY_MS - 1))
    paired.find(secret)
    settle(studio)
    assert devices(api)[0]["seen_ms"] - devices(api)[0]["paired_ms"] > SEEN_EVERY_MS


def test_device_is_renamed(api, pair):
    pair(name="iPad")
    assert api("PUT", "/devices/1", {"name": " 厨房 "}).json["devices"][0]["name"] == "厨房"
    assert api("PUT", "/devices/1", {"name": " "}).status_code == 422
    assert api("PUT", "/devices/2", {"name": "x"}).status_code == 404


def test_browser_that_is_paired_again_is_one_device(api, invite, pair):
    tablet = pair("producer", name="iPad")
    assert "现在以“导播”登录" in tablet.get(invite("moderator")).get_data(as_text=True)
    assert tablet.post(invite("moderator"), data={"name": "iPad"}).status_code == 303
    assert [device["role"] for device in devices(api)] == ["moderator"]


def test_device_that_signs_out_is_paired_no_more(api, pair):
    tablet = pair()
    assert tablet.post("/logout").status_code == 302
    assert devices(api) == []


def test_links_are_rate_limited(app):
    guesses = [app.test_client().get(f"/pair/{number}").status_code for number in range(40)]
    assert (guesses[0], guesses[-1]) == (404, 429)
    guesses = [app.test_client().post(f"/pair/{number}").status_code for number in range(40)]
    assert guesses[-1] == 429


def test_another_site_cannot_say_yes(app, api, invite):
    answer = app.test_client().post(invite(), data={"name": "x"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert devices(api) == []


def test_code_needs_an_address_that_devices_reach(tmp_path, settings):
    alone = settings.model_copy(update={"public_url": "", "data_dir": tmp_path / "alone"})
    app = create_app(alone)
    try:
        studio = app.extensions["studio"]
        headers = {"Authorization": f"Bearer {studio.tokens.of(Role.HOST)}"}
        answer = app.test_client().post("/api/v1/pairing", json={"role": "producer"}, headers=headers)
        assert (answer.status_code, "局域网访问" in answer.json["detail"]) == (409, True)
    finally:
        studio.stop()


def test_code_is_a_picture_of_its_link(api):
    code = api("POST", "/pairing", {"role": "producer"}).json
    assert code["qr"].startswith("data:image/svg+xml")
    assert re.fullmatch(rf"{OUTSIDE}/pair/[a-z2-7]{{26}}", code["url"])
