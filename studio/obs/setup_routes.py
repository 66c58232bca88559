"""`/obs/setup`: what one click would do, doing it, undoing it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from gevent.lock import Semaphore
from pydantic import BaseModel

from studio.obs import journal, restoration, setup
from studio.obs.inventory import Obs, look
from studio.obs.layout import OVERLAY_SIZE
from studio.obs.setup import OverlayUrl
from studio.types import Require, Role


class ChangeOut(BaseModel):
    scene: str | None
    source: str | None
    zh: str
    en: str


class ObstacleOut(BaseModel):
    name: str
    zh: str
    en: str


class SetupOut(BaseModel):
    """What is still to be done.

    obstacles: what has to be renamed first; kept: scenes and sources that an undo left because the host uses them.
    """

    orientation: str
    width: int
    height: int
    fits: bool
    browser: bool
    undoable: bool
    obstacles: list[ObstacleOut]
    changes: list[ChangeOut]
    kept: list[str]


def blueprint(obs: Obs, require: Require, overlay_url: OverlayUrl, journal_path: Path) -> APIBlueprint:
    """Routes over the link; `journal_path` remembers what to undo."""
    api = APIBlueprint("obs_setup", __name__, tag="OBS")
    alone = Semaphore()  # two operators at once would create everything twice

    def tell(kept: list[str]) -> dict[str, Any]:
        found = look(obs)
        planned = setup.plan(found, overlay_url)
        canvas = planned.canvas
        return {
            "orientation": canvas.orientation,
            "width": canvas.width,
            "height": canvas.height,
            "fits": (canvas.width, canvas.height) == OVERLAY_SIZE[canvas.orientation],
            "browser": planned.browser,
            "undoable": not journal.is_empty(journal.load(journal_path, found.collection)),
            "obstacles": [asdict(each) for each in planned.obstacles],
            "changes": [
                {"scene": each.scene, "source": each.source, "zh": each.zh, "en": each.en} for each in planned.changes
            ],
            "kept": kept,
        }

    @api.get("/obs/setup")
    @require(Role.PRODUCER)
    @api.output(SetupOut)
    def preview() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What one click would create or correct; nothing is changed."""
        return tell([])

    @api.post("/obs/setup")
    @require(Role.PRODUCER)
    @api.output(SetupOut)
    def do() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Create what is missing, correct what is wrong; run twice, nothing happens the second time."""
        with alone:
            found = look(obs)
            done = journal.load(journal_path, found.collection)

            def keep(now: journal.Journal) -> None:
                journal.save(journal_path, found.collection, now)

            setup.apply(obs, found, setup.plan(found, overlay_url), done, keep)
            return tell([])

    @api.post("/obs/setup/undo")
    @require(Role.PRODUCER)
    @api.output(SetupOut)
    def undo() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take back what set-up did in this scene collection; what the host uses himself stays."""
        with alone:
            collection = look(obs).collection
            kept = restoration.undo(obs, journal.load(journal_path, collection))
            journal.save(journal_path, collection, journal.Journal())
            return tell(kept)

    return api
