"""What the routes and listeners of this room share: the show, the catalogue and where buyers find the poll."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio import qr_code
from studio.audience.likeness import ProductWords
from studio.unit import Unit


@dataclass(frozen=True, slots=True)
class Room:
    """Callables that other rooms answer; the wiring gives them.

    stage_show_id: show that is on stage now, inside a unit. products: the catalogue's words. on_air: product on screen.
    nickname: what a browser's buyer is called, "" unknown. mark: a keyed hash. page_url: buyer page of a show.
    reachable: whether other devices can open that page, so that a QR code makes sense.
    """

    stage_show_id: Callable[[Unit], int | None]
    products: Callable[[], tuple[ProductWords, ...]]
    on_air: Callable[[], str | None]
    nickname: Callable[[Unit, str], str]
    mark: Callable[[str], str]
    page_url: Callable[[int | None], str]
    reachable: bool

    def with_address(self, poll: dict[str, Any], show_id: int | None) -> dict[str, Any]:
        """A poll's topic value with the page where buyers vote."""
        url = f"{self.page_url(show_id)}#poll"
        return {**poll, "url": url, "qr": qr_code.png_url(url) if self.reachable else None}
