"""Rows of what is measured of a lot."""

from sqlalchemy import Double, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studio.db import Base
from studio.types import Ms


class TemperatureReading(Base):
    """One value of one sensor, append-only: the first word about a moment stays."""

    __tablename__ = "temperature_readings"
    __table_args__ = (UniqueConstraint("lot_id", "sensor", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"))
    sensor: Mapped[str] = mapped_column(String(40))
    at: Mapped[Ms]
    celsius: Mapped[float] = mapped_column(Double)
    interval_s: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(10))
    received_ms: Mapped[Ms]
