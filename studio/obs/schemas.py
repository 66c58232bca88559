"""OBS on the HTTP border."""

import contextlib
import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

# RFC 1123 names, and underscores because Windows PCs have them
_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")


def _host(value: str) -> str:
    with contextlib.suppress(ValueError):
        if "%" not in value:  # a zone may hold anything, line ends too
            return str(ipaddress.ip_address(value.removeprefix("[").removesuffix("]")))
    # all digits and dots was meant as an address, and is none
    labels = value.removesuffix(".").split(".")
    if labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("只填主机名或 IP，不要网址 / a host name or IP address, not a URL")
    return value


Host = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=253), AfterValidator(_host)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SceneIn(_In):
    scene: Name


class MuteIn(_In):
    input: Name
    muted: bool


class RecordIn(_In):
    on: bool


class ConnectionIn(_In):
    """Where OBS is. password: empty when its server asks for none; left out, the one that is known stays."""

    host: Host
    port: int = Field(default=4455, ge=1, le=65535)
    password: str | None = Field(default=None, max_length=200)


class ObsOut(BaseModel):
    """The `obs` topic as it is now; what a command changes follows by socket."""

    state: str
    message_zh: str
    message_en: str
    version: str
    program: str | None
    preview: str | None
    studio_mode: bool
    scenes: list[str]
    inputs: dict[str, bool]
    recording: bool
    recording_ms: int | None
    recording_paused: bool
    streaming: bool
    ended: dict[str, int]


class AddressOut(BaseModel):
    """password: whether one is known; which one is never told."""

    host: str
    port: int
    password: bool
