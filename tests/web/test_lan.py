"""The LAN switch of a running studio: its address answers while it is on, and the devices that came in by it."""

import base64
import json
import re
import socket
import threading
from collections import Counter
from contextlib import contextmanager, suppress

import gevent
import pytest
import requests
import websocket

from studio.config import Settings
from studio.errors import BadInput, Conflict
from studio.web.buyer_address import buyer_address
from studio.web.lan import Lan, lan_addresses
from tests.codes import picture_of, read_code
from tests.live import LiveStudio
from tests.real import missing

OPERATOR_PAGES = (
    "control",
    "orders",
    "pickup",
    "announce",
    "buyers",
    "prompter",
    "knowledge",
    "review",
    "overlays",
    "themes",
    "settings",
    "overlay/card",
    "overlay/composite",
)
OPERATOR_READINGS = ("shows", "orders", "devices", "lan", "themes", "pickup-list", "prompter/link")
ACCEPTED = ("40", "42")  # the hello may come before the acknowledgement


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """One for all: each test leaves it as it likes."""
    if not lan_addresses():
        missing("this machine has no address in a local network")
    studio = LiveStudio(tmp_path_factory.mktemp("lan") / "studio", trusted_proxies=1).start()
    yield studio
    studio.stop()


@pytest.fixture
def lan_url(studio):
    """The studio's address in the local network, which is open."""
    return studio.call("PUT", "/lan", {"on": True})["url"]


@pytest.fixture(scope="module")
def show(studio):
    """A live show whose first product is on air."""
    show = studio.prepare_show()
    studio.call("POST", f"/shows/{show['id']}/take", {"item_id": show["rundown"][0]["id"]})
    return show


def close_lan(studio):
    studio.call("PUT", "/lan", {"on": False})


@contextmanager
def page(url, auth, **options):
    """A page's bare WebSocket, and what the server said to its CONNECT packet: `44…` is a refusal."""
    address = f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    wire = websocket.create_connection(address, timeout=10, **options)
    try:
        assert wire.recv().startswith("0")
        wire.send("40" + json.dumps(auth))
        yield wire, wire.recv()
    finally:
        wire.shutdown()


def wait_for_end(wire):
    """Returns when the server has closed it, not for want of an answer to its ping, which takes 10 s."""
    wire.settimeout(4)
    with suppress(websocket.WebSocketConnectionClosedException):
        while wire.recv():
            pass


def test_only_this_pc_is_listened_to_until_the_host_says_otherwise(studio):
    close_lan(studio)
    told = studio.call("GET", "/lan")
    assert (told["on"], told["url"], told["address"]) == (False, None, None)
    host = f"{told['addresses'][0]}:{studio.port}"
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://{host}/healthz", timeout=5)
    assert requests.get(f"{studio.url}/healthz", headers={"Host": host}, timeout=5).status_code == 403
    studio.call("PUT", "/lan", {"on": True}, role="producer", status=403)
    told = studio.call("PUT", "/lan", {"on": True})
    assert told["url"] == f"http://{host}"
    assert requests.get(f"http://{host}/healthz", timeout=5).status_code == 200
    for other in ("10.255.255.254", "evil.example", f"{host}.evil.example"):
        assert requests.get(f"http://{host}/healthz", headers={"Host": other}, timeout=5).status_code == 403
    close_lan(studio)
    assert requests.get(f"{studio.url}/healthz", headers={"Host": host}, timeout=5).status_code == 403
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://{host}/healthz", timeout=5)


def test_other_sites_stay_out_of_the_open_address(studio, lan_url):
    headers = {"Authorization": f"Bearer {studio.token()}", "Origin": "http://10.255.255.254"}
    assert requests.post(f"{lan_url}/api/v1/shows", json={"title": "x"}, headers=headers, timeout=5).status_code == 403
    auth = {"token": studio.token(), "page": "control"}
    with pytest.raises(websocket.WebSocketBadStatusException), page(lan_url, auth, origin=studio.url):
        pass
    with page(lan_url, auth, origin=lan_url) as (_wire, answer):
        assert answer.startswith(ACCEPTED)


