"""The order desk's pages and the navigation: who may open what."""

import pytest

from studio.types import Role


@pytest.fixture
def client(app):
    return app.test_client()


def as_role(studio, name):
    return {"Authorization": f"Bearer {studio.tokens.of(Role(name))}", "Accept": "text/html"}


@pytest.mark.parametrize("path", ["/orders", "/buyers", "/orders/1/link.svg"])
def test_pages_of_the_shop_are_for_operators(client, studio, path):
    assert client.get(path).status_code == 401
    assert client.get(path, headers=as_role(studio, "overlay")).status_code == 403


def test_buyers_are_for_producers_and_others_are_not_led_there(client, studio):
    assert client.get("/buyers", headers=as_role(studio, "moderator")).status_code == 403
    assert client.get("/buyers", headers=as_role(studio, "producer")).status_code == 200
    seen = client.get("/orders", headers=as_role(studio, "moderator")).text
    assert 'href="/pickup"' in seen
    assert 'href="/buyers"' not in seen


def test_link_code_is_a_picture_of_a_known_order_only(client, studio, api, dairy):
    api("POST", "/catalogue", dairy)
    body = {"buyer": "张阿姨", "lines": [{"sku": "MILK-950", "quantity": 1}], "paid": True}
    order = api("POST", "/orders", body, headers={"Idempotency-Key": "one"}).get_json()
    code = client.get(f"/orders/{order['id']}/link.svg", headers=as_role(studio, "moderator"))
    assert (code.status_code, code.mimetype) == (200, "image/svg+xml")
    assert 'xmlns="http://www.w3.org/2000/svg"' in code.text
    assert client.get("/orders/999/link.svg", headers=as_role(studio, "moderator")).status_code == 404
