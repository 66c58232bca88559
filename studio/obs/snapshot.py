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


class Snapshot:
    """What is known of one connection's OBS.

    Attributes:
        value: everything the studio shows, whole.
    """

    def __init__(self, version: str) -> None:
        self.value = ObsChanged(state="connected", version=version)
        self._removed: set[str] = set()

    def read(self, client: ObsClient, stale: Stale = Stale.ALL) -> None:
        """Ask OBS for the doubtful parts.

        Raises:
            StudioError: as `ObsClient.batch`.
        """
        if Stale.SCENES in stale:
            scenes, studio_mode = _ask(client, "GetSceneList", "GetStudioModeEnabled")
            # OBS counts scenes from the bottom of its list; hosts read it from the top
            listed = sorted(map(as_object, as_array(scenes.get("scenes"))), key=lambda s: -int(s.get("sceneIndex", 0)))
            self._change(
                scenes=tuple(str(scene["sceneName"]) for scene in listed),
                program=_name(scenes.get("currentProgramSceneName")),
                preview=_name(scenes.get("currentPreviewSceneName")),
                studio_mode=bool(studio_mode.get("studioModeEnabled")),
            )
        if Stale.INPUTS in stale:
            inputs = _read_inputs(client)
            # OBS goes on listing a removed input until the scene it was in is next rendered
            self._change(inputs={name: muted for name, muted in inputs.items() if name not in self._removed})
        if Stale.OUTPUTS in stale:
            record, stream = _ask(client, "GetRecordStatus", "GetStreamStatus")
            recording = bool(record.get("outputActive"))
            self._change(
                recording=recording,
                recording_ms=Ms(now_ms() - int(record.get("outputDuration") or 0)) if recording else None,
                streaming=bool(stream.get("outputActive")),
            )

    def apply(self, event: str, data: Json) -> Stale:
        """Take in one OBS event; returns what has to be read again because of it."""
        match event:
            case "CurrentProgramSceneChanged":
                self._change(program=_name(data.get("sceneName")))
            case "CurrentPreviewSceneChanged":
                self._change(preview=_name(data.get("sceneName")))
            case "StudioModeStateChanged":
                self._change(studio_mode=bool(data.get("studioModeEnabled")))
            case "InputCreated" | "InputNameChanged":
                self._removed.discard(str(data.get("inputName")))
            case "InputRemoved":
                self._removed.add(str(data.get("inputName")))
            case "InputMuteStateChanged":
                name, muted = str(data.get("inputName")), bool(data.get("inputMuted"))
                self._change(inputs={**self.value.inputs, name: muted})
            case "RecordStateChanged":
                self._record(active=bool(data.get("outputActive")))
            case "StreamStateChanged":
                self._change(streaming=bool(data.get("outputActive")))
            case "CurrentSceneCollectionChanged":
                self._removed.clear()
            case _:
                pass
        return _DOUBTS.get(event, Stale.NOTHING)

    def _record(self, *, active: bool) -> None:
        # pausing and resuming are active too and keep the first start; starting and stopping are not
        start = self.value.recording_ms or now_ms()
        self._change(recording=active, recording_ms=start if active else None)

    def _change(self, **fields: Any) -> None:
        self.value = dataclasses.replace(self.value, **fields)


def recorded_path(event: str, data: Json) -> str | None:
    """The file that an event says OBS has closed."""
    ended = event == "RecordStateChanged" and data.get("outputState") == "OBS_WEBSOCKET_OUTPUT_STOPPED"
    path = data.get("outputPath") if ended else None
    return path if isinstance(path, str) and path else None


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
