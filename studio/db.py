"""The database: one SQLAlchemy base, an engine with durable settings, and migrations.

SQLite runs in WAL mode with synchronous=FULL: a commit that returned survives a power cut.
"""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, cast

from sqlalchemy import BigInteger, Connection, Engine, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from studio.config import asset_root
from studio.errors import ConfigError
from studio.types import Ms

SCHEMA_REVISION = "0012"
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


def open_engine(url: str) -> Engine:
    """Engine for `url`; SQLite gets WAL, FULL and explicit BEGIN so that savepoints work.

    A connection with the execution option `writes` has the database's only writing transaction, also where several
    servers share a PostgreSQL: what it reads (a key, a cap, who waits in line) stays true until it commits.

    Its errors name no values: buyers' names would be in the log.
    Source of the SQLite recipe: SQLAlchemy documentation, "Serializable isolation / Savepoints / Transactional DDL".
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)

        @event.listens_for(engine, "begin")
        def _wait_for_turn(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
            if connection.get_execution_options().get("writes", False):
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")

        return engine
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    waits = {"check_same_thread": False, "timeout": 10}
    engine = create_engine(url, connect_args=waits, hide_parameters=True)

    @event.listens_for(engine, "connect")
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

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        immediate = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


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