def test_nobody_in_the_network_is_the_trusted_proxy(studio, lan_url):
    headers = {"X-Forwarded-Host": "evil.example"}
    assert requests.get(f"{studio.url}/healthz", headers=headers, timeout=5).status_code == 403  # the proxy is believed
    assert requests.get(f"{lan_url}/healthz", headers=headers, timeout=5).status_code == 200
    refused = [
        requests.get(f"{lan_url}/pair/{guess}", headers={"X-Forwarded-For": f"10.0.0.{guess}"}, timeout=5).status_code
        for guess in range(31)
    ]
    assert refused[-1] == 429


def test_prompters_link_is_one_that_the_second_device_reaches(studio, lan_url):
    link = studio.call("GET", "/prompter/link", role="producer")
    assert (link["url"].startswith(f"{lan_url}/prompter?token="), link["local"]) == (True, False)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "8.8.8.8", "x", "::"])
def test_an_address_that_is_none_of_its_own_is_refused(studio, address):
    studio.call("PUT", "/lan", {"on": True, "address": address}, status=422)


def test_closing_ends_who_came_in_by_it_and_nobody_else(studio, lan_url):
    auth = {"token": studio.token(), "page": "control"}
    with (
        studio.listen("presence", page="test") as host,
        page(studio.url, {**auth, "page": "orders"}),
        page(lan_url, auth) as (outside, _answer),
    ):
        host.wait("presence", lambda seats: len(seats) == 3)
        close_lan(studio)
        wait_for_end(outside)
        host.wait("presence", lambda seats: [seat["page"] for seat in seats] == ["test", "orders"])


def test_revoked_device_loses_its_open_page_at_once(studio, lan_url):
    code = studio.call("POST", "/pairing", {"role": "moderator"})
    assert code["url"].startswith(f"{lan_url}/pair/")
    with requests.Session() as tablet:
        assert tablet.post(code["url"], data={"name": "灶台"}, timeout=5).url == f"{lan_url}/control"
        cookie = "; ".join(f"{name}={value}" for name, value in tablet.cookies.items())
        opened = page(lan_url, {"page": "control"}, cookie=cookie)
        with studio.listen("presence", "devices") as host, opened as (wire, answer):
            assert answer.startswith(ACCEPTED)
            host.wait("presence", lambda seats: sorted(seat["name"] for seat in seats) == ["", "灶台"])
            devices = host.wait("devices", lambda value: any(each["online"] for each in value))
            (device,) = (each for each in devices if each["online"])
            studio.call("DELETE", f"/devices/{device['id']}")
            wait_for_end(wire)
            host.wait("presence", lambda seats: len(seats) == 1)
            host.wait("devices", lambda value: device["id"] not in {each["id"] for each in value})
        assert tablet.get(f"{lan_url}/api/v1/shows", timeout=5).status_code == 401
    with page(lan_url, {"page": "control"}, cookie=cookie) as (_wire, answer):
        assert answer.startswith("44")


