"""Who hears what, and which routes there are: one module a room, all given the same core.

Only here do rooms meet. A module's `wire(core)` registers reactions (in the transaction), listeners (after the
commit), blueprints, and parts that run for as long as the studio does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import gevent
from apiflask import APIFlask

from studio import events
from studio.bus import Bus
from studio.config import Settings
from studio.db import Database
from studio.devices.paired import Devices
from studio.obs.link import ObsLink
from studio.stage import StageView
from studio.state import State
from studio.unit import Writer
from studio.vault import Vault
from studio.web.auth import Guard, Tokens
from studio.web.lan import Lan
from studio.web.sockets import Sockets
from studio.web.visitors import Visitors


class Part(Protocol):
    """Something that runs while the studio does."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Core:
    """What every room is wired to."""

    app: APIFlask
    settings: Settings
    tokens: Tokens
    guard: Guard
    visitors: Visitors
    vault: Vault
    database: Database
    writer: Writer
    bus: Bus
    state: State
    sockets: Sockets
    link: ObsLink
    view: StageView
    lan: Lan
    devices: Devices
    parts: list[Part] = field(default_factory=list["Part"])
    """Started in order, stopped in reverse."""


def spawning(listener: Callable[[Any], object]) -> Callable[[Any], None]:
    """A listener that runs on a greenlet of its own: listeners of committed facts must not wait for the writer."""

    def spawn(event: events.Event) -> None:
        gevent.spawn(listener, event)

    return spawn
