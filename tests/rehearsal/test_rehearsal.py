"""A rehearsal runs the real pipeline and leaves no trace, however it ends."""

import json
import os

import psutil
import pytest
import requests
from sqlalchemy import MetaData, select

from studio.db import open_engine
from tests.live import Listener, LiveStudio, fresh_dairy
from tests.waiting import until

SCRIPT = "今天的巴氏鲜牛奶，早上五点挤的\n巴氏鲜牛奶十五块九一瓶\n喝了能增强免疫力\n原味老酸奶也来了"


def dump(url):
    """Every row of every table."""
    engine = open_engine(url)
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        rows = {
            table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }
    engine.dispose()
    return rows


class Stage:
    """The rehearsal's studio, spoken to with its own token."""

    def __init__(self, live, link):
        self.url, _, self._token = link["control"].partition("/login?token=")
        [folder] = (live.data_dir / "rehearsals").iterdir()
        self.folder = folder
        self.pid = json.loads((folder / "server.json").read_text("utf-8"))["pid"]

    def token(self, _role="host"):
        return self._token

    def call(self, method, path, body=None, **headers):
        headers = {"Authorization": f"Bearer {self._token}", **headers}
        answer = requests.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=20)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def rehearsed(tmp_path, database_url):
    """A studio with a past sale and a draft; yields it with what its database held before."""
    live = LiveStudio(tmp_path / "studio", database_url=database_url).start()
    live.call("POST", "/catalogue", fresh_dairy())
    live.order("real", quantity=2)
    rundown = [{"title": item["name"], "sku": item["sku"], "points": ["念价格"]} for item in fresh_dairy()]
    live.show = live.call("POST", "/shows", {"title": "周三", "rundown": rundown})
    live.database = database_url or f"sqlite:///{live.data_dir / 'studio.db'}"
    yield live, dump(live.database)
    live.stop()


def begin(live, desk, **given):
    body = {"show_id": live.show["id"], "source": "script", "text": SCRIPT, **given}
    live.call("POST", "/rehearsal", body, role="producer", status=202)
    desk.wait("rehearsal", lambda value: value["state"] == "running", timeout_s=60)
    return Stage(live, live.call("GET", "/rehearsal/links", role="producer"))


def test_a_rehearsal_plays_the_real_pipeline_and_leaves_no_trace(rehearsed):
    live, before = rehearsed
    with live.listen("rehearsal", "stock") as desk:
        stage = begin(live, desk, neighbours=True)
        live.call("POST", "/rehearsal", {"show_id": live.show["id"], "source": "mic"}, status=503)  # no ear here
        again = {"show_id": live.show["id"], "source": "script", "text": "一句"}
        live.call("POST", "/rehearsal", again, status=409)  # one at a time
        show_id = live.show["id"]
        with Listener(stage, ("claims",), "host", "test") as page:
            page.wait("claims", bool, timeout_s=60)
        heard = stage.call("GET", f"/shows/{show_id}/transcript")
        assert heard["segments"][0]["text"].startswith("今天的巴氏鲜牛奶")
        assert heard["prices"][0]["price_fen"] == 1590
        assert heard["claims"][0]["term"] == "增强免疫力"
        order = {"buyer": "彩排阿姨", "lines": [{"sku": "MILK-950", "quantity": 50}], "paid": True}
        placed = stage.call("POST", "/orders", order, **{"Idempotency-Key": "rehearsed"})
        assert placed["number"]
        left = stage.call("GET", "/stock")["items"]["MILK-950"]
        assert left["available"] <= 118 - 50
        assert left["on_hand"] + left["sold"] == 118  # of what was free to sell, in a ledger of its own
        movements = stage.call("GET", "/stock/MILK-950/movements")["movements"]
        assert movements[-1]["reason"].startswith("彩排")
        for path in (live.call("GET", "/rehearsal/links")["stage"], f"{stage.url}/s"):
            assert "彩排" in requests.get(path, headers={"Accept-Language": "zh"}, timeout=10).text
        assert "彩排" not in requests.get(live.overlay_url("composite"), timeout=10).text
        assert (
            requests.get(
                f"{live.url}/api/v1/shows", headers={"Authorization": f"Bearer {stage.token()}"}, timeout=10
            ).status_code
            == 401
        )
        assert live.call("GET", "/stock")["items"]["MILK-950"]["available"] == 118
        live.call("DELETE", "/rehearsal", role="producer")
        assert desk.wait("rehearsal", lambda value: value["state"] == "off")["port"] is None
    assert not (live.data_dir / "rehearsals").exists()
    assert dump(live.database) == before
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{stage.url}/healthz", timeout=5)


@pytest.mark.parametrize("database_url", [""])
def test_a_rehearsal_that_is_killed_or_whose_studio_is_killed_leaves_no_trace(rehearsed):
    live, before = rehearsed
    with live.listen("rehearsal") as desk:
        stage = begin(live, desk)
        os.kill(stage.pid, 9)
        desk.wait("rehearsal", lambda value: value["state"] == "failed")
        assert not stage.folder.exists()
        stage = begin(live, desk)  # it can be started again
        orphan = psutil.Process(stage.pid)
        live.kill()
    psutil.wait_procs([orphan], timeout=20)
    assert not orphan.is_running(), "it ends with the studio that it belongs to"
    live.start()
    until(lambda: not (live.data_dir / "rehearsals").exists())
    assert dump(live.database) == before
    with live.listen("rehearsal") as desk:
        stage = begin(live, desk)
        live.call("POST", f"/shows/{live.show['id']}/live", {"override": "测试"})  # the real thing ends the rehearsal
        desk.wait("rehearsal", lambda value: value["state"] == "off", timeout_s=20)


def test_a_rehearsal_that_cannot_be_is_refused(api, dairy):
    show = api("POST", "/shows", {"title": "周三"}).json
    script = {"show_id": show["id"], "source": "script", "text": "一句话"}
    assert api("POST", "/rehearsal", script, role="moderator").status_code == 403
    assert api("POST", "/rehearsal", {**script, "show_id": 999}).status_code == 404
    assert api("POST", "/rehearsal", {**script, "text": "# 只有备注\n\n"}).status_code == 422
    assert api("POST", "/rehearsal", {**script, "source": "show", "from_show": 999}).status_code == 404
    assert api("POST", "/rehearsal", {**script, "source": "show"}).status_code == 422
    assert api("GET", "/rehearsal/links").status_code == 409
    assert api("DELETE", "/rehearsal").json["state"] == "off"
    api("POST", f"/shows/{show['id']}/live", {"override": "测试"})
    assert api("POST", "/rehearsal", script).status_code == 409
