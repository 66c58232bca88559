"""The only wiring place: settings in, a Flask app with everything connected out."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import gevent
from apiflask import APIFlask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from studio import __version__, config, events
from studio.bus import Bus
from studio.config import Settings, asset_root
from studio.db import Database, migrate, open_engine
from studio.errors import ConfigError, StudioError
from studio.obs import routes as obs_routes
from studio.obs.link import Connection, ObsLink
from studio.overlays import routes as overlay_routes
from studio.overlays import shoutouts
from studio.shop import catalogue
from studio.shop import routes as shop_routes
from studio.shows import routes as show_routes
from studio.shows import show as shows
from studio.stage import StageView
from studio.state import State
from studio.transcribe import routes as transcribe_routes
from studio.transcribe.ear import Ear
from studio.transcribe.recorder import Recorder
from studio.types import now_ms
from studio.unit import Writer
from studio.web import assets, pages, problems
from studio.web.auth import Guard, Tokens
from studio.web.sockets import Sockets

_log = logging.getLogger(__name__)

MAX_BODY_BYTES = 5 * 1024 * 1024
SHOUTOUT_PAGES = ("shoutout", "composite")
INTERVAL_S = {"stock": 0.02, "orders": 0.25, "shoutout": 0.05, "caption": 0.1, "level": 0.1, "ear": 0.25}


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
    ear: Ear | None
    stage: shoutouts.ShoutoutStage

    def start(self) -> None:
        """Connect to OBS, start listening, run the shout-out queue."""
        self.stage.start()
        self.link.start()
        if self.ear:
            self.ear.start()

    def stop(self) -> None:
        """End everything that was started; what is queued for the database is written."""
        self.stage.stop()
        if self.ear:
            self.ear.stop()
        self.link.stop()
        self.writer.close()
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
    tokens = Tokens(settings.data_dir / "tokens.json")
    app.config.update(
        SECRET_KEY=tokens.cookie_key,
        SESSION_COOKIE_NAME=f"linli_{settings.port}",  # cookies ignore ports: a demo must not sign the real studio out
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
    )
    app.json.ensure_ascii = False  # pyright: ignore[reportAttributeAccessIssue] - DefaultJSONProvider has it
    guard = Guard(tokens, (*settings.allowed_hosts, *settings.own_hosts))
    guard.protect(app)
    problems.register(app)
    build = assets.register(app, root / "static")

    database = _open_database(settings)
    bus = Bus()
    writer = Writer(database.engine, bus.publish)
    sockets = Sockets(app, guard, build, bus.publish)
    state = State(sockets.announce, INTERVAL_S)
    sockets.serve(state)
    stage_view = StageView(database, state, demo=settings.demo)
    where = Connection(settings.obs_host, settings.obs_port, settings.obs_password, enabled=settings.obs_enabled)
    link = ObsLink(where, bus.publish)
    ear = _make_ear(settings, database, bus, state) if settings.ear_enabled else None
    stage = shoutouts.ShoutoutStage(
        writer,
        database,
        show_id=lambda: stage_view.show_id,
        watched=lambda: any(sockets.pages().get(page) for page in SHOUTOUT_PAGES),
        seconds=settings.shoutout_seconds,
    )
    studio = Studio(settings, tokens, database, writer, bus, state, sockets, link, ear, stage)
    app.extensions["studio"] = studio

    _react(studio)
    _listen(studio, stage_view)
    _route(app, studio, guard)
    pages.register(
        app,
        guard,
        database,
        locale=settings.locale,
        translations=root / "translations",
        images=(settings.data_dir / "images").absolute(),  # Flask takes a relative folder for one beside this module
    )
    stage_view.load()
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


def _react(studio: Studio) -> None:
    """What belongs into the same transaction."""
    studio.writer.react(events.ItemTaken, catalogue.require_label)
    studio.writer.react(events.OrderPaid, shoutouts.queue_for_order)
    studio.writer.react(events.OrderCancelled, shoutouts.retract_for_order)


def _listen(studio: Studio, view: StageView) -> None:
    """Who hears what after the commit. Listeners of committed facts must not wait for the writer: they spawn."""
    bus, state, stage = studio.bus, studio.state, studio.stage
    recorder = Recorder(studio.writer, studio.database, live=view.live, put=state.put)
    bus.listen(events.ShowChanged, view.show)
    bus.listen(events.ShowChanged, stage.wake)
    bus.listen(events.ShowWentLive, lambda event: recorder.load(event.show_id))
    bus.listen(events.ItemTaken, view.show)
    bus.listen(events.ItemTaken, _spawning(lambda event: _follow_item(studio, event)))
    bus.listen(events.CatalogueChanged, view.catalogue)
    bus.listen(events.StockChanged, view.stock)
    for kind in (events.OrderPlaced, events.OrderPaid, events.OrderCancelled):
        bus.listen(kind, view.orders)
    for kind in (events.ShoutoutQueued, events.ShoutoutChanged):
        bus.listen(kind, view.shoutout)
        bus.listen(kind, stage.wake)
    bus.listen(events.OverlaysChanged, lambda event: state.put("overlays", {"pages": event.pages}))
    bus.listen(events.OverlaysChanged, stage.wake)
    bus.listen(events.ObsChanged, lambda event: state.put("obs", asdict(event)))
    bus.listen(events.AudioLevel, lambda event: state.put("level", asdict(event)))
    bus.listen(events.EarStatus, recorder.status)
    bus.listen(events.CaptionPartial, recorder.partial)
    bus.listen(events.SegmentHeard, recorder.segment)
    bus.listen(events.ProductMentioned, recorder.mention)
    bus.listen(events.PriceHeard, recorder.price)
    bus.listen(events.HighlightFound, recorder.highlight)
    bus.listen(events.QuestionHeard, recorder.question)
    bus.listen(events.QuestionAnswered, recorder.answer)
    if studio.ear:
        ear = studio.ear
        bus.listen(events.EarStatus, ear.status)
        bus.listen(events.AudioProgressed, ear.progress)
        bus.listen(events.CatalogueChanged, _spawning(lambda _event: ear.catalogue_changed()))
        bus.listen(events.ItemTaken, _spawning(lambda event: ear.follow_product(event.sku)))
    view.load()
    recorder.load(view.show_id)
    state.put("overlays", {"pages": {}})
    state.put("obs", asdict(studio.link.state))


def _spawning(listener: Callable[[Any], object]) -> Callable[[Any], None]:
    """A listener that runs on a greenlet of its own."""

    def spawn(event: events.Event) -> None:
        gevent.spawn(listener, event)

    return spawn


def _follow_item(studio: Studio, event: events.ItemTaken) -> None:
    """OBS follows the rundown; when it cannot, the control page says why."""
    if event.scene is None or not studio.link.connected:
        return
    try:
        studio.link.switch(event.scene)
    except StudioError as error:
        studio.state.put("notice", {"zh": error.zh, "en": error.en, "at": now_ms()})


def _route(app: APIFlask, studio: Studio, guard: Guard) -> None:
    def refresh_shoutouts() -> dict[str, Any]:
        with studio.database.reading() as session:
            show = shows.stage_show(session)
            value = shoutouts.shoutout_topic(session, show.id if show else None)
        studio.state.put("shoutout", value)
        studio.stage.wake()
        return value

    def save_obs(host: str, port: int, password: str) -> None:
        where = {"obs_host": host, "obs_port": port, "obs_password": password}
        config.save(studio.settings.data_dir, {**where, "obs_enabled": True})

    writer, database = studio.writer, studio.database
    for blueprint in (
        show_routes.blueprint(writer, database, guard.require),
        shop_routes.blueprint(writer, database, guard.require, shows.live_show_id),
        overlay_routes.blueprint(writer, guard.require, refresh_shoutouts),
        obs_routes.blueprint(studio.link, guard.require, save_obs),
        transcribe_routes.blueprint(
            database, guard.require, studio.ear, lambda session, show_id: shows.find_show(session, show_id).title
        ),
    ):
        app.register_blueprint(blueprint, url_prefix="/api/v1")

    @app.get("/healthz")
    @app.doc(hide=True)
    def health() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return {"status": "ok", "version": __version__}


def _make_ear(settings: Settings, database: Database, bus: Bus, state: State) -> Ear:
    def products() -> list[dict[str, Any]]:
        with database.reading() as session:
            return [
                {
                    "sku": product.sku,
                    "name": product.name,
                    "aliases": product.aliases,
                    "unit": product.unit,
                    "price_fen": product.price_fen,
                    "facts": product.facts,
                    **({"origin": lot.origin} if lot and lot.origin else {}),
                }
                for product, lot in catalogue.list_products(session)
            ]

    return Ear(
        source=settings.ear_source,
        model_dir=settings.models / settings.ear_model,
        catalogue_path=settings.data_dir / "ear-catalogue.json",
        products=products,
        publish=bus.publish,
        put=state.put,
    )
