"""Watches OBS's browser sources that show our overlays, and cures the blank ones (see healing)."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, Protocol

from studio.errors import StudioError
from studio.obs.frames import Json, Step, as_array, as_object
from studio.obs.healing import Cure, Healing, Page, Patience, Screen
from studio.obs.layout import BROWSER
from studio.routine import Routine

LOOK_S = 1.0
_BLANK = "about:blank"
_BLANK_MS = 300  # long enough for CEF to leave the page
Whose = Literal["ours", "outdated"]
_log = logging.getLogger(__name__)


class Obs(Protocol):
    """What the healer needs of the link."""

    @property
    def connected(self) -> bool: ...

    def ask(self, request: str, data: Json | None = None) -> Json: ...

    def ask_each(self, steps: Sequence[Step]) -> list[Json | None]: ...


class Healer(Routine):
    """Looks once a second while OBS is connected.

    Args:
        obs: the connection.
        pages: connected overlay pages inside OBS.
        whose: whether a URL is one of our overlays, with a valid key or an outdated one; None: not ours.
        put: takes every source's state, whole: `[{source, state}]`.
        tell: says something to the host, in Chinese and English.
    """

    def __init__(
        self,
        obs: Obs,
        *,
        pages: Callable[[], Iterable[Page]],
        whose: Callable[[str], Whose | None],
        put: Callable[[list[dict[str, Any]]], object],
        tell: Callable[[str, str], object],
        patience: Patience | None = None,
    ) -> None:
        super().__init__(retry_s=LOOK_S)
        self._obs = obs
        self._pages = pages
        self._whose = whose
        self._put = put
        self._tell = tell
        self._healing = Healing(patience)

    def begin_again(self) -> None:
        """Another try for every source that was given up."""
        self._healing.begin_again()

    def look(self) -> None:
        """Read the sources, cure what is blank, tell how they are.

        Raises:
            StudioError: OBS went away meanwhile.
        """
        screens = self._read()
        for screen, cure in self._healing.judge(screens, self._pages(), time.monotonic()):
            self._cure(screen, cure)
        self._put([{"source": name, "state": state} for name, state in sorted(self._healing.states.items())])

    def step(self) -> float:
        """Look, where there is an OBS to look at; seconds until the next look."""
        if not self._obs.connected:
            self._healing.pause()
            self._put([])
            return LOOK_S
        try:
            self.look()
        except StudioError as error:
            _log.debug("browser sources not read: %s", error.en)
        return LOOK_S

    def _read(self) -> list[Screen]:
        listed = as_array(self._obs.ask("GetInputList", {"inputKind": BROWSER}).get("inputs"))
        names = [str(as_object(each).get("inputName")) for each in listed]
        steps = [Step("GetInputSettings", {"inputName": name}) for name in names]
        steps += [Step("GetSourceActive", {"sourceName": name}) for name in names]
        answers = self._obs.ask_each(steps) if steps else []
        screens: list[Screen] = []
        for name, settings, active in zip(names, answers, answers[len(names) :], strict=False):
            given = as_object(as_object(settings).get("inputSettings"))
            url = str(given.get("url", ""))
            whose = self._whose(url)
            if whose is None:
                continue
            # where OBS does not say, only pages that are gone are noticed, not those that stopped painting
            showing = bool(as_object(active).get("videoShowing", False))
            resting = bool(given.get("shutdown")) and not showing
            screens.append(Screen(name, url, showing=showing, resting=resting, outdated=whose == "outdated"))
        return screens

    def _cure(self, screen: Screen, cure: Cure) -> None:
        name = screen.name
        _log.warning("overlay source '%s' is %s: %s", name, "outdated" if screen.outdated else "blank", cure)
        if cure == "refresh":
            press = {"inputName": name, "propertyName": "refreshnocache"}
            self._obs.ask_each([Step("PressInputPropertiesButton", press)])
        elif cure == "swap":
            # one batch: OBS puts the URL back even if the studio dies in between
            away, back = (
                Step("SetInputSettings", {"inputName": name, "inputSettings": {"url": url}, "overlay": True})
                for url in (_BLANK, screen.url)
            )
            self._obs.ask_each([away, Step("Sleep", {"sleepMillis": _BLANK_MS}), back])
        elif screen.outdated:
            self._tell(
                f"OBS 来源“{name}”的网址里是旧口令，画面出不来：请点“布置 OBS”，或重新复制网址",
                f"the address of OBS source '{name}' holds an old key and stays blank: set up OBS again, or copy the "
                "address anew",
            )
        else:
            self._tell(
                f"OBS 来源“{name}”一直空白，刷新和换网址都没有用：请在 OBS 里双击它，点“确定”，或删掉后再布置 OBS",
                f"OBS source '{name}' stays blank, a refresh and another URL did not help: double-click it in OBS and "
                "press OK, or delete it and set up again",
            )
