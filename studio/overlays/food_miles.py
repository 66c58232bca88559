"""How far a lot came: the straight line between two places, never less than the road."""

import math
from typing import Any

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""


def straight_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) in degrees: the haversine formula."""
    phi_1, phi_2 = math.radians(one[0]), math.radians(other[0])
    half_phi, half_lambda = (phi_2 - phi_1) / 2, math.radians(other[1] - one[1]) / 2
    chord = math.sin(half_phi) ** 2 + math.cos(phi_1) * math.cos(phi_2) * math.sin(half_lambda) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def bearing_deg(one: tuple[float, float], other: tuple[float, float]) -> float:
    """In which direction the other place lies, clockwise from north."""
    phi_1, phi_2 = math.radians(one[0]), math.radians(other[0])
    turn = math.radians(other[1] - one[1])
    east = math.sin(turn) * math.cos(phi_2)
    north = math.cos(phi_1) * math.sin(phi_2) - math.sin(phi_1) * math.cos(phi_2) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360


def miles_topic(product: dict[str, Any] | None, community: dict[str, Any] | None) -> dict[str, Any] | None:
    """The way of the product on air; km is None where either place is unknown: unknown is never 0."""
    if product is None:
        return None
    maker: dict[str, Any] = product.get("maker") or {}
    start, end = _point(maker), _point(community or {})
    known = start is not None and end is not None
    return {
        "sku": product["sku"],
        "name": product["name"],
        "producer": maker.get("name") or product.get("producer"),
        "place": maker.get("place") or (product.get("lot") or {}).get("origin"),
        "from": start and {"latitude": start[0], "longitude": start[1]},
        "community": community,
        "km": round(straight_km(start, end), 2) if known and start and end else None,
        "bearing": round(bearing_deg(start, end), 1) if known and start and end else None,
    }


def _point(place: dict[str, Any]) -> tuple[float, float] | None:
    latitude, longitude = place.get("latitude"), place.get("longitude")
    return None if latitude is None or longitude is None else (float(latitude), float(longitude))
