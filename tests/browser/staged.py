"""A real studio whose ear is the test: it hears what the test says, and shows cards that no domain can fill yet."""

import requests

from tests.live import LiveStudio

_SCRIPT = """
from flask import request
from studio import config, event_lines, server

create_app = server.create_app

def create_staged(settings):
    app = create_app(settings)
    studio = app.extensions["studio"]

    @app.post("/staged")
    def staged():
        for line in request.json["events"]:
            studio.bus.publish(event_lines.decode(line))
        for topic, value in request.json["topics"].items():
            studio.state.put(topic, value)
        return {}

    return app

server.create_app = create_staged
server.serve(config.load(SETTINGS))
"""


class StagedStudio(LiveStudio):
    """Publishes events as the ear process would, and puts values of topics."""

    def script(self, settings):
        return _SCRIPT.replace("SETTINGS", repr(settings))

    def publish(self, *events):
        """`events` as (class, fields) of studio.events."""
        from studio.event_lines import encode  # noqa: PLC0415 - only where events are published

        self._stage([encode(event) for event in events], {})

    def put(self, **topics):
        self._stage([], topics)

    def _stage(self, events, topics):
        answer = requests.post(f"{self.url}/staged", json={"events": events, "topics": topics}, timeout=10)
        assert answer.ok, answer.text
