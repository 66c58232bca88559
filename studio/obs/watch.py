"""Looks after a connected OBS: its controls and figures for the page, alarms in time, meters while somebody looks."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from math import log10
from typing import Any

import gevent
from gevent.event import Event as Signal

from studio.errors import StudioError
from studio.obs import alarms, survey
from studio.obs.frames import Json, as_array, as_object
from studio.obs.link import ObsLink

_log = logging.getLogger(__name__)

WATCHED_S, UNWATCHED_S = 1.0, 5.0
QUIETEST_DB = -100.0


class ObsWatch:
    """A part of the studio: one greenlet that looks while OBS is connected.

    Args:
        link: the connection.
        put: sets a topic: `obs_controls`, `meters`.
        watched: whether anybody subscribes to a topic.
        limits: what is an alarm; others may be put in its place.
    """

    def __init__(
        self,
        link: ObsLink,
        put: Callable[[str, Any], None],
        watched: Callable[[str], bool],
        limits: alarms.Limits,
    ) -> None:
        self._link = link
        self._put = put
        self._watched = watched
        self.limits = limits
        self._before: survey.Load | None = None
        self._wake = Signal()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin to look."""
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
        found = alarms.alarms(self._before, seen.load, self.limits) if seen.load else []
        self._before = seen.load
        value = {
            **seen.value,
            "known": sorted(CONTROLS & self._link.known),
            "load": asdict(seen.load) if seen.load else None,
            "alarms": [asdict(alarm) for alarm in found],
        }
        self._put("obs_controls", value)
        return value

    def _take_meters(self, data: Json) -> None:
        self._put("meters", levels(data))

    def _run(self) -> None:
        while True:
            watched = self._watched("obs_controls")
            self._wake.wait(WATCHED_S if watched else UNWATCHED_S)
            self._wake.clear()
            if not self._link.connected:
                self._before = None
                self._put("obs_controls", None)
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
