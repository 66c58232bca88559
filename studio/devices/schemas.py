"""What the API of devices takes and answers."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from studio.types import no_nul

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), AfterValidator(no_nul)]


class LanIn(BaseModel):
    """address: one of `addresses`, "" for the most likely one."""

    model_config = ConfigDict(extra="forbid")

    on: bool
    address: Annotated[str, StringConstraints(max_length=45)] = ""


class LanOut(BaseModel):
    """url: how other devices reach the studio, null when they cannot; fixed: the setting `host` decides."""

    on: bool
    fixed: bool
    url: str | None
    address: str | None
    wanted: str
    addresses: list[str]
    message_zh: str
    message_en: str


class DeviceOut(BaseModel):
    """online: it has a page open; seen_ms is true to a minute."""

    id: int
    name: str
    role: str
    paired_ms: int
    seen_ms: int
    online: bool


class DevicesOut(BaseModel):
    devices: list[DeviceOut]


class RenameIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name


class PairIn(BaseModel):
    """A host is never paired: what he may, he may with his own link alone."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["producer", "moderator"]


class CodeOut(BaseModel):
    """qr: the link as a data URL; until_ms: when it ends, used or not."""

    url: str
    qr: str
    role: str
    until_ms: int
