import pytest

from tests import template


@pytest.fixture
def settings(tmp_path, database_url):
    """Both databases; nothing runs by itself: the tests start their own queue."""
    return template.settings_of(tmp_path / "data", database_url, shoutout_undo_seconds=0)
