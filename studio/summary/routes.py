"""`/shows/{id}/summary` and the language model's connection."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, StringConstraints

from studio.summary.summaries import Summaries
from studio.types import Require, Role


class ConnectionIn(BaseModel):
    """key: left out, the known one stays (for the same address); empty, it is forgotten."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    model: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    key: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[\x21-\x7e]*$")] | None = (
        None
    )
    enabled: bool


class ConnectionOut(BaseModel):
    url: str
    model: str
    enabled: bool
    has_key: bool


class SummaryOut(BaseModel):
    """rules: by rules, always; written: by the language model, where it was asked."""

    rules: list[dict[str, Any]]
    written: dict[str, Any] | None
    enabled: bool


class ShownOut(BaseModel):
    """What would be sent, word for word, and where to."""

    text: str
    mark: str
    url: str
    model: str


class SendIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mark: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


def blueprint(summaries: Summaries, require: Require) -> APIBlueprint:
    """Routes over the summaries."""
    api = APIBlueprint("summary", __name__, tag="Summary 小结")

    @api.get("/shows/<int:show_id>/summary")
    @require(Role.MODERATOR)
    @api.output(SummaryOut)
    def read(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """A show in short."""
        return summaries.read(show_id)

    @api.get("/shows/<int:show_id>/summary/sent")
    @require(Role.HOST)
    @api.output(ShownOut)
    def preview(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What a language model would be sent."""
        shown, where = summaries.preview(show_id), summaries.settings()
        return {"text": shown.text, "mark": shown.mark, "url": where["url"], "model": where["model"]}

    @api.post("/shows/<int:show_id>/summary")
    @require(Role.HOST)
    @api.input(SendIn)
    @api.output({}, status_code=202)
    def send(show_id: int, json_data: SendIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Send what was shown; `mark` says that it was."""
        summaries.ask(show_id, json_data.mark)
        return {}

    @api.get("/language-model")
    @require(Role.HOST)
    @api.output(ConnectionOut)
    def connection() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Where the language model is; never its key."""
        return summaries.settings()

    @api.put("/language-model")
    @require(Role.HOST)
    @api.input(ConnectionIn)
    @api.output(ConnectionOut)
    def connect(json_data: ConnectionIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Connect one, or switch it off."""
        summaries.connect(url=json_data.url, model=json_data.model, key=json_data.key, enabled=json_data.enabled)
        return summaries.settings()

    return api
