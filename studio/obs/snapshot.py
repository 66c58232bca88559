"""The whole of what the studio shows about OBS: read from it, and kept current from its events."""

import dataclasses
from enum import Flag, auto
from typing import Any, Literal

from studio.events import ObsChanged
from studio.obs.client import ObsClient
from studio.obs.frames import Json, Step, as_array, as_number, as_object
from studio.types import Ms, now_ms

# OBS counts whole frames: a start that moves by less is the same one
_SAME_START_MS = 500
_Output = Literal["recording", "streaming"]
_STATE = "OBS_WEBSOCKET_OUTPUT_"
# OBS's own `outputActive` is false for a paused recording and for a stream that reconnects
_RUNNING = {"STARTED", "PAUSED", "RESUMED", "RECONNECTING", "RECONNECTED"}


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
        self._starting: set[str] = set()
        self._stopping: set[str] = set()

    def read(self, client: ObsClient, stale: Stale = Stale.ALL) -> None:
        """Ask OBS for the doubtful parts.

        Raises:
            StudioError: as `ObsClient.batch`.
        """
        if Stale.SCENES in stale:
            scenes, studio_mode = _ask(client, "GetSceneList", "GetStudioModeEnabled")
            # OBS counts scenes from the bottom of its list; hosts read it from the top
            listed = sorted(
                map(as_object, as_array(scenes.get("scenes"))), key=lambda s: -as_number(s.get("sceneIndex"))
            )
            self._change(
                scenes=tuple(name for scene in listed if (name := _name(scene.get("sceneName")))),
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
            # OBS tells that an output broke off only when its message box is closed, which nobody may have seen yet
            self._note_end("recording", running=bool(record.get("outputActive")), was=self.value.recording)
            self._note_end("streaming", running=bool(stream.get("outputActive")), was=self.value.streaming)
            self._change(
                recording_ms=self._began(record) if self.value.recording else None,
                recording_paused=self.value.recording and bool(record.get("outputPaused")),
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
                state = self._hear_of("recording", data)
                # pausing keeps the first start; how long it lasted is OBS's to say
                start = (self.value.recording_ms or now_ms()) if self.value.recording else None
                self._change(recording_ms=start, recording_paused=state == "PAUSED")
                return Stale.OUTPUTS if state == "RESUMED" else Stale.NOTHING
            case "StreamStateChanged":
                self._hear_of("streaming", data)
            case "CurrentSceneCollectionChanged":
                self._removed.clear()
            case _:
                pass
        return _DOUBTS.get(event, Stale.NOTHING)

    def _hear_of(self, output: _Output, data: Json) -> str:
        """Take in a change of an output; its state without OBS's prefix."""
        state = str(data.get("outputState")).removeprefix(_STATE)
        if state == "STOPPING":  # somebody's doing
            self._stopping.add(output)
            self._forget_end(output)
        elif state != "STOPPED":
            self._stopping.discard(output)
        failed = state == "STOPPED" and output in self._starting
        self._note_end(output, running=state in _RUNNING, was=getattr(self.value, output) or failed)
        if state == "STARTING":
            self._starting.add(output)
        else:
            self._starting.discard(output)
        return state

    def _note_end(self, output: _Output, *, running: bool, was: bool) -> None:
        """Follow an output; one that stops, or never began, without having been told to stop ended by itself."""
        if running:
            self._forget_end(output)
        elif was and output not in self._stopping:
            self._change(ended={**self.value.ended, output: now_ms()})
        self._change(**{output: running})

    def _forget_end(self, output: _Output) -> None:
        self._change(ended={name: at for name, at in self.value.ended.items() if name != output})

    def _began(self, record: Json) -> Ms:
        known, began = self.value.recording_ms, Ms(now_ms() - int(as_number(record.get("outputDuration"))))
        return known if known is not None and abs(began - known) < _SAME_START_MS else began

    def _change(self, **fields: Any) -> None:
        self.value = dataclasses.replace(self.value, **fields)


def recorded_path(event: str, data: Json) -> str | None:
    """The file that an event says OBS has closed."""
    ended = event == "RecordStateChanged" and data.get("outputState") == "OBS_WEBSOCKET_OUTPUT_STOPPED"
    path = data.get("outputPath") if ended else None
    return path if isinstance(path, str) and path else None


def _read_inputs(client: ObsClient) -> dict[str, bool]:
    (listed,) = _ask(client, "GetInputList")
    rows = map(as_object, as_array(listed.get("inputs")))
    names = [name for row in rows if (name := _name(row.get("inputName")))]
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
