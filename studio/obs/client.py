"""One connection to obs-websocket 5: obs-websocket-py with its defects mended.

What the library (1.0) does and this class does not: a fixed event mask without studio mode; ids and waiters shared
between threads without a lock; a receive thread that dies of a callback's exception or a reset and leaves every caller
waiting for the whole timeout; failures without code and comment; no batches. Written with plain threads, so that
`gevent.monkey.patch_all()` turns the same code into greenlets.
"""

import contextlib
import itertools
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import websocket
from obswebsocket import events, obsws
from obswebsocket.base_classes import Baserequests

from studio.errors import ObsRequestFailed, ObsUnavailable, StudioError
from studio.obs import codes, frames
from studio.obs.frames import Json, Op, Step

# EventSubscription: the eleven low-volume categories; the library asks for ten and never hears of studio mode.
EVENTS = 2047
METERS = 1 << 16

# An empty pong (RFC 6455, 5.5.3: allowed unasked). OBS's socket holds a small packet back until the one before it is
# acknowledged (Nagle), and the kernel here delays that by 40 ms, on Windows by 200: the answer to a scene switch waited
# so long behind its own events. Whatever is sent at once carries the acknowledgement.
_PONG = b"\x8a\x80\0\0\0\0"
_NOT_READY_PAUSE_S = 0.15
_REACH_S = 2.0
_log = logging.getLogger(__name__)


class _Waiter:
    """A caller waiting for the answer with its id."""

    __slots__ = ("answer", "done", "error")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: Json = {}
        self.error: StudioError | None = None


