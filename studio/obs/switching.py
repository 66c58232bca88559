"""Whether OBS did the scene switch that it accepted: just after its start it may drop one, which is then sent again.

Nobody's cut is undone: whatever moves on program after the switch was asked for ends the matter.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE_S = 1.0
"""OBS names a scene as its program from the beginning of the transition, however long that takes."""
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
    """Switches are asked for on any thread, all the rest happens on the link's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # a repetition must not come after a switch that was asked for later
        self._asked: _Asked | None = None

    def switch(self, scene: str, before: str | None, send: Callable[[], object]) -> None:
        """Send it, and have it looked after from now on; raises as `send`."""
        asked = _Asked(scene, before)
        with self._lock:
            self._asked = asked
        send()
        asked.due = time.monotonic() + PATIENCE_S

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

    def judge(self, program: str | None, send: Callable[[str], object]) -> str | None:
        """Send a dropped switch once more; the scene of one that OBS dropped again.

        Args:
            program: what OBS shows after it was `overdue`, all its events until then heard.
            send: raises what it likes, the switch counts as repeated.
        """
        with self._lock:
            asked = self._asked
            if asked is None or not self.overdue():
                return None
            moved = asked.before is not None and program != asked.before
            if program == asked.scene or moved or asked.repeated:
                self.forget()
                return None if program == asked.scene or moved else asked.scene
            asked.repeated, asked.due = True, time.monotonic() + PATIENCE_S
            send(asked.scene)
            return None
