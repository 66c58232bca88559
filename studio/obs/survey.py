"""All that the control page shows of OBS beside scenes and mutes, read in two batches every few seconds.

Which requests an OBS knows differs by version: it is asked once (GetVersion), and what it does not know is left out.
Source: obs-websocket 5 protocol, https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.obs.frames import Json, Step, as_array, as_number, as_object

_SILENT_DB = -100.0  # OBS's own word for a fader at the bottom
_FIRST = (
    "GetStats",
    "GetStreamStatus",
    "GetRecordStatus",
    "GetReplayBufferStatus",
    "GetSceneTransitionList",
    "GetCurrentSceneTransition",
    "GetSceneCollectionList",
    "GetProfileList",
)


class Obs(Protocol):
    """What a survey needs of the link."""

    def ask_each(self, steps: Sequence[Step]) -> list[Json | None]: ...


@dataclass(frozen=True, slots=True)
class Load:
    """Counters of one moment; frames count from OBS's start or the stream's.

    disk_mb: free where recordings go, None where OBS does not tell.
    """

    cpu_percent: float
    memory_mb: float
    disk_mb: float | None
    fps: float
    render_skipped: int
    render_total: int
    encode_skipped: int
    encode_total: int
    stream_skipped: int
    stream_total: int
    reconnecting: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """value: what the topic `obs_controls` holds, without alarms."""

    value: Json
    load: Load | None


def take(obs: Obs, known: Collection[str], program: str | None, inputs: Collection[str]) -> Survey:
    """Ask OBS.

    Args:
        obs: the link.
        known: requests that this OBS answers.
        program: scene on program, whose items are listed.
        inputs: audio inputs, whose volume is read.

    Raises:
        ObsUnavailable: no connection.
    """
    asked = [name for name in _FIRST if name in known]
    steps = [Step(name) for name in asked]
    steps += [Step("GetInputVolume", {"inputName": name}) for name in inputs]
    if program is not None:
        steps.append(Step("GetSceneItemList", {"sceneName": program}))
    answers = obs.ask_each(steps)
    told = {name: as_object(answer) for name, answer in zip(asked, answers, strict=False) if answer is not None}
    volumes = answers[len(asked) : len(asked) + len(inputs)]
    items = answers[-1] if program is not None and answers else None
    stream, record = told.get("GetStreamStatus", {}), told.get("GetRecordStatus", {})
    value: Json = {
        "scene": program,
        "items": _items(items),
        "volumes": {
            name: round(as_number(answer.get("inputVolumeDb"), _SILENT_DB), 1)
            for name, answer in zip(inputs, volumes, strict=False)
            if answer is not None
        },
        "transition": _transition(told),
        "stream": {"active": bool(stream.get("outputActive")), "reconnecting": bool(stream.get("outputReconnecting"))},
        "record": {"active": bool(record.get("outputActive")), "paused": bool(record.get("outputPaused"))},
        # None: this OBS has no replay buffer, or none is set up
        "replay": _replay(told.get("GetReplayBufferStatus")),
        "collection": _choice(told.get("GetSceneCollectionList"), "currentSceneCollectionName", "sceneCollections"),
        "profile": _choice(told.get("GetProfileList"), "currentProfileName", "profiles"),
    }
    stats = told.get("GetStats")
    return Survey(value, _load(stats, stream) if stats is not None else None)


def _items(answer: Json | None) -> list[Json]:
    listed = [as_object(item) for item in as_array(as_object(answer).get("sceneItems"))]
    # OBS counts from the back; hosts read the list from the front
    listed.sort(key=lambda item: -as_number(item.get("sceneItemIndex")))
    return [
        {
            "id": int(as_number(item.get("sceneItemId"))),
            "source": str(item.get("sourceName")),
            "visible": bool(item.get("sceneItemEnabled")),
        }
        for item in listed
    ]


def _transition(told: dict[str, Json]) -> Json | None:
    listed, current = told.get("GetSceneTransitionList"), told.get("GetCurrentSceneTransition", {})
    if listed is None:
        return None
    fixed = bool(current.get("transitionFixed"))
    return {
        "name": listed.get("currentSceneTransitionName"),
        "names": [str(as_object(each).get("transitionName")) for each in as_array(listed.get("transitions"))],
        "duration_ms": None if fixed else current.get("transitionDuration"),
    }


def _replay(status: Json | None) -> Json | None:
    return None if status is None else {"active": bool(status.get("outputActive"))}


def _choice(answer: Json | None, current: str, names: str) -> Json | None:
    if answer is None:
        return None
    return {"name": answer.get(current), "names": [str(name) for name in as_array(answer.get(names))]}


def _load(stats: Json, stream: Json) -> Load:
    disk = as_number(stats.get("availableDiskSpace"), -1)
    return Load(
        cpu_percent=round(as_number(stats.get("cpuUsage")), 1),
        memory_mb=round(as_number(stats.get("memoryUsage"))),
        disk_mb=round(disk) if disk >= 0 else None,
        fps=round(as_number(stats.get("activeFps")), 1),
        render_skipped=int(as_number(stats.get("renderSkippedFrames"))),
        render_total=int(as_number(stats.get("renderTotalFrames"))),
        encode_skipped=int(as_number(stats.get("outputSkippedFrames"))),
        encode_total=int(as_number(stats.get("outputTotalFrames"))),
        stream_skipped=int(as_number(stream.get("outputSkippedFrames"))),
        stream_total=int(as_number(stream.get("outputTotalFrames"))),
        reconnecting=bool(stream.get("outputReconnecting")),
    )
