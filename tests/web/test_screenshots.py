"""Every page and every overlay has its picture in docs/screenshots, and the script takes each one that is there."""

import importlib.util
import sys
from pathlib import Path

import pytest

from studio.web import overlay_catalogue
from tests.browser.test_operator_pages import ELSEWHERE

DOCS = Path(__file__).parents[2] / "docs"
PICTURED = {
    "/login": "login",
    "/control": "control",
    "/orders": "orders",
    "/pickup": "pickup",
    "/announce": "announce",
    "/buyers": "buyers",
    "/settings": "settings",
    "/knowledge": "knowledge",
    "/prompter": "prompter",
    "/overlays": "overlays",
    "/themes": "themes",
    "/review": "review-list",
    "/review/<int:show_id>": "review",
    "/pair/<code>": "pair",
    "/s": "buyer-shop",
    "/s/<int:show_id>": "buyer-shop",
    "/o/<secret>": "buyer-order",
    "/me": "buyer-me",
}


@pytest.fixture(scope="module")
def taken():
    """Names of the pictures that the script takes."""
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("screenshots", DOCS / "screenshots.py")
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
    finally:
        sys.path.remove(str(DOCS))
    kinds = (script._pages, script._visits, script._overlays, script._set_up)
    return {name for kind in kinds for name in kind(None, "", "")}  # they begin only when they are called


def test_the_script_takes_every_picture_that_is_there(taken):
    assert {path.stem for path in (DOCS / "screenshots").glob("*.png")} == taken


def test_every_page_and_every_overlay_is_pictured(app, taken):
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    pages = {rule for rule in pages if not rule.startswith(("/api/", "/assets/", "/static/", "/media/"))}
    assert pages - PICTURED.keys() - ELSEWHERE == set()
    with app.test_request_context():
        overlays = {entry["name"] for entry in overlay_catalogue.entries()}
    wanted = {f"overlay-{name}-{orientation}" for name in overlays for orientation in ("portrait", "landscape")}
    assert (wanted | set(PICTURED.values())) - taken == set()
