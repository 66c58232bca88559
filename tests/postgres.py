"""A PostgreSQL of the test session's own: that of STUDIO_TEST_POSTGRES where one runs (CI), else one started here."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

from studio import db
from tests.real import missing

_SAFE = ("-c", "listen_addresses=127.0.0.1", "-c", "max_connections=50", "-c", "fsync=off")


@contextmanager
def running():
    """URL of a server that may create databases."""
    given = os.environ.get("STUDIO_TEST_POSTGRES")
    if given:
        yield given
        return
    found = shutil.which("pg_ctl") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), None)
    if found is None:
        missing("no PostgreSQL: apt-get install postgresql")
    programs = Path(found).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="linli-pg-"))
    owner = _give_away(folder)
    data = folder / "data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = [*owner, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    options = " ".join((*_SAFE, "-c", f"port={port}", "-c", f"unix_socket_directories={folder}"))
    setup = [*owner, str(programs / "initdb"), "-D", str(data), "-U", "studio", "-A", "trust", "-E", "UTF8"]
    subprocess.run(setup, check=True, capture_output=True, cwd=folder)
    subprocess.run([*start, "-o", options, "start"], check=True, capture_output=True, cwd=folder)
    try:
        yield f"postgresql://studio@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*start, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server_url, name, template="template1"):
    """A fresh database on the server, as the studio's setting database_url; an old one of that name is dropped."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server_url.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1) + f"/{name}"


def migrated(server_url, name):
    """Name of a database with the schema and nothing in it: tests get copies, for a migration costs a second."""
    engine = db.open_engine(new_database(server_url, name))
    db.migrate(engine)
    engine.dispose()
    return name


def _give_away(folder):
    """PostgreSQL refuses to run as root; Debian's package brings a user for it. The prefix of commands."""
    if getpass.getuser() != "root":
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
