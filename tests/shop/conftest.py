import pytest

from tests import template
from tests.shop.counter import Counter


@pytest.fixture
def counter(settings, request):
    """Make a Counter with products in a studio of this process."""

    def make(**products):
        return Counter(request.getfixturevalue("studio"), **products)

    return make


@pytest.fixture
def both_databases(tmp_path, database_url):
    """Settings of a studio on SQLite, then on PostgreSQL; a module's `settings` fixture returns it."""
    return template.settings_of(tmp_path / "data", database_url)
