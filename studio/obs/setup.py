"""One-click set-up of OBS: what is missing or wrong is listed first, then done in one batch, and can be undone.

Run twice, it changes nothing the second time. A source that the host deleted is put back, a changed address corrected;
where a camera stands in a scene is the host's business once it stands there.
Source of the requests: obs-websocket 5 protocol, RequestBatch with variables.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from studio.errors import ObsRequestFailed
from studio.obs.frames import Json, Step, as_array, as_object
from studio.obs.layout import (
    BROWSER,
    CAMERA,
    OVERLAY,
    PAPER,
    SCENES,
    SECOND_CAMERA,
    Canvas,
    Item,
    Orientation,
    Scene,
    Source,
    sources,
    transform,
)

OverlayUrl = Callable[[Orientation], str]
_GOING_S = 3.0
_LOOK_AGAIN_S = 0.05
_OWN = frozenset({CAMERA, SECOND_CAMERA, OVERLAY, PAPER})


class Obs(Protocol):
    """What set-up needs of the link."""

    def ask(self, request: str, data: Json | None = None) -> Json: ...

    def ask_all(self, steps: Sequence[Step]) -> list[Json]: ...

    def ask_each(self, steps: Sequence[Step]) -> list[Json | None]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do, in words and as steps of the batch."""

    scene: str | None
    source: str | None
    zh: str
    en: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What set-up would do now. browser: this OBS has browser sources; without them overlays are left out."""

    canvas: Canvas
    browser: bool
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Journal:
    """What set-up has done so far, for undoing it."""

    scenes: list[str] = field(default_factory=list[str])
    inputs: list[str] = field(default_factory=list[str])
    items: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    settings: dict[str, Json] = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class Found:
    """How OBS stands: our scenes with their items (source → id and transform), all inputs, kinds, canvas."""

    canvas: Canvas
    kinds: frozenset[str]
    scenes: dict[str, dict[str, Json]]
    inputs: frozenset[str]
    settings: dict[str, Json]


def look(obs: Obs) -> Found:
    """Read how OBS stands.

    Raises:
        ObsUnavailable: no connection.
    """
    video, kinds, scene_list, input_list = obs.ask_all(
        [Step("GetVideoSettings"), Step("GetInputKindList"), Step("GetSceneList"), Step("GetInputList")]
    )
    present = {str(as_object(scene).get("sceneName")) for scene in as_array(scene_list.get("scenes"))}
    ours = [scene.name for scene in SCENES if scene.name in present]
    inputs = frozenset(str(as_object(each).get("inputName")) for each in as_array(input_list.get("inputs")))
    # what OBS lists may be on its way out: then it refuses to tell more
    items = obs.ask_each([Step("GetSceneItemList", {"sceneName": name}) for name in ours])
    known = [name for name in (PAPER, OVERLAY) if name in inputs]
    settings = obs.ask_each([Step("GetInputSettings", {"inputName": name}) for name in known])
    going = {name for name, answer in zip(known, settings, strict=True) if answer is None}
    return Found(
        Canvas(int(video["baseWidth"]), int(video["baseHeight"])),
        frozenset(map(str, as_array(kinds.get("inputKinds")))),
        {name: _by_source(answer) for name, answer in zip(ours, items, strict=True) if answer is not None},
        inputs - going,
        {name: as_object(answer.get("inputSettings")) for name, answer in zip(known, settings, strict=True) if answer},
    )


def plan(found: Found, overlay_url: OverlayUrl) -> Plan:
    """What is missing or wrong, in the order in which it is to be done."""
    wanted = {source.name: source for source in sources(found.canvas, overlay_url(found.canvas.orientation))}
    browser = _kind(found, BROWSER) is not None
    if not browser:
        del wanted[OVERLAY]
    changes: list[Change] = [_add_scene(scene) for scene in SCENES if scene.name not in found.scenes]
    created: set[str] = set()
    for scene in SCENES:
        for place, item in enumerate(scene.items):
            if item.source == OVERLAY and not browser:
                continue
            there = found.scenes.get(scene.name, {}).get(item.source)
            if there is None:
                new = item.source in wanted and item.source not in found.inputs and item.source not in created
                changes.append(_add_item(found, scene, place, item, wanted[item.source] if new else None))
                created.add(item.source)
            elif item.source in wanted and _is_moved(there, transform(found.canvas, item.zoom)):
                changes.append(_put_back(found, scene, item, there))
    changes += [
        _correct(source, found.settings[name])
        for name, source in wanted.items()
        if name in found.settings and _differing(source, found.settings[name])
    ]
    return Plan(found.canvas, browser, tuple(changes))


def apply(obs: Obs, found: Found, planned: Plan, journal: Journal) -> None:
    """Do what the plan says, in one batch; `journal` learns what was done, also when a step is refused.

    Raises:
        ObsRequestFailed: OBS refused a step; what was done before it stays and is no longer in the next plan.
        ObsUnavailable: no connection.
    """
    steps = [step for change in planned.changes for step in change.steps]
    done = 0
    try:
        obs.ask_all(steps)
        done = len(steps)
    except ObsRequestFailed as error:
        done = int(error.details.get("step", 0))
        raise
    finally:
        for step in steps[:done]:
            _note(journal, step, found)


def undo(obs: Obs, journal: Journal) -> list[str]:
    """Take back what one set-up made; returns the scenes that stay because the host has put something into them.

    Raises:
        ObsUnavailable: no connection.
    """
    found = look(obs)
    steps: list[Step] = []
    for scene, source in journal.items:
        item = found.scenes.get(scene, {}).get(source)
        if item is not None and scene not in journal.scenes:
            steps.append(Step("RemoveSceneItem", {"sceneName": scene, "sceneItemId": item["sceneItemId"]}))
    for name, settings in journal.settings.items():
        if name in found.inputs:
            steps.append(Step("SetInputSettings", {"inputName": name, "inputSettings": settings, "overlay": False}))
    kept = [name for name in journal.scenes if set(found.scenes.get(name, {})) - _OWN]
    going = [name for name in reversed(journal.scenes) if name in found.scenes and name not in kept]
    # items first: a removed source lives on in scenes that are not on screen, and OBS goes on listing it
    steps += [
        Step("RemoveSceneItem", {"sceneName": name, "sceneItemId": item["sceneItemId"]})
        for name in [*going, *kept]
        for source, item in found.scenes[name].items()
        if source in _OWN
    ]
    steps += [Step("RemoveScene", {"sceneName": name}) for name in going]
    steps += [Step("RemoveInput", {"inputName": name}) for name in journal.inputs if name in found.inputs]
    if steps:
        obs.ask_each(steps)  # what is gone already is refused, and that is well
    gone = {PAPER, OVERLAY}.intersection(journal.inputs)
    until = time.monotonic() + _GOING_S  # OBS removes in its own time
    while time.monotonic() < until:
        found = look(obs)
        if not gone & found.inputs and not set(going) & set(found.scenes):
            break
        time.sleep(_LOOK_AGAIN_S)
    return kept


def _note(journal: Journal, step: Step, found: Found) -> None:
    data = step.data
    match step.request:
        case "CreateScene":
            journal.scenes.append(data["sceneName"])
        case "CreateInput":
            journal.inputs.append(data["inputName"])
        case "CreateSceneItem":
            journal.items.append((data["sceneName"], data["sourceName"]))
        case "SetInputSettings":  # the oldest ones are the host's
            journal.settings.setdefault(data["inputName"], found.settings[data["inputName"]])
        case _:
            pass


def _by_source(answer: Json) -> dict[str, Json]:
    return {str(as_object(item).get("sourceName")): as_object(item) for item in as_array(answer.get("sceneItems"))}


def _kind(found: Found, beginning: str) -> str | None:
    """The newest version of a kind that this OBS has: color_source_v3 before color_source."""
    return max((kind for kind in found.kinds if kind.startswith(beginning)), default=None)


def _add_scene(scene: Scene) -> Change:
    step = Step("CreateScene", {"sceneName": scene.name})
    return Change(scene.name, None, f"新建场景“{scene.name}”", f"new scene '{scene.name}'", (step,))


def _add_item(found: Found, scene: Scene, place: int, item: Item, source: Source | None) -> Change:
    variable = f"item-{scene.name}-{item.source}"
    here = {"sceneName": scene.name}
    if source is not None:
        data = {**here, "inputName": source.name, "inputKind": _kind(found, source.kind) or source.kind}
        first = Step("CreateInput", {**data, "inputSettings": dict(source.settings)}, keeps={variable: "sceneItemId"})
        zh, en = f"在“{scene.name}”里新建“{item.source}”", f"new source '{item.source}' in '{scene.name}'"
    else:
        first = Step("CreateSceneItem", {**here, "sourceName": item.source}, keeps={variable: "sceneItemId"})
        zh, en = f"把“{item.source}”放进“{scene.name}”", f"'{item.source}' into '{scene.name}'"
    takes = {"sceneItemId": variable}
    steps = (
        first,
        Step("SetSceneItemTransform", {**here, "sceneItemTransform": transform(found.canvas, item.zoom)}, takes=takes),
        Step("SetSceneItemIndex", {**here, "sceneItemIndex": place}, takes=takes),
    )
    return Change(scene.name, item.source, zh, en, steps)


def _put_back(found: Found, scene: Scene, item: Item, there: Json) -> Change:
    data = {"sceneName": scene.name, "sceneItemId": there["sceneItemId"]}
    step = Step("SetSceneItemTransform", {**data, "sceneItemTransform": transform(found.canvas, item.zoom)})
    zh, en = f"“{scene.name}”里的“{item.source}”放回满屏", f"'{item.source}' in '{scene.name}' back to full size"
    return Change(scene.name, item.source, zh, en, (step,))


def _correct(source: Source, settings: Json) -> Change:
    changed = {name: source.settings[name] for name in _differing(source, settings)}
    step = Step("SetInputSettings", {"inputName": source.name, "inputSettings": changed, "overlay": True})
    return Change(None, source.name, f"改正“{source.name}”的设置", f"correct the settings of '{source.name}'", (step,))


def _differing(source: Source, settings: Json) -> list[str]:
    return [name for name, value in source.settings.items() if settings.get(name) != value]


def _is_moved(there: Json, wanted: Json) -> bool:
    now = as_object(there.get("sceneItemTransform"))
    return any(not _same(now.get(name), value) for name, value in wanted.items())


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 0.5  # noqa: PLR2004 - half a pixel
    return one == other
