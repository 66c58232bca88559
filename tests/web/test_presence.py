"""Operators see who else has the studio open, and what they did last."""

import re
from pathlib import Path

from studio.web.deeds import DEEDS

WORDS = (Path(__file__).parents[2] / "static/js/panel/deeds.js").read_text("utf-8")


def test_operators_come_and_go_overlays_are_nobody(live):
    with live.listen("presence", role="host", page="control") as host:
        (seat,) = host.wait("presence", lambda seats: len(seats) == 1)
        assert (seat["role"], seat["page"]) == ("host", "control")
        with live.listen(role="overlay", page="card"), live.listen("presence", role="moderator", page="orders"):
            seats = host.wait("presence", lambda seats: len(seats) == 2)
            assert [seat["role"] for seat in seats] == ["host", "moderator"]
        host.wait("presence", lambda seats: len(seats) == 1)


def test_presence_is_told_to_operators_only(live):
    with live.listen("presence", role="overlay", page="card") as overlay:
        assert "presence" not in overlay.values


def test_a_deed_is_told_of_the_seat_that_did_it_and_only_when_it_was_done(live):
    show = live.prepare_show()
    with (
        live.listen("presence", role="host", page="control") as host,
        live.listen("presence", role="moderator", page="control") as helper,
    ):
        key = {"X-Seat": helper.hello["seat"]}
        (_, idle) = host.wait("presence", lambda seats: len(seats) == 2)
        assert idle["deed"] is None
        live.call("POST", f"/shows/{show['id']}/end", headers=key, role="moderator", status=403)
        live.call("POST", "/questions/999/show", headers=key, role="moderator", status=404)
        live.call("POST", "/shoutouts/pause", {"paused": True}, headers=key)  # the host's token with a helper's key
        live.call("POST", "/shoutouts/pause", {"paused": False}, headers={"X-Seat": "2.guessed"}, role="moderator")
        asked = live.call("POST", "/questions", {"text": "有无糖的吗？"})
        live.call("POST", f"/questions/{asked['id']}/show", headers=key, role="moderator")
        # the first deed that is told is the first that counts: topics come in order
        seats = host.wait("presence", lambda seats: any(seat["deed"] for seat in seats))
        assert [seat["deed"] for seat in seats] == [None, "question"]
        assert seats[1]["deed_ms"] >= seats[1]["since_ms"]


def test_every_deed_is_a_commands_and_has_its_words(app):
    assert DEEDS.keys() <= app.view_functions.keys()
    assert set(DEEDS.values()) == set(re.findall(r"^  (\w+): \(\) => t\(", WORDS, re.MULTILINE))
