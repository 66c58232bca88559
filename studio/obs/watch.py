"""Looks after a connected OBS: its controls and figures for the page, alarms in time, meters while somebody looks."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import log10
from typing import Any

import gevent
from gevent.event import Event as Signal

from studio.errors import StudioError
from studio.obs import survey
from studio.obs.alarms import Alarms, Limits, Trouble
from studio.obs.frames import Json, as_array, as_object
from studio.obs.link import ObsLink
from studio.types import now_ms

_log = logging.getLogger(__name__)

WATCHED_S, UNWATCHED_S = 1.0, 5.0
SETTLE_S = 0.2
"""Changes come in bursts: one look after them, and not while OBS is in the middle of them."""
QUIETEST_DB = -100.0
ENDED_MS = 10 * 60_000
"""For how long it is told that an output ended by itself: whoever has not started it again by then does without."""


class ObsWatch:
    """A part of the studio: one greenlet that looks while OBS is connected.

    Args:
        link: the connection.
        put: sets a topic: `obs_controls`, `obs_alarms`, `meters`.
        watched: whether anybody subscribes to a topic.
        limits: what is an alarm; others may be put in its place.
        wanted: scenes that the show on air goes to.
    """

    def __init__(
        self,
        link: ObsLink,
        put: Callable[[str, Any], None],
        watched: Callable[[str], bool],
        limits: Limits,
        wanted: Callable[[], Sequence[str]],
    ) -> None:
        self._link = link
        self._put = put
        self._watched = watched
        self.limits = limits
        self._wanted = wanted
        self._alarms = Alarms()
        self._wake = Signal()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._put("obs_alarms", [])
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Look no more."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def wake(self, *_event: object) -> None:
        """Something of OBS changed: look soon."""
        self._wake.set()

    def look(self) -> Any:
        """Read OBS now and set the topic; its value.

        Raises:
            ObsUnavailable: no connection.
        """
        state = self._link.state
        seen = survey.take(self._link, self._link.known, state.program, tuple(state.inputs))
        ended = frozenset(output for output, at in state.ended.items() if now_ms() - at < ENDED_MS)
        missing = sorted(set(self._wanted()) - set(state.scenes))
        found = self._alarms.judge(seen.load, Trouble(ended, missing), self.limits, time.monotonic())
        value = {
            **seen.value,
            "known": sorted(CONTROLS & self._link.known),
            "load": asdict(seen.load) if seen.load else None,
            "alarms": [asdict(alarm) for alarm in found],
        }
        self._put("obs_controls", value)
        self._put("obs_alarms", value["alarms"])
        return value

    def _take_meters(self, data: Json) -> None:
        self._put("meters", levels(data))

    def _run(self) -> None:
        while True:
            watched = self._watched("obs_controls")
            if self._wake.wait(WATCHED_S if watched else UNWATCHED_S):
                gevent.sleep(SETTLE_S)
            self._wake.clear()
            if not self._link.connected:
                self._alarms.forget()
                self._put("obs_controls", None)
                self._put("obs_alarms", [])
                self._put("meters", None)
                continue
            try:
                self.look()
                self._link.meter(self._take_meters if self._watched("meters") else None)
            except StudioError as error:
                _log.debug("OBS not read: %s", error.en)
            except Exception:
                _log.exception("OBS not read")


CONTROLS = frozenset(
    {
        "SetSceneItemEnabled",
        "SetCurrentSceneTransition",
        "SetCurrentSceneTransitionDuration",
        "SetStudioModeEnabled",
        "TriggerStudioModeTransition",
        "SetInputVolume",
        "StartReplayBuffer",
        "SaveReplayBuffer",
        "StartStream",
        "PauseRecord",
        "SetCurrentSceneCollection",
        "SetCurrentProfile",
    }
)
"""Requests behind the controls: a control whose request this OBS lacks is not offered."""


def levels(data: Json) -> dict[str, float]:
    """Input name → loudest channel's peak in dBFS, of an InputVolumeMeters event (channels: magnitude, peak, raw)."""
    found: dict[str, float] = {}
    for each in as_array(data.get("inputs")):
        row = as_object(each)
        peaks = [as_array(channel)[1] for channel in as_array(row.get("inputLevelsMul")) if len(as_array(channel)) > 1]
        loudest = max((peak for peak in peaks if isinstance(peak, int | float)), default=0.0)
        name = row.get("inputName")
        if isinstance(name, str):
            found[name] = round(max(QUIETEST_DB, 20 * log10(loudest)), 1) if loudest > 0 else QUIETEST_DB
    return found
