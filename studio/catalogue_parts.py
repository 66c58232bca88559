"""Parts of a catalogue document: the producer, and what a lot brings with it as proof and as warning."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from studio.types import no_nul

LAST_DAY = date(2100, 12, 31)
"""Later dates are typing errors; a best-before date counted from one might not exist."""

_WINDOWS_DRIVE = re.compile(r"^[A-Za-z]:")


def _inside(path: str) -> str:
    """A file of the evidence folder, by a path that stays in it."""
    parts = path.replace("\\", "/").split("/")
    if parts[0] == "" or ".." in parts or _WINDOWS_DRIVE.match(path):
        raise PydanticCustomError("path_outside", "should be a path relative to the evidence folder, without ..")
    return "/".join(parts)


def _digest(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise PydanticCustomError("no_digest", "should be 64 hexadecimal digits")
    return text.lower()


NoNul = AfterValidator(no_nul)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), NoNul]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), NoNul]
Story = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000), NoNul]
Day = Annotated[date, Field(le=LAST_DAY)]
EvidenceFile = Annotated[Line, AfterValidator(_inside)]


class CatalogueProducer(BaseModel):
    """Who grew or made it, and where; coordinates in degrees (WGS 84), both or neither."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    place: Line | None = None
    latitude: float | None = Field(default=None, strict=True, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(default=None, strict=True, ge=-180, le=180, allow_inf_nan=False)
    story: Story | None = None
    photo: Line | None = None

    @model_validator(mode="after")
    def _whole_point(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise PydanticCustomError("half_a_point", "latitude and longitude belong together: write both or neither")
        return self

    @property
    def is_described(self) -> bool:
        """Whether more than the name is given."""
        return any(value is not None for name, value in self if name != "name")


class Certificate(BaseModel):
    """A certificate or test report of one lot, as its paper says; the dates are its first and last valid day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Name
    number: Name | None = None
    issuer: Name | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    file: EvidenceFile | None = None
    sha256: Annotated[str, AfterValidator(_digest)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise PydanticCustomError("ends_early", "valid_until is before valid_from")
        return self


class QualityEntry(BaseModel):
    """One line of a lot's quality log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: Day
    text: Line
