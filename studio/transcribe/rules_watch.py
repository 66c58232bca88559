"""Follows the host's rule files: what is right counts at once, what is wrong is told and changes nothing."""

import logging
from collections.abc import Callable
from pathlib import Path

from studio.errors import RulesError
from studio.routine import Routine
from studio.transcribe.rules import SUBJECTS, use_host_rules

_log = logging.getLogger(__name__)

LOOK_S = 1.0
"""Editors write in several steps: a file is read once it was the same at two looks."""

State = tuple[tuple[str, int, int], ...]


class RulesWatch(Routine):
    """Reads the folder at the start and whenever a file in it changes.

    Args:
        folder: the host's rule files; need not exist.
        changed: other rules count now (not called at the start).
        wrong: a file is wrong; the rules of before stay.
    """

    def __init__(self, folder: Path, *, changed: Callable[[], object], wrong: Callable[[RulesError], object]) -> None:
        super().__init__(retry_s=LOOK_S)
        self._folder = folder
        self._changed = changed
        self._wrong = wrong
        self._read: State = ()
        self._seen: State = ()

    def start(self) -> None:
        """Read what is there, then follow."""
        self._read = self._seen = self._stamps()
        self._use()
        super().start()

    def step(self) -> float:
        """Take what changed since what counts now and did not change since the last look."""
        now = self._stamps()
        if now == self._seen != self._read:
            self._read = now
            if self._use():
                self._changed()
        self._seen = now
        return LOOK_S

    def _use(self) -> bool:
        try:
            subjects = use_host_rules(self._folder)
        except RulesError as error:
            _log.error("%s", error.en)
            self._wrong(error)
            return False
        if subjects:
            _log.info("rules of the host: %s", ", ".join(subjects))
        return True

    def _stamps(self) -> State:
        found: list[tuple[str, int, int]] = []
        for subject in SUBJECTS:
            try:
                stat = (self._folder / f"{subject}.toml").stat()
            except OSError:
                continue
            found.append((subject, stat.st_mtime_ns, stat.st_size))
        return tuple(found)
