"""Readings of a lot's cold chain: taken in once, read as a topic."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import BadInput
from studio.events import TemperatureRecorded
from studio.trust import cold_chain
from studio.trust.cold_chain import Reading
from studio.trust.limits import Limit
from studio.trust.models import TemperatureReading
from studio.types import Ms
from studio.unit import Unit

COLDEST_C, WARMEST_C = -60.0, 60.0
"""What a food logger measures; sensors say -127, 85 or 999 when they are broken."""
EARLIEST = Ms(946_684_800_000)
CLOCK_SLACK_MS = 10 * 60_000
SHOWN_READINGS = 160
_BATCH = 400
_readings = table(TemperatureReading)


@dataclass(frozen=True, slots=True)
class Given:
    """A reading to take in."""

    at: Ms
    celsius: float
    sensor: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the readings: new ones, those known already, those whose moment is known with another value."""

    added: int
    known: int
    contradicting: int


def take_in(
    unit: Unit, lot_id: int, sku: str, given: Sequence[Given], *, interval_s: int | None, source: str, at: Ms
) -> Taken:
    """Keep readings of a lot; the same twice counts once, and a moment's first value stays.

    Raises:
        BadInput: a time in the future or before 2000, or a value that no food logger measures; then none is kept.
    """
    for reading in given:
        _check(reading, at)
    added = known = contradicting = 0
    by_sensor: dict[str, dict[Ms, float]] = defaultdict(dict)
    for reading in given:
        before = by_sensor[reading.sensor].setdefault(reading.at, reading.celsius)
        known += 1
        contradicting += before != reading.celsius
    for sensor, values in by_sensor.items():
        stored = _stored(unit, lot_id, sensor, list(values))
        contradicting += sum(values[moment] != value for moment, value in stored.items())
        rows = [
            {
                "lot_id": lot_id,
                "sensor": sensor,
                "at": moment,
                "celsius": value,
                "interval_s": interval_s,
                "source": source,
                "received_ms": at,
            }
            for moment, value in values.items()
            if moment not in stored
        ]
        if rows:
            unit.connection.execute(insert(_readings), rows)
        added += len(rows)
    if added:
        unit.emit(TemperatureRecorded(sku=sku, lot_id=lot_id, readings=added, at=at))
    return Taken(added, known - added - contradicting, contradicting)


def cold_chain_topic(session: Session, lot_id: int, limit: Limit | None) -> dict[str, Any]:
    """The lot's verdict with what it rests on; readings thinned for drawing, extremes kept."""
    rows = session.execute(
        select(_readings.c.sensor, _readings.c.at, _readings.c.celsius, _readings.c.interval_s)
        .where(_readings.c.lot_id == lot_id)
        .order_by(_readings.c.at)
    ).all()
    by_sensor: dict[str, list[Reading]] = defaultdict(list)
    for row in rows:
        interval_ms = row.interval_s * 1000 if row.interval_s else None
        by_sensor[row.sensor].append(Reading(Ms(row.at), row.celsius, interval_ms))
    found = cold_chain.worst([cold_chain.assess(line, limit) for line in by_sensor.values()])
    values = [row.celsius for row in rows]
    mean = cold_chain.mean_kinetic_c(values)
    return {
        "verdict": found.verdict,
        "limit": limit and {"low": limit.low, "high": limit.high, "source": limit.source},
        "readings": _thinned([(row.at, row.celsius) for row in rows]),
        "count": len(rows),
        "sensors": len(by_sensor),
        "from_ms": rows[0].at if rows else None,
        "to_ms": rows[-1].at if rows else None,
        "min_c": min(values, default=None),
        "max_c": max(values, default=None),
        "last_c": values[-1] if values else None,
        "mean_kinetic_c": None if mean is None else round(mean, 3),
        "warm_ms": found.longest_warm_ms,
        "cold_ms": found.longest_cold_ms,
        "gap_ms": found.longest_gap_ms,
        "gaps": [list(gap) for gap in found.gaps[:20]],
    }


def _check(reading: Given, at: Ms) -> None:
    if not COLDEST_C <= reading.celsius <= WARMEST_C:
        raise BadInput(
            f"{reading.celsius:g} ℃ 不像温度，请检查探头（应在 {COLDEST_C:g} 到 {WARMEST_C:g} ℃ 之间）",
            f"{reading.celsius:g} °C is no temperature of food, check the sensor",
            at=reading.at,
        )
    if not EARLIEST <= reading.at <= at + CLOCK_SLACK_MS:
        raise BadInput(
            "有一条记录的时间在将来或太早，请检查记录仪的时钟",
            "a reading lies in the future or too far back, check the logger's clock",
            at=reading.at,
        )


def _stored(unit: Unit, lot_id: int, sensor: str, moments: Sequence[Ms]) -> dict[Ms, float]:
    out: dict[Ms, float] = {}
    for start in range(0, len(moments), _BATCH):
        query = select(_readings.c.at, _readings.c.celsius).where(
            _readings.c.lot_id == lot_id,
            _readings.c.sensor == sensor,
            _readings.c.at.in_(moments[start : start + _BATCH]),
        )
        out.update({Ms(row.at): row.celsius for row in unit.connection.execute(query)})
    return out


def _thinned(points: Sequence[tuple[int, float]]) -> list[list[float]]:
    """At most SHOWN_READINGS points: of every stretch its coldest and its warmest, so that no peak is lost."""
    if len(points) <= SHOWN_READINGS:
        return [[at, value] for at, value in points]
    out: list[list[float]] = []
    stretches = SHOWN_READINGS // 2
    for index in range(stretches):
        part = points[index * len(points) // stretches : (index + 1) * len(points) // stretches]
        ends = {min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])}
        out.extend([at, value] for at, value in sorted(ends))
    return out