def test_code_that_many_redeem_at_once_pairs_one_device(studio, lan_url):
    url = studio.call("POST", "/pairing", {"role": "producer"})["url"]
    before, together, answers = len(studio.call("GET", "/devices")["devices"]), threading.Barrier(8), Counter()

    def redeem():
        together.wait()
        answers[requests.post(url, data={"name": "x"}, allow_redirects=False, timeout=10).status_code] += 1

    threads = [threading.Thread(target=redeem) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {303: 1, 409: 7}
    assert len(studio.call("GET", "/devices")["devices"]) == before + 1


def written_in(data_url):
    """What a phone reads in a QR code."""
    return read_code(picture_of(base64.b64decode(data_url.partition(",")[2])))


def test_codes_on_screen_lead_to_the_open_address_and_go_when_it_closes(studio, show):
    close_lan(studio)
    choices = [{"text": "酸奶"}, {"text": "奶酪"}]
    poll = studio.call("POST", "/polls", {"kind": "free", "title": "先讲哪个？", "options": choices})
    studio.call("POST", f"/polls/{poll['id']}/open")
    pages = {"product": f"/s/{show['id']}#p-{show['rundown'][0]['sku']}", "poll": f"/s/{show['id']}#poll"}
    with studio.listen(*pages) as screen:
        for topic in pages:
            screen.wait(topic, lambda value: value and value["qr"] is None)
        lan_url = studio.call("PUT", "/lan", {"on": True})["url"]
        for topic, page in pages.items():
            value = screen.wait(topic, lambda value: value["qr"] is not None)
            assert written_in(value["qr"]) == f"{lan_url}{page}"
            assert value["qr_lan"] is True
        close_lan(studio)
        for topic in pages:
            screen.wait(topic, lambda value: value["qr"] is None)


def test_unpaired_phone_orders_and_finds_nothing_of_the_operators(show, lan_url):
    with requests.Session() as phone:
        for path in ("/s", f"/s/{show['id']}", "/me"):
            shop = phone.get(f"{lan_url}{path}", timeout=5)
            assert (shop.status_code, shop.url) == (200, f"{lan_url}{path}")
        headers = {
            "X-CSRF-Token": re.search(r'name="csrf" content="(\w+)"', shop.text)[1],
            "Origin": lan_url,
            "Idempotency-Key": "phone-1",
        }
        cart = {"lines": [{"sku": "MILK-950", "quantity": 1}], "nickname": "李阿姨"}
        placed = phone.post(f"{lan_url}/api/v1/public/orders", json=cart, headers=headers, timeout=5)
        assert placed.status_code == 201, placed.text
        assert phone.get(f"{lan_url}/o/{placed.json()['secret']}", timeout=5).status_code == 200
        for name in OPERATOR_PAGES:
            answer = phone.get(f"{lan_url}/{name}", timeout=5)
            assert answer.status_code == 401 or answer.url == f"{lan_url}/login", name
        for name in OPERATOR_READINGS:
            assert phone.get(f"{lan_url}/api/v1/{name}", timeout=5).status_code == 401, name
        refused = phone.put(f"{lan_url}/api/v1/lan", json={"on": False}, headers=headers, timeout=5)
        assert refused.status_code == 401
    with page(lan_url, {"page": "control"}) as (_wire, answer):
        assert answer.startswith("44")


def test_switch_stays_as_it_was_over_a_restart(studio, lan_url):
    studio.stop()
    studio.start()  # on the port that it had
    assert studio.call("GET", "/lan")["url"] == lan_url
    with studio.listen("lan") as settings:
        settings.wait("lan", lambda value: value["url"] == lan_url)
    assert requests.get(f"{lan_url}/healthz", timeout=5).status_code == 200


class Network:
    """Loopback addresses stand for those of a network that changes."""

    def __init__(self):
        self.addresses = ["127.0.0.2", "127.0.0.3"]
        self.heard = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def lan(self, **settings):
        lan = Lan(Settings(port=self.port, **settings), self.heard.append, lambda: list(self.addresses))
        lan.serve_by(lambda address: Door(address, self.port), self.port)
        return lan


class Door:
    """Listens, and that is all."""

    def __init__(self, address, port):
        self._at = address, port

    def start(self):
        self._socket = socket.create_server(self._at)

    def stop(self, timeout):
        self._socket.close()


def answers(address, port):
    with socket.socket() as client:
        return client.connect_ex((address, port)) == 0


@pytest.fixture
def network():
    yield Network()
    gevent.sleep(0)  # doors are closed by greenlets


def test_listener_follows_the_address_of_the_network(network):
    lan = network.lan(lan=True)
    lan._follow()
    assert (lan.address, lan.names()) == ("127.0.0.2", {"127.0.0.2"})
    assert answers("127.0.0.2", network.port)
    assert not answers("127.0.0.3", network.port)
    network.addresses = ["127.0.0.3"]
    lan._follow()
    assert lan.names() == {"127.0.0.3"}
    assert answers("127.0.0.3", network.port)
    network.addresses = []
    lan._follow()
    assert (lan.url, lan.told()["message_en"][:29]) == (None, "this PC is in no local networ")
    lan.stop()


def test_address_that_was_chosen_is_not_replaced_by_another(network):
    lan = network.lan(lan=True, lan_address="127.0.0.3")
    lan._follow()
    assert lan.address == "127.0.0.3"
    network.addresses = ["127.0.0.2"]
    lan._follow()
    assert (lan.address, "127.0.0.3" in lan.told()["message_zh"]) == (None, True)
    with pytest.raises(BadInput):
        lan.switch(on=True, address="127.0.0.3")
    lan.switch(on=True, address="")
    assert lan.address == "127.0.0.2"
    lan.stop()


def test_port_that_another_program_has_is_told_and_taken_later(network):
    lan = network.lan(lan=True)
    with socket.socket() as other:
        other.bind(("127.0.0.2", network.port))
        other.listen()
        lan._follow()
        assert (lan.address, str(network.port) in lan.told()["message_zh"]) == (None, True)
    lan._follow()
    assert (lan.address, lan.told()["message_zh"]) == ("127.0.0.2", "")
    lan.stop()


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"host": "192.168.1.5"}, "http://192.168.1.5:8733"),
        ({"host": "0.0.0.0", "allowed_hosts": ("localhost", "studio.lan")}, "http://studio.lan:8733"),
        ({"host": "0.0.0.0"}, None),
    ],
)
def test_setting_host_leaves_the_switch_nothing_to_do(network, given, url):
    lan = Lan(Settings(lan=True, **given), network.heard.append)
    lan._follow()
    assert (lan.told()["fixed"], lan.url, lan.address) == (True, url, None)
    with pytest.raises(Conflict, match="setting host"):
        lan.switch(on=False, address="")


