"""Runs one studio: gevent's server around the app. Import this module before anything that opens sockets or threads."""

import gc
from importlib import metadata

from gevent import monkey

gc.disable()  # nothing that is imported is garbage; looking for some costs a tenth of the start


def _patch_standard_library() -> None:
    # gevent asks all installed packages 25 times whether they listen, a fifth of the start: let it ask once
    ask, found = metadata.entry_points, metadata.entry_points()
    metadata.entry_points = found.select
    try:
        monkey.patch_all()
    finally:
        metadata.entry_points = ask


_patch_standard_library()

import errno  # noqa: E402 - everything below must see the patched standard library
import json  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, NotRequired, TypedDict  # noqa: E402

import gevent  # noqa: E402
from flask import Flask  # noqa: E402
from gevent.event import Event as Signal  # noqa: E402
from gevent.pool import Pool  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from studio.app import Studio, create_app  # noqa: E402
from studio.config import Settings  # noqa: E402
from studio.errors import ConfigError  # noqa: E402
from studio.masking import mask_logs  # noqa: E402
from studio.types import Role, Wsgi  # noqa: E402
from studio.web import lan  # noqa: E402
from studio.web.wire import WireHandler  # noqa: E402

gc.enable()

_log = logging.getLogger(__name__)

STATUS_FILE = "server.json"


class Status(TypedDict):
    """Where a running studio is; `login` signs the host in and is a secret like `token`.

    `lan` is where other devices reach it, known when it has started; not in the file, as it comes and goes.
    """

    pid: int
    port: int
    url: str
    login: str
    token: str
    lan: NotRequired[str | None]


def serve(settings: Settings, on_ready: Callable[[Status], object] = lambda _status: None) -> None:
    """Serve until SIGINT or SIGTERM. `data_dir/server.json` names pid, port and URLs while it runs.

    `on_ready` is called once with the same, when pages are served.

    Raises:
        ConfigError: the port is taken, or the data folder cannot be used.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    serve_app(create_app(settings), on_ready)


def serve_app(app: Flask, on_ready: Callable[[Status], object] = lambda _status: None) -> None:
    """`serve` for an app of `create_app`, to which a caller has added routes of its own."""
    mask_logs()
    _log_lost_errors()
    studio: Studio = app.extensions["studio"]
    settings = studio.settings
    server = _listener(app, settings.host, settings.port)
    done = _await_signal()
    try:
        server.start()
    except OSError as error:
        studio.writer.close()
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        raise ConfigError(
            f"端口 {settings.port} 已被占用：邻里直播间可能已经在运行；或者用 --port 换一个端口",
            f"port {settings.port} is in use: the studio may be running already; or choose another with --port",
        ) from error
    status = settings.data_dir / STATUS_FILE
    port = server.server_port or settings.port
    ready = _write_status(status, settings, port, studio)
    studio.lan.serve_by(
        lambda address: _listener(lan.direct(app), address, port, spawn=Pool(), environ={lan.ENVIRON: address}), port
    )
    studio.start()
    ready["lan"] = studio.lan.url
    gc.freeze()  # what lives as long as the server is not looked at again: no long pauses in a show
    gevent.spawn(on_ready, ready)
    done.wait()
    server.stop(timeout=1)
    studio.stop()
    status.unlink(missing_ok=True)


def _listener(
    app: Wsgi, host: str, port: int, *, spawn: Any = "default", environ: dict[str, Any] | None = None
) -> WSGIServer:
    """Not started yet; one with a pool to spawn in ends its connections when it is stopped."""
    return WSGIServer(
        (host, port),
        app,
        spawn=spawn,
        environ=environ,
        handler_class=WireHandler,
        log=None,
        error_log=logging.getLogger("http"),
    )


def _log_lost_errors() -> None:
    """What a greenlet dies of goes to the log, masked, instead of to the console as it is."""

    def log_error(context: object, kind: Any, error: Any, trace: Any) -> None:
        # only its type: a request's environment holds addresses and cookies
        _log.error("%s failed", type(context).__name__, exc_info=(kind, error, trace))

    hub: Any = gevent.get_hub()
    hub.print_exception = log_error


def base_url(settings: Settings, port: int) -> str:
    """Address that a browser on this PC uses."""
    return f"http://{settings.local_host}:{port}"


def _write_status(path: Path, settings: Settings, port: int, studio: Studio) -> Status:
    url = base_url(settings, port)
    token = studio.tokens.of(Role.HOST)
    status = Status(pid=os.getpid(), port=port, url=url, login=f"{url}/login?token={token}", token=token)
    partial = path.with_suffix(".tmp")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(status, file)
    partial.replace(path)
    _log.info("serving %s", url)
    return status


def _await_signal() -> Signal:
    """Set by SIGINT or SIGTERM, also by one that comes while the studio is still starting."""
    done = Signal()
    for name in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(name, done.set)
    return done
