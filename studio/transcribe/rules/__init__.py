"""Data files of the speech rules, one TOML file a subject, and what a host's own file changes in them.

A host's file of the same name (docs/rules.md) lists only what differs: a list adds to ours, `drop` takes entries away,
a text replaces ours. It is checked whole before any of it counts.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from studio.transcribe.rules.hosts import check_file, merge

SUBJECTS = ("claims", "corrections", "cues", "hallucinations", "lexicon", "promises", "trade_words")

P = ParamSpec("P")
R = TypeVar("R")

_in_use: dict[str, dict[str, Any]] = {}
_caches: list[Callable[[], None]] = []


def rule_cache(function: Callable[P, R]) -> Callable[P, R]:
    """A cache of what was made of the rules, emptied when they change."""
    cached = cache(function)
    _caches.append(cached.cache_clear)
    return cast("Callable[P, R]", cached)


def load_rules(subject: str) -> dict[str, Any]:
    """The rules of a subject as they count now: `SUBJECT.toml` of this folder with the host's changes."""
    return _in_use.get(subject) or _ours(subject)


def use_host_rules(folder: Path | None) -> list[str]:
    """Let the files of a folder count from now on (None: ours alone); the subjects that the host changes.

    Raises:
        RulesError: naming file, line and key of what is wrong; then nothing has changed.
    """
    merged = {subject: rules for subject in SUBJECTS if (rules := _with_hosts(subject, folder)) is not None}
    _in_use.clear()
    _in_use.update(merged)
    for clear in _caches:
        clear()
    return sorted(merged)


def check_host_rules(folder: Path) -> list[str]:
    """The subjects that the files of a folder change; nothing counts yet.

    Raises:
        RulesError: as `use_host_rules`.
    """
    return [subject for subject in SUBJECTS if _with_hosts(subject, folder) is not None]


def _with_hosts(subject: str, folder: Path | None) -> dict[str, Any] | None:
    if folder is None or not (path := folder / f"{subject}.toml").exists():
        return None
    return merge(_ours(subject), check_file(path, _ours(subject)))


@cache
def _ours(subject: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(f"{subject}.toml").read_text("utf-8"))
