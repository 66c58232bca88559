"""What docs/webhooks.md shows works as it is written."""

import json
import os
import re
import subprocess
from pathlib import Path

from studio.shop.webhooks import generic
from studio.types import now_ms
from tests.real import require
from tests.shop.webhooks.bodies import SECRET

PAGE = (Path(__file__).parents[3] / "docs/webhooks.md").read_text("utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL).group(1)


def test_example_order_is_understood_whole():
    document = json.loads(block("json"))
    arrival = generic.arrive({}, document, "hash")
    told = generic.read(arrival.topic, arrival.body, now_ms())
    assert (told.id, told.number, told.paid, told.cancelled) == ("A-1001", "1001", True, False)
    assert (told.total_fen, told.lines[0].price_fen, told.refunds[0].amount_fen) == (3180, 1590, 1590)
    assert (told.customer_id, told.who) == ("7", "张*")


def test_curl_example_places_an_order(live):
    require("curl", "apt-get install curl")
    require("openssl", "apt-get install openssl")
    live.prepare_show()
    live.call("PUT", "/webhooks/sources/generic", {"enabled": True, "secret": SECRET})
    script = block("sh").replace("https://studio.example", live.url)
    environ = {**os.environ, "SECRET": SECRET, "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(["sh", "-c", script], env=environ, capture_output=True, text=True, check=True, timeout=30)
    assert json.loads(done.stdout) == {"status": "ok"}
    with live.listen("orders") as page:
        page.wait("orders", lambda value: value["paid"] == 1)
