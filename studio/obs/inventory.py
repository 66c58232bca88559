"""How OBS stands, as far as set-up is concerned: canvas, kinds of sources, scenes with what is in them, inputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.errors import ObsRequestFailed
from studio.obs.frames import Json, Step, as_array, as_number, as_object
from studio.obs.layout import OVERLAY, PAPER, Canvas


class Obs(Protocol):
    """What set-up needs of the link."""

    def ask(self, request: str, data: Json | None = None) -> Json: ...

    def ask_all(self, steps: Sequence[Step]) -> list[Json]: ...

    def ask_each(self, steps: Sequence[Step]) -> list[Json | None]: ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A source in a scene. grouped: inside a group, where it stands by the host's own hand."""

    source: str
    id: int
    visible: bool
    transform: Json
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """OBS in one moment.

    inputs: name → kind. scenes: each with its items from back to front, those in groups last. settings: of our inputs.
    """

    canvas: Canvas
    collection: str
    program: str | None
    kinds: frozenset[str]
    inputs: dict[str, str]
    groups: frozenset[str]
    scenes: dict[str, tuple[Placed, ...]]
    settings: dict[str, Json]

    def stack(self, scene: str) -> list[Placed]:
        """The scene's own items, from back to front."""
        return [each for each in self.scenes.get(scene, ()) if not each.grouped]

    def placed(self, scene: str, source: str) -> Placed | None:
        """Where the source stands in the scene; of several the one in front."""
        items = sorted(self.scenes.get(scene, ()), key=lambda each: not each.grouped)
        return next((each for each in reversed(items) if each.source == source), None)

    def holds(self, scene: str, source: str) -> bool:
        """Whether the source stands in the scene, be it in a group."""
        return any(each.source == source for each in self.scenes.get(scene, ()))


def look(obs: Obs) -> Found:
    """Read how OBS stands.

    Raises:
        ObsRequestFailed: OBS does not say how large its canvas is.
        ObsUnavailable: no connection.
    """
    video, kinds, scene_list, input_list = obs.ask_all(
        [Step("GetVideoSettings"), Step("GetInputKindList"), Step("GetSceneList"), Step("GetInputList")]
    )
    collections, groups = obs.ask_each([Step("GetSceneCollectionList"), Step("GetGroupList")])
    scenes = [str(as_object(scene).get("sceneName")) for scene in as_array(scene_list.get("scenes"))]
    rows = [as_object(row) for row in as_array(input_list.get("inputs"))]
    inputs = {str(row.get("inputName")): str(row.get("inputKind") or "") for row in rows}
    # what OBS lists may be on its way out: then it refuses to tell more
    items = obs.ask_each([Step("GetSceneItemList", {"sceneName": name}) for name in scenes])
    known = [name for name in (PAPER, OVERLAY) if name in inputs]
    settings = obs.ask_each([Step("GetInputSettings", {"inputName": name}) for name in known]) if known else []
    for name, answer in zip(known, settings, strict=True):
        if answer is None:
            del inputs[name]
    program = scene_list.get("currentProgramSceneName")
    return Found(
        _canvas(video),
        str(as_object(collections).get("currentSceneCollectionName") or ""),
        program if isinstance(program, str) and program else None,
        frozenset(map(str, as_array(kinds.get("inputKinds")))),
        inputs,
        frozenset(map(str, as_array(as_object(groups).get("groups")))),
        _with_groups(obs, {name: answer for name, answer in zip(scenes, items, strict=True) if answer is not None}),
        {name: as_object(answer.get("inputSettings")) for name, answer in zip(known, settings, strict=True) if answer},
    )


def _canvas(video: Json) -> Canvas:
    width, height = (int(as_number(video.get(name))) for name in ("baseWidth", "baseHeight"))
    if width < 1 or height < 1:
        raise ObsRequestFailed("OBS 没有说画布多大，请稍后再试", "OBS does not tell its canvas, try again shortly")
    return Canvas(width, height)


def _with_groups(obs: Obs, answers: dict[str, Json]) -> dict[str, tuple[Placed, ...]]:
    listed = {
        name: [as_object(item) for item in as_array(answer.get("sceneItems"))] for name, answer in answers.items()
    }
    names = sorted({str(item.get("sourceName")) for items in listed.values() for item in items if item.get("isGroup")})
    inside = obs.ask_each([Step("GetGroupSceneItemList", {"sceneName": name}) for name in names]) if names else []
    grouped = {name: as_array(as_object(answer).get("sceneItems")) for name, answer in zip(names, inside, strict=True)}
    return {
        name: (
            *(_placed(item) for item in sorted(items, key=lambda item: as_number(item.get("sceneItemIndex")))),
            *(
                _placed(as_object(member), grouped=True)
                for item in items
                if item.get("isGroup")
                for member in grouped[str(item.get("sourceName"))]
            ),
        )
        for name, items in listed.items()
    }


def _placed(item: Json, *, grouped: bool = False) -> Placed:
    return Placed(
        str(item.get("sourceName")),
        int(as_number(item.get("sceneItemId"))),
        item.get("sceneItemEnabled") is not False,
        as_object(item.get("sceneItemTransform")),
        grouped,
    )
