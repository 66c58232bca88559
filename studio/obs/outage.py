"""While OBS is away: what was told of it already, and when to try again."""

import random

from studio.errors import ObsRefused, StudioError

# after a crash OBS must be followed again within 1.5 s of being back: no pause longer than a second
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 0.9
# a wrong password does not mend by itself, and every try is a line in OBS's log and may be a note on its screen
_REFUSED_PAUSE_S, _LONGEST_REFUSED_PAUSE_S = 5.0, 60.0


class Outage:
    """One outage, from the first failure to the next connection.

    Attributes:
        kind: "off" or "refused" as it was told, "" while there is none.
    """

    def __init__(self) -> None:
        self.kind = ""
        self._failures = 0
        self._refusals = 0

    def fail(self, error: StudioError) -> bool:
        """Another try failed; whether that is news: once an outage, and a refusal that ends a mere absence."""
        self._failures += 1
        refused = isinstance(error, ObsRefused)
        self._refusals = self._refusals + 1 if refused else 0
        news = not self.kind or (self.kind == "off" and refused)
        if news:
            self.kind = "refused" if refused else "off"
        return news

    def pause_s(self) -> float:
        """Seconds until the next try, more with each failure."""
        if self._refusals:
            refused = min(_LONGEST_REFUSED_PAUSE_S, _REFUSED_PAUSE_S * 2 ** min(self._refusals - 1, 10))
            return refused * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(self._failures, 10))
        return longest * random.uniform(0.7, 1.1)  # noqa: S311 - jitter
