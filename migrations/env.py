"""Alembic environment: migrates the engine that studio.db.migrate hands in."""

from alembic import context

from studio.audience import models as _audience  # noqa: F401 - the import registers the tables
from studio.db import Base
from studio.devices import models as _devices  # noqa: F401
from studio.overlays import models as _overlays  # noqa: F401
from studio.shop import models as _shop  # noqa: F401
from studio.shop.webhooks import models as _webhooks  # noqa: F401
from studio.shows import models as _shows  # noqa: F401
from studio.summary import models as _summary  # noqa: F401
from studio.transcribe import models as _transcribe  # noqa: F401
from studio.trust import models as _trust  # noqa: F401

with context.config.attributes["engine"].connect() as connection:
    driver = connection.connection.dbapi_connection
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # a table is rebuilt by dropping the old one, which would delete what refers to it
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if sqlite:
        driver.execute("PRAGMA foreign_keys=ON")
