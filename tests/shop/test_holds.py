"""Holds end by the clock of a real server, also those that ran out while it was off."""

import pytest

from tests.live import LiveStudio


@pytest.fixture
def live(tmp_path):
    studio = LiveStudio(tmp_path / "studio", hold_minutes=0.02).start()
    yield studio
    studio.stop()


def status(order, expected):
    return lambda value: any(row["id"] == order["id"] and row["status"] == expected for row in value["recent"])


def test_an_unpaid_order_expires_and_the_next_in_line_gets_its_units(live):
    live.prepare_show()
    live.call("POST", "/stock/MILK-950/movements", {"kind": "recount", "quantity": 1, "reason": "盘点"})
    with live.listen("orders", "stock") as page:
        first = live.order("first", paid=False)
        second = live.call(
            "POST",
            "/orders",
            {"buyer": "李姐", "lines": [{"sku": "MILK-950", "quantity": 1}], "waitlist": True, "paid_via": "cash"},
            headers={"Idempotency-Key": "second"},
        )
        assert (first["status"], second["status"]) == ("placed", "waitlisted")
        value = page.wait("orders", status(first, "cancelled"))
        page.wait("orders", status(second, "placed"))
        assert value["waitlisted"] == 0
    history = live.call("GET", f"/orders/{first['id']}")["history"]
    assert [(row["step"], row["by"]) for row in history] == [("placed", "host"), ("expired", "clock")]
    assert live.call("GET", "/stock")["items"]["MILK-950"]["held"] == 1


def test_a_hold_that_ran_out_while_the_server_was_off_ends_at_its_start(live):
    live.prepare_show()
    live.settings["hold_minutes"] = 0.001
    live.stop()
    live.start()
    order = live.order("a", paid=False)
    live.kill()
    live.settings["hold_minutes"] = 30
    live.start()
    with live.listen("orders") as page:
        page.wait("orders", status(order, "cancelled"))
    assert live.call("GET", "/stock")["items"]["MILK-950"]["held"] == 0
