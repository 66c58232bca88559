"""What buyers read of the lot on sale: its defects and papers, never those of another lot; the unknown is 未知."""

import re
import time
from datetime import timedelta

import pytest

from studio.errors import Conflict
from studio.shop import evidence
from studio.shop.orders import External
from studio.shop.public import KEEP_MS

TODAY = evidence.today()


def day(after):
    return (TODAY + timedelta(days=after)).isoformat()


PEAR = {"sku": "PEAR", "name": "秋月梨", "price_fen": 1980, "unit": "500克", "stock": 9, "storage": "冷藏"}
FRESH = {"origin": "练塘镇", "produced_on": day(-1), "shelf_life_days": 30}
REPORT = {"kind": "农残检测报告", "number": "QP-7", "issuer": "青浦检测站"}
SCRATCH = "<b>果面有风吹的痕迹</b>"


@pytest.fixture
def page(api, app, time_machine):
    """page(**lot) → (the card's text, the shop's answer) after this lot went on sale."""
    time_machine.move_to(time.time())

    def look(batch, **lot):
        answer = api("POST", "/catalogue", [{**PEAR, "batch": batch, **FRESH, **lot}])
        assert answer.status_code == 200, answer.json
        time_machine.shift(KEEP_MS / 1000)
        html = app.test_client().get("/s").get_data(as_text=True)
        card = html[html.index('id="p-PEAR"') : html.index('id="poll"')]
        assert SCRATCH not in html
        text = " ".join(re.sub(r"<[^>]+>", " ", card).split())
        return text, api("GET", "/public/shop", role=None).json

    return look


def test_a_defect_of_lot_a_is_said_of_lot_a_and_never_of_lot_b(page):
    first, before = page(
        "A", defects=[SCRATCH], certificates=[REPORT], quality_log=[{"on": day(0), "text": "糖度13.2"}]
    )
    assert "这一批已知的不足" in first
    assert "果面有风吹的痕迹" in first
    assert "糖度13.2" in first
    assert "QP-7" in first
    assert "已核验" in first
    second, after = page("B")
    for of_a in ("不足", "风吹", "糖度", "QP-7", "已核验"):
        assert of_a not in second
    assert "凭证 未知" in second
    assert "风吹" not in str(after)
    assert before["layout"] != after["layout"], "an open page must be drawn anew"
    assert page("A")[0] == first


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        ([REPORT], ["1 份有效", "农残检测报告", "有效"]),
        ([REPORT, REPORT | {"valid_until": day(-1)}], ["1 份有效，1 份不作数", f"已过期（{day(-1)}）"]),
        ([REPORT | {"valid_from": day(2)}], ["0 份有效，1 份不作数", f"{day(2)} 起才有效"]),
        ([{"kind": "有机认证"}], ["0 份有效，1 份不作数", "资料不全，不作数"]),
    ],
)
def test_papers_are_shown_for_what_they_are_worth(page, papers, said):
    text, shop = page("A", certificates=papers)
    assert all(words in text for words in said)
    whole = all(paper["valid"] for paper in shop["products"][0]["lot"]["certificates"])
    assert ("已核验" in text) == whole


def test_a_lot_past_its_shelf_life_says_so_from_the_day_on(page, time_machine):
    text, shop = page("A", produced_on=day(-30))
    assert "已过保质期" not in text, "the last day is a good day"
    time_machine.move_to(time.time() + 24 * 3600)
    text, later = page("A", produced_on=day(-30))
    assert "停售" in text
    assert "候补" not in text
    assert "这一批已过保质期" in text
    assert "已核验" not in text
    assert shop["layout"] != later["layout"]
    text, shop = page("C", produced_on=None)
    assert "生产日期 未知" in text
    assert shop["products"][0]["expired"] is False


def test_nobody_orders_what_is_past_its_shelf_life_and_a_line_names_its_lot(counter, time_machine):
    shop = counter(A={"stock": 5, "batch": "B7", "produced_on": day(-30), "shelf_life_days": 30})
    order = shop.place(A=1)
    assert [line.batch for line in shop.order(order).lines] == ["B7"]
    time_machine.move_to(time.time() + 24 * 3600)
    with pytest.raises(Conflict, match="shelf life"):
        shop.place(A=1, waitlist=True)
    sold = shop.place(A=1, paid=True, external=External("7", "7", 1))
    assert shop.status(sold) == ["paid"], "what another shop has sold is taken down"
    assert shop.counts() == (4, 1, 1)
