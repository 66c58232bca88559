"""`/obs/setup`: what one click would do, doing it, undoing it."""

from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from gevent.lock import Semaphore
from pydantic import BaseModel

from studio.obs import setup, setup_store
from studio.obs.layout import OVERLAY_SIZE
from studio.obs.setup import Obs, OverlayUrl
from studio.types import Require, Role


class ChangeOut(BaseModel):
    scene: str | None
    source: str | None
    zh: str
    en: str


class SetupOut(BaseModel):
    """What is still to be done; kept: scenes that an undo left because the host has put something into them."""

    orientation: str
    width: int
    height: int
    fits: bool
    browser: bool
    undoable: bool
    changes: list[ChangeOut]
    kept: list[str]


def blueprint(obs: Obs, require: Require, overlay_url: OverlayUrl, journal_path: Path) -> APIBlueprint:
    """Routes over the link; `journal_path` remembers what to undo."""
    api = APIBlueprint("obs_setup", __name__, tag="OBS")
    alone = Semaphore()  # two operators at once would create everything twice

    def tell(kept: list[str]) -> dict[str, Any]:
        planned = setup.plan(setup.look(obs), overlay_url)
        canvas = planned.canvas
        return {
            "orientation": canvas.orientation,
            "width": canvas.width,
            "height": canvas.height,
            "fits": (canvas.width, canvas.height) == OVERLAY_SIZE[canvas.orientation],
            "browser": planned.browser,
            "undoable": not setup_store.is_empty(setup_store.load(journal_path)),
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
            journal = setup_store.load(journal_path)
            found = setup.look(obs)
            try:
                setup.apply(obs, found, setup.plan(found, overlay_url), journal)
            finally:
                setup_store.save(journal_path, journal)
            return tell([])

    @api.post("/obs/setup/undo")
    @require(Role.PRODUCER)
    @api.output(SetupOut)
    def undo() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take back what set-up made; what the host added himself stays."""
        with alone:
            kept = setup.undo(obs, setup_store.load(journal_path))
            setup_store.save(journal_path, setup.Journal())
            return tell(kept)

    return api
