"""OBS sends its levels, twenty times a second, only while somebody looks at them."""

import pytest

from studio.obs.client import EVENTS, METERS
from tests.live import LiveStudio
from tests.obs.browser_obs import PASSWORD, BrowserObs
from tests.waiting import until


@pytest.fixture
def obs():
    with BrowserObs() as browser_obs:
        yield browser_obs


@pytest.fixture
def following(obs, tmp_path):
    where = {"obs_host": "127.0.0.1", "obs_port": obs.port, "obs_password": PASSWORD}
    studio = LiveStudio(tmp_path / "studio", obs_enabled=True, **where).start()
    yield studio
    studio.stop()


def test_levels_come_only_while_a_page_shows_them(obs, following):
    with following.listen("obs", "obs_controls", role="producer") as page:
        page.wait("obs_controls", lambda value: value is not None)
        assert obs.mask is None
        with following.listen("meters", role="producer"):
            until(lambda: obs.mask == EVENTS | METERS)
        until(lambda: obs.mask == EVENTS)
