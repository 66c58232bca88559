"""The ear's source, and a show's transcript with its exports."""

from collections.abc import Callable
from dataclasses import asdict
from urllib.parse import quote

from apiflask import APIBlueprint
from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from studio.db import Database
from studio.errors import Unavailable
from studio.transcribe import commitments, marks, outcomes
from studio.transcribe.ear import Ear, list_microphones
from studio.transcribe.export import export
from studio.transcribe.schemas import MarkIn, OutcomeIn, PromiseIn, SourceIn, SourcesOut, TranscriptOut
from studio.transcribe.summary import summarise
from studio.transcribe.transcript import read_transcript
from studio.types import Ms, Require, Role, now_ms
from studio.unit import Writer


def blueprint(
    writer: Writer,
    database: Database,
    require: Require,
    *,
    ear: Ear | None,
    show_title: Callable[[Session, int], str],
    refresh: Callable[[], None],
    mark: Callable[[str | None], None],
) -> APIBlueprint:
    """Routes over the ear and the database.

    `show_title` raises NotFound for an unknown show, `refresh` brings the topics of claims and promises up to date,
    `mark` keeps what was said last, with a note.
    """
    api = APIBlueprint("transcribe", __name__, tag="Speech 语音")

    def the_ear() -> Ear:
        if ear is None:
            raise Unavailable("语音识别已在设置里关闭", "speech recognition is switched off in the settings")
        return ear

    @api.get("/ear/sources")
    @require(Role.PRODUCER)
    @api.output(SourcesOut)
    def sources() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """What can be listened to."""
        return {"current": the_ear().source, "microphones": list_microphones()}

    @api.put("/ear/source")
    @require(Role.PRODUCER)
    @api.input(SourceIn)
    @api.output({}, status_code=204)
    def listen_to(json_data: SourceIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Listen to something else from now on."""
        the_ear().listen_to(json_data.source)
        return ""

    @api.post("/ear/restart")
    @require(Role.PRODUCER)
    @api.output({}, status_code=204)
    def restart() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Start speech recognition anew."""
        the_ear().restart()
        return ""

    @api.post("/claims/<int:claim_id>/seen")
    @require(Role.MODERATOR)
    @api.output({}, status_code=204)
    def put_away(claim_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Put an alert away; it stays in the record."""
        writer.run(lambda unit: commitments.put_away(unit, claim_id, at=now_ms()))
        refresh()
        return ""

    @api.post("/marks")
    @require(Role.MODERATOR)
    @api.input(MarkIn, location="json_or_form")  # a body is not needed
    @api.output({}, status_code=204)
    def mark_last(json_or_form_data: MarkIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Mark the sentence that was said last: a highlight by hand; text: what for."""
        mark(json_or_form_data.text)
        return ""

    @api.put("/shows/<int:show_id>/marks/<int:seq>")
    @require(Role.MODERATOR)
    @api.input(MarkIn)
    @api.output({}, status_code=204)
    def write_on_mark(show_id: int, seq: int, json_data: MarkIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Say what a mark is for; without a text it says nothing any more."""
        writer.run(lambda unit: marks.write_note(unit, show_id, seq, json_data.text))
        return ""

    @api.put("/promises/<int:promise_id>")
    @require(Role.MODERATOR)
    @api.input(PromiseIn)
    @api.output({}, status_code=204)
    def settle(promise_id: int, json_data: PromiseIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Confirm a heard promise, or dismiss it."""
        writer.run(lambda unit: commitments.settle_promise(unit, promise_id, state=json_data.state))
        refresh()
        return ""

    @api.put("/promises/<int:promise_id>/outcome")
    @require(Role.PRODUCER)
    @api.input(OutcomeIn)
    @api.output({}, status_code=204)
    def outcome(promise_id: int, json_data: OutcomeIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Write down what became of a confirmed promise; every word is kept, the last one counts."""
        said, kept_ms = json_data.outcome, None if json_data.kept_ms is None else Ms(json_data.kept_ms)
        writer.run(lambda unit: outcomes.record(unit, promise_id, said, kept_ms=kept_ms, at=now_ms()))
        refresh()
        return ""

    @api.get("/shows/<int:show_id>/transcript")
    @require(Role.MODERATOR)
    @api.output(TranscriptOut)
    def transcript(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Everything heard in a show."""
        with database.reading() as session:
            show_title(session, show_id)
            heard = read_transcript(session, show_id)
            return {**asdict(heard), "summary": summarise(heard)}

    @api.get("/shows/<int:show_id>/export/<kind>")
    @require(Role.MODERATOR)
    def download(show_id: int, kind: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The transcript as a file: srt, vtt, txt, md, csv or json."""
        with database.reading() as session:
            title = show_title(session, show_id)
            text, mime = export(read_transcript(session, show_id), kind, title)
        response = Response(text, content_type=f"{mime}; charset=utf-8")
        name = f"{title}.{kind}"
        response.headers["Content-Disposition"] = (
            f"attachment; filename=\"show-{show_id}.{kind}\"; filename*=UTF-8''{quote(name)}"
        )
        return response

    return api
