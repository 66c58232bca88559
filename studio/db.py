"""The database: one SQLAlchemy base, an engine with durable settings, and migrations.

SQLite runs in WAL mode with synchronous=FULL: a commit that returned survives a power cut.
"""

import logging
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, cast

from sqlalchemy import BigInteger, Connection, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from studio.config import Settings, asset_root
from studio.errors import ConfigError, NotFound
from studio.types import Ms

SCHEMA_REVISION = "0015"
"""Newest migration; a test holds it equal to migrations/versions."""

_WRITER_LOCK = 0x4C696E6C69
"""Any number that nobody else locks in this database."""

_log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    """Base of every ORM row. Rows never leave the session that loaded them."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {Ms: BigInteger}


def table(model: type[Base]) -> Table:
    """The table of a model, for Core statements."""
    return cast("Table", model.__table__)


class SqliteConnection(sqlite3.Connection):
    """A connection that knows how its transactions begin: DEFERRED takes a lock with the first statement."""

    begins = "DEFERRED"


class DeferredSqlite(SQLiteDialect_pysqlite):
    """Says BEGIN itself, so that what one transaction reads is one snapshot and savepoints work.

    Python's driver begins before the first change only. SQLAlchemy's documentation mends that by a listener to "begin";
    measured, a statement of an engine with any listener takes 19 µs instead of 14.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin as the connection says."""
        dbapi_connection.execute(f"BEGIN {dbapi_connection.begins}")


registry.register("sqlite.deferred", __name__, DeferredSqlite.__name__)


def open_engine(url: str) -> Engine:
    """Engine for `url`; SQLite gets WAL and FULL.

    Its errors name no values: buyers' names would be in the log.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    arguments = {"check_same_thread": False, "timeout": 10, "factory": SqliteConnection}
    engine = create_engine(parsed.set(drivername="sqlite+deferred"), connect_args=arguments, hide_parameters=True)

    @event.listens_for(engine.pool, "connect")
    def _configure(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.isolation_level = None
        cursor = connection.cursor()
        # secure_delete: what is erased is overwritten, not only unlinked; off in some builds of SQLite
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """The database's only writing transaction, also where several servers share a PostgreSQL.

    What it reads (a key, a cap, who waits in line) stays true until it commits.
    """
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        if isinstance(driver, SqliteConnection):
            driver.begins = "IMMEDIATE"
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.begins = "DEFERRED"
        else:
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
                yield connection


def migrate(engine: Engine) -> None:
    """Bring the schema to SCHEMA_REVISION; costs one query when it is there already.

    Raises:
        ConfigError: the database was written by a newer studio.
    """
    if _revision(engine) == SCHEMA_REVISION:
        return
    from alembic import command  # noqa: PLC0415 - 300 ms that a warm start does not need
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(asset_root() / "migrations").replace("%", "%%"))
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigError(
            f"数据库由更新版本的邻里直播间写成，请升级后再开：{error}",
            f"the database was written by a newer Linli Studio, upgrade first: {error}",
        ) from error
    _log.info("database migrated to %s", SCHEMA_REVISION)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def existing_data(settings: Settings) -> Generator[Engine]:
    """The engine of a studio's data, for a command beside the running studio or without one.

    Raises:
        NotFound: there are no data yet.
    """
    if not settings.database_url and not (settings.data_dir / "studio.db").is_file():
        raise NotFound(f"{settings.data_dir} 里还没有数据", f"there are no data in {settings.data_dir} yet")
    engine = open_engine(settings.database)
    try:
        yield engine
    finally:
        engine.dispose()


class Database:
    """Engine and read sessions. Reading happens on the event loop: local, indexed and short."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sessions = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A session for queries only; whatever it changed is thrown away, what it read stays readable."""
        with self._sessions() as session:
            yield session
