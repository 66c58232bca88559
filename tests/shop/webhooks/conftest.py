"""A shop with the dairy's products and all four sources set up, in this process, on SQLite and PostgreSQL."""

import pytest
from sqlalchemy import select

from studio.app import create_app
from studio.overlays.models import Shoutout
from studio.shop.models import Order, Stock
from studio.shop.stock import ledger_totals
from studio.shop.webhooks.drain import Drain
from studio.shop.webhooks.models import InboxEvent
from tests import template
from tests.shop.webhooks.bodies import CLIENT_ID, SECRET, SOURCES, signed


class Shop:
    """Deliver, drain, look; nothing runs by itself."""

    def __init__(self, app):
        self.app = app
        self.studio = app.extensions["studio"]
        self.client = app.test_client()
        self.drain_part = next(part for part in self.studio.parts if isinstance(part, Drain))

    def call(self, method, path, body=None, *, role="host"):
        headers = {"Authorization": f"Bearer {self.studio.tokens.of(role)}"} if role else {}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    def prepare(self, dairy):
        assert self.call("POST", "/catalogue", dairy).status_code == 200
        show = self.call("POST", "/shows", {"title": "透明牧场"}).json
        assert self.call("POST", f"/shows/{show['id']}/live").status_code == 200
        for name in SOURCES:
            self.set_up(name)
        return self

    def set_up(self, name, **change):
        body = {"enabled": True, "secret": SECRET, "client_id": CLIENT_ID, **change}
        answer = self.call("PUT", f"/webhooks/sources/{name}", body)
        assert answer.status_code == 200, answer.text

    def send(self, source, headers, raw):
        return self.client.post(f"/hooks/{source}", data=raw, headers=headers)

    def deliver(self, source, told, *, drain=True, **options):
        """Send a correctly signed delivery and give it its effect."""
        topic, document = told
        answer = self.send(source, *signed(source, document, topic=topic, **options))
        assert answer.status_code == 200, answer.text
        if drain:
            self.drain_part.drain()
        return answer

    def drain(self):
        self.drain_part.drain()

    def rows(self):
        """The inbox: [(state, reason)] in order of arrival."""
        with self.studio.database.reading() as session:
            return [(row.state, row.reason) for row in session.scalars(select(InboxEvent).order_by(InboxEvent.id))]

    def bodies(self):
        with self.studio.database.reading() as session:
            return [row.body for row in session.scalars(select(InboxEvent).order_by(InboxEvent.id))]

    def orders(self):
        """[(source, external number, status, refunded fen)]."""
        with self.studio.database.reading() as session:
            rows = session.scalars(select(Order).order_by(Order.source, Order.external_id))
            return [(row.source, row.external_number, row.status, row.refunded_fen) for row in rows]

    def stock(self, sku="MILK-950"):
        """(on_hand, held, sold); the ledger must say the same."""
        with self.studio.database.reading() as session:
            row = session.get(Stock, sku)
            counts = (row.on_hand, row.held, row.sold)
            assert ledger_totals(session)[sku] == counts
            return counts

    def shoutouts(self):
        """Their states, in order."""
        with self.studio.database.reading() as session:
            return list(session.scalars(select(Shoutout.state).order_by(Shoutout.id)))


def make_shop(tmp_path, database_url, dairy):
    return Shop(create_app(template.settings_of(tmp_path / "data", database_url))).prepare(dairy)


@pytest.fixture
def shop(tmp_path, database_url, dairy):
    shop = make_shop(tmp_path, database_url, dairy)
    yield shop
    shop.studio.stop()


@pytest.fixture
def small_shop(tmp_path, dairy):
    """On SQLite only: for what the database has no part in."""
    shop = make_shop(tmp_path, "", dairy)
    yield shop
    shop.studio.stop()
