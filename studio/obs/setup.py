"""One-click set-up of OBS: what is missing or wrong is listed first, then done in one batch, and can be undone.

Run twice, it changes nothing the second time. A source that the host deleted is put back, a changed address corrected;
where a camera stands in a scene is the host's business once it stands there, and so is whatever stands in a group.
Source of the requests: obs-websocket 5 protocol, RequestBatch with variables.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.errors import Conflict, ObsRequestFailed
from studio.obs import codes
from studio.obs.frames import Json, Step, as_number
from studio.obs.inventory import Found, Obs, Placed
from studio.obs.journal import Journal, noted
from studio.obs.layout import (
    BROWSER,
    OVERLAY,
    SCENES,
    Canvas,
    Item,
    Orientation,
    Scene,
    Source,
    sources,
    transform,
)

_LETTING_GO_S = 2.0
_TRY_AGAIN_S = 0.1

OverlayUrl = Callable[[Orientation], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do in a scene, or to a source wherever it stands: in words and as steps of the batch."""

    scene: str | None
    source: str | None
    zh: str
    en: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something of the host's that has a name of ours, in words: set-up changes nothing before it is renamed."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What set-up would do now. browser: this OBS has browser sources; without them overlays are left out."""

    canvas: Canvas
    browser: bool
    obstacles: tuple[Obstacle, ...]
    changes: tuple[Change, ...]


def plan(found: Found, overlay_url: OverlayUrl) -> Plan:
    """What is missing or wrong, in the order in which it is to be done."""
    wanted = {source.name: source for source in sources(found.canvas, overlay_url(found.canvas.orientation))}
    browser = _kind(found, BROWSER) is not None
    if not browser:
        del wanted[OVERLAY]
    obstacles = tuple(_obstacles(found, wanted))
    if obstacles:
        return Plan(found.canvas, browser, obstacles, ())
    changes = [_add_scene(scene) for scene in SCENES if scene.name not in found.scenes]
    missing = {name: source for name, source in wanted.items() if name not in found.inputs}
    for scene in SCENES:
        changes += _arrange(found, scene, wanted, missing)
    changes += [
        _correct(source, found.settings[name])
        for name, source in wanted.items()
        if name in found.settings and _differing(source, found.settings[name])
    ]
    return Plan(found.canvas, browser, (), tuple(changes))


def apply(obs: Obs, found: Found, planned: Plan, journal: Journal, keep: Callable[[Journal], object]) -> None:
    """Do what the plan says, in one batch; in another what OBS refused while it had not let go of a name.

    Args:
        obs: the link.
        found: what the plan was made from.
        planned: the plan.
        journal: what was done before.
        keep: takes the journal with what is done now. It is called beforehand: when the connection or the studio dies
            in the middle, nobody can tell how far OBS came, and undoing passes over what is not there.

    Raises:
        Conflict: something of the host's is in the way; nothing was done.
        ObsRequestFailed: OBS refused a step; what was done before it stays and is no longer in the next plan.
        ObsUnavailable: no connection.
    """
    if planned.obstacles:
        raise Conflict(
            "；".join(each.zh for each in planned.obstacles), "; ".join(each.en for each in planned.obstacles)
        )
    steps = [step for change in planned.changes for step in change.steps]
    if not steps:
        return
    keep(noted(journal, steps, found))
    try:
        _do(obs, steps)
    except ObsRequestFailed as error:
        keep(noted(journal, steps[: int(error.details.get("step", 0))], found))
        raise


def _do(obs: Obs, steps: Sequence[Step]) -> None:
    """A failure's details name the step among all of them."""
    done, until = 0, None
    while True:
        try:
            obs.ask_all(steps[done:])
        except ObsRequestFailed as error:
            done += int(error.details.get("step", 0))
            error.details["step"] = done
            now = time.monotonic()
            until = until or now + _LETTING_GO_S
            if now > until or not _is_taken(steps[done], error):
                raise
            time.sleep(_TRY_AGAIN_S)
        else:
            return


def _is_taken(step: Step, error: ObsRequestFailed) -> bool:
    # the plan creates only what OBS did not have: it removes in its own time, and a busy one keeps the name meanwhile
    return step.request in {"CreateScene", "CreateInput"} and error.details["obs_code"] == codes.RESOURCE_EXISTS


def _obstacles(found: Found, wanted: Mapping[str, Source]) -> Iterator[Obstacle]:
    for scene in SCENES:
        if scene.name in found.inputs or scene.name in found.groups:
            yield Obstacle(
                scene.name,
                f"OBS 里有个来源或分组也叫“{scene.name}”，这个名字要给场景用：请给它改名",
                f"a source or group of OBS is called '{scene.name}', which is to be a scene: rename it",
            )
    for name, source in wanted.items():
        kind = found.inputs.get(name, source.kind)
        if name in found.scenes or name in found.groups or not kind.startswith(source.kind):
            yield Obstacle(
                name,
                f"OBS 里有个别的东西也叫“{name}”：请给它改名",
                f"something else in OBS is called '{name}': rename it",
            )


