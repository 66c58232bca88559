"""A PostgreSQL of the test session's own: that of STUDIO_TEST_POSTGRES where one runs (CI), else one started here."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import psycopg

from studio import db
from tests.real import missing

_SAFE = (
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "max_connections=50",
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "max_wal_size=256MB",
)

_ROOM_BYTES = 3 * 1024**3
"""With so much, the databases lie in memory: each is ten megabytes, for which a busy disk takes half a second."""


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
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="linli-pg-", dir=memory if roomy else None))
    owner = _give_away(folder)
    data = folder / "data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    setup = [*owner, str(programs / "initdb"), "-D", str(data), "-U", "studio", "-A", "trust", "-E", "UTF8"]
    subprocess.run(setup, check=True, capture_output=True, cwd=folder)
    places = ("-c", f"port={port}", "-c", f"unix_socket_directories={folder}")
    with (folder / "log").open("wb") as log:
        command = [*owner, str(programs / "postgres"), "-D", str(data), *_SAFE, *places]
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        while subprocess.run(
            [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], check=False
        ).returncode:
            assert server.poll() is None, (folder / "log").read_text("utf-8")
            threading.Event().wait(0.05)  # it is starting: the processor is its
        yield f"postgresql://studio@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGQUIT)  # "immediate shutdown"
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server_url, name, template="template1"):
    """A fresh database on the server, as the studio's setting database_url; an old one of that name is dropped."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return server_url.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1) + f"/{name}"


def drop(database_url):
    """The test is over: its database gives its room back."""
    server_url, _, name = database_url.replace("postgresql+psycopg://", "postgresql://", 1).rpartition("/")
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def migrated(server_url, name):
    """Name of a database with the schema and nothing in it: tests get copies, for a migration costs a second."""
    engine = db.open_engine(new_database(server_url, name))
    db.migrate(engine)
    engine.dispose()
    return name


def _give_away(folder):
    """The prefix of commands: the server goes when the tests are killed, and is not root, which PostgreSQL refuses.

    Debian's package brings a user for it; elsewhere than on Linux there is no setpriv and nothing to do.
    """
    if shutil.which("setpriv") is None:
        return []
    prefix = ["setpriv", "--pdeathsig=QUIT"]
    if getpass.getuser() != "root":
        return prefix
    shutil.chown(folder, "postgres", "postgres")
    return [*prefix, "--reuid=postgres", "--regid=postgres", "--clear-groups"]
