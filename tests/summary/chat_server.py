"""A small HTTP server that speaks OpenAI's chat completions, as Ollama does: the border that cannot run here."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ChatServer:
    """Answers with `content`, or as `misbehave` says: a status, hang, huge, redirect, broken, no-format."""

    def __init__(self):
        self.content = "{}"
        self.misbehave = None
        self.asked = []
        self.keys = []
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                chat.asked.append((self.path, body))
                chat.keys.append(self.headers.get("Authorization"))
                status, headers, raw = chat.answer(body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                with contextlib.suppress(OSError):  # the studio hung up
                    self.wfile.write(raw)

            def log_message(self, *_arguments):
                pass

        return Handler

    def answer(self, body):
        """(status, headers, body) of one answer."""
        message = {"role": "assistant", "content": self.content}
        raw = json.dumps({"choices": [{"index": 0, "message": message}]}).encode()
        headers = {"Content-Type": "application/json"}
        match self.misbehave:
            case int(status):
                return status, headers, raw
            case "redirect":
                return 302, {**headers, "Location": self.url}, raw
            case "no-format" if "response_format" in body:
                return 400, headers, raw
            case "huge":
                return 200, headers, b" " * 2_000_000
            case "broken":
                return 200, headers, b'{"choices": ['
            case "hang":
                self.released.wait(30)
        return 200, headers, raw
