"""The schema on SQLite, made once a worker: a migration costs as much as the rest of a start."""

import functools
import shutil
import tempfile
from pathlib import Path

from studio import db
from studio.config import Settings


def settings_of(data_dir, database_url="", **settings):
    """Settings of a studio in this process, without ear and OBS; its database is there already."""
    if not database_url:
        seed(data_dir)
    given = {"obs_enabled": False, "ear_enabled": False, **settings}
    return Settings(data_dir=data_dir, database_url=database_url, **given)


def seed(data_dir):
    """Give a data folder without a database one with the schema and nothing in it."""
    path = _database_of(data_dir)
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_migrated(), path)


@functools.cache
def _migrated():
    folder = Path(tempfile.mkdtemp(prefix="linli-template-"))
    engine = db.open_engine(Settings(data_dir=folder).database)
    db.migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return _database_of(folder)


def _database_of(data_dir):
    return Path(Settings(data_dir=data_dir).database.removeprefix("sqlite:///"))
