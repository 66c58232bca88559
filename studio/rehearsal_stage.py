"""The rehearsal's own process: a studio on a folder that its keeper made, played by itself, gone when stdin closes.

Run by `studio.rehearsal.keeper` as `python -m studio.rehearsal_stage FOLDER`; FOLDER/plan.json holds
`{settings, rows, show_id, follows, neighbours}`.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import gevent
from gevent import monkey

from studio import server
from studio.app import create_app
from studio.config import Settings
from studio.db import migrate, open_engine
from studio.demo.buyers import Neighbourhood
from studio.demo.driver import TICK_S, Api, Play, Refused
from studio.rehearsal.keeper import PLAN
from studio.rehearsal.sandbox import put_down
from studio.supervise import end_with_parent

_log = logging.getLogger(__name__)

SEED = 1126


def main(folder: Path) -> None:
    """Serve the rehearsal and play it until stdin closes."""
    plan: dict[str, Any] = json.loads((folder / PLAN).read_text("utf-8"))
    settings = Settings.model_validate(plan["settings"])
    engine = open_engine(settings.database)
    migrate(engine)
    with engine.begin() as connection:
        put_down(connection, plan["rows"])
    engine.dispose()
    app = create_app(settings)
    end_with_parent(monkey.get_original("_thread", "start_new_thread"))
    server.serve_app(app, lambda status: _play(Api(status["url"], status["token"]), plan))


def _play(api: Api, plan: dict[str, Any]) -> None:
    """Go live, then what follows the talk and the neighbours who order, until the show is over."""
    if plan["follows"]:
        api.put(f"/shows/{plan['show_id']}/cue-mode", {"mode": "auto"})  # nobody is there to take what is talked about
    show = api.post(f"/shows/{plan['show_id']}/live", {"override": "彩排 rehearsal"})
    if plan["settings"]["ear_enabled"]:
        api.post("/ear/restart")  # the show begins: from the first second of what is played
    play = Play(api, show, Neighbourhood(SEED) if plan["neighbours"] else None, follows=plan["follows"])
    while True:
        gevent.sleep(TICK_S)
        try:
            if not play.tick():
                return
        except (Refused, OSError) as error:
            _log.info("the rehearsal goes on: %s", error)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="rehearsal: %(message)s")
    main(Path(sys.argv[1]))
