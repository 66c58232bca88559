"""One order's whole way: phone page, the desk's 收款, shout-out on screen with its proof, pickup list, referral."""

import csv
import io

import pytest
import requests
from playwright.sync_api import expect

from tests.live import DAIRY

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
MILK = DAIRY[0]
PHONE = (390, 844)


@pytest.fixture
def browsers(chromium):
    """browser(viewport) → page of a fresh context of its own."""
    contexts = []

    def fresh(width, height):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
        )
        contexts.append(context)
        return context.new_page()

    yield fresh
    for context in contexts:
        context.close()


def test_an_order_walks_from_the_phone_to_the_overlay_and_the_pickup_list(live, browsers):
    live.prepare_show()
    point = live.call("POST", "/pickup-points", {"name": "东门", "address": "1 号", "hours": "16-20", "active": True})
    overlay = browsers(1080, 1920)
    overlay.goto(live.overlay_url("composite"))

    phone = browsers(*PHONE)
    phone.clock.install()
    phone.goto(f"{live.url}/s")
    phone.click(f"#p-{MILK['sku']} [data-step='1']")
    phone.click(f"#p-{MILK['sku']} [data-step='1']")
    phone.click("#bar a")
    phone.fill("#nickname", "张阿姨")
    phone.fill("#phone", "138 1234 5678")
    phone.click("#submit")
    phone.wait_for_url("**/o/*")

    # held for the buyer, seen by everybody, and not announced: nobody has paid
    expect(overlay.locator("[data-part=stock-number]").first).to_have_text(str(MILK["stock"] - 2))
    (order,) = live.call("GET", "/orders")["orders"]
    assert (order["status"], order["phone"], order["who"]) == ("placed", "138****5678", "张*")
    expect(overlay.locator("[data-part=who]")).not_to_be_visible()

    # the host records the payment at the desk
    desk = browsers(1366, 768)
    desk.goto(live.login_url)
    desk.goto(f"{live.url}/orders")
    desk.locator(f".order-row[data-key='{order['id']}']").get_by_role("button", name="收款").click()
    desk.get_by_role("menuitem", name="微信收到了").click()
    expect(overlay.locator("[data-part=who]").filter(has_text="张*")).to_be_visible()
    expect(phone.locator(".hero.paid")).to_be_visible(timeout=20_000)
    with live.listen("shoutouts") as queue:
        proven = queue.wait("shoutouts", lambda value: any(row["acks"] for row in value))
    assert [row["order_id"] for row in proven] == [order["id"]]

    # it is on the pickup point's list, masked, and ticked off there
    desk.goto(f"{live.url}/pickup")
    line = desk.locator(f"[data-order='{order['id']}']")
    expect(line).to_contain_text("张*")
    expect(line).to_contain_text("5678")
    line.get_by_role("checkbox").click()
    expect(line.get_by_role("checkbox")).to_be_disabled()
    phone.clock.fast_forward(8000)  # when it asks again; the payment above it found in real time
    expect(phone.locator(".hero")).to_contain_text("已取货", timeout=20_000)
    answer = requests.get(
        f"{live.url}/api/v1/pickup-list?format=csv",
        headers={"Authorization": f"Bearer {live.token()}"},
        timeout=10,
    )
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert not any("13812345678" in cell or "张阿姨" in cell for row in table for cell in row)
    assert live.call("GET", f"/orders/{order['id']}")["pickup_point"]["id"] == point["id"]
