"""What set-up has done, kept on disk by scene collection, so that it can be undone after a restart, too."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from studio.obs.frames import Json, Step
from studio.obs.inventory import Found


@dataclass(frozen=True, slots=True)
class Before:
    """How a source stood in a scene; index: from the back."""

    scene: str
    source: str
    transform: Json
    visible: bool
    index: int


@dataclass(slots=True)
class Journal:
    """What was made, and how it was before what was changed. program: the scene that the host was on."""

    program: str | None = None
    scenes: list[str] = field(default_factory=list[str])
    inputs: list[str] = field(default_factory=list[str])
    items: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    settings: dict[str, Json] = field(default_factory=dict[str, Json])
    placed: list[Before] = field(default_factory=list[Before])


_adapter = TypeAdapter(dict[str, Journal])


def noted(journal: Journal, steps: Iterable[Step], found: Found) -> Journal:
    """The journal with these steps; of several states of one thing the oldest is the host's."""
    journal = deepcopy(journal)
    if journal.program is None:
        journal.program = found.program
    for step in steps:
        _note(journal, step, found)
    return journal


def load(path: Path, collection: str) -> Journal:
    """What was done in a scene collection; an empty journal when nothing was, or it cannot be read."""
    return _read(path).get(collection, Journal())


def save(path: Path, collection: str, journal: Journal) -> None:
    """Keep it."""
    partial = path.with_suffix(".tmp")
    partial.unlink(missing_ok=True)
    partial.touch(0o600)  # an overlay's old address holds its key
    partial.write_bytes(_adapter.dump_json({**_read(path), collection: journal}))
    partial.replace(path)


def is_empty(journal: Journal) -> bool:
    """Whether there is nothing to undo."""
    return not any(value for name, value in asdict(journal).items() if name != "program")


def _read(path: Path) -> dict[str, Journal]:
    try:
        return _adapter.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return {}


def _note(journal: Journal, step: Step, found: Found) -> None:
    data = step.data
    match step.request:
        case "CreateScene":
            journal.scenes.append(data["sceneName"])
        case "CreateInput":
            journal.inputs.append(data["inputName"])
            journal.items.append((data["sceneName"], data["inputName"]))
        case "CreateSceneItem":
            journal.items.append((data["sceneName"], data["sourceName"]))
        case "SetInputSettings":
            journal.settings.setdefault(data["inputName"], found.settings[data["inputName"]])
        case "SetSceneItemTransform" | "SetSceneItemEnabled" | "SetSceneItemIndex" if "sceneItemId" in data:
            _note_place(journal, data["sceneName"], data["sceneItemId"], found)
        case _:
            pass


def _note_place(journal: Journal, scene: str, number: int, found: Found) -> None:
    for index, item in enumerate(found.stack(scene)):
        known = any((each.scene, each.source) == (scene, item.source) for each in journal.placed)
        if item.id == number and not known:
            journal.placed.append(Before(scene, item.source, item.transform, item.visible, index))
