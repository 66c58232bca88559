"""Where a buyer's phone finds the studio: what a QR code on a poster, and a link in the group, lead to."""

import socket
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from studio import qr_code
from studio.config import EVERY_ADDRESS, Settings
from studio.web.auth import LOCAL_NAMES

_LOOPBACK = ("127.", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class BuyerAddress:
    """url is the buyers' page.

    reach: "public" for every phone, "lan" for those in the same network, "here" for this PC alone.
    """

    url: str
    reach: Literal["public", "lan", "here"]


def buyer_address(settings: Settings, port: int) -> BuyerAddress:
    """The buyers' page of a studio that listens on `port`: public_url, else an address of the local network."""
    if settings.public_url:
        return BuyerAddress(f"{settings.public_url}/s", "public")
    if settings.host not in EVERY_ADDRESS:
        name = f"[{settings.host}]" if ":" in settings.host else settings.host
        return BuyerAddress(_page(name, port), "here" if settings.host.startswith(_LOOPBACK) else "lan")
    # the Host check answers to these names alone
    name = next((name for name in settings.allowed_hosts if name.lower() not in LOCAL_NAMES), None)
    return BuyerAddress(_page(name or "127.0.0.1", port), "lan" if name else "here")


def trace_link(settings: Settings, show_id: int, sku: str) -> tuple[str, str | None]:
    """Where a buyer reads on about a product of a show, and its QR code where phones can reach it."""
    where = buyer_address(settings, settings.port)
    url = f"{where.url}/{show_id}#p-{quote(sku)}"
    return url, None if where.reach == "here" else qr_code.png_url(url)


def own_lan_address() -> str | None:
    """This PC's address in its network, as far as the routing table tells; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address for documentation, never anybody's
            address: str = probe.getsockname()[0]
        except OSError:
            return None
    return None if address.startswith(_LOOPBACK) else address


def _page(name: str, port: int) -> str:
    return f"http://{name}:{port}/s"