def _kind(found: Found, beginning: str) -> str | None:
    """The newest version of a kind that this OBS has: color_source_v3 before color_source."""
    return max((kind for kind in found.kinds if kind.startswith(beginning)), default=None)


def _add_scene(scene: Scene) -> Change:
    step = Step("CreateScene", {"sceneName": scene.name})
    return Change(scene.name, None, "新建场景", "new scene", (step,))


def _arrange(found: Found, scene: Scene, wanted: Mapping[str, Source], missing: dict[str, Source]) -> Iterator[Change]:
    """What stands in a scene; a source that is created leaves `missing`."""
    added = 0
    for place, item in enumerate(scene.items):
        if item.source == OVERLAY and OVERLAY not in wanted:
            continue
        there = found.placed(scene.name, item.source)
        if there is None:
            added += 1
            yield _add_item(found, scene, item, missing.pop(item.source, None), back=place == 0)
        elif not there.grouped:
            yield from _mend_item(found, scene, item, there, ours=item.source in wanted)
    stack = [each.source for each in found.stack(scene.name)]
    if OVERLAY in wanted and OVERLAY in stack:
        behind = stack[stack.index(OVERLAY) :]
        if any(item.source in behind for item in scene.items if item.source != OVERLAY):
            yield _raise_overlay(found, scene, len(stack) - 1 + added)


def _add_item(found: Found, scene: Scene, item: Item, source: Source | None, *, back: bool) -> Change:
    """OBS puts what is new in front."""
    variable = f"item-{scene.name}-{item.source}"
    here = {"sceneName": scene.name}
    if source is not None:
        data = {**here, "inputName": source.name, "inputKind": _kind(found, source.kind) or source.kind}
        first = Step("CreateInput", {**data, "inputSettings": dict(source.settings)}, keeps={variable: "sceneItemId"})
        zh, en = f"新建“{item.source}”", f"new source '{item.source}'"
    else:
        first = Step("CreateSceneItem", {**here, "sourceName": item.source}, keeps={variable: "sceneItemId"})
        zh, en = f"放进“{item.source}”", f"put in '{item.source}'"
    takes = {"sceneItemId": variable}
    steps = [
        first,
        Step("SetSceneItemTransform", {**here, "sceneItemTransform": transform(found.canvas, item.zoom)}, takes=takes),
    ]
    if back:
        steps.append(Step("SetSceneItemIndex", {**here, "sceneItemIndex": 0}, takes=takes))
    return Change(scene.name, item.source, zh, en, tuple(steps))


def _mend_item(found: Found, scene: Scene, item: Item, there: Placed, *, ours: bool) -> Iterator[Change]:
    """ours: it is to stand where set-up puts it; else only as long as nobody moved it, on another canvas, too."""
    data = {"sceneName": scene.name, "sceneItemId": there.id}
    place = transform(found.canvas, item.zoom)
    name, where = item.source, scene.name
    if ours and not there.visible:
        step = Step("SetSceneItemEnabled", {**data, "sceneItemEnabled": True})
        yield Change(where, name, f"“{name}”重新显示", f"show '{name}' again", (step,))
    if _is_moved(there, place) and (ours or _is_placed_for_another_canvas(there, item.zoom)):
        step = Step("SetSceneItemTransform", {**data, "sceneItemTransform": place})
        zh, en = f"“{name}”放回满屏", f"'{name}' back to full size"
        yield Change(where, name, zh, en, (step,))


def _raise_overlay(found: Found, scene: Scene, index: int) -> Change:
    there = next(each for each in found.stack(scene.name) if each.source == OVERLAY)
    step = Step("SetSceneItemIndex", {"sceneName": scene.name, "sceneItemId": there.id, "sceneItemIndex": index})
    zh, en = f"“{OVERLAY}”放到最前面", f"'{OVERLAY}' to the front"
    return Change(scene.name, OVERLAY, zh, en, (step,))


def _correct(source: Source, settings: Json) -> Change:
    changed = {name: source.settings[name] for name in _differing(source, settings)}
    step = Step("SetInputSettings", {"inputName": source.name, "inputSettings": changed, "overlay": True})
    return Change(None, source.name, f"改正“{source.name}”的设置", f"correct the settings of '{source.name}'", (step,))


def _differing(source: Source, settings: Json) -> list[str]:
    # OBS tells only what differs from its defaults, and our switches are off by default
    return [
        name
        for name, value in source.settings.items()
        if settings.get(name, False if value is False else None) != value
    ]


def _is_moved(there: Placed, wanted: Json) -> bool:
    return any(not _same(there.transform.get(name), value) for name, value in wanted.items())


def _is_placed_for_another_canvas(there: Placed, zoom: float) -> bool:
    width, height = (as_number(there.transform.get(name)) / zoom for name in ("boundsWidth", "boundsHeight"))
    return width >= 1 and height >= 1 and not _is_moved(there, transform(Canvas(round(width), round(height)), zoom))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 0.5  # noqa: PLR2004 - half a pixel
    return one == other
