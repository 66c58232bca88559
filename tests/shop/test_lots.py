"""What a lot brings with it: papers that prove something or nothing, defects that stay its own, its producer."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from studio import db
from studio.config import asset_root
from studio.shop import evidence
from studio.shop.day_clock import DayClock
from studio.shop.models import Lot

TODAY = evidence.today()
LABELS = {"unit": "500克/袋", "origin": "练塘镇", "shelf_life_days": 30, "storage": "冷藏", "produced_on": str(TODAY)}


@pytest.fixture
def settings(both_databases):
    return both_databases


def day(after):
    return (TODAY + timedelta(days=after)).isoformat()


def pear(batch, **lot):
    return {"sku": "PEAR", "name": "秋月梨", "price_fen": 1980, "batch": batch, **LABELS, **lot}


def test_a_defect_of_one_lot_never_shows_on_another(api, studio):
    def take_in(batch, **lot):
        assert api("POST", "/catalogue", [pear(batch, **lot)]).status_code == 200
        (shown,) = api("GET", "/products").json["products"]
        assert studio.state.get("catalogue")[0]["lot"] == shown["lot"]
        return shown["lot"]

    log = [{"on": day(-1), "text": "糖度13.2"}]
    first = take_in("A", defects=["果面有风吹的痕迹"], certificates=[{"kind": "检测报告"}], quality_log=log)
    assert (first["defects"], first["quality_log"]) == (["果面有风吹的痕迹"], log)
    second = take_in("B")
    assert (second["batch"], second["defects"], second["certificates"], second["quality_log"]) == ("B", [], [], [])
    assert take_in("A") == first  # the lot is known again, with what is known of it
    assert take_in("A", defects=[])["defects"] == []
    assert take_in("B")["defects"] == []


WHOLE = {"kind": "有机认证", "number": "134OP", "issuer": "中绿华夏"}


@pytest.mark.parametrize(
    ("paper", "holds"),
    [
        (WHOLE | {"valid_until": day(0)}, True),
        (WHOLE | {"valid_until": day(-1)}, False),
        (WHOLE | {"valid_from": day(1), "valid_until": day(9)}, False),
        (WHOLE, False),  # nobody knows whether it ended
        ({"kind": "检测报告", "number": "7", "issuer": "检测站"}, True),  # of this lot: needs no end
        ({"kind": "检测报告", "number": "7"}, False),
        ({"kind": "检测报告", "file": "pear/7.pdf"}, False),
        ({"kind": "检测报告", "file": "pear/7.pdf", "sha256": "0a" * 32}, True),
        ({"kind": "检测报告", "file": "pear/7.pdf", "sha256": "0a" * 32, "valid_until": day(-1)}, False),
    ],
)
def test_a_certificate_proves_something_only_while_whole_and_valid(paper, holds):
    assert evidence.proves(paper, TODAY) is holds


def test_a_lot_is_verified_only_with_complete_evidence(api):
    good = WHOLE | {"valid_until": day(9)}

    def verified(**lot):
        answer = api("POST", "/catalogue", [pear("A", **lot)])
        return answer.json["products"][0]["verified"]

    assert verified(certificates=[good]) is True
    assert verified(certificates=[]) is False
    assert verified(certificates=[good, good | {"number": "2", "valid_until": day(-1)}]) is False
    assert verified(certificates=[good], storage=None) is False
    assert verified(produced_on=day(-31)) is False  # past its shelf life
    assert verified() is True


def test_topics_of_the_card_follow_the_calendar(api, studio, time_machine):
    api("POST", "/catalogue", [pear("A", certificates=[WHOLE | {"valid_until": day(3)}])])
    show = api("POST", "/shows", {"title": "果园", "rundown": [{"title": "梨", "sku": "PEAR"}]}).json
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    assert api("POST", f"/shows/{show['id']}/take", {"item_id": show["rundown"][0]["id"]}).status_code == 200
    assert studio.state.get("product")["verified"] is True
    clock = next(part for part in studio.parts if isinstance(part, DayClock))
    clock.step()
    assert studio.state.get("product")["verified"] is True
    time_machine.move_to(time.time() + 4 * 24 * 3600)
    clock.step()
    assert studio.state.get("product")["verified"] is False
    lot = studio.state.get("product")["lot"]
    assert (lot["certificates"][0]["valid"], lot["expired"]) == (False, False)
    time_machine.move_to(time.time() + 30 * 24 * 3600)
    clock.step()
    assert studio.state.get("product")["lot"]["expired"] is True


def test_a_producer_is_kept_when_later_products_only_name_it(api):
    maker = {"name": "王家果园", "place": "练塘镇", "latitude": 31.01, "longitude": 121.03, "story": "第三代果农"}
    api("POST", "/catalogue", [pear("A", producer=maker)])
    (shown,) = api("POST", "/catalogue", [pear("B", producer="王家果园")]).json["products"]
    assert (shown["producer"], shown["maker"]) == ("王家果园", maker | {"photo": None})


def test_a_database_without_evidence_keeps_its_lots_and_producers(settings):
    engine = db.open_engine(settings.database)
    config = Config(attributes={"engine": engine})
    config.set_main_option("script_location", str(asset_root() / "migrations"))
    if settings.database_url:  # both are copies of today's schema
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    else:
        Path(settings.database.removeprefix("sqlite:///")).unlink()
    command.upgrade(config, "0003")
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO products (sku, position, name, aliases, unit, price_fen, producer, facts)"
                " VALUES ('PEAR', 1, '梨', '[]', '袋', 100, '王家果园', '{}')"
            )
        )
        connection.execute(sa.text("INSERT INTO lots (sku, batch, current) VALUES ('PEAR', 'A', true)"))
    db.migrate(engine)
    with engine.connect() as connection:
        lot = connection.execute(sa.select(Lot.batch, Lot.certificates, Lot.defects, Lot.quality_log)).one()
        assert lot == ("A", [], [], [])
        assert connection.execute(sa.text("SELECT name, latitude FROM producers")).all() == [("王家果园", None)]
    engine.dispose()
