"""What temperature readings prove about a lot's cold chain; nothing here reads a database.

- 未知 unknown: no readings, a single one, or no limit to hold them against.
- 超温 warm: above the limit for longer than the grace without a reading back below it, or once above what is never
  tolerated.
- 过冷 cold: below the lower limit for longer than the grace: frost may have harmed it, which no temperature proves.
- 断链 broken: between two readings lies more than twice the logger's interval: nobody knows what happened there.
- 合格 good: none of these, and only for the time between the first and the last reading.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import Literal

from studio.trust.limits import Limit
from studio.types import Ms

Verdict = Literal["good", "warm", "cold", "broken", "unknown"]
GRACE_MS = 15 * 60_000
"""How long an opened door may last."""
LEAST_INTERVAL_MS = 60_000
ACTIVATION_KELVIN = 10_000.0
"""ΔH/R of the mean kinetic temperature (83.14 kJ/mol, USP <1079>)."""
_ZERO_KELVIN = 273.15
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One sensor's value; interval_ms as its logger declares it, None where it does not."""

    at: Ms
    celsius: float
    interval_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """longest_warm_ms, longest_cold_ms: the longest stay above and below the limit.

    longest_gap_ms: the longest silence beyond two intervals.
    """

    verdict: Verdict
    longest_warm_ms: int = 0
    longest_cold_ms: int = 0
    longest_gap_ms: int = 0
    gaps: tuple[tuple[Ms, Ms], ...] = ()
    interval_ms: int | None = None


def assess(readings: Sequence[Reading], limit: Limit | None, *, grace_ms: int = GRACE_MS) -> Assessment:
    """Judge one sensor's readings, in any order; a time that comes twice counts once."""
    line = sorted({reading.at: reading for reading in readings}.values(), key=lambda reading: reading.at)
    if len(line) < _ENOUGH:
        too_warm = limit is not None and any(_is_never(reading, limit) for reading in line)
        return Assessment("warm" if too_warm else "unknown")
    interval_ms = _interval_ms(line)
    gaps = tuple((one.at, two.at) for one, two in pairwise(line) if two.at - one.at > 2 * interval_ms)
    longest_gap_ms = max((end - start for start, end in gaps), default=0)
    if limit is None:
        return Assessment("unknown", 0, 0, longest_gap_ms, gaps, interval_ms)
    warm_ms = _longest_ms(line, lambda celsius: celsius > limit.high)
    low = limit.low
    cold_ms = 0 if low is None else _longest_ms(line, lambda celsius: celsius < low)
    if warm_ms > grace_ms or any(_is_never(reading, limit) for reading in line):
        verdict: Verdict = "warm"
    elif cold_ms > grace_ms:
        verdict = "cold"
    else:
        verdict = "broken" if gaps else "good"
    return Assessment(verdict, warm_ms, cold_ms, longest_gap_ms, gaps, interval_ms)


def worst(assessments: Sequence[Assessment]) -> Assessment:
    """A lot with several sensors is as good as its worst one."""
    order: tuple[Verdict, ...] = ("warm", "cold", "broken", "unknown", "good")
    return min(assessments, key=lambda each: order.index(each.verdict), default=Assessment("unknown"))


def mean_kinetic_c(celsius: Sequence[float]) -> float | None:
    """Mean kinetic temperature of equally weighted readings; secondary: it excuses no excursion."""
    if not celsius:
        return None
    mean = sum(math.exp(-ACTIVATION_KELVIN / (value + _ZERO_KELVIN)) for value in celsius) / len(celsius)
    return ACTIVATION_KELVIN / -math.log(mean) - _ZERO_KELVIN


def _interval_ms(line: Sequence[Reading]) -> int:
    """As declared, else what lies between most readings: two readings hours apart prove no interval of hours."""
    declared = [reading.interval_ms for reading in line if reading.interval_ms]
    if declared:
        return max(declared)
    usual = median_low(two.at - one.at for one, two in pairwise(line))
    return max(LEAST_INTERVAL_MS, min(usual, 60 * 60_000))


def _longest_ms(line: Sequence[Reading], is_beyond: Callable[[float], bool]) -> int:
    """From the first reading beyond a limit to the first back within it, or to the last reading."""
    longest, since = 0, None
    for reading in line:
        beyond = is_beyond(reading.celsius)
        if since is not None:
            longest = max(longest, reading.at - since)
        if beyond and since is None:
            since = reading.at
        elif not beyond:
            since = None
    return longest


def _is_never(reading: Reading, limit: Limit) -> bool:
    return limit.never is not None and reading.celsius > limit.never
