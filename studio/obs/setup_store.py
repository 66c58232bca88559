"""The journal of the set-up on disk: undo works after a restart, too."""

from dataclasses import asdict
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from studio.obs.setup import Journal

_adapter = TypeAdapter(Journal)


def load(path: Path) -> Journal:
    """What was done so far; an empty journal when there is none or it cannot be read."""
    try:
        return _adapter.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return Journal()


def save(path: Path, journal: Journal) -> None:
    """Keep it."""
    partial = path.with_suffix(".tmp")
    partial.write_bytes(_adapter.dump_json(journal))
    partial.replace(path)


def is_empty(journal: Journal) -> bool:
    """Whether there is nothing to undo."""
    return not any(asdict(journal).values())
