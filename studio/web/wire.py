"""One page's WebSocket: every byte out goes through one place, so that a page that reads slowly delays nobody.

python-engineio's gevent driver takes `environ["wsgi.websocket"]`; gevent-websocket, which puts one there, builds every
frame anew for every socket and checks UTF-8 in a Python loop. A `Wire` takes its place: frames by wsproto, finished
frames shared by all sockets of a topic (`post`), no message above a limit, and at most one waiting frame a topic.
"""

import logging
import socket
from contextlib import suppress
from typing import Any, BinaryIO, cast

import gevent
from gevent.lock import BoundedSemaphore
from gevent.pywsgi import WSGIHandler
from gevent.socket import socket as GeventSocket  # noqa: N812 - a class in all but its name
from wsproto.frame_protocol import CloseReason, Frame, FrameProtocol, Opcode, ParseFailed
from wsproto.utilities import generate_accept_token

_log = logging.getLogger(__name__)

VERSION = "13"
KEY_LENGTH = 24
READ_BYTES = 16 * 1024
SEND_BUFFER_BYTES = 64 * 1024
"""What the system may hold for one slow page; beyond it only the latest values wait."""


def text_frame(text: str) -> bytes:
    """The frame of a text message, the same for every wire."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text))


class Wire:
    """The server's end of one WebSocket; `send`, `receive`, `close` and `settimeout` are what engineio calls.

    Args:
        environ: of the upgrade request.
        stream: the connection.
        reader: a buffered reader of the connection, which may hold bytes that came with the request.
        limit_bytes: longest message taken; the wire is closed on a longer one.
    """

    def __init__(self, environ: dict[str, Any], stream: GeventSocket, reader: BinaryIO, limit_bytes: int) -> None:
        self.version = VERSION
        self.path: str = environ["PATH_INFO"]
        self.origin: str | None = environ.get("HTTP_ORIGIN")
        self.protocol: str | None = None
        self.accepted = False
        self.closed = False
        self._key: str = environ["HTTP_SEC_WEBSOCKET_KEY"]
        self._stream = stream
        self._reader = cast("Any", reader)
        self._limit_bytes = limit_bytes
        self._frames = FrameProtocol(client=False, extensions=[])
        self._parts: list[bytes | str] = []
        self._taken_bytes = 0
        self._writing = BoundedSemaphore(1)
        self._waiting: dict[str, bytes] = {}

    def settimeout(self, seconds: float) -> None:
        """Give a page up that neither sends nor takes a byte for so long."""
        self._stream.settimeout(seconds)

    def post(self, key: str, frame: bytes) -> None:
        """Send a finished frame without ever waiting; while the page is behind, the latest of each `key` is kept."""
        if self.closed:
            return
        if self._writing.locked():
            self._keep(key, frame)
            return
        try:
            sent = self._stream.send(frame, 0, 0.0)  # pyright: ignore[reportCallIssue] - gevent adds a timeout
        except BlockingIOError:
            self._keep(key, frame)
            sent = len(frame)
        except OSError:
            self._give_up()
            return
        if self._waiting or sent < len(frame):
            self._writing.acquire()  # free, as nothing has run since it was looked at
            gevent.spawn(self._catch_up, frame[sent:])

    def send(self, message: str | bytes) -> None:
        """Send one message; returns when the system has taken it.

        Raises:
            OSError: the connection is gone, or the page has read nothing for the time of `settimeout`.
        """
        if not self.accepted:
            self._accept()
        self._write(self._frames.send_data(message))

    def receive(self) -> str | bytes | None:
        """The next message, None when the connection has ended."""
        try:
            while not self.closed:
                for frame in self._frames.received_frames():
                    message = self._take(frame)
                    if message is not None:
                        return message
                data = self._reader.read1(READ_BYTES)
                if not data:
                    break
                self._frames.receive_bytes(data)
        except ParseFailed as error:
            self.close(error.code)
        except OSError:
            pass
        self._give_up()
        return None

    def close(self, code: int = CloseReason.NORMAL_CLOSURE) -> None:
        """Say goodbye and end the connection."""
        if not self.closed:
            with suppress(OSError):
                self._write(self._frames.close(code))
            self._give_up()

    def _accept(self) -> None:
        self.accepted = True
        self._stream.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        token = generate_accept_token(self._key.encode("latin-1")).decode("ascii")
        self._write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {token}\r\n\r\n".encode("ascii")
        )

    def _take(self, frame: Frame) -> str | bytes | None:
        """A message when this frame ends one; control frames are answered here."""
        if frame.opcode is Opcode.PING:
            self._write(self._frames.pong(cast("bytes", frame.payload)))
        elif frame.opcode is Opcode.CLOSE:
            self.close()
        elif not frame.opcode.iscontrol():
            self._parts.append(cast("bytes | str", frame.payload))
            self._taken_bytes += max(1, len(frame.payload))  # an empty part takes its place in the list, too
            if self._taken_bytes > self._limit_bytes:
                self.close(CloseReason.MESSAGE_TOO_BIG)
            elif frame.frame_finished and frame.message_finished:
                parts, self._parts, self._taken_bytes = self._parts, [], 0
                return type(parts[0])().join(parts)  # pyright: ignore[reportArgumentType, reportCallIssue] - all of one type
        return None

    def _keep(self, key: str, frame: bytes) -> None:
        self._waiting.pop(key, None)  # a newer value takes its place at the end
        self._waiting[key] = frame

    def _write(self, data: bytes | bytearray) -> None:
        if self.closed:
            raise ConnectionError
        self._writing.acquire()
        self._flush(data)

    def _catch_up(self, rest: bytes) -> None:
        with suppress(OSError):
            self._flush(rest)

    def _flush(self, data: bytes | bytearray) -> None:
        """Send `data` and then what waits, and let others write; `_writing` is held."""
        try:
            self._stream.sendall(data)
            while self._waiting:
                self._stream.sendall(self._waiting.pop(next(iter(self._waiting))))
        except OSError:
            self._give_up()
            raise
        finally:
            self._writing.release()

    def _give_up(self) -> None:
        """End the connection; whoever reads or writes on it finds out."""
        if not self.closed:
            self.closed = True
            self._waiting.clear()
            with suppress(OSError):
                self._stream.shutdown(socket.SHUT_RDWR)


class WireHandler(WSGIHandler):
    """Offers every WebSocket request a Wire; it answers the upgrade when the app first sends something."""

    limit_bytes = 64 * 1024

    def handle(self) -> None:
        # headers and body leave in two writes: without this the second waits 40 ms for the client's delayed ACK
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle()

    def run_application(self) -> None:
        environ = cast("dict[str, Any]", self.environ)
        if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            super().run_application()
            return
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != VERSION or len(key) != KEY_LENGTH:
            self.start_response("426 Upgrade Required", [("Sec-WebSocket-Version", VERSION)])
            self.result = []
            self.process_result()
            return
        wire = environ["wsgi.websocket"] = Wire(environ, self.socket, self.rfile, self.limit_bytes)
        super().run_application()
        if wire.accepted:
            wire.close()
            self.close_connection = True
