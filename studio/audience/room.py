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
    nickname: what a browser's buyer is called, "" unknown. mark: a keyed hash. page_address: buyer page of a show now,
    and whether other devices can open it, so that a QR code makes sense.
    """

    stage_show_id: Callable[[Unit], int | None]
    products: Callable[[], tuple[ProductWords, ...]]
    on_air: Callable[[], str | None]
    nickname: Callable[[Unit, str], str]
    mark: Callable[[str], str]
    page_address: Callable[[int | None], tuple[str, qr_code.Reach]]

    def with_address(self, poll: dict[str, Any], show_id: int | None) -> dict[str, Any]:
        """A poll's topic value with the page where buyers vote."""
        page, reach = self.page_address(show_id)
        url = f"{page}#poll"
        return {**poll, "url": url, **qr_code.shown(url, reach)}
