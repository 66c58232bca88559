"""The sole emitter: pages subscribe to topics and get whole values.

A topic's value is encoded once and the finished frame posted to every subscriber's wire; Socket.IO's own queues
carry only what concerns one page (hello, snapshots). A snapshot may therefore arrive after a newer value of the same
topic: the revision tells.
"""

import logging
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gevent
from engineio.packet import MESSAGE
from engineio.packet import Packet as Engine
from flask import Flask, request
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError as Refused
from socketio.packet import EVENT
from socketio.packet import Packet as Message

from studio.errors import StudioError
from studio.events import Event, OperatorsChanged, OverlayAcked, OverlaysChanged
from studio.state import State
from studio.types import Role, now_ms
from studio.web.auth import Guard
from studio.web.beats import Beat, Beats
from studio.web.lan import ENVIRON as LAN
from studio.web.presence import Presence
from studio.web.wire import Wire, text_frame

_log = logging.getLogger(__name__)

VISITOR_TOPICS = frozenset({"product", "stock", "poll"})
"""Not the show: its rundown holds the host's talking points."""
PUBLIC_TOPICS = VISITOR_TOPICS | {
    "show",
    "shoutout",
    "caption",
    "question",
    "goal",
    "countdown",
    "ticker",
    "panel",
    "captions",
    "honesty",
    "pledges",
    "miles",
    "cold_chain",
    "theme",
}
PROMPTER_TOPICS = frozenset({"prompter", "questions", "claims", "prices", "obs_alarms"})
OPERATOR_TOPICS = PROMPTER_TOPICS | frozenset(
    {
        "catalogue",
        "transcript",
        "gaps",
        "highlights",
        "summary",
        "qa",
        "promises",
        "orders",
        "obs",
        "obs_controls",
        "meters",
        "ear",
        "level",
        "overlays",
        "overlay_sources",
        "notice",
        "undo",
        "cue",
        "preflight",
        "retake",
        "rehearsal",
        "writing",
        "shoutouts",
        "comments",
        "polls",
        "complaints",
        "webhooks",
        "presence",
        "devices",
        "lan",
    }
)
OPERATORS = frozenset({Role.HOST, Role.PRODUCER, Role.MODERATOR})
OVERLAY_PAGES = frozenset(
    {
        "composite",
        "card",
        "stock",
        "shoutout",
        "caption",
        "question",
        "poll",
        "trace",
        "honesty",
        "promises",
        "miles",
        "temperature",
        "goal",
        "countdown",
        "ticker",
        "logo",
        "pack",
    }
)
VISITOR_PAGE = "shop"
MAX_VISITORS = 3000
MAX_MESSAGE_BYTES = 64 * 1024
PING_S = 5  # a half-open link is found, and the stock greyed, within 10 s
_PAGE = re.compile(r"[a-z0-9_-]{1,40}")
_MAX_ID = 2**31


@dataclass(frozen=True, slots=True)
class End:
    """The server's end of one page's socket; device: the paired one it is on; lan: the LAN address it came in by."""

    wire: Wire
    device: int | None
    lan: str | None


