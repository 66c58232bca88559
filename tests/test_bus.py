from studio.bus import Bus
from studio.events import CatalogueChanged, ShowChanged


def test_bus_keeps_order_and_goes_on_after_a_failing_listener(caplog):
    bus, heard = Bus(), []

    def fail(event):
        raise RuntimeError("boom")

    bus.listen(ShowChanged, fail)
    bus.listen(ShowChanged, heard.append)
    bus.listen(CatalogueChanged, lambda event: heard.append("wrong kind"))
    events = [ShowChanged(show_id=number) for number in range(5)]
    for event in events:
        bus.publish(event)
    assert heard == events
    assert "boom" in caplog.text
