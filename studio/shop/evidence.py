"""What a lot's papers prove on a given day.

A certificate proves something while it is whole (its number with its issuer, or its file with the file's SHA-256) and
valid: not before valid_from, not after valid_until. Without an end only the papers of one lot are valid (a test report,
a quarantine certificate): a licence whose end nobody wrote down is unknown, and the unknown is never shown as good.

A lot is verified when its label items are complete, it is within its shelf life, and it has papers, every one of which
proves something today: an expired one beside a good one says that nobody keeps them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio.shop.models import Lot

OF_ONE_LOT = ("检测", "检验", "质检", "检疫", "合格证", "报告", "test report", "quarantine")
"""What the kind of a paper says that is about one lot and needs no end."""


def today() -> date:
    """The host's day."""
    return date.today()  # noqa: DTZ011 - papers are valid by the calendar on the wall


def proves(certificate: Mapping[str, Any], on: date) -> bool:
    """Whether a certificate, as the lot's row holds it, is whole and valid on a day."""
    day = on.isoformat()
    if not (certificate.get("number") and certificate.get("issuer")) and not (
        certificate.get("file") and certificate.get("sha256")
    ):
        return False
    until = certificate.get("valid_until")
    if until is None:
        kind = str(certificate["kind"]).lower()
        ends_well = any(word in kind for word in OF_ONE_LOT)
    else:
        ends_well = day <= until
    return ends_well and (certificate.get("valid_from") or day) <= day


def is_verified(lot: Lot | None, missing: Sequence[str], on: date) -> bool:
    """Whether the lot's evidence is complete on a day; `missing` are its label items that are."""
    if lot is None or missing or not lot.certificates:
        return False
    fresh = best_before(lot) is not None and not is_expired(lot, on)
    return fresh and all(proves(paper, on) for paper in lot.certificates)


def is_expired(lot: Lot | None, on: date) -> bool:
    """Whether the lot is known to be past its shelf life on a day."""
    return lot is not None and is_past(lot.produced_on, lot.shelf_life_days, on)


def is_past(produced_on: str | None, shelf_life_days: int | None, on: date) -> bool:
    """Whether a shelf life that is known has ended on a day."""
    last_day = _last_day(produced_on, shelf_life_days)
    return last_day is not None and on.isoformat() > last_day


def best_before(lot: Lot) -> str | None:
    """ISO date of the last day within shelf life, None when a date is unknown."""
    return _last_day(lot.produced_on, lot.shelf_life_days)


def certificate_out(certificate: Mapping[str, Any], on: date) -> dict[str, Any]:
    """A certificate as `CertificateOut`."""
    names = ("kind", "number", "issuer", "valid_from", "valid_until", "file", "sha256")
    return {**{name: certificate.get(name) for name in names}, "valid": proves(certificate, on)}


def proofs(session: Session, sku: str) -> list[str]:
    """Kinds of the certificates of the lot on sale that prove something today."""
    lot = session.scalars(select(Lot).where(Lot.sku == sku, Lot.current)).first()
    on = today()
    return [str(paper["kind"]) for paper in lot.certificates if proves(paper, on)] if lot else []


def _last_day(produced_on: str | None, shelf_life_days: int | None) -> str | None:
    if produced_on is None or shelf_life_days is None:
        return None
    return (date.fromisoformat(produced_on) + timedelta(days=shelf_life_days)).isoformat()