class Sockets:
    """Socket.IO over the app's state.

    Args:
        build: id of the assets; a page that runs another build reloads itself.
        visitor: id of the asking browser, None when it never visited a buyer page.
        publish: hears OverlaysChanged and OperatorsChanged when pages come and go, OverlayAcked when one has painted.
    """

    def __init__(
        self,
        app: Flask,
        guard: Guard,
        visitor: Callable[[], str | None],
        build: str,
        publish: Callable[[Event], None],
    ) -> None:
        self.epoch = secrets.token_hex(6)
        self._guard = guard
        self._visitor = visitor
        self._build = build
        self._publish = publish
        self._pages: dict[str, str] = {}
        self._beats = Beats()
        self._presence = Presence()
        self._roles: dict[str, Role | None] = {}
        """None is a buyer."""
        self._ends: dict[str, End] = {}
        self._wires: dict[str, dict[str, Wire]] = defaultdict(dict)
        self._state: State | None = None
        engine: dict[str, Any] = {"transports": ["websocket"], "max_http_buffer_size": MAX_MESSAGE_BYTES}
        engine |= {"ping_interval": PING_S, "ping_timeout": PING_S}
        self.io = SocketIO(app, async_mode="gevent", manage_session=False, **engine)
        self.io.on_event("connect", self._connect)
        self.io.on_event("disconnect", self._disconnect)
        self.io.on_event("subscribe", self._subscribe)
        self.io.on_event("unsubscribe", self._unsubscribe)
        self.io.on_event("ack", self._ack)
        self.io.on_event("beat", self._beat)

    def serve(self, state: State) -> None:
        """Give the state that snapshots come from."""
        self._state = state

    def announce(self, topic: str, revision: int, value: Any) -> None:
        """Post a topic's new value to its subscribers; waits for none of them."""
        wires = self._wires.get(topic)
        if wires:
            message = Message(EVENT, ["topic", {"topic": topic, "rev": revision, "value": value}], binary=False)
            frame = text_frame(str(Engine(MESSAGE, message.encode()).encode()))
            for wire in wires.values():
                wire.post(topic, frame)

    def watched(self, topic: str) -> bool:
        """Whether any page subscribes to the topic."""
        return bool(self._wires.get(topic))

    def pages(self) -> dict[str, int]:
        """Connected overlay pages by name."""
        return dict(Counter(page for page in self._pages.values() if page in OVERLAY_PAGES))

    def operators(self) -> list[dict[str, Any]]:
        """Connected pages of operators and prompters, as the topic `presence`."""
        return self._presence.told()

    def did(self, seat: str, role: Role | None, deed: str) -> None:
        """A command of an operator's page was carried out; seat: the key that it was given when it connected."""
        if self._presence.did(seat, role, deed):
            self._publish(OperatorsChanged())

    def devices(self) -> set[int]:
        """Paired devices that have a page open."""
        return {end.device for end in list(self._ends.values()) if end.device is not None}

    def close(self, which: Callable[["End"], bool]) -> None:
        """End these sockets; from now on they are told nothing."""
        for sid, end in list(self._ends.items()):
            if which(end):
                self._mute(sid)
                gevent.spawn(end.wire.close)  # says goodbye, for which a slow page lets it wait

    def beats(self) -> tuple[Beat, ...]:
        """The last heartbeat of every overlay page that sends some."""
        return self._beats.all()

    def _connect(self, auth: object = None) -> None:
        given: dict[str, Any] = auth if isinstance(auth, dict) else {}
        try:
            self._guard.check_host()
        except StudioError as error:
            raise Refused(error.en) from error
        token = given.get("token")
        device = None if isinstance(token, str) else self._guard.device()
        role = self._guard.tokens.role_of(token) if isinstance(token, str) else self._guard.session_role()
        if role is Role.TRIGGER:
            raise Refused("this token is for triggers only")
        page = given.get("page")
        if role is None and not self._welcome(page):
            raise Refused("not signed in")
        sid: str = request.sid  # pyright: ignore[reportAttributeAccessIssue] - set by Flask-SocketIO
        self._roles[sid] = role
        wire: Wire = request.environ["wsgi.websocket"]
        self._ends[sid] = End(wire, device.id if device else None, request.environ.get(LAN))
        self._pages[sid] = page if isinstance(page, str) and _PAGE.fullmatch(page) else "unknown"
        hello = {"build": self._build, "epoch": self.epoch, "role": role.value if role else "visitor", "now": now_ms()}
        operates = role in OPERATORS or role is Role.PROMPTER
        if role is not None and operates and self._pages[sid] not in OVERLAY_PAGES:
            agent, name = request.user_agent.string[:500], device.name if device else ""
            hello["seat"] = self._presence.join(sid, role, self._pages[sid], agent, name)
            self._publish(OperatorsChanged())
        self.io.emit("hello", hello, to=sid)
        if self._pages[sid] in OVERLAY_PAGES:
            self._publish(OverlaysChanged(pages=self.pages()))

    def _disconnect(self, _reason: object = None) -> None:
        sid: str = request.sid  # pyright: ignore[reportAttributeAccessIssue] - set by Flask-SocketIO
        self._beats.drop(sid)
        self._mute(sid)
        self._ends.pop(sid, None)
        if self._pages.pop(sid, None) in OVERLAY_PAGES:
            self._publish(OverlaysChanged(pages=self.pages()))
        if self._presence.leave(sid):
            self._publish(OperatorsChanged())

    def _mute(self, sid: str) -> None:
        """Nothing more is told to it, and it may ask for nothing."""
        self._roles.pop(sid, None)
        for wires in self._wires.values():
            wires.pop(sid, None)

    def _subscribe(self, topics: object = None) -> dict[str, Any]:
        sid: str = request.sid  # pyright: ignore[reportAttributeAccessIssue] - set by Flask-SocketIO
        role = self._roles.get(sid)
        allowed = VISITOR_TOPICS if role is None else PUBLIC_TOPICS
        if role in OPERATORS:
            allowed = PUBLIC_TOPICS | OPERATOR_TOPICS
        elif role is Role.PROMPTER:
            allowed = PUBLIC_TOPICS | PROMPTER_TOPICS
        asked = [topic for topic in topics if isinstance(topic, str)] if isinstance(topics, list) else []
        granted = [topic for topic in dict.fromkeys(asked) if topic in allowed]
        if self._state is None or sid not in self._roles:
            return {}
        wire: Wire = request.environ["wsgi.websocket"]
        for topic in granted:
            self._wires[topic][sid] = wire
        return self._state.snapshot(granted)

    def _unsubscribe(self, topics: object = None) -> None:
        sid: str = request.sid  # pyright: ignore[reportAttributeAccessIssue] - set by Flask-SocketIO
        for topic in topics if isinstance(topics, list) else []:
            if isinstance(topic, str) and topic in self._wires:
                self._wires[topic].pop(sid, None)

    def _ack(self, message: object = None) -> None:
        """`{kind: "shoutout", id, client}`: an overlay painted it."""
        sid: str = request.sid  # pyright: ignore[reportAttributeAccessIssue] - set by Flask-SocketIO
        page = self._pages.get(sid)
        if page not in OVERLAY_PAGES or not isinstance(message, dict):
            return
        given: dict[str, Any] = message
        number, client = given.get("id"), given.get("client")
        if given.get("kind") != "shoutout" or type(number) is not int or not 0 < number < _MAX_ID:
            return
        if isinstance(client, str) and _PAGE.fullmatch(client):
            self._publish(OverlayAcked(kind="shoutout", id=number, client=client, page=page, at=now_ms()))

    def _beat(self, message: object = None) -> None:
        """`{address, in_obs, visible, frames, build}`: an overlay page lives."""
        sid: str = request.sid  # pyright: ignore[reportAttributeAccessIssue] - set by Flask-SocketIO
        if self._pages.get(sid) in OVERLAY_PAGES:
            self._beats.take(sid, message)

    def _welcome(self, page: object) -> bool:
        """Buyers need no token: a browser with our cookie may watch from a buyer page, while there is room."""
        if page != VISITOR_PAGE or self._visitor() is None:
            return False
        return sum(role is None for role in self._roles.values()) < MAX_VISITORS
