"""Whether OBS did the scene switch that it accepted: just after its start it may drop one, which is then sent again.

Nobody's cut is undone: whatever moves on program after the switch was asked for ends the matter.
"""

import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from studio.errors import ObsRequestFailed
from studio.obs.frames import Json

_log = logging.getLogger(__name__)
_MOVES = frozenset(
    {
        "SceneTransitionStarted",
        "CurrentProgramSceneChanged",
        "StudioModeStateChanged",
        "CurrentSceneCollectionChanging",
    }
)


@dataclass(slots=True)
class _Asked:
    """The switch that was asked for last. before: on program then; due: when OBS is to have done it."""

    scene: str
    before: str | None
    due: float = math.inf
    repeated: bool = False


class Switches:
    """Switches are asked for on any thread, all the rest happens on the link's.

    Args:
        patience_s: OBS names a scene as its program from the beginning of the transition, however long that takes.
    """

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self._lock = threading.Lock()  # a repetition must not come after a switch that was asked for later
        self._asked: _Asked | None = None

    def switch(self, scene: str, before: str | None, send: Callable[[], object]) -> None:
        """Send it, and have it looked after from now on; raises as `send`."""
        asked = _Asked(scene, before)
        with self._lock:
            self._asked = asked
        send()
        asked.due = time.monotonic() + self.patience_s

    def hear(self, event: str) -> None:
        """Take in the name of an event of OBS."""
        if event in _MOVES:
            self.forget()

    def forget(self) -> None:
        """Look after nothing any more."""
        self._asked = None

    def overdue(self) -> bool:
        """Whether OBS is to be asked for its program."""
        asked = self._asked
        return asked is not None and time.monotonic() >= asked.due

    def judge(self, program: str | None, request: Callable[[str, Json], object]) -> str | None:
        """Send a dropped switch once more; the scene of one that OBS dropped again.

        Args:
            program: what OBS shows after it was `overdue`, all its events until then heard.
            request: asks OBS; whether it refuses or not, the switch counts as repeated.
        """
        with self._lock:
            asked = self._asked
            if asked is None or not self.overdue():
                return None
            moved = asked.before is not None and program != asked.before
            if program == asked.scene or moved:
                self.forget()
            elif asked.repeated:
                self.forget()
                _log.warning("OBS accepted a switch to %s twice and did not do it", asked.scene)
                return asked.scene
            else:
                asked.repeated, asked.due = True, time.monotonic() + self.patience_s
                _log.info("OBS accepted a switch to %s and did not do it: sent again", asked.scene)
                with contextlib.suppress(ObsRequestFailed):
                    request("SetCurrentProgramScene", {"sceneName": asked.scene})
            return None
