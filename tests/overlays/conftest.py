import pytest

from studio.config import Settings


@pytest.fixture
def settings(tmp_path, database_url):
    """Both databases; nothing runs by itself: the tests start their own queue."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        obs_enabled=False,
        ear_enabled=False,
        shoutout_undo_seconds=0,
    )
