"""A show with its shout-out queue in this process: what a test needs to sell, refund, watch and paint."""

import itertools

import gevent
from sqlalchemy import select

from studio.events import OverlayAcked, ShoutoutChanged
from studio.overlays.models import Shoutout, ShoutoutAck
from studio.overlays.shoutouts import Shoutouts, acknowledge
from studio.overlays.stage import Pace, ShoutoutStage
from studio.types import Ms, now_ms
from studio.wiring.overlays import BUYERS
from tests.waiting import until

SKUS = ("MILK-950", "YOG-1K")
_keys = itertools.count()


class Desk:
    """One live show; `overlays` pages watch, and paint what they are shown while `painting`."""

    def __init__(self, studio, api, dairy, *, stay_ms=2, undo_ms=0, merge_from=3):
        self.studio, self.api = studio, api
        self.overlays, self.painting = 1, True
        self.clock_ms = 0
        self.open = True
        self.seen = {}
        """Time of a showing → the orders that were shown."""
        self.faults = []
        assert api("POST", "/catalogue", dairy).status_code == 200
        for sku in SKUS:
            body = {"kind": "received", "quantity": 10_000, "reason": "到货"}
            assert api("POST", f"/stock/{sku}/movements", body).status_code == 200
        show = api("POST", "/shows", {"title": "透明牧场", "rundown": []}).json
        assert api("POST", f"/shows/{show['id']}/live").status_code == 200
        self.show_id = show["id"]
        self.stage = ShoutoutStage(
            Shoutouts(BUYERS, undo_ms=undo_ms),
            studio.writer,
            studio.database,
            Pace(stay_ms=stay_ms, undo_ms=undo_ms, merge_from=merge_from),
            show_id=lambda: self.show_id,
            watched=lambda: self.overlays,
            now=lambda: Ms(now_ms() + self.clock_ms),
        )
        studio.bus.listen(ShoutoutChanged, self._changed)
        studio.bus.listen(ShoutoutChanged, self.stage.wake)
        self.stage.overlays_changed()
        self.stage.start()

    def close(self):
        self.open = False
        self.stage.stop()
        self.api("POST", f"/shows/{self.show_id}/end")

    def order(self, sku=SKUS[0], buyer="张阿姨", quantity=1, *, paid=True):
        body = {"buyer": buyer, "lines": [{"sku": sku, "quantity": quantity}], "paid": paid}
        answer = self.api("POST", "/orders", body, headers={"Idempotency-Key": f"key-{next(_keys)}"})
        assert answer.status_code in {200, 201}, answer.json
        self.stage.queued()
        return answer.json["id"]

    def refund(self, order_id):
        assert self.api("POST", f"/orders/{order_id}/cancel", {}).status_code == 200

    def command(self, shoutout_id, what, body=None):
        answer = self.api("POST", f"/shoutouts/{shoutout_id}/{what}", body)
        self.stage.wake()
        return answer.status_code

    def pause(self, paused):
        assert self.api("POST", "/shoutouts/pause", {"paused": paused}).status_code == 200
        self.stage.wake()

    def watch(self, overlays):
        self.overlays = overlays
        self.stage.overlays_changed()

    def rows(self):
        """Order → its row, of this show."""
        with self.studio.database.reading() as session:
            found = session.scalars(select(Shoutout).where(Shoutout.show_id == self.show_id)).all()
        return {row.order_id: row for row in found}

    def proofs(self):
        with self.studio.database.reading() as session:
            return session.scalars(select(ShoutoutAck)).all()

    def until(self, accept, timeout_s=10):
        """The rows as soon as `accept(rows)` holds."""
        seen = {}

        def look():
            seen.clear()
            seen.update(self.rows())
            return accept(seen)

        try:
            until(look, timeout_s)
        except gevent.Timeout:
            states = [(row.order_id, row.state, row.showings, row.retries) for row in seen.values()]
            raise AssertionError(states) from None
        return seen

    def paint(self, shoutout_id, client="obs"):
        event = OverlayAcked(kind="shoutout", id=shoutout_id, client=client, page="shoutout", at=now_ms())
        self.studio.writer.run(lambda unit: acknowledge(unit, event))
        self.stage.proven()

    def _changed(self, event):
        if not self.open:
            return
        rows = [row for row in self.rows().values() if row.state == "shown"]
        leaders = [row for row in rows if row.merged_into is None]
        if len(leaders) > 1:
            self.faults.append("two on one screen")
        if event.state == "shown" and leaders and leaders[0].id == event.shoutout_id:
            self.seen.setdefault(leaders[0].shown_ms, set()).update(row.order_id for row in rows)
            if self.painting and self.overlays:
                gevent.spawn(self.paint, event.shoutout_id)
