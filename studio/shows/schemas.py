"""Shows and rundowns on the HTTP border."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Point = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Trust(BaseModel):
    """What an item shows so that nobody has to believe it: a demonstration, a test on camera, a producer's story."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["demo", "test", "story"]
    text: Point


class ItemIn(BaseModel):
    """One rundown item; with `id` an existing item is kept and changed."""

    model_config = ConfigDict(extra="forbid")

    id: int | None = None
    title: Text
    sku: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    scene: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    minutes: int | None = Field(default=None, ge=1, le=600)
    points: list[Point] = Field(default_factory=list[Point], max_length=30)
    trust: list[Trust] = Field(default_factory=list[Trust], max_length=10)


class RundownIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: list[ItemIn] = Field(max_length=200)


class ShowIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Text
    rundown: list[ItemIn] = Field(default_factory=list[ItemIn], max_length=200)


class TakeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    item_id: int


class StandbyIn(BaseModel):
    """The item that comes next, or a product: its next item, else a new one of this title. Neither: none by hand."""

    model_config = ConfigDict(extra="forbid")

    item_id: int | None = None
    sku: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    title: Text | None = None


CueMode = Literal["off", "confirm", "auto"]


class CueModeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mode: CueMode


class TemplateItemOut(BaseModel):
    title: str
    sku: str | None
    scene: str | None
    minutes: int | None
    points: list[str]
    trust: list[Trust]


class LiveIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    override: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)] | None = None


class ItemOut(TemplateItemOut):
    id: int
    position: int


class ShowOut(BaseModel):
    id: int
    title: str
    status: Literal["draft", "live", "ended"]
    created_ms: int
    started_ms: int | None
    ended_ms: int | None
    current_item: int | None
    previous_item: int | None
    next_item: int | None
    standby_item: int | None
    passed_over: list[int]
    item_taken_ms: int | None
    cue_mode: CueMode
    revision: str
    rundown: list[ItemOut]


class ShowsOut(BaseModel):
    shows: list[ShowOut]


class TemplateOut(BaseModel):
    name: str
    title: str
    own: bool
    rundown: list[TemplateItemOut]


class TemplateProblemOut(BaseModel):
    name: str
    zh: str
    en: str


class TemplatesOut(BaseModel):
    templates: list[TemplateOut]
    problems: list[TemplateProblemOut]
