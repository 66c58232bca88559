"""Who operates the studio now: one seat an open page, with its role, its kind of device, and what it did last."""

import secrets
from dataclasses import asdict, dataclass, replace
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


def device_name(agent: str) -> str:
    """What kind of device a browser's User-Agent header names, "" when it names none."""
    return next((name for sign, name in _DEVICES if sign in agent), "")


@dataclass(frozen=True, slots=True)
class Seat:
    """id: counts up since the start; page: the name it connected with; device: "" when the browser does not say.

    name: of a paired device, as the host calls it; deed: what its last command did (studio/web/deeds.py), at deed_ms;
    None before the first.
    """

    id: int
    role: str
    page: str
    device: str
    name: str
    since_ms: int
    deed: str | None = None
    deed_ms: int | None = None


class Presence:
    """Seats by socket."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}
        self._keys: dict[str, str] = {}
        """Socket by the key of its seat, which only its page knows."""
        self._count = 0

    def join(self, sid: str, role: Role, page: str, agent: str, name: str = "") -> str:
        """A page of an operator connected; answers the key that its commands bear."""
        self._count += 1
        self._seats[sid] = Seat(self._count, role.value, page, device_name(agent), name, now_ms())
        key = f"{self._count}.{secrets.token_urlsafe(9)}"
        self._keys[key] = sid
        return key

    def leave(self, sid: str) -> bool:
        """Whether it was one of an operator."""
        self._keys = {key: other for key, other in self._keys.items() if other != sid}
        return self._seats.pop(sid, None) is not None

    def did(self, key: str, role: Role | None, deed: str) -> bool:
        """A command that bore this key was carried out; whether the key is a seat's of that role."""
        sid = self._keys.get(key)
        seat = self._seats.get(sid) if sid else None
        if sid is None or seat is None or role is None or seat.role != role.value:
            return False
        self._seats[sid] = replace(seat, deed=deed, deed_ms=now_ms())
        return True

    def told(self) -> list[dict[str, Any]]:
        """The topic `presence`, who came first first."""
        return [asdict(seat) for seat in list(self._seats.values())[:MOST_TOLD]]
