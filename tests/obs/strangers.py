"""Peers that are no OBS, or a sick one: what no real OBS can be made to do on demand."""

import base64
import contextlib
import hashlib
import json
import socket
import struct
import threading

TEXT, CLOSE = 1, 8


@contextlib.contextmanager
def listening(behave):
    """Port of a TCP server that runs `behave(connection)` for every caller, until the block ends."""
    server = socket.create_server(("127.0.0.1", 0))
    connections = []
    threads = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                connections.append(connection)
                threads.append(threading.Thread(target=run, args=(connection,), daemon=True))
                threads[-1].start()

    def run(connection):
        with contextlib.suppress(OSError), connection:
            behave(connection)

    accepting = threading.Thread(target=serve, daemon=True)
    accepting.start()
    try:
        yield server.getsockname()[1]
    finally:
        for each in (server, *connections):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in (accepting, *threads):
            thread.join(timeout=5)


def say_nothing(connection):
    while connection.recv(4096):
        pass


def speak_http(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")


def speak_rubbish(connection):
    connection.recv(4096)
    connection.sendall(bytes(range(256)) * 8 + b"\r\n\r\n")


def drip(connection):
    """A byte at a time, so that no single receive ever times out."""
    pause = threading.Event()
    while True:
        connection.sendall(b"H")
        pause.wait(0.02)


def reset(connection):
    connection.recv(4096)
    reset_now(connection)


def reset_now(connection):
    """Closing it sends RST, as a crashed PC would."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Peer:
    """The server's side of a WebSocket."""

    def __init__(self, connection):
        self._stream = connection.makefile("rwb")
        self.connection = connection
        headers = b""
        while not headers.endswith(b"\r\n\r\n"):
            headers += self._read(1)
        key = next(line for line in headers.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
        digest = hashlib.sha1(key.split(b":")[1].strip() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )

    def send(self, text):
        payload = text.encode()
        length = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + struct.pack("!H", len(payload))
        self.connection.sendall(bytes([0x80 | TEXT]) + length + payload)

    def say(self, op, body):
        self.send(json.dumps({"op": op, "d": body}))

    def hear(self):
        """The next message, unmasked; pongs are passed over."""
        while True:
            first, length = self._read(2)
            size = length & 0x7F
            if size == 126:
                (size,) = struct.unpack("!H", self._read(2))
            mask = self._read(4)
            payload = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self._read(size)))
            if first & 0x0F == CLOSE:
                raise ConnectionResetError("the client closed")
            if first & 0x0F == TEXT:
                return json.loads(payload)

    def greet(self):
        """Hello and Identified, as an OBS without password."""
        self.say(0, {"obsWebSocketVersion": "5.1.0", "rpcVersion": 1})
        self.hear()
        self.say(2, {"negotiatedRpcVersion": 1})

    def _read(self, size):
        data = self._stream.read(size)
        if len(data) < size:
            raise ConnectionResetError
        return data
