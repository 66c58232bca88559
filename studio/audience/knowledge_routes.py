"""`/knowledge`: what was answered before, to search, to correct, to choose from, to forget."""

from collections.abc import Callable
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, StringConstraints

from studio.audience import knowledge
from studio.audience.room import Room
from studio.audience.routes import check_sku
from studio.audience.schemas import KnowledgeOut, KnownAnswerIn, KnownIn, KnownQuestionOut
from studio.db import Database
from studio.types import Require, Role, now_ms
from studio.unit import Writer


class KnowledgeQuery(BaseModel):
    """`sku` empty: questions about no product."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    sku: Annotated[str, StringConstraints(max_length=64)] | None = None


def blueprint(
    writer: Writer, database: Database, require: Require, room: Room, follow: Callable[[], None]
) -> APIBlueprint:
    """Routes over a writer and a database; `follow` brings the questions that are offered an answer up to date."""
    api = APIBlueprint("knowledge", __name__, tag="Audience 观众")

    def read(known_id: int) -> dict[str, Any]:
        follow()
        with database.reading() as session:
            return knowledge.describe(knowledge.find(session, known_id))

    @api.get("/knowledge")
    @require(Role.MODERATOR)
    @api.input(KnowledgeQuery, location="query")
    @api.output(KnowledgeOut)
    def listing(query_data: KnowledgeQuery) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Known questions, those asked last first."""
        with database.reading() as session:
            return {"known": knowledge.list_known(session, words=query_data.q, sku=query_data.sku)}

    @api.post("/knowledge")
    @require(Role.MODERATOR)
    @api.input(KnownIn)
    @api.output(KnownQuestionOut, status_code=201)
    def add(json_data: KnownIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Write a question and its answer down; the same question gets one more answer."""
        check_sku(json_data.sku, room)
        words = room.products()
        return read(
            writer.run(
                lambda unit: knowledge.add(
                    unit,
                    text=json_data.text,
                    sku=json_data.sku,
                    answer=json_data.answer,
                    products=words,
                    at=now_ms(),
                )
            )
        )

    @api.put("/knowledge/answers/<int:answer_id>")
    @require(Role.MODERATOR)
    @api.input(KnownAnswerIn)
    @api.output(KnownQuestionOut)
    def edit(answer_id: int, json_data: KnownAnswerIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Correct an answer, or choose it as the best."""
        return read(
            writer.run(
                lambda unit: knowledge.edit(
                    unit, answer_id, text=json_data.text, preferred=json_data.preferred, at=now_ms()
                )
            )
        )

    @api.delete("/knowledge/answers/<int:answer_id>")
    @require(Role.PRODUCER)
    @api.output({}, status_code=204)
    def forget_answer(answer_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Forget one answer; with its last one the question goes, too."""
        writer.run(lambda unit: knowledge.forget_answer(unit, answer_id))
        follow()
        return ""

    @api.delete("/knowledge/<int:known_id>")
    @require(Role.PRODUCER)
    @api.output({}, status_code=204)
    def forget(known_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Forget a question with its answers."""
        writer.run(lambda unit: knowledge.forget(unit, known_id))
        follow()
        return ""

    return api
