"""The last take, standby, skip or hidden question can be taken back, by whoever did it and whoever saw it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from studio.errors import Conflict
from studio.types import Ms

MOST = 20
SKIP_MS = 10_000
HIDE_MS = 600_000

Kind = Literal["take", "standby", "add", "skip", "hide"]
OF_ITEMS = frozenset[Kind]({"take", "standby", "add"})


@dataclass(frozen=True, slots=True)
class Step:
    """What can be taken back.

    kind: `add` is a standby whose item was put into the rundown for it. what: "" for a standby that was put away.
    of: id of what it was done to, 0 for a standby that was put away.
    back: id of what comes back: the item that was on air or on standby before (0: none), the one that was added,
    the shout-out, the question.
    until_ms: None while nothing but another step ends it.
    """

    id: int
    kind: Kind
    what: str
    of: int
    back: int
    until_ms: Ms | None


class Undo:
    """The last steps, newest last; a restart forgets them.

    Args:
        show: takes the newest step's value, None when there is none.
        run: takes a step back, by its kind; raises StudioError when it cannot.
        now: UTC milliseconds.
    """

    def __init__(
        self, *, show: Callable[[Any], object], run: Mapping[str, Callable[[int], object]], now: Callable[[], Ms]
    ) -> None:
        self._show = show
        self._run = run
        self._now = now
        self._steps: list[Step] = []
        self._last_id = 0
        self._undoing = False

    @property
    def newest(self) -> Step | None:
        """What `back` would take back."""
        self._steps = [step for step in self._steps if step.until_ms is None or step.until_ms > self._now()]
        return self._steps[-1] if self._steps else None

    def done(self, kind: Kind, what: str, of: int, back: int) -> None:
        """A step was made; one that is the taking back of another is none."""
        if self._undoing:
            return
        self._last_id += 1
        stay = {"skip": SKIP_MS, "hide": HIDE_MS}.get(kind)
        until = None if stay is None else Ms(self._now() + stay)
        self._steps = [*self._steps, Step(self._last_id, kind, what, of, back, until)][-MOST:]
        self.tell()

    def back(self, step_id: int | None = None) -> Step:
        """Take the newest step back; with `step_id` only if it is that one.

        Raises:
            Conflict: there is none, or another one by now.
        """
        step = self.newest
        if step is None:
            raise Conflict("没有可以撤销的操作", "there is nothing to undo")
        if step_id is not None and step_id != step.id:
            raise Conflict("刚才又有了新的操作，请看清楚再撤销", "something else was done since, look before you undo")
        self._steps.pop()
        self._undoing = True
        try:
            self._run[step.kind](step.back)
        finally:
            self._undoing = False
            self.tell()
        return step

    def forget(self, kind: Kind | None = None) -> None:
        """Nothing of this kind comes back any more; None: of any kind, the show ended."""
        self._steps = [step for step in self._steps if kind is not None and step.kind != kind]
        self.tell()

    def forget_items(self, gone: set[int]) -> None:
        """Items left the rundown: nothing that was done to them, or brings them back, can be taken back."""
        self._steps = [step for step in self._steps if step.kind not in OF_ITEMS or not {step.of, step.back} & gone]
        self.tell()

    def tell(self) -> None:
        """Show the newest step, also after one ran out."""
        step = self.newest
        self._show(asdict(step) if step else None)
