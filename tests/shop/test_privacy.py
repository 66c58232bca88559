"""A real studio's files after real flows: no phone number lies in any of them, and a deleted buyer is gone."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
PHONE = "13812345678"
NAME = "慕容晚晴"


class Browser:
    """A buyer's browser: its cookie, and the token of the page it looks at."""

    def __init__(self, live):
        self.live = live
        self.session = requests.Session()
        page = self.session.get(f"{live.url}/s", timeout=20).text
        self.csrf = re.search(r'<meta name="csrf" content="([0-9a-f]+)">', page)[1]

    def call(self, method, path, body=None, **headers):
        answer = self.session.request(
            method,
            f"{self.live.url}/api/v1/public{path}",
            json=body,
            headers={"X-CSRF-Token": self.csrf, **headers},
            timeout=20,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


def files_with(folder, *words):
    """Files that hold any of these words, also within what a database has deleted."""
    return {
        (path.name, word)
        for path in sorted([*folder.rglob("*"), folder.parent / f"{folder.name}.log"])
        if path.is_file()
        for word in words
        if word.encode() in path.read_bytes()
    }


def show_and_order(live):
    """A buyer orders by the page, an operator by hand, with phone numbers wherever people write them."""
    live.prepare_show()
    browser = Browser(live)
    placed = browser.call(
        "POST",
        "/orders",
        {
            "nickname": NAME,
            "phone": f"+86 {PHONE}",
            "note": f"到了打 {PHONE}",
            "lines": [{"sku": "MILK-950", "quantity": 1}],
        },
        **{"Idempotency-Key": "a"},
    )
    browser.call("POST", "/questions", {"text": f"甜吗？打我电话 {PHONE}", "sku": "MILK-950"})
    order = live.call("GET", f"/orders?q={placed['number']}")["orders"][0]
    live.call("POST", f"/orders/{order['id']}/pay", {})
    live.call("POST", f"/orders/{order['id']}/pick-up")
    browser.call("POST", f"/orders/{placed['secret']}/complaints", {"kind": "spoilt", "text": f"坏了，回电 {PHONE}"})
    body = {"buyer": f"李叔{PHONE}", "phone": PHONE, "lines": [{"sku": "MILK-950", "quantity": 1}]}
    live.call("POST", "/orders", {**body, "paid": True}, headers={"Idempotency-Key": "b"})
    cancelled = live.call("POST", "/orders", body, headers={"Idempotency-Key": "c"})
    why = {"reason": f"{PHONE} 打不通"}
    live.call("POST", f"/orders/{cancelled['id']}/cancel", why)
    live.call("POST", f"/orders/{order['id']}/refund", {"amount_fen": 100, **why}, headers={"Idempotency-Key": "r"})
    live.call("POST", "/stock/MILK-950/movements", {"kind": "wasted", "quantity": 1, **why})
    requests.get(f"{live.url}/o/{placed['secret']}x", timeout=20)
    return browser, order, placed


def cli(live, *arguments):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")}
    return subprocess.run(
        [sys.executable, "-m", "studio.cli", *arguments, "--data", str(live.data_dir)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_no_phone_number_lies_in_any_file_of_a_studio(live):
    _browser, order, placed = show_and_order(live)
    answers = [
        json.dumps(live.call("GET", path), ensure_ascii=False)
        for path in (f"/orders/{order['id']}", "/orders", "/buyers", "/complaints", f"/buyers?q={PHONE}")
    ]
    assert "138****5678" in answers[0]
    assert not [answer for answer in answers if PHONE in answer]
    live.stop()
    assert files_with(live.data_dir, PHONE) == set()
    assert placed["secret"] not in live.log()


@pytest.mark.parametrize("running", [True, False])
def test_a_buyer_is_exported_and_deleted_by_one_command(live, running):
    browser, order, placed = show_and_order(live)
    live.call("POST", f"/orders/{order['id']}/close")
    by_hand = live.call("GET", "/orders?status=paid")["orders"][0]
    live.call("POST", f"/orders/{by_hand['id']}/pick-up")
    if not running:
        live.stop()

    exported = cli(live, "buyer", "export", PHONE)
    assert exported.returncode == 0, exported.stderr
    found = json.loads(exported.stdout)["buyers"]
    assert [one["buyer"]["phone"] for one in found] == [PHONE, PHONE]
    assert found[0]["buyer"]["nickname"] == NAME
    assert [question["text"] for question in found[0]["questions"]] == ["甜吗？打我电话 138****5678"]

    assert cli(live, "buyer", "delete", PHONE).returncode == 130, "nobody confirmed"
    deleted = cli(live, "buyer", "delete", f"+86 {PHONE}", "--yes")
    assert deleted.returncode == 0, deleted.stderr
    assert PHONE not in deleted.stdout + deleted.stderr
    again = cli(live, "buyer", "delete", PHONE, "--yes")
    assert again.returncode == 1
    assert "没有这位买家" in again.stderr
    assert cli(live, "buyer", "export", "张阿姨").returncode == 1

    if running:
        assert live.call("GET", f"/orders/{order['id']}")["who"] == "已注销"
        assert browser.call("GET", "/me")["nickname"] is None
        assert browser.call("GET", "/orders") == {"orders": []}
        gone = browser.session.get(f"{live.url}/api/v1/public/orders/{placed['secret']}", timeout=20)
        assert gone.status_code == 404
        with live.listen("orders", "questions", "shoutouts") as pages:
            value = json.dumps(pages.values, ensure_ascii=False)
            assert "慕" not in value
            assert "已注销" in value
        live.stop()
    assert files_with(live.data_dir, NAME, placed["secret"]) == set()


def test_a_running_order_keeps_the_command_from_deleting(live):
    live.prepare_show()
    live.call(
        "POST",
        "/orders",
        {"buyer": NAME, "phone": PHONE, "lines": [{"sku": "MILK-950", "quantity": 1}], "paid": True},
        headers={"Idempotency-Key": "b"},
    )
    refused = cli(live, "buyer", "delete", PHONE, "--yes")
    assert refused.returncode == 1
    assert "L000001" in refused.stderr
    assert cli(live, "buyer", "delete", PHONE, "--yes", "--force").returncode == 0


def test_the_command_says_where_there_are_no_data(tmp_path, live):
    live.stop()
    live.data_dir = tmp_path / "nothing"
    done = cli(live, "buyer", "export", PHONE)
    assert done.returncode == 1
    assert "there are no data" in done.stderr
