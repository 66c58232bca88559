"""Rows of paired devices."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from studio.db import Base
from studio.types import Ms


class PairedDevice(Base):
    """A device that may sign in; of its secret only the SHA-256 is kept, and no address ever."""

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(20))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired_ms: Mapped[Ms]
    seen_ms: Mapped[Ms]
