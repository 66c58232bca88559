"""Who operates the studio now: one seat an open page, with its role and what kind of device it is on."""

from dataclasses import asdict, dataclass
from typing import Any

from studio.types import Role, now_ms

# first match wins; an iPad says that it is a Mac, and only its touch points would tell
_DEVICES = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("MicroMessenger", "微信"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Seat:
    """id: counts up since the start; page: the name it connected with; device: "" when the browser does not say."""

    id: int
    role: str
    page: str
    device: str
    since_ms: int


class Presence:
    """Seats by socket."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}
        self._count = 0

    def join(self, sid: str, role: Role, page: str, agent: str) -> None:
        """A page of an operator connected."""
        self._count += 1
        device = next((name for sign, name in _DEVICES if sign in agent), "")
        self._seats[sid] = Seat(self._count, role.value, page, device, now_ms())

    def leave(self, sid: str) -> bool:
        """Whether it was one of an operator."""
        return self._seats.pop(sid, None) is not None

    def told(self) -> list[dict[str, Any]]:
        """The topic `presence`, who came first first."""
        return [asdict(seat) for seat in list(self._seats.values())[:MOST_TOLD]]
