"""The whole of what the studio shows about OBS: read from it, and kept current from its events."""

import dataclasses
from enum import Flag, auto
from typing import Any

from studio.events import ObsChanged
from studio.obs.client import ObsClient
from studio.obs.frames import Json, Step, as_array, as_object
from studio.types import Ms, now_ms


class Stale(Flag):
    """What an event made doubtful, to be read from OBS again."""

    NOTHING = 0
    SCENES = auto()
    INPUTS = auto()
    OUTPUTS = auto()
    ALL = SCENES | INPUTS | OUTPUTS


# events that say less than a fresh look does; a burst of them costs one look
_DOUBTS = {
    "SceneCreated": Stale.SCENES,
    "SceneRemoved": Stale.SCENES,
    "SceneNameChanged": Stale.SCENES,
    "SceneListChanged": Stale.SCENES,
    # CurrentProgramSceneChanged comes when the transition has ended; hosts press on before that
    "SceneTransitionStarted": Stale.SCENES,
    "StudioModeStateChanged": Stale.SCENES,
    "InputCreated": Stale.INPUTS,
    "InputRemoved": Stale.INPUTS,
    "InputNameChanged": Stale.INPUTS,
    "CurrentSceneCollectionChanged": Stale.ALL,
}
_RECORDING_ENDS = frozenset({"OBS_WEBSOCKET_OUTPUT_STOPPING", "OBS_WEBSOCKET_OUTPUT_STOPPED"})


def read(client: ObsClient, known: ObsChanged, stale: Stale = Stale.ALL) -> ObsChanged:
    """Ask OBS for the doubtful parts; the rest is taken from `known`.

    Raises:
        StudioError: as `ObsClient.batch`.
    """
    fresh = known
    if Stale.SCENES in stale:
        scenes, studio_mode = _ask(client, "GetSceneList", "GetStudioModeEnabled")
        # OBS counts scenes from the bottom of its list; hosts read it from the top
        listed = sorted(map(as_object, as_array(scenes.get("scenes"))), key=lambda s: -int(s.get("sceneIndex", 0)))
        fresh = dataclasses.replace(
            fresh,
            scenes=tuple(str(scene["sceneName"]) for scene in listed),
            program=_name(scenes.get("currentProgramSceneName")),
            preview=_name(scenes.get("currentPreviewSceneName")),
            studio_mode=bool(studio_mode.get("studioModeEnabled")),
        )
    if Stale.INPUTS in stale:
        fresh = dataclasses.replace(fresh, inputs=_read_inputs(client))
    if Stale.OUTPUTS in stale:
        record, stream = _ask(client, "GetRecordStatus", "GetStreamStatus")
        recording = bool(record.get("outputActive"))
        fresh = dataclasses.replace(
            fresh,
            recording=recording,
            recording_ms=Ms(now_ms() - int(record.get("outputDuration") or 0)) if recording else None,
            streaming=bool(stream.get("outputActive")),
        )
    return fresh


def apply(known: ObsChanged, event: str, data: Json) -> tuple[ObsChanged, Stale]:
    """The state after one OBS event, and what has to be read again because of it."""
    stale = _DOUBTS.get(event, Stale.NOTHING)
    match event:
        case "CurrentProgramSceneChanged":
            known = dataclasses.replace(known, program=_name(data.get("sceneName")))
        case "CurrentPreviewSceneChanged":
            known = dataclasses.replace(known, preview=_name(data.get("sceneName")))
        case "StudioModeStateChanged":
            known = dataclasses.replace(known, studio_mode=bool(data.get("studioModeEnabled")))
        case "InputMuteStateChanged":
            name, muted = str(data.get("inputName")), bool(data.get("inputMuted"))
            known = dataclasses.replace(known, inputs={**known.inputs, name: muted})
        case "RecordStateChanged":
            known = _recorded(known, active=bool(data.get("outputActive")), state=str(data.get("outputState")))
        case "StreamStateChanged":
            known = dataclasses.replace(known, streaming=bool(data.get("outputActive")))
        case _:
            pass
    return known, stale


def recorded_path(event: str, data: Json) -> str | None:
    """The file that an event says OBS has closed."""
    ended = event == "RecordStateChanged" and data.get("outputState") == "OBS_WEBSOCKET_OUTPUT_STOPPED"
    path = data.get("outputPath") if ended else None
    return path if isinstance(path, str) and path else None


def _recorded(known: ObsChanged, *, active: bool, state: str) -> ObsChanged:
    if state in _RECORDING_ENDS or not active:
        return dataclasses.replace(known, recording=False, recording_ms=None)
    # pausing and resuming are active too and keep the first start
    return dataclasses.replace(known, recording=True, recording_ms=known.recording_ms or now_ms())


def _read_inputs(client: ObsClient) -> dict[str, bool]:
    (listed,) = _ask(client, "GetInputList")
    names = [str(as_object(row)["inputName"]) for row in as_array(listed.get("inputs"))]
    answers = client.batch([Step("GetInputMute", {"inputName": name}) for name in names], halt_on_failure=False)
    # OBS has no list of audio inputs: asking the others for their mute fails with 604
    return {
        name: bool(answer.get("inputMuted"))
        for name, answer in zip(names, answers, strict=False)
        if isinstance(answer, dict)
    }


def _ask(client: ObsClient, *requests: str) -> list[Json]:
    return [as_object(answer) for answer in client.batch([Step(request) for request in requests])]


def _name(value: Any) -> str | None:
    # just after its start OBS names no scene, or the empty one
    return value if isinstance(value, str) and value else None
