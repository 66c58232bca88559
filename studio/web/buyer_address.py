"""Where a buyer's phone finds the studio: what a QR code on a poster, and a link in the group, lead to."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from studio import qr_code
from studio.config import Settings
from studio.web.lan import Lan


@dataclass(frozen=True, slots=True)
class BuyerAddress:
    """url is where the studio is, without a path."""

    url: str
    reach: qr_code.Reach

    @property
    def page(self) -> str:
        """The buyers' page."""
        return f"{self.url}/s"


def buyer_address(settings: Settings, lan: Lan) -> BuyerAddress:
    """public_url, else the address of the local network as long as it is open."""
    if settings.public_url:
        return BuyerAddress(settings.public_url, "public")
    if lan.url:
        return BuyerAddress(lan.url, "lan")
    return BuyerAddress(f"http://{settings.local_host}:{lan.port}", "here")


def trace_link(where: BuyerAddress, show_id: int, sku: str) -> dict[str, Any]:
    """Where a buyer reads on about a product of a show, as the topic `product` has it."""
    url = f"{where.page}/{show_id}#p-{quote(sku)}"
    return {"trace_url": url, **qr_code.shown(url, where.reach)}
