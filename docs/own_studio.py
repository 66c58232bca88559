"""A studio of its own for pictures that the demo cannot give: its show is always live and it has no OBS."""

# ruff: noqa: INP001 - a script beside the documents
import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from studio.catalogue_file import load_catalogue
from studio.config import asset_root
from studio.demo.driver import Api, fresh_catalogue
from studio.demo.folder import CATALOGUE, TEMPLATE
from studio.obs.client import ObsClient
from studio.shows.template import read_template
from tests.obs.real_obs import RealObs


@contextmanager
def draft(**settings: Any) -> Generator[str]:
    """The login link of a studio with the dairy's show still to come."""
    with TemporaryDirectory() as folder:
        settings = {"data_dir": folder, "port": 0, "obs_enabled": False, "ear_enabled": False, **settings}
        told = "lambda status: print(status['login'], status['token'], flush=True)"
        script = f"from studio import config, server; server.serve(config.load({settings!r}), {told})"
        command = [sys.executable, "-c", script]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
            assert process.stdout  # noqa: S101 - PIPE was asked for
            login, token = process.stdout.readline().split()
            api = Api(login.partition("/login")[0], token)
            fresh = fresh_catalogue(load_catalogue(asset_root() / CATALOGUE), date.today())  # noqa: DTZ011
            api.post("/catalogue", [json.loads(product.model_dump_json()) for product in fresh])
            api.post("/shows", read_template(asset_root() / TEMPLATE).model_dump(exclude_none=True))
            yield login
            process.terminate()


@contextmanager
def draft_with_obs() -> Generator[tuple[str, ObsClient]]:
    """The same, connected to a real OBS, upright and never set up; beside the link, the host's hand in that OBS."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        obs = RealObs(Path(folder) / "obs")
        try:
            hand = obs.start().connect()
            canvas = {"baseWidth": 1080, "baseHeight": 1920, "outputWidth": 540, "outputHeight": 960}
            hand.request("SetVideoSettings", canvas)
            with draft(obs_enabled=True, obs_host=obs.host, obs_port=obs.port, obs_password=obs.password) as login:
                yield login, hand
        finally:
            obs.stop()
