"""The devices that were paired: who a secret belongs to, and when it was last here."""

import hashlib
import secrets
from dataclasses import dataclass

import gevent
from sqlalchemy import func, select, update

from studio.db import Database
from studio.devices.models import PairedDevice
from studio.errors import Conflict, NotFound, StudioError
from studio.events import DeviceRevoked, DevicesChanged
from studio.types import Ms, Role, now_ms
from studio.unit import Unit, Writer

MOST_DEVICES = 30
SEEN_EVERY_MS = 60_000
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Device:
    """One that may sign in; seen_ms is true to a minute."""

    id: int
    name: str
    role: Role
    paired_ms: Ms
    seen_ms: Ms


class Devices:
    """Paired devices in the database; nothing is kept beside it, so that revoking holds at once and for ever."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database = database
        self._writer = writer

    def find(self, secret: str) -> Device | None:
        """Whose secret this is; notes that it was here."""
        with self._database.reading() as session:
            row = session.scalar(select(PairedDevice).where(PairedDevice.secret_hash == _hash(secret)))
        if row is None:
            return None
        if now_ms() - row.seen_ms > SEEN_EVERY_MS:
            gevent.spawn(self.note_seen, row.id)
        return _told(row)

    def all(self) -> list[Device]:
        """Who was paired first first."""
        with self._database.reading() as session:
            return [_told(row) for row in session.scalars(select(PairedDevice).order_by(PairedDevice.id))]

    def pair(self, name: str, role: Role, *, at: Ms, instead_of: int | None = None) -> str:
        """Add a device and return its secret, told this once; `instead_of` is what the same browser was before.

        Raises:
            Conflict: there are too many.
        """
        secret = secrets.token_urlsafe(SECRET_BYTES)

        def add(unit: Unit) -> None:
            if instead_of is not None:
                _remove(unit, instead_of)
            if (unit.session.scalar(select(func.count()).select_from(PairedDevice)) or 0) >= MOST_DEVICES:
                raise Conflict(
                    f"最多配对 {MOST_DEVICES} 台设备，请先在设置里移除不用的",
                    f"no more than {MOST_DEVICES} devices: remove one in the settings first",
                )
            unit.session.add(
                PairedDevice(name=name, role=role.value, secret_hash=_hash(secret), paired_ms=at, seen_ms=at)
            )
            unit.emit(DevicesChanged())

        self._writer.run(add)
        return secret

    def rename(self, device_id: int, name: str) -> None:
        """Call it otherwise.

        Raises:
            NotFound: no such device.
        """

        def write(unit: Unit) -> None:
            _row(unit, device_id).name = name
            unit.emit(DevicesChanged())

        self._writer.run(write)

    def revoke(self, device_id: int) -> None:
        """Its secret opens nothing from now on.

        Raises:
            NotFound: no such device.
        """

        def remove(unit: Unit) -> None:
            _row(unit, device_id)
            _remove(unit, device_id)

        self._writer.run(remove)

    def note_seen(self, device_id: int) -> None:
        """It was here just now."""

        def write(unit: Unit) -> None:
            unit.session.execute(update(PairedDevice).where(PairedDevice.id == device_id).values(seen_ms=now_ms()))
            unit.emit(DevicesChanged())

        try:
            self._writer.run(write)
        except StudioError:
            return  # too busy: the next request says so again


def _remove(unit: Unit, device_id: int) -> None:
    row = unit.session.get(PairedDevice, device_id)
    if row is not None:
        unit.session.delete(row)
        unit.emit(DeviceRevoked(device_id=device_id))


def _row(unit: Unit, device_id: int) -> PairedDevice:
    row = unit.session.get(PairedDevice, device_id)
    if row is None:
        raise NotFound("没有这台设备", "no such device")
    return row


def _told(row: PairedDevice) -> Device:
    return Device(row.id, row.name, Role(row.role), row.paired_ms, row.seen_ms)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
