"""The HTTP API for commands of this PC: that of the running studio, else that of one opened for the command.

One way to say a thing, whether the studio runs or not; a running one tells its pages at once.
"""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import psutil
import requests

from studio.config import Settings
from studio.errors import Conflict, NotFound, StudioError
from studio.types import Role

Call = Callable[[str, str], Any]
"""call("DELETE", "/buyers/3") → the answer's JSON, None when it has none."""

_TIMEOUT_S = 30
_CHINESE = {"Accept-Language": "zh"}  # its detail is Chinese, its title English anyway


@contextmanager
def host_api(settings: Settings) -> Generator[Call]:
    """Calls as the host.

    Raises:
        NotFound: there are no data yet.
    """
    status = _running(settings)
    if status is not None:
        headers = {"Authorization": f"Bearer {status['token']}", **_CHINESE}

        def call_there(method: str, path: str) -> Any:
            url = f"{status['url']}/api/v1{path}"
            answer = requests.request(method, url, headers=headers, timeout=_TIMEOUT_S)
            return _read(answer.status_code, answer.text)

        yield call_there
        return
    if not settings.database_url and not (settings.data_dir / "studio.db").is_file():
        raise NotFound(f"{settings.data_dir} 里还没有数据", f"there are no data in {settings.data_dir} yet")
    from studio.app import create_app  # noqa: PLC0415 - only wanted without a running studio

    app = create_app(settings)
    studio = app.extensions["studio"]
    headers = {"Authorization": f"Bearer {studio.tokens.of(Role.HOST)}", **_CHINESE}
    client = app.test_client()

    def call_here(method: str, path: str) -> Any:
        answer = client.open(f"/api/v1{path}", method=method, headers=headers)
        return _read(answer.status_code, answer.text)

    try:
        yield call_here
    finally:
        studio.stop()


def _running(settings: Settings) -> dict[str, Any] | None:
    try:
        status: dict[str, Any] = json.loads((settings.data_dir / "server.json").read_text("utf-8"))
        if not psutil.pid_exists(int(status["pid"])):
            return None
        requests.get(f"{status['url']}/healthz", timeout=_TIMEOUT_S).raise_for_status()
    except (OSError, ValueError, KeyError, TypeError):  # requests' errors are OSErrors
        return None
    return status


def _read(status: int, text: str) -> Any:
    if status < 300:  # noqa: PLR2004
        return json.loads(text) if text else None
    try:
        problem = json.loads(text)
        zh, en = str(problem["detail"]), str(problem["title"])
    except (ValueError, KeyError, TypeError):
        zh, en = f"直播间回答 {status}", f"the studio answered {status}"
    kind: type[StudioError] = {404: NotFound, 409: Conflict}.get(status, StudioError)
    raise kind(zh, en)