class ObsClient(obsws):
    """A connection that is made once, used from any thread, and over when it is lost.

    Args:
        host: name or address, without scheme.
        port: of OBS's WebSocket server.
        password: empty when OBS asks for none.
        timeout_s: longest wait for one answer, and for OBS's greeting.
        on_disconnect: called once, on the receive thread, when an established connection is over.
    """

    thread_recv: threading.Thread | None

    def __init__(
        self,
        host: str,
        port: int,
        password: str = "",
        *,
        timeout_s: float = 5.0,
        on_disconnect: Callable[["ObsClient"], object] | None = None,
    ) -> None:
        super().__init__(host, port, password, legacy=False, on_disconnect=on_disconnect)
        self.timeout: float = timeout_s
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._lock = threading.Lock()  # ids, waiters and the end; never held while sending
        self._subscribing = threading.Lock()
        self._ids = itertools.count(1)
        self._waiters: dict[str, _Waiter] = {}
        self._over = threading.Event()
        self._loss: tuple[int | None, str] = (None, "not connected")
        self._socket: socket.socket | None = None
        # the library checks UTF-8 byte by byte in Python, milliseconds for a picture; json.loads checks it anyway
        self.ws = websocket.WebSocket(skip_utf8_validation=True)

    # --- life ------------------------------------------------------------------------------------

    def connect(self) -> None:
        """Connect and identify; at most about `timeout_s` plus 2 s.

        Raises:
            ObsRefused: wrong password, other protocol version, or not obs-websocket 5 at all.
            ObsUnavailable: nobody there, or no greeting in time.
        """
        try:
            self._socket = socket.create_connection((self.host, self.port), timeout=min(_REACH_S, self.timeout))
        except (OSError, UnicodeError, OverflowError) as error:
            raise codes.unreachable(self.address, str(error)) from error
        # a peer that drips bytes satisfies every single receive, so the whole greeting has one deadline
        late = threading.Event()
        watchdog = threading.Timer(self.timeout, lambda: (late.set(), self._hang_up()))
        watchdog.daemon = True
        watchdog.start()
        try:
            self._greet(self._socket)
        except StudioError:
            self._give_up()
            raise
        except Exception as error:
            self._give_up()
            if late.is_set() or isinstance(error, websocket.WebSocketTimeoutException):
                raise codes.silent(self.address) from error
            if isinstance(error, OSError | websocket.WebSocketConnectionClosedException):
                raise codes.closed(self.address, None, str(error)) from error
            raise codes.stranger(self.address, f"{type(error).__name__}: {error}"[:200]) from error
        finally:
            watchdog.cancel()
        self.thread_recv = threading.Thread(target=self._receive, name="obs-receive", daemon=True)
        self.thread_recv.start()

    def disconnect(self) -> None:
        """End the connection; every waiting call fails at once. May be called twice, and from any thread."""
        first = self._end(None, "closed by the studio")
        if first and self.thread_recv is not None:
            with contextlib.suppress(Exception):
                self.ws.send_close()
        self._hang_up()
        thread = self.thread_recv
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=1.0)

    # --- requests --------------------------------------------------------------------------------

    def request(self, request: str, data: Mapping[str, Any] | None = None, *, timeout_s: float | None = None) -> Json:
        """Send one request and return its responseData; "not ready" is tried again until the time is over.

        Raises:
            ObsRequestFailed: OBS said no; details hold request, obs_code and comment.
            ObsUnavailable: connection lost, or no answer in time.
        """
        body = {"requestType": request, "requestData": dict(data or {})}
        deadline = time.monotonic() + (self.timeout if timeout_s is None else timeout_s)
        while True:
            answer = self._ask(Op.REQUEST, body, deadline)
            failure = frames.failure(request, answer)
            if failure is None:
                return frames.as_object(answer.get("responseData"))
            self._pause_or_raise(failure, deadline)

    def batch(
        self, steps: Sequence[Step], *, halt_on_failure: bool = True, timeout_s: float | None = None
    ) -> list[Json | ObsRequestFailed]:
        """Send several requests as one, run by OBS in order; one result a step.

        Raises:
            ObsRequestFailed: with `halt_on_failure`, the first failure (details also hold its step index);
                without it, failures stand in the list in their step's place.
            ObsUnavailable: connection lost, or no answer in time.
        """
        if not steps:
            return []
        body = {"haltOnFailure": halt_on_failure, "requests": [frames.entry(step) for step in steps]}
        deadline = time.monotonic() + (self.timeout if timeout_s is None else timeout_s)
        while True:
            answer = self._ask(Op.BATCH, body, deadline)
            results = [
                frames.failure(step.request, result) or frames.as_object(result.get("responseData"))
                for step, result in zip(
                    steps, map(frames.as_object, frames.as_array(answer.get("results"))), strict=False
                )
            ]
            first = next(((at, r) for at, r in enumerate(results) if isinstance(r, ObsRequestFailed)), None)
            if first is None:
                return results
            index, failure = first
            if index == 0 and failure.details["obs_code"] == codes.NOT_READY:
                self._pause_or_raise(failure, deadline)
            elif halt_on_failure:
                failure.details["step"] = index
                raise failure
            else:
                return results

    def call(self, obj: Baserequests) -> Baserequests:
        """The library's way to ask, kept for its request classes; raises like `request`."""
        obj.input(self.request(obj.name, obj.data()), status=True)
        return obj

    def subscribe(self, mask: int) -> None:
        """Change which events OBS sends, e.g. `EVENTS | METERS` while somebody watches the meters."""
        with self._subscribing:
            body = {"eventSubscriptions": mask}
            self._exchange(Op.REIDENTIFY, body, "identified", time.monotonic() + self.timeout)

    # --- wire ------------------------------------------------------------------------------------

    def _greet(self, connection: socket.socket) -> None:
        if self._over.is_set():  # disconnect() came while the address was being reached
            raise self.lost()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(self.timeout)
        self.ws.connect(f"ws://{self.address}", socket=connection, timeout=self.timeout, redirect_limit=0)
        hello = self._read_greeting(Op.HELLO)
        self.server_version = hello["obsWebSocketVersion"]
        identify: Json = {"rpcVersion": 1, "eventSubscriptions": EVENTS}
        if challenge := hello.get("authentication"):
            identify["authentication"] = self._build_auth_string(challenge["salt"], challenge["challenge"])
        self.ws.send(json.dumps({"op": Op.IDENTIFY, "d": identify}))
        self._read_greeting(Op.IDENTIFIED)

    def _read_greeting(self, op: int) -> Json:
        opcode, data = self.ws.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            code, reason = frames.close_reason(data)
            raise codes.closed(self.address, code, reason, password=bool(self.password))
        message = json.loads(data)
        if message["op"] != op:
            raise ValueError(f"op {message['op']} in place of {op}")
        return message["d"]

    def _ask(self, op: int, body: Json, deadline: float) -> Json:
        with self._lock:
            key = str(next(self._ids))
        return self._exchange(op, {**body, "requestId": key}, key, deadline)

    def _exchange(self, op: int, body: Json, key: str, deadline: float) -> Json:
        if threading.current_thread() is self.thread_recv:
            raise RuntimeError("an OBS callback may only enqueue: the answer would come on this very thread")
        waiter = _Waiter()
        with self._lock:
            if self._over.is_set() or self.thread_recv is None:
                raise self.lost()
            self._waiters[key] = waiter
        try:
            self._send(op, body)
            if not waiter.done.wait(max(0.0, deadline - time.monotonic())):
                raise codes.silent(self.address)
        finally:
            with self._lock:
                self._waiters.pop(key, None)
        if waiter.error is not None:
            raise waiter.error
        return waiter.answer

    def _send(self, op: int, body: Json) -> None:
        try:
            self.ws.send(json.dumps({"op": op, "d": body}))  # the WebSocket locks whole frames itself
        except (OSError, websocket.WebSocketException, AttributeError) as error:
            # half a frame may be out: nothing sent after it would be understood
            self._end(None, str(error))
            self._hang_up()
            raise self.lost() from error

    def _receive(self) -> None:
        loss: tuple[int | None, str] = (None, "receive thread ended")
        try:
            while not self._over.is_set():
                try:
                    opcode, data = self.ws.recv_data()
                except websocket.WebSocketTimeoutException:
                    continue  # quiet is normal; half a frame stays in the buffer
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    loss = frames.close_reason(data)
                    break
                self._acknowledge()
                self._take(data)
        except (OSError, websocket.WebSocketException, AttributeError) as error:
            loss = (None, str(error))
        except Exception as error:
            _log.exception("OBS receive thread failed")
            loss = (None, repr(error))
        finally:
            self._end(*loss)
            self._give_up()
            if self.on_disconnect is not None:
                self.on_disconnect(self)

    def _acknowledge(self) -> None:
        if self._socket is not None:
            with self.ws.lock:
                self._socket.sendall(_PONG)

    def _take(self, data: str | bytes) -> None:
        try:
            message = json.loads(data)
            op, body = message["op"], message["d"]
            if op == Op.EVENT:
                event = getattr(events, str(body["eventType"]))()
                event.input(frames.as_object(body.get("eventData")))
                self._tell(event)
            elif op in (Op.RESPONSE, Op.BATCH_RESPONSE, Op.IDENTIFIED):
                key = "identified" if op == Op.IDENTIFIED else body["requestId"]
                with self._lock:
                    waiter = self._waiters.get(key)
                if waiter is not None:  # else its caller has given up
                    waiter.answer = frames.as_object(body)
                    waiter.done.set()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            _log.debug("message of OBS not understood: %.200r", data)

    def _tell(self, event: object) -> None:
        try:
            self.eventmanager.trigger(event)
        except Exception:
            _log.exception("listener failed on OBS event %r", event)

    # --- end -------------------------------------------------------------------------------------

    def _end(self, code: int | None, reason: str) -> bool:
        """Fail every waiter; true for the first caller only."""
        with self._lock:
            if self._over.is_set():
                return False
            self._loss = (code, reason)
            self._over.set()
            waiters = list(self._waiters.values())
        for waiter in waiters:
            waiter.error = self.lost()
            waiter.done.set()
        return True

    def lost(self) -> ObsUnavailable:
        """Why the connection is over, as a new error to raise."""
        return codes.closed(self.address, *self._loss)

    def _pause_or_raise(self, failure: ObsRequestFailed, deadline: float) -> None:
        late = time.monotonic() + _NOT_READY_PAUSE_S >= deadline
        if late or failure.details["obs_code"] != codes.NOT_READY:
            raise failure
        self._over.wait(_NOT_READY_PAUSE_S)

    def _hang_up(self) -> None:
        # shutting down wakes the thread that reads; closing alone would not
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _give_up(self) -> None:
        self._hang_up()
        if self._socket is not None:
            self._socket.close()
