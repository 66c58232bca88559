"""Tablets and phones: who is paired, what a code leads to, and where the local network reaches the studio."""

from typing import Any

import gevent

from studio import config, events, qr_code
from studio.devices import routes
from studio.devices.codes import Codes, Offer
from studio.errors import Conflict
from studio.types import Role
from studio.web import pair_pages
from studio.web.lan import Lan
from studio.wiring import Core


def wire(core: Core) -> None:
    """A device that is sent away is cut off, and so is who came in by an address that the studio has left."""
    codes = Codes()
    devices, lan, sockets, state = core.devices, core.lan, core.sockets, core.state
    here: set[int] = set()

    def told() -> list[dict[str, Any]]:
        online = sockets.devices()
        return [
            {
                "id": device.id,
                "name": device.name,
                "role": device.role.value,
                "paired_ms": device.paired_ms,
                "seen_ms": device.seen_ms,
                "online": device.id in online,
            }
            for device in devices.all()
        ]

    def came_or_went(_event: events.OperatorsChanged) -> None:
        now = sockets.devices()
        if now == here:
            return
        for device_id in here - now:
            gevent.spawn(devices.note_seen, device_id)
        here.clear()
        here.update(now)
        state.put("devices", told())

    def revoked(event: events.DeviceRevoked) -> None:
        sockets.close(lambda end: end.device == event.device_id)
        state.put("devices", told())

    def moved(_event: events.LanChanged) -> None:
        sockets.close(lambda end: end.lan is not None and end.lan != lan.address)
        state.put("lan", lan.told())

    def switch(on: bool, address: str) -> None:
        lan.switch(on=on, address=address)
        config.save(core.settings.data_dir, {"lan": on, "lan_address": address})

    def begin(role: Role) -> tuple[str, str, Offer]:
        base = _base(lan, core.settings.public_url)
        code, offer = codes.make(role)
        url = f"{base}/pair/{code}"
        return url, qr_code.svg_url(url), offer

    core.parts.append(lan)
    core.bus.listen(events.OperatorsChanged, came_or_went)
    core.bus.listen(events.DevicesChanged, lambda _event: state.put("devices", told()))
    core.bus.listen(events.DeviceRevoked, revoked)
    core.bus.listen(events.LanChanged, moved)
    state.put("devices", told())
    state.put("lan", lan.told())
    core.app.register_blueprint(
        routes.blueprint(core.guard.require, devices, codes, told=told, lan=lan.told, switch=switch, begin=begin),
        url_prefix="/api/v1",
    )
    core.app.register_blueprint(pair_pages.blueprint(core.guard, core.visitors.deliveries, codes, devices))


def _base(lan: Lan, public_url: str) -> str:
    """Where a paired device will find the studio.

    Raises:
        Conflict: no other device reaches it.
    """
    base = lan.url or public_url
    if not base:
        raise Conflict(
            "别的设备还够不到这台电脑：请先打开局域网访问",
            "no other device reaches this PC: switch LAN access on first",
        )
    return base
