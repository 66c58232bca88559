"""Answers leave compressed for who understands it, and are the same answers."""

import gzip
import re

import pytest


@pytest.fixture
def shop(app, api, dairy):
    assert api("POST", "/catalogue", dairy).status_code == 200
    return app.test_client()


def test_pages_and_scripts_are_packed_for_browsers_and_plain_for_others(shop):
    page = shop.get("/s", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    script = re.search(r"/assets/\w+/js/shop/shop\.js", gzip.decompress(page.data).decode())[0]
    packed, plain, best = (
        shop.get(script, headers={"Accept-Encoding": accepted}, buffered=True) for accepted in ("gzip", "", "br, gzip")
    )
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "immutable" in packed.headers["Cache-Control"]
    assert best.headers["Content-Encoding"] == "br"


def test_a_packed_answer_is_known_again(shop):
    given = {"Accept-Encoding": "br"}
    first = shop.get("/api/v1/public/shop", headers=given)
    assert first.headers["Content-Encoding"] == "br"
    again = shop.get("/api/v1/public/shop", headers={**given, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_answer_to_an_order_is_too_small_to_be_packed(shop, api):
    body = {"buyer": "张", "lines": [{"sku": "MILK-950", "quantity": 1}], "paid": True}
    answer = api("POST", "/orders", body, headers={"Idempotency-Key": "k", "Accept-Encoding": "br"})
    assert answer.status_code == 201
    assert "Content-Encoding" not in answer.headers
