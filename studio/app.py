"""The app: settings in, a Flask app with everything connected out (studio/wiring says what hears what)."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from apiflask import APIFlask
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from studio import __version__
from studio.bus import Bus
from studio.config import Settings, asset_root
from studio.db import Database, migrate, open_engine
from studio.devices.paired import Devices
from studio.errors import ConfigError
from studio.obs.link import Connection, ObsLink
from studio.stage import StageView
from studio.state import State
from studio.unit import Writer
from studio.vault import Vault
from studio.web import assets, pages, problems
from studio.web.auth import Guard, Tokens
from studio.web.bodies import Request
from studio.web.buyer_address import buyer_address, trace_link
from studio.web.lan import Lan
from studio.web.rules import LazyRule
from studio.web.sockets import Sockets
from studio.web.visitors import ViewLimits, Visitors
from studio.wiring import (
    Core,
    Part,
    audience,
    board,
    buyer_pages,
    buyers,
    desk,
    devices,
    healing,
    obs,
    overlays,
    pickup,
    rehearsal,
    shop,
    speech,
    stage,
    summary,
    themes,
    triggers,
    trust,
    webhooks,
)

_log = logging.getLogger(__name__)

MAX_BODY_BYTES = 5 * 1024 * 1024
INTERVAL_S = {
    "stock": 0.02,
    "orders": 0.25,
    "shoutout": 0.05,
    "shoutouts": 0.25,
    "caption": 0.1,
    "level": 0.1,
    "presence": 0.25,
    "prompter": 0.05,
    "preflight": 1.0,
    "ear": 0.25,
    "retake": 0.5,
    "meters": 0.1,
    "poll": 0.1,
    "questions": 0.25,
    "comments": 0.25,
    "complaints": 0.25,
    "webhooks": 0.25,
    "goal": 0.25,
    "cold_chain": 0.5,
}
ROOMS = (
    stage,
    obs,
    healing,
    shop,
    buyers,
    pickup,
    desk,
    devices,
    audience,
    buyer_pages,
    overlays,
    speech,
    rehearsal,
    webhooks,
    themes,
    trust,
    board,
    summary,
    triggers,
)


@dataclass(frozen=True, slots=True)
class Studio:
    """One running studio: its parts, started and stopped together."""

    settings: Settings
    tokens: Tokens
    database: Database
    writer: Writer
    bus: Bus
    state: State
    sockets: Sockets
    link: ObsLink
    vault: Vault
    lan: Lan
    parts: tuple[Part, ...]

    def start(self) -> None:
        """Connect to OBS, start listening, run the queues."""
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        """End everything that was started; what is queued for the database is written."""
        for part in reversed(self.parts):
            part.stop()
        self.writer.close()
        self.state.stop()
        self.database.engine.dispose()


def create_app(settings: Settings) -> APIFlask:
    """Build the app; `app.extensions["studio"]` is its Studio, not started yet.

    Raises:
        ConfigError: a data folder, tokens or a database that cannot be used, or a database of a newer studio.
    """
    _make_folder(settings.data_dir)
    root = asset_root()
    app = APIFlask(
        __name__,
        title="Linli Studio",
        version=__version__,
        docs_path=None,
        spec_path="/api/v1/openapi.json",
        json_errors=False,
        template_folder=str(root / "templates"),
    )
    app.url_rule_class = LazyRule
    app.request_class = Request
    tokens = Tokens(settings.data_dir / "tokens.json")
    app.config.update(
        SECRET_KEY=tokens.cookie_key,
        SESSION_COOKIE_NAME=f"linli_{settings.port}",  # cookies ignore ports: a demo must not sign the real studio out
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
    )
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=False,  # files that are sent as they are read: photos, recordings
        COMPRESS_MIN_SIZE=1024,  # the answer to an order is smaller, and there are hundreds a second
    )
    Compress(app)  # first, so that it has the last word about an answer
    app.json.ensure_ascii = False  # pyright: ignore[reportAttributeAccessIssue] - DefaultJSONProvider has it
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
    database = _open_database(settings)
    bus = Bus()
    writer = Writer(database.engine, bus.publish)
    paired = Devices(database, writer)
    lan = Lan(settings, bus.publish)
    guard = Guard(tokens, (*settings.allowed_hosts, *settings.own_hosts), lan.names, paired.find)
    guard.protect(app)
    problems.register(app)
    build = assets.register(app, root / "static")

    vault = Vault(settings.data_dir / "personal.key")
    limiter = ViewLimits(get_remote_address, app=app, storage_uri="memory://", headers_enabled=True)
    visitors = Visitors(app, tokens.cookie_key, limiter, settings.port)
    sockets = Sockets(app, guard, visitors.known, build, bus.publish)
    state = State(sockets.announce, INTERVAL_S, sockets.watched)
    sockets.serve(state)
    view = StageView(
        database,
        state,
        demo=settings.demo,
        open_phone=vault.open,
        trace_link=lambda show_id, sku: trace_link(buyer_address(settings, lan), show_id, sku),
    )
    where = Connection(settings.obs_host, settings.obs_port, settings.obs_password, enabled=settings.obs_enabled)
    link = ObsLink(where, bus.publish)
    core = Core(
        app, settings, tokens, guard, visitors, vault, database, writer, bus, state, sockets, link, view, lan, paired
    )
    view.load()
    pages.register(
        app,
        guard,
        limiter,
        database,
        unpair=paired.revoke,
        locale=settings.locale,
        translations=root / "translations",
        images=(settings.data_dir / "images").absolute(),  # Flask takes a relative folder for one beside this module
    )
    for room in ROOMS:
        room.wire(core)

    @app.get("/healthz")
    @app.doc(hide=True)
    def health() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return {"status": "ok", "version": __version__}

    app.context_processor(lambda: {"rehearsal": settings.rehearsal})
    app.extensions["studio"] = Studio(
        settings, tokens, database, writer, bus, state, sockets, link, vault, lan, tuple(core.parts)
    )
    return app


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"数据文件夹 {path} 用不了：{error}。请换一个文件夹（--data）",
            f"cannot use the data folder {path}: {error}; choose another with --data",
        ) from error


def _open_database(settings: Settings) -> Database:
    try:
        database = Database(open_engine(settings.database))
        migrate(database.engine)
    except SQLAlchemyError as error:
        raise ConfigError(
            f"数据库打不开：{error}。请检查数据文件夹 {settings.data_dir}，或从备份恢复 studio.db",
            f"cannot open the database: {error}; check the data folder {settings.data_dir} or restore studio.db",
        ) from error
    return database
