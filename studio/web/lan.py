"""The studio on the local network: a second listener on one address of this PC, opened and closed while it runs.

Only addresses that no router of the internet forwards to are taken (RFC 1918 and its like): a laptop in a network
without a gateway between it and the world stays closed. The address is looked at again and again, as it changes with
the network.
"""

import ipaddress
import logging
import socket
from collections.abc import Callable
from typing import Any, Protocol

import gevent
import psutil
from gevent.event import Event as Signal
from gevent.lock import RLock

from studio.config import EVERY_ADDRESS, Settings
from studio.errors import BadInput, Conflict, StudioError
from studio.events import Event, LanChanged
from studio.types import Wsgi

CHECK_S = 5.0
FAREWELL_S = 1.0
"""How long an answer that is under way may take when the listener is closed."""
ENVIRON = "studio.lan"
"""Key of a request's WSGI environ: the address of the LAN listener that it came in by."""

_LOOPBACK = ("127.", "::1", "localhost")
_log = logging.getLogger(__name__)


class Listener(Protocol):
    """A WSGI server on one address."""

    def start(self) -> None: ...

    def stop(self, timeout: float | None = None) -> None: ...


class Lan:
    """Whether and where the local network reaches the studio.

    Args:
        settings: `host` other than this PC alone means that the studio is open already, and there is no switch.
        publish: hears LanChanged.
        addresses: of this PC in local networks, the most likely first.
    """

    def __init__(
        self,
        settings: Settings,
        publish: Callable[[Event], None],
        addresses: Callable[[], list[str]] | None = None,
    ) -> None:
        self._host = settings.host
        self._named = next((name for name in settings.allowed_hosts if not name.startswith(_LOOPBACK)), None)
        self._publish = publish
        self._addresses = addresses or lan_addresses
        self._on = settings.lan and not self.fixed
        self._wanted = settings.lan_address
        self.port = settings.port
        self._listen: Callable[[str], Listener] | None = None
        self._listener: Listener | None = None
        self._problem: StudioError | None = None
        self._turn = RLock()
        self._ended = Signal()
        self.address: str | None = None
        """Where the listener is."""

    @property
    def fixed(self) -> bool:
        """The setting `host` opens the studio to others already."""
        return not self._host.startswith(_LOOPBACK)

    @property
    def url(self) -> str | None:
        """How another device of the network reaches the studio, None when none can."""
        name = self.address
        if self.fixed:
            name = self._named if self._host in EVERY_ADDRESS else self._host
        if name is None:
            return None
        return f"http://[{name}]:{self.port}" if ":" in name else f"http://{name}:{self.port}"

    def names(self) -> frozenset[str]:
        """What a Host header may say besides the names of the settings."""
        return frozenset({self.address}) if self.address else frozenset()

    def told(self) -> dict[str, Any]:
        """The topic `lan`."""
        problem = self._problem
        return {
            "on": self._on or self.fixed,
            "fixed": self.fixed,
            "url": self.url,
            "address": self.address,
            "wanted": self._wanted,
            "addresses": self._addresses(),
            "message_zh": problem.zh if problem else "",
            "message_en": problem.en if problem else "",
        }

    def serve_by(self, listen: Callable[[str], Listener], port: int) -> None:
        """What makes a listener on an address, and the port that it uses."""
        self._listen, self.port = listen, port

    def start(self) -> None:
        """Listen if that is wanted, and keep looking whether the address is still there."""
        self._ended.clear()
        self._look()
        gevent.spawn(self._watch)

    def stop(self) -> None:
        """Close the listener."""
        self._ended.set()
        with self._turn:
            self._close()

    def switch(self, *, on: bool, address: str) -> None:
        """Open the studio to the local network, or close it; `address` "" is the most likely one.

        Raises:
            Conflict: the settings decide, or nothing listens at all.
            BadInput: this PC has no such address.
        """
        if self.fixed:
            raise Conflict(
                "设置 host 已经决定了监听地址；要用这个开关，请去掉 host 再重启",
                "the setting host decides where the studio listens; remove it and restart to use this switch",
            )
        if self._listen is None:
            raise Conflict("直播间没有在监听", "the studio is not listening")
        if on and address and address not in self._addresses():
            raise BadInput("这台电脑没有这个局域网地址", "this PC has no such address in a local network")
        self._on, self._wanted = on, address
        self._follow()
        self._publish(LanChanged())

    def _watch(self) -> None:
        while not self._ended.wait(CHECK_S):
            self._look()

    def _look(self) -> None:
        before = self.url, self._problem and self._problem.en
        self._follow()
        if before != (self.url, self._problem and self._problem.en):
            self._publish(LanChanged())

    def _follow(self) -> None:
        """Listen where it is wanted now, and nowhere else."""
        with self._turn:
            self._problem = None
            address = self._wish()
            if address == self.address:
                return
            self._close()
            if address is not None:
                self._open(address)

    def _wish(self) -> str | None:
        if not self._on or self._listen is None:
            return None
        known = self._addresses()
        if self._wanted in known:
            return self._wanted
        if self._wanted:
            self._problem = Conflict(
                f"这台电脑现在没有地址 {self._wanted}（换了网络？），请另选一个",
                f"this PC does not have the address {self._wanted} now (another network?), choose another",
            )
            return None
        if not known:
            self._problem = Conflict(
                "这台电脑现在没有连上局域网；连上 Wi-Fi 以后会自动打开",
                "this PC is in no local network now; access opens by itself once it is",
            )
        return known[0] if known else None

    def _open(self, address: str) -> None:
        assert self._listen is not None  # noqa: S101 - for the type checker: _wish says so
        listener = self._listen(address)
        try:
            listener.start()
        except OSError as error:
            _log.warning("cannot listen on the local network: %s", error)
            self._problem = Conflict(
                f"{address} 的端口 {self.port} 打不开：可能被别的程序占用",
                f"port {self.port} of {address} cannot be opened: another program may be using it",
            )
            return
        self._listener, self.address = listener, address
        _log.info("open to the local network")

    def _close(self) -> None:
        listener, self._listener, self.address = self._listener, None, None
        if listener is not None:
            gevent.spawn(listener.stop, timeout=FAREWELL_S)  # the request that closes it may have come in by it
            _log.info("closed to the local network")


def direct(app: Wsgi) -> Wsgi:
    """The app without belief in what only a proxy may say: nobody in the local network is `trusted_proxies`."""

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        for name in [name for name in environ if name.startswith("HTTP_X_FORWARDED_")]:
            del environ[name]
        return app(environ, start_response)

    return serve


def lan_addresses() -> list[str]:
    """This PC's IPv4 addresses in local networks: the one that the routing table prefers, then by interface."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        entry.address
        for name, entries in psutil.net_if_addrs().items()
        if name in up
        for entry in entries
        if entry.family is socket.AF_INET
    ]
    preferred = _routed_address()
    ordered = ([preferred] if preferred in found else []) + found
    return list(dict.fromkeys(address for address in ordered if address and _is_local(address)))


def _routed_address() -> str | None:
    """This PC's address in its network, as far as the routing table tells; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address for documentation, never anybody's
            address: str = probe.getsockname()[0]
        except OSError:
            return None
    return address


def _is_local(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_global or parsed.is_loopback or parsed.is_unspecified or parsed.is_multicast)
