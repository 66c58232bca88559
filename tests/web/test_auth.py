import json

import pytest
import requests

from studio.app import create_app
from studio.config import Settings
from studio.errors import ConfigError
from studio.types import Role
from studio.web.auth import Tokens
from tests.live import LiveStudio


def sign_in(client, token):
    return client.get(f"/login?token={token}")


def test_login_link_opens_the_control_page_and_only_there(app, studio):
    client = app.test_client()
    assert client.get("/control").headers["Location"].endswith("/login")
    answer = sign_in(client, studio.tokens.of(Role.HOST))
    assert answer.status_code == 302
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert client.get("/control").status_code == 200


@pytest.mark.parametrize("token", ["wrong", "", "密码", "x" * 10_000])
def test_a_wrong_token_does_not_sign_in(app, token):
    client = app.test_client()
    sign_in(client, token)
    assert client.get("/control").status_code == 302


def test_an_overlay_token_reads_overlays_and_nothing_else(app, studio):
    client, token = app.test_client(), studio.tokens.of(Role.OVERLAY)
    assert sign_in(client, token).status_code == 401
    assert client.get("/control").status_code == 302
    assert client.get(f"/overlay/card?token={token}").status_code == 200
    assert client.get("/overlay/card?token=wrong").status_code == 401
    assert client.get("/overlay/card").status_code == 401


def test_roles_are_ranked(api):
    show = api("POST", "/shows", {"title": "t"}, role="producer").json
    assert api("POST", "/shows", {"title": "t"}, role="moderator").status_code == 403
    assert api("POST", f"/shows/{show['id']}/live", role="producer").status_code == 403
    assert api("POST", f"/shows/{show['id']}/live", {"override": "测试"}, role="host").status_code == 200
    assert api("GET", "/orders", role="moderator").status_code == 200
    assert api("GET", "/orders", role="agent").status_code == 403
    for part in ("transcript", "export/srt"):  # what the review page, which a moderator may open, shows and links to
        assert api("GET", f"/shows/{show['id']}/{part}", role="moderator").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8733", "localhost.evil", "[::2]:80"])
def test_a_foreign_host_name_is_refused(app, studio, host):
    headers = {"Host": host, "Authorization": f"Bearer {studio.tokens.of(Role.HOST)}"}
    assert app.test_client().get("/api/v1/shows", headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8733", "localhost", "LOCALHOST:1", "[::1]:8733"])
def test_local_names_are_allowed(app, studio, host):
    headers = {"Host": host, "Authorization": f"Bearer {studio.tokens.of(Role.HOST)}"}
    assert app.test_client().get("/api/v1/shows", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_command_is_refused_even_with_the_cookie(app, studio, headers):
    client = app.test_client()
    sign_in(client, studio.tokens.of(Role.HOST))
    assert client.post("/api/v1/shows", json={"title": "x"}, headers=headers).status_code == 403
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/shows", json={"title": "x"}, headers=own).status_code == 201


def test_login_is_rate_limited(app):
    client = app.test_client()
    answers = [client.get("/login?token=guess").status_code for _ in range(40)]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_new_tokens_end_old_sessions(app, studio):
    client = app.test_client()
    sign_in(client, studio.tokens.of(Role.HOST))
    assert client.get("/control").status_code == 200
    studio.tokens._by_role[Role.HOST] = "another"
    assert client.get("/control").status_code == 302


def test_tokens_are_private_and_stay(tmp_path):
    path = tmp_path / "tokens.json"
    first = Tokens(path)
    assert path.stat().st_mode & 0o077 == 0
    assert Tokens(path).of(Role.HOST) == first.of(Role.HOST)
    assert len({first.of(role) for role in Role}) == len(Role)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"roles": {}}', '{"roles": {"host": "x"}, "cookie_key": "k"}'])
def test_a_damaged_token_file_is_a_clear_error(tmp_path, text):
    path = tmp_path / "tokens.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="delete it"):
        Tokens(path)
    assert path.read_text("utf-8") == text


def test_pages_are_never_kept_and_assets_always(app, studio):
    client = app.test_client()
    sign_in(client, studio.tokens.of(Role.HOST))
    page = client.get("/control")
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    build = page.get_data(as_text=True).split("/assets/")[1].split("/")[0]
    with client.get(f"/assets/{build}/css/tokens.css") as current:
        assert "immutable" in current.headers["Cache-Control"]
    with client.get("/assets/0ld/css/tokens.css") as old:
        assert old.headers["Cache-Control"] == "no-store"
    assert client.get(f"/assets/{build}/../studio/app.py").status_code == 404


def test_openapi_document_is_served_and_names_every_route(app):
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.")
    assert {"/api/v1/shows", "/api/v1/orders", "/api/v1/obs/scene", "/api/v1/ear/source"} <= document["paths"].keys()
    json.dumps(document)


def test_the_address_that_the_studio_tells_is_one_that_it_answers(tmp_path):
    live = LiveStudio(tmp_path / "studio", host="127.0.0.2").start()
    try:
        url = json.loads((live.data_dir / "server.json").read_text("utf-8"))["url"]
        assert requests.get(f"{url}/healthz", timeout=10).status_code == 200
        assert requests.get(f"{url}/healthz", timeout=10, headers={"Host": "127.0.0.3"}).status_code == 403
    finally:
        live.stop()


@pytest.mark.parametrize(
    ("host", "names"), [("192.168.1.5", ("192.168.1.5",)), ("fe80::1", ("[fe80::1]",)), ("0.0.0.0", ()), ("::", ())]
)
def test_only_an_address_of_its_own_is_a_name_of_the_studio(settings, host, names):
    assert settings.model_copy(update={"host": host}).own_hosts == names


def test_product_photos_are_served_from_a_data_folder_named_relatively(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = create_app(Settings(data_dir="data", obs_enabled=False, ear_enabled=False))
    photo = tmp_path / "data/images/milk.png"
    photo.parent.mkdir()
    photo.write_bytes(b"milk")
    with app.test_client().get("/media/milk.png") as answer:
        assert answer.data == b"milk"
    assert app.test_client().get("/media/../tokens.json").status_code == 404
    app.extensions["studio"].stop()
