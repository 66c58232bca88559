"""Fixtures: an app in this process, a studio in its own process, a browser."""

import gc
import itertools
import os
from pathlib import Path

import pytest

from studio.app import create_app
from studio.config import Settings
from studio.transcribe.store import REQUIRED
from studio.types import Role
from tests import template
from tests.live import LiveStudio, fresh_dairy
from tests.postgres import drop, migrated, new_database, running
from tests.real import missing, require

ROOT = Path(__file__).parents[1]


def pytest_collection_finish():
    """What is imported and collected stays: the collector looks at what the tests make, and not a hundred times each.

    A studio makes some hundred thousand objects at its start; with all of pytest's among them, looking for garbage
    took a quarter of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def settings(tmp_path):
    return template.settings_of(tmp_path / "data")


@pytest.fixture
def app(settings):
    app = create_app(settings)
    yield app
    app.extensions["studio"].stop()


@pytest.fixture
def studio(app):
    return app.extensions["studio"]


@pytest.fixture
def api(app, studio):
    """call(method, path, body=None, role="host", headers=…) → response of the test client."""
    client = app.test_client()

    def call(method, path, body=None, *, role="host", headers=None, **kwargs):
        given = {"Authorization": f"Bearer {studio.tokens.of(Role(role))}"} if role else {}
        return client.open(f"/api/v1{path}", method=method, json=body, headers={**given, **(headers or {})}, **kwargs)

    return call


@pytest.fixture
def dairy():
    """The dairy's catalogue document, its lots of today."""
    return fresh_dairy()


@pytest.fixture
def live(tmp_path):
    """A running studio without ear and OBS."""
    studio = LiveStudio(tmp_path / "studio").start()
    yield studio
    studio.stop()


@pytest.fixture(scope="session")
def postgres():
    """Make a database with the studio's schema on a running PostgreSQL: its URL."""
    with running() as url:
        template = migrated(url, f"template_{os.getpid()}")
        names = itertools.count()
        yield lambda: new_database(url, f"t{os.getpid()}_{next(names)}", template)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request):
    """The studio's setting: SQLite in the data folder, then a fresh database on PostgreSQL."""
    if request.param == "sqlite":
        yield ""
        return
    url = request.getfixturevalue("postgres")()
    yield url
    drop(url)


@pytest.fixture(scope="session")
def model_dir():
    """Folder of the real Whisper base."""
    folder = Settings().models / "base"
    if not all((folder / name).is_file() for name in REQUIRED):
        missing("no speech model: python3 run_studio.py model")
    return folder


@pytest.fixture(scope="session")
def chromium():
    """One headless Chromium for the whole (worker's) session."""
    path = require("chromium", "apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow import that most tests do not need

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()
