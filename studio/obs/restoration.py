"""Undoing a set-up: what it made goes, what it changed is as before, and what the host uses himself stays."""

import time

from studio.errors import Conflict
from studio.obs.frames import Json, Step, as_number, as_object
from studio.obs.inventory import Found, Obs, look
from studio.obs.journal import Journal
from studio.obs.layout import CAMERA, OVERLAY, PAPER, SECOND_CAMERA

_GOING_S = 3.0
_LOOK_AGAIN_S = 0.05
_OWN = frozenset({CAMERA, SECOND_CAMERA, OVERLAY, PAPER})
_PLACE = (
    *("positionX", "positionY", "rotation", "scaleX", "scaleY", "alignment"),
    *("boundsType", "boundsAlignment", "boundsWidth", "boundsHeight"),
    *("cropLeft", "cropRight", "cropTop", "cropBottom"),
)
"""What may be set of a SceneItemTransform."""


def undo(obs: Obs, journal: Journal) -> list[str]:
    """Take back what set-up did; returns the scenes and sources that stay because the host uses them himself.

    Raises:
        Conflict: OBS records or streams.
        ObsUnavailable: no connection.
    """
    outputs = obs.ask_each([Step("GetRecordStatus"), Step("GetStreamStatus")])
    if any(as_object(each).get("outputActive") for each in outputs):
        raise Conflict(
            "正在录像或推流，不能撤销布置：先停下来", "recording or streaming: stop before the set-up is undone"
        )
    found = look(obs)
    made = [name for name in dict.fromkeys(journal.scenes) if name in found.scenes]
    kept = _kept(found, journal, made)
    going = [name for name in reversed(made) if name not in kept]
    used = [name for name in journal.inputs if _in_hosts_scene(found, journal, name)]
    removed = [name for name in dict.fromkeys(journal.inputs) if name in found.inputs and name not in used]
    steps = [*_back_on_program(found, journal, going), *_as_before(found, journal, going)]
    # items first: a removed source lives on in scenes that are not on screen, and OBS goes on listing it
    steps += [
        Step("RemoveSceneItem", {"sceneName": name, "sceneItemId": item.id})
        for name in [*going, *kept]
        for item in found.stack(name)
        if item.source in _OWN
    ]
    steps += [
        Step("RemoveSceneItem", {"sceneName": scene, "sceneItemId": item.id})
        for scene, source in dict.fromkeys(journal.items)
        if scene not in made and (item := found.placed(scene, source)) is not None and not item.grouped
    ]
    steps += [Step("RemoveScene", {"sceneName": name}) for name in going]
    steps += [Step("RemoveInput", {"inputName": name}) for name in removed]
    if steps:
        obs.ask_each(steps)  # what is gone already is refused, and that is well
    _wait_until_gone(obs, set(removed), set(going))
    return [*kept, *used]


def _kept(found: Found, journal: Journal, made: list[str]) -> list[str]:
    """Scenes of ours that hold something of the host's, or stand in a scene of his."""
    return [
        name
        for name in made
        if {item.source for item in found.scenes[name]} - _OWN or _in_hosts_scene(found, journal, name)
    ]


def _in_hosts_scene(found: Found, journal: Journal, source: str) -> bool:
    return any(
        found.holds(scene, source)
        for scene in found.scenes
        if scene not in journal.scenes and (scene, source) not in journal.items
    )


def _back_on_program(found: Found, journal: Journal, going: list[str]) -> list[Step]:
    if found.program not in going:
        return []
    staying = [name for name in (journal.program, *found.scenes) if name in found.scenes and name not in going]
    return [Step("SetCurrentProgramScene", {"sceneName": name}) for name in staying[:1]]


def _as_before(found: Found, journal: Journal, going: list[str]) -> list[Step]:
    steps = [
        Step("SetInputSettings", {"inputName": name, "inputSettings": settings, "overlay": False})
        for name, settings in journal.settings.items()
        if name in found.inputs
    ]
    for before in journal.placed:
        item = found.placed(before.scene, before.source)
        if before.scene in going or item is None or item.grouped:
            continue
        data = {"sceneName": before.scene, "sceneItemId": item.id}
        steps += [
            Step("SetSceneItemTransform", {**data, "sceneItemTransform": _settable(before.transform)}),
            Step("SetSceneItemEnabled", {**data, "sceneItemEnabled": before.visible}),
            Step("SetSceneItemIndex", {**data, "sceneItemIndex": before.index}),
        ]
    return steps


def _settable(transform: Json) -> Json:
    """OBS tells bounds of 0, which it refuses to take."""
    return {
        name: transform[name]
        for name in _PLACE
        if name in transform and (name not in {"boundsWidth", "boundsHeight"} or as_number(transform[name]) >= 1)
    }


def _wait_until_gone(obs: Obs, inputs: set[str], scenes: set[str]) -> None:
    until = time.monotonic() + _GOING_S  # OBS removes in its own time
    while time.monotonic() < until:
        found = look(obs)
        if not inputs & set(found.inputs) and not scenes & set(found.scenes):
            return
        time.sleep(_LOOK_AGAIN_S)
