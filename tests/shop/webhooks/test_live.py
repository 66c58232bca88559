"""Deliveries over real HTTP to a studio in a process of its own, killed in the middle, on both databases."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.live import LiveStudio, fresh_dairy
from tests.shop.webhooks.bodies import CLIENT_ID, SECRET, SOURCES, order, signed

ROOT = Path(__file__).parents[3]


class ShopStudio(LiveStudio):
    def deliver(self, source, told, **options):
        topic, document = told
        headers, raw = signed(source, document, topic=topic, **options)
        return requests.post(f"{self.url}/hooks/{source}", data=raw, headers=headers, timeout=10)

    def set_up(self):
        self.prepare_show()
        body = {"enabled": True, "secret": SECRET, "client_id": CLIENT_ID}
        for source in SOURCES:
            self.call("PUT", f"/webhooks/sources/{source}", body)
        return self

    def milk(self):
        count = self.call("GET", "/stock")["items"]["MILK-950"]
        return count["on_hand"], count["held"], count["sold"]


class SleepyStudio(ShopStudio):
    """Takes deliveries in and never processes them: what a kill between receipt and effect leaves behind."""

    def script(self, settings):
        stop = "from studio.shop.webhooks.drain import Drain\nDrain.drain = lambda self: True\n"
        return f"import studio.server\n{stop}{super().script(settings)}"


@pytest.fixture
def live(tmp_path, database_url):
    studio = ShopStudio(tmp_path / "studio", database_url=database_url).start().set_up()
    yield studio
    studio.stop()


@pytest.mark.parametrize("source", SOURCES)
def test_signed_order_reaches_stock_shoutout_and_page(live, source):
    on_hand, _held, sold = live.milk()
    with live.listen("webhooks", "orders", "shoutouts", role="producer") as page:
        assert live.deliver(source, order(source, 1)).status_code == 200
        page.wait("orders", lambda value: value["paid"] == 1)
        page.wait("shoutouts", lambda value: [entry["who"] for entry in value] == ["张*"])
        page.wait("webhooks", lambda value: any(entry["last_delivery_ms"] for entry in value["sources"]))
    assert live.milk() == (on_hand - 2, 0, sold + 2)
    assert "张伟强" not in live.log()


def test_kill_between_receipt_and_effect_loses_nothing_and_doubles_nothing(tmp_path, database_url):
    sleepy = SleepyStudio(tmp_path / "studio", database_url=database_url).start().set_up()
    studio = ShopStudio(tmp_path / "studio", database_url=database_url)
    try:
        on_hand, _held, sold = sleepy.milk()
        for number, source in enumerate(SOURCES, 1):
            for _retry in range(2):
                assert sleepy.deliver(source, order(source, number), key=f"key-{number}").status_code == 200
        assert sleepy.milk() == (on_hand, 0, sold)
        sleepy.kill()
        studio.start()
        with studio.listen("orders") as page:
            page.wait("orders", lambda value: value["paid"] == len(SOURCES))
        studio.kill()
        studio.start()
        for number, source in enumerate(SOURCES, 1):
            assert studio.deliver(source, order(source, number), key=f"key-{number}").status_code == 200
        with studio.listen("orders", "shoutouts") as page:
            page.wait("orders", lambda value: value["paid"] == len(SOURCES))
            assert len(page.values["shoutouts"]) == len(SOURCES)
        assert studio.milk() == (on_hand - 2 * len(SOURCES), 0, sold + 2 * len(SOURCES))
    finally:
        for process in (sleepy, studio):
            process.stop()


def test_kill_in_the_middle_of_many_keeps_every_acknowledged_delivery_once(tmp_path):
    studio = ShopStudio(tmp_path / "studio").start().set_up()
    try:
        studio.call("POST", "/stock/MILK-950/movements", {"kind": "received", "quantity": 5000, "reason": "测试"})
        on_hand, _held, sold = studio.milk()
        acknowledged = []

        def send(number):
            try:
                if studio.deliver("generic", order("generic", number), key=f"k{number}").ok:
                    acknowledged.append(number)
            except requests.RequestException:
                pass  # the studio was just killed
            if len(acknowledged) == 60:
                studio.process.kill()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(send, range(1, 200)))
        studio.process.wait()
        studio.start()
        for number in range(1, 200):  # the shop sends again what it got no answer for, and some of the rest
            if number not in acknowledged or number % 3 == 0:
                assert studio.deliver("generic", order("generic", number), key=f"k{number}").ok
        with studio.listen("orders") as page:
            page.wait("orders", lambda value: value["paid"] == 199, timeout_s=30)
        assert studio.milk() == (on_hand - 398, 0, sold + 398)
    finally:
        studio.stop()


def test_self_test_goes_the_whole_way_without_effect(live):
    before = live.milk()
    for source in SOURCES:
        answer = live.call("POST", f"/webhooks/sources/{source}/test", role="producer")
        assert answer["ok"], answer
        assert answer["url"] == f"{live.url}/hooks/{source}"
    overview = live.call("GET", "/webhooks")
    assert overview["parked"] == 0
    assert not any(source["last_delivery_ms"] or source["failures"] for source in overview["sources"])
    assert live.call("GET", "/orders")["orders"] == []
    assert live.milk() == before


def test_replay_from_the_command_line_reaches_the_running_studio(live, tmp_path, database_url):
    live.deliver("shopify", order("shopify", 1, lines=[("their-milk", 2, "15.90")]))
    with live.listen("webhooks", "orders", role="producer") as page:
        page.wait("webhooks", lambda value: value["parked"] == 1)
        listed = cli(live, database_url, "list", "--state", "parked").stdout
        assert "shopify\tparked\t820982911946154501\tunknown-sku" in listed
        assert "张" not in listed
        live.call("POST", "/catalogue", [milk_of_theirs()])
        assert "1 deliveries put back" in cli(live, database_url, "replay", "--state", "parked").stdout
        page.wait("orders", lambda value: value["paid"] == 1)
    assert "0 deliveries put back" in cli(live, database_url, "replay", "--since", "2099-01-01").stdout
    refused = cli(live, database_url, "replay", "--since", "gestern", check=False)
    assert refused.returncode == 1
    assert "write it as 2026-11-22" in refused.stderr


def cli(live, database_url, *arguments, check=True):
    options = ["--data", str(live.data_dir)]
    program = f"from studio.cli import main; main({['webhooks', arguments[0], *options, *arguments[1:]]!r})"
    environ = {"STUDIO_DATABASE_URL": database_url} if database_url else {}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**_environment(), **environ},
        capture_output=True,
        text=True,
        check=check,
        timeout=60,
    )


def _environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")}


def milk_of_theirs():
    return {**fresh_dairy()[0], "sku": "their-milk", "name": "他们的奶", "aliases": [], "stock": 10}