def test_addresses_are_those_of_local_networks():
    for address in lan_addresses():
        assert not address.startswith("127.")


@pytest.mark.parametrize(
    ("given", "url", "reach"),
    [
        ({"public_url": "https://linli.example.cn"}, "https://linli.example.cn", "public"),
        ({}, "http://127.0.0.1:8733", "here"),
        ({"host": "192.168.1.5"}, "http://192.168.1.5:8733", "lan"),
        ({"host": "fd00::5"}, "http://[fd00::5]:8733", "lan"),
        ({"host": "0.0.0.0", "allowed_hosts": ("192.168.1.5",)}, "http://192.168.1.5:8733", "lan"),
        ({"host": "0.0.0.0", "allowed_hosts": ("localhost",)}, "http://127.0.0.1:8733", "here"),
        ({"host": "0.0.0.0", "public_url": "http://a.cn"}, "http://a.cn", "public"),
    ],
)
def test_buyers_are_told_an_address_that_answers_them(given, url, reach):
    settings = Settings(**given)
    where = buyer_address(settings, Lan(settings, [].append))
    assert (where.url, where.page, where.reach) == (url, f"{url}/s", reach)


def test_buyers_are_told_the_address_that_is_listened_on_only_where_there_is_no_public_one(network):
    lan = network.lan(lan=True)
    lan._follow()
    assert buyer_address(Settings(), lan).url == f"http://127.0.0.2:{network.port}"
    assert buyer_address(Settings(public_url="https://a.cn"), lan).url == "https://a.cn"
    lan.stop()
    assert buyer_address(Settings(), lan).reach == "here"
