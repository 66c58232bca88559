"""`/api/v1/obs/*` of a whole app."""

import threading

import pytest

from studio import config
from studio.events import ObsChanged
from tests.obs.real_obs import SCENES

COMMANDS = [
    ("POST", "/obs/scene", {"scene": "牛奶"}),
    ("POST", "/obs/preview", {"scene": "牛奶"}),
    ("POST", "/obs/mute", {"input": "麦克风", "muted": True}),
    ("POST", "/obs/record", {"on": True}),
    ("GET", "/obs/thumbnail.jpg", None),
]


@pytest.mark.parametrize(("method", "path", "body"), COMMANDS)
def test_command_without_obs_is_unavailable(api, method, path, body):
    answer = api(method, path, body)

    assert answer.status_code == 503
    assert answer.get_json()["code"] == "obs-unavailable"
    assert "OBS" in answer.get_json()["detail"]


@pytest.mark.parametrize(("method", "path", "body"), COMMANDS)
def test_command_needs_a_producer(api, method, path, body):
    assert api(method, path, body, role="moderator").status_code == 403
    assert api(method, path, body, role=None).status_code == 401


HOSTS_OWN = {"/obs/connection": "PUT", "/obs/stream": "POST", "/obs/collection": "POST", "/obs/profile": "POST"}


def test_every_route_of_obs_needs_a_producer_and_some_the_host(app, api):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/obs/")]
    assert len(rules) > 15
    for rule in rules:
        path = rule.rule.removeprefix("/api/v1")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            told = {role: api(method, path, {}, role=role).status_code for role in (None, "moderator", "overlay")}
            assert told == {None: 401, "moderator": 403, "overlay": 403}, path
            barred = api(method, path, {}, role="producer").status_code == 403
            assert barred == (HOSTS_OWN.get(path) == method), path


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "http://127.0.0.1"},
        {"host": "127.0.0.1:4455"},
        {"host": "10.0.0.256"},
        {"host": "fe80::1%eth0\r\nX: y"},
        {"host": ""},
        {"port": 0},
        {"port": 65536},
        {"password": "x" * 201},
        {"pasword": "x"},
    ],
)
def test_impossible_connection_is_not_kept(api, settings, wrong):
    answer = api("PUT", "/obs/connection", {"host": "127.0.0.1", "port": 4455, **wrong})

    assert answer.status_code == 422
    assert answer.get_json()["errors"]
    assert not (settings.data_dir / "studio.toml").exists()


def test_alarm_limits_are_kept_and_impossible_ones_change_nothing(api, settings):
    first = api("GET", "/obs/alarm-limits").json
    assert first["limits"] == first["defaults"] == {"dropped_percent": 1, "disk_gb": 5, "cpu_percent": 85}
    wanted = {"dropped_percent": 2.5, "disk_gb": 0, "cpu_percent": 70}
    for name, value in (("dropped_percent", 0), ("cpu_percent", 101), ("disk_gb", -1), ("disk_gb", float("nan"))):
        for language, word in (("zh", "之间"), ("en", "must be between")):
            refused = api("PUT", "/obs/alarm-limits", {**wanted, name: value}, headers={"Accept-Language": language})
            assert (refused.status_code, refused.json["field"]) == (422, name)
            assert word in refused.json["detail"]
    for wrong in ({}, {**wanted, "disk_gb": "5"}, {**wanted, "more": 1}):
        assert api("PUT", "/obs/alarm-limits", wrong).status_code == 422
    assert api("PUT", "/obs/alarm-limits", wanted, role="moderator").status_code == 403
    assert api("GET", "/obs/alarm-limits").json == first
    assert not (settings.data_dir / "studio.toml").exists()

    assert api("PUT", "/obs/alarm-limits", wanted).json == {**first, "limits": wanted}
    kept = config.load({"data_dir": settings.data_dir}, {})
    assert {name: getattr(kept, f"obs_alarm_{name}") for name in wanted} == wanted


def test_password_stays_unless_another_is_given_and_is_never_told(api, settings):
    where = {"host": "127.0.0.1", "port": 9, "password": "p谷-geheim"}
    assert api("GET", "/obs/connection").json == {"host": "127.0.0.1", "port": 4455, "password": False}
    answers = [api("PUT", "/obs/connection", where)]
    answers += [api("PUT", "/obs/connection", {"host": "127.0.0.1", "port": 10}), api("GET", "/obs/connection")]
    assert answers[-1].json == {"host": "127.0.0.1", "port": 10, "password": True}
    assert config.load({"data_dir": settings.data_dir}, {}).obs_password == "p谷-geheim"
    assert not [answer for answer in answers if "geheim" in answer.get_data(as_text=True)]
    assert api("PUT", "/obs/connection", {**where, "password": ""}).status_code == 200
    assert api("GET", "/obs/connection").json["password"] is False
    assert config.load({"data_dir": settings.data_dir}, {}).obs_password == ""


@pytest.mark.obs
@pytest.mark.xdist_group("obs")
def test_connection_is_kept_and_used_at_once(api, studio, settings, obs):
    connected = threading.Event()
    studio.bus.listen(ObsChanged, lambda event: connected.set() if event.state == "connected" else None)

    answer = api("PUT", "/obs/connection", {"host": obs.host, "port": obs.port, "password": obs.password})
    assert answer.status_code == 200
    assert connected.wait(10)
    switched = api("POST", "/obs/scene", {"scene": "厨房"})
    missing = api("POST", "/obs/scene", {"scene": "果园"})
    picture = api("GET", "/obs/thumbnail.jpg")

    assert switched.status_code == 200
    assert set(SCENES) <= set(switched.get_json()["scenes"])
    assert (missing.status_code, missing.get_json()["code"]) == (404, "not-found")
    assert "片头、牛奶、厨房" in missing.get_json()["detail"]
    assert (picture.status_code, picture.content_type) == (200, "image/jpeg")
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.data.startswith(b"\xff\xd8\xff")
    kept = config.load({"data_dir": settings.data_dir}, environ={})
    assert (kept.obs_host, kept.obs_port, kept.obs_password) == (obs.host, obs.port, obs.password)
