"""What to do about a browser source whose overlay is blank: refresh it once, swap its URL once, then tell; never loop.

A source is well while as many of its pages are connected from OBS as there are sources with that address, and, where
OBS shows it, they go on painting. Source of the two cures: obs-browser, whose `refreshnocache` reloads a page that
lives, while a renderer that crashed is made anew only by another URL.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

State = Literal["alive", "resting", "waiting", "refreshed", "swapped", "lost", "outdated"]
Cure = Literal["refresh", "swap", "tell"]
CURES: tuple[Cure, ...] = ("refresh", "swap", "tell")
_AFTER: tuple[State, ...] = ("waiting", "refreshed", "swapped", "lost")

Address = tuple[str, tuple[tuple[str, str], ...]]


def address_of(url: str) -> Address:
    """Path and options of an overlay's URL, in one order and without its key: what a source and its page share."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ("", ())
    options = parse_qsl(parts.query, keep_blank_values=True)
    return parts.path, tuple(sorted((name, value) for name, value in options if name != "token"))


@dataclass(frozen=True, slots=True)
class Patience:
    """When a source is cured.

    sick_s: how long it may be blank before the next cure. calm_s: how long well, to have all cures again.
    at_once: cures a look; many blank ones mean a PC that is busy loading them, and loading all anew would keep it so.
    """

    sick_s: float = 5.0
    calm_s: float = 60.0
    at_once: int = 2


@dataclass(frozen=True, slots=True)
class Screen:
    """A browser source that shows an overlay of ours.

    showing: OBS renders it somewhere. resting: the host lets OBS close the page while it is not shown. outdated: its
    URL holds a key that is no longer valid.
    """

    name: str
    url: str
    showing: bool = True
    resting: bool = False
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A connected page inside OBS. heard_s, painted_s: seconds since its last word, and since it last painted."""

    address: Address
    visible: bool
    heard_s: float
    painted_s: float


@dataclass(slots=True)
class _Case:
    url: str
    tries: int = 0
    sick_at: float | None = None
    well_at: float | None = None
    told: bool = False


class Healing:
    """The case of every source, over time."""

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._cases: dict[str, _Case] = {}
        self.states: dict[str, State] = {}

    def judge(self, screens: Sequence[Screen], pages: Iterable[Page], now: float) -> list[tuple[Screen, Cure]]:
        """What to do now; `states` then tells how each source is. `now`: monotonic seconds."""
        pages = tuple(pages)
        wanted = Counter(address_of(screen.url) for screen in screens if not screen.resting)
        self._cases = {
            screen.name: case
            for screen in screens
            # another URL is the host's hand: every cure is worth a try again
            if (case := self._cases.get(screen.name)) is not None and case.url == screen.url
        }
        self.states = {}
        todo: list[tuple[Screen, Cure]] = []
        for screen in screens:
            case = self._cases.setdefault(screen.name, _Case(screen.url))
            address = address_of(screen.url)
            alive = sum(page.address == address and self._lives(page, screen) for page in pages)
            free = len(todo) < self._patience.at_once
            cure = self._treat(screen, case, well=alive >= wanted[address], free=free, now=now)
            if cure is not None:
                todo.append((screen, cure))
        return todo

    def begin_again(self) -> None:
        """The host asks for another try: every source has all its cures."""
        self._cases.clear()

    def pause(self) -> None:
        """OBS or its connection was away: nobody was sick meanwhile, but what was tried stays tried."""
        for case in self._cases.values():
            case.sick_at = case.well_at = None

    def _lives(self, page: Page, screen: Screen) -> bool:
        if not (screen.showing and page.visible):
            return True  # out of sight a page gets no frames and its timers sleep; it is connected
        return max(page.heard_s, page.painted_s) < self._patience.sick_s

    def _treat(self, screen: Screen, case: _Case, *, well: bool, free: bool, now: float) -> Cure | None:
        if screen.outdated:
            self.states[screen.name] = "outdated"
            if case.told:
                return None
            case.told = True
            return "tell"
        if screen.resting or well:
            self.states[screen.name] = "alive" if well and not screen.resting else "resting"
            case.sick_at = None
            case.well_at = now if case.well_at is None else case.well_at
            if now - case.well_at >= self._patience.calm_s:
                case.tries = 0
            return None
        case.well_at = None
        case.sick_at = now if case.sick_at is None else case.sick_at
        cure: Cure | None = None
        if free and now - case.sick_at >= self._patience.sick_s and case.tries < len(CURES):
            cure = CURES[case.tries]
            case.tries += 1
            case.sick_at = now
        self.states[screen.name] = _AFTER[case.tries]
        return cure
