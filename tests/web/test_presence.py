"""Operators see who else has the studio open."""


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
