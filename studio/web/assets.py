"""Hashed assets: `/assets/{build}/path` never changes, so browsers keep it; HTML is never kept."""

import hashlib
from http.client import OK
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

_TEXTS = frozenset({"text/javascript", "application/javascript", "text/css", "image/svg+xml"})


def build_id(static: Path) -> str:
    """A hash of every file below `static`: names and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in static.rglob("*") if path.is_file()):
        digest.update(path.relative_to(static).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def register(app: Flask, static: Path) -> str:
    """Serve `static` and offer `asset(path)` to templates; returns the build id."""
    build = build_id(static)

    @app.get("/assets/<version>/<path:path>")
    def asset_file(version: str, path: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        response = send_from_directory(static, path, max_age=None)
        known = version == build
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if known else "no-store"
        if response.status_code == OK and response.mimetype in _TEXTS:
            response.direct_passthrough = False
            response.make_sequence()  # whole, so that Flask-Compress takes it
        return response

    def asset(path: str) -> str:
        return url_for("asset_file", version=build, path=path)

    app.context_processor(lambda: {"asset": asset, "build": build})

    @app.after_request
    def never_keep_pages(response: Response) -> Response:  # pyright: ignore[reportUnusedFunction]
        if not request.path.startswith("/assets/") and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    return build
