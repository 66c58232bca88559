"""Every error the studio raises on purpose.

    StudioError                 status  code
    ├── BadInput                  422   bad-input
    │   ├── CatalogueError        422   bad-catalogue
    │   ├── RulesError            422   bad-rules
    │   └── AudioUnreadable       422   audio-unreadable
    ├── NotFound                  404   not-found
    ├── NotAllowed                403   not-allowed
    │   └── NotSignedIn           401   not-signed-in
    ├── Conflict                  409   conflict
    │   ├── OutOfStock            409   out-of-stock
    │   ├── OverCap               409   over-cap
    │   ├── PriceChanged          409   price-changed
    │   └── NotReady              409   not-ready
    ├── Stale                     412   stale
    ├── Unavailable               503   unavailable
    │   ├── ObsUnavailable        503   obs-unavailable
    │   │   └── ObsRefused        503   obs-refused
    │   └── Overloaded            503   overloaded
    ├── ObsRequestFailed          502   obs-request-failed
    ├── ModelError                500   model
    ├── ConfigError               500   config
    └── EventDecodeError          500   event-decode

An error is raised where its cause is known and says in both languages what to do about it;
`web/problems.py` alone turns it into RFC 9457 JSON, `cli.py` alone prints it.
"""

from typing import Any, ClassVar


class StudioError(Exception):
    """Base of all errors meant for people.

    Args:
        zh: what happened and what to do, in Chinese.
        en: the same in English.
        details: machine-readable facts for the problem document (JSON types only).
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "studio"

    def __init__(self, zh: str, en: str, **details: Any) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.details = details


class BadInput(StudioError):
    status = 422
    code = "bad-input"


class CatalogueError(BadInput):
    code = "bad-catalogue"


class RulesError(BadInput):
    code = "bad-rules"


class AudioUnreadable(BadInput):
    code = "audio-unreadable"


class NotFound(StudioError):
    status = 404
    code = "not-found"


class NotAllowed(StudioError):
    status = 403
    code = "not-allowed"


class NotSignedIn(NotAllowed):
    status = 401
    code = "not-signed-in"


class Conflict(StudioError):
    status = 409
    code = "conflict"


class OutOfStock(Conflict):
    code = "out-of-stock"


class OverCap(Conflict):
    code = "over-cap"


class PriceChanged(Conflict):
    code = "price-changed"


class NotReady(Conflict):
    code = "not-ready"


class Stale(StudioError):
    """Somebody else changed it since it was read."""

    status = 412
    code = "stale"


class Unavailable(StudioError):
    status = 503
    code = "unavailable"


class ObsUnavailable(Unavailable):
    code = "obs-unavailable"


class ObsRefused(ObsUnavailable):
    code = "obs-refused"


class Overloaded(Unavailable):
    code = "overloaded"


class ObsRequestFailed(StudioError):
    status = 502
    code = "obs-request-failed"


class ModelError(StudioError):
    code = "model"


class ConfigError(StudioError):
    code = "config"


class EventDecodeError(StudioError):
    code = "event-decode"
