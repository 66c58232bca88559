"""`/lan`, `/pairing`, `/devices`: open to the network, pair, list, rename, send away."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.devices.codes import Codes, Offer
from studio.devices.paired import Devices
from studio.devices.schemas import CodeOut, DevicesOut, LanIn, LanOut, PairIn, RenameIn
from studio.types import Require, Role


def blueprint(
    require: Require,
    devices: Devices,
    codes: Codes,
    *,
    told: Callable[[], list[dict[str, Any]]],
    lan: Callable[[], dict[str, Any]],
    switch: Callable[[bool, str], object],
    begin: Callable[[Role], tuple[str, str, Offer]],
) -> APIBlueprint:
    """Routes over devices and the network.

    Args:
        require: guards each route by role.
        devices: those that are paired.
        codes: those that a device may be paired with.
        told: the topic `devices`.
        lan: the topic `lan`.
        switch: opens and closes the studio to the network, on an address.
        begin: makes a code for a role: its link, the link as a QR code, and its offer.
    """
    api = APIBlueprint("devices", __name__, tag="Devices 设备")

    @api.get("/lan")
    @require(Role.PRODUCER)
    @api.output(LanOut)
    def network() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Whether and where other devices reach the studio."""
        return lan()

    @api.put("/lan")
    @require(Role.HOST)
    @api.input(LanIn)
    @api.output(LanOut)
    def set_network(json_data: LanIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Open the studio to the local network or close it, at once and for the next starts."""
        switch(json_data.on, json_data.address)
        return lan()

    @api.get("/devices")
    @require(Role.PRODUCER)
    @api.output(DevicesOut)
    def paired() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Paired devices, who was paired first first."""
        return {"devices": told()}

    @api.put("/devices/<int:device_id>")
    @require(Role.HOST)
    @api.input(RenameIn)
    @api.output(DevicesOut)
    def rename(device_id: int, json_data: RenameIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Call a device otherwise."""
        devices.rename(device_id, json_data.name)
        return {"devices": told()}

    @api.delete("/devices/<int:device_id>")
    @require(Role.HOST)
    @api.output(DevicesOut)
    def revoke(device_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Send a device away: its open pages end at once, and it has to be paired again."""
        devices.revoke(device_id)
        return {"devices": told()}

    @api.post("/pairing")
    @require(Role.HOST)
    @api.input(PairIn)
    @api.output(CodeOut)
    def pair(json_data: PairIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """A code for one device, good for five minutes; the one before is void."""
        url, qr, offer = begin(Role(json_data.role))
        return {"url": url, "qr": qr, "role": offer.role, "until_ms": offer.until_ms}

    @api.delete("/pairing")
    @require(Role.HOST)
    @api.output({}, status_code=204)
    def withdraw() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take the open code back."""
        codes.withdraw()
        return ""

    return api
