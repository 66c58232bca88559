"""Pairing codes: one is open at a time, for five minutes and one device; in memory alone, and there as a hash."""

import base64
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from gevent.lock import RLock

from studio.errors import Conflict, NotFound
from studio.types import Ms, Role, now_ms

LIFE_MS = 300_000
CODE_BYTES = 16
MOST_REMEMBERED = 50
"""Spent codes whose story can still be told to who brings one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an open code is good for, and until when."""

    role: Role
    until_ms: Ms
    state: Literal["open", "used", "replaced", "withdrawn"] = "open"


class Codes:
    """The codes of this run of the studio."""

    def __init__(self, now: Callable[[], Ms] = now_ms) -> None:
        self._now = now
        self._offers: OrderedDict[str, Offer] = OrderedDict()
        self._turn = RLock()

    def make(self, role: Role) -> tuple[str, Offer]:
        """Another code and its offer; the one before opens nothing any more."""
        code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode("ascii").rstrip("=").lower()
        offer = Offer(role, Ms(self._now() + LIFE_MS))
        with self._turn:
            self._end_open("replaced")
            self._offers[_hash(code)] = offer
            while len(self._offers) > MOST_REMEMBERED:
                self._offers.popitem(last=False)
        return code, offer

    def withdraw(self) -> None:
        """Nobody is waited for any more."""
        with self._turn:
            self._end_open("withdrawn")

    def look(self, code: str) -> Offer:
        """What the code is good for; looking does not use it.

        Raises:
            NotFound: there never was such a code in this run of the studio.
            Conflict: it is used, replaced, withdrawn or too old.
        """
        offer = self._offers.get(_hash(code))
        if offer is None:
            raise NotFound(
                "配对码不对，请让主播重新生成二维码", "this pairing code is wrong, ask the host for a new QR code"
            )
        if offer.state == "used":
            raise Conflict(
                "这个配对码已经用过了，请让主播重新生成二维码",
                "this pairing code has been used already, ask the host for a new QR code",
            )
        if offer.state == "replaced":
            raise Conflict(
                "主播又生成了新的二维码，这个作废了，请扫新的",
                "the host has made a newer QR code, this one is void, scan the new one",
            )
        if offer.state == "withdrawn":
            raise Conflict(
                "主播收回了这个二维码，请让主播重新生成", "the host has taken this QR code back, ask for a new one"
            )
        if self._now() >= offer.until_ms:
            raise Conflict(
                "配对码过期了（5 分钟内有效），请让主播重新生成二维码",
                "this pairing code has expired (it is good for 5 minutes), ask the host for a new QR code",
            )
        return offer

    @contextmanager
    def redeeming(self, code: str) -> Generator[Offer]:
        """The offer of the code, which is used when the block ends well; a second one waits, and comes too late."""
        with self._turn:
            offer = self.look(code)
            yield offer
            self._offers[_hash(code)] = replace(offer, state="used")

    def _end_open(self, state: Literal["replaced", "withdrawn"]) -> None:
        for key, offer in self._offers.items():
            if offer.state == "open":
                self._offers[key] = replace(offer, state=state)


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode("utf-8", "replace")).hexdigest()
