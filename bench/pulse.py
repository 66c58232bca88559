"""Our server with one route more: `POST /bench/pulse?count=N&hz=F` publishes N changes, each saying when it was made.

A change is an `ObsChanged` on the bus, as the OBS link publishes it: not durable, and on the way that every topic
takes. Its `version` is the wall clock in milliseconds. Imported only by the server's process (it patches sockets).
"""

from studio import server  # isort: skip - patches the standard library first

import dataclasses
import time
from typing import Any

import gevent
from flask import Flask, request

from bench.nodecg import CHANGE
from studio import config
from studio.app import Studio, create_app


def serve(settings: dict[str, Any]) -> None:
    app = create_app(config.load(settings))
    _add_pulse(app)
    server.serve_app(app)


def _add_pulse(app: Flask) -> None:
    studio: Studio = app.extensions["studio"]

    def beat(count: int, hz: float) -> None:
        for number in range(count):
            if number:
                gevent.sleep(1 / hz)
            studio.bus.publish(dataclasses.replace(CHANGE, version=f"{time.time_ns() / 1e6:.3f}"))

    @app.post("/bench/pulse")
    def pulse() -> str:
        gevent.spawn(beat, int(request.args["count"]), float(request.args["hz"]))
        return ""
