import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from studio import db
from studio.app import create_app
from studio.config import Settings
from studio.errors import ConfigError


def test_schema_revision_is_the_newest_migration():
    versions = sorted(path.name for path in (Path(__file__).parents[1] / "migrations/versions").glob("*.py"))
    assert versions[-1].startswith(db.SCHEMA_REVISION)


def test_migrations_and_decisions_are_numbered_without_gap_or_double():
    root = Path(__file__).parents[1]
    for folder in ("migrations/versions", "docs/decisions"):
        numbers = sorted(int(path.name[:4]) for path in (root / folder).glob("0*"))
        assert numbers == list(range(1, len(numbers) + 1)), folder
    follows = re.compile(r'^(?:down_)?revision = (?:"(\d+)"|None)$', re.MULTILINE)
    for path in (root / "migrations/versions").glob("0*.py"):
        number = int(path.name[:4])
        before = f"{number - 1:04}" if number > 1 else ""
        assert follows.findall(path.read_text("utf-8")) == [f"{number:04}", before], path.name


def test_migrations_build_exactly_the_models(tmp_path):
    engine = db.open_engine(f"sqlite:///{tmp_path}/a.db")
    db.migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.Base.metadata) == []
    engine.dispose()


def test_sqlite_is_durable(tmp_path):
    engine = db.open_engine(f"sqlite:///{tmp_path}/a.db")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1
    engine.dispose()


def test_a_newer_database_is_refused_and_left_alone(tmp_path):
    engine = db.open_engine(f"sqlite:///{tmp_path}/a.db")
    db.migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer"):
        db.migrate(engine)
    engine.dispose()


def test_an_error_of_the_database_names_no_buyer(tmp_path):
    engine = db.open_engine(f"sqlite:///{tmp_path}/a.db")
    with engine.connect() as connection, pytest.raises(OperationalError) as failed:
        connection.execute(text("INSERT INTO orders (buyer) VALUES (:buyer)"), {"buyer": "张阿姨"})
    assert "张阿姨" not in str(failed.value)
    engine.dispose()


def test_a_data_folder_that_cannot_be_used_is_a_clear_error(tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file", "utf-8")
    with pytest.raises(ConfigError, match="--data"):
        create_app(Settings(data_dir=taken))


def test_a_damaged_database_is_a_clear_error_and_left_alone(tmp_path):
    damaged = tmp_path / "studio.db"
    damaged.write_bytes(b"not a database " * 1000)
    with pytest.raises(ConfigError, match="restore"):
        create_app(Settings(data_dir=tmp_path))
    assert damaged.read_bytes() == b"not a database " * 1000
