import contextlib

import pytest

from studio.errors import ObsRequestFailed
from studio.obs.frames import Step
from studio.obs.link import Connection, ObsLink
from tests.obs.real_obs import SCENES, RealObs
from tests.obs.watcher import Watcher


@pytest.fixture(scope="session")
def obs_process(tmp_path_factory):
    """One OBS for the whole (worker's) session."""
    obs = RealObs(tmp_path_factory.mktemp("obs"))
    try:
        yield obs.start()
    finally:
        obs.stop()


@pytest.fixture
def obs(obs_process):
    """The running OBS: first scene on program, no studio mode, not recording."""
    if obs_process.process.poll() is not None:
        obs_process.restart()
    client = obs_process.connect()
    client.request("SetStudioModeEnabled", {"studioModeEnabled": False})
    client.request("SetCurrentProgramScene", {"sceneName": SCENES[0]})
    while client.request("GetRecordStatus")["outputActive"]:
        with contextlib.suppress(ObsRequestFailed):
            client.request("StopRecord")
        client.batch([Step("Sleep", {"sleepMillis": 50})])
    client.disconnect()
    return obs_process


@pytest.fixture
def hand(obs):
    """A client of its own: what the host does inside OBS."""
    client = obs.connect()
    yield client
    client.disconnect()


@pytest.fixture
def follow():
    """follow(host, port, password) → (link, watcher), started; stopped after the test."""
    links = []

    def start(host, port, password="", **options):
        watcher = Watcher()
        link = ObsLink(Connection(host, port, password), watcher, **options)
        links.append(link)
        link.start()
        return link, watcher

    yield start
    for link in links:
        link.stop()


@pytest.fixture
def linked(obs, follow):
    """(link, watcher) connected to the running OBS."""
    link, watcher = follow(obs.host, obs.port, obs.password)
    watcher.wait_state("connected")
    return link, watcher
