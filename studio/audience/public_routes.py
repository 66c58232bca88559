"""What buyers do without an account: ask and vote. Who they are is their browser's cookie."""

from typing import Any

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.audience import knowledge, likeness, polls, questions, topics
from studio.audience.room import Room
from studio.audience.routes import check_sku
from studio.audience.schemas import AskedOut, AskIn, BeforeOut, VoteIn, VoteOut
from studio.db import Database
from studio.types import Public, Visitor, now_ms
from studio.unit import Unit, Writer

ASK_LIMIT = "6 per minute"
VOTE_LIMIT = "30 per minute"
LOOK_UP_LIMIT = "40 per minute"


def blueprint(writer: Writer, database: Database, public: Public, visitor: Visitor, room: Room) -> APIBlueprint:
    """Routes over a writer and a database; `visitor` names the asking browser."""
    api = APIBlueprint("audience_public", __name__, tag="Buyers 买家")

    @api.post("/public/questions")
    @public(ASK_LIMIT)
    @api.input(AskIn)
    @api.output(AskedOut, status_code=201)
    def ask(json_data: AskIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Ask the host; tells how many ask the same, and the answer where there is one already."""
        check_sku(json_data.sku, room)
        who, words, on_air = visitor(), room.products(), room.on_air()

        def work(unit: Unit) -> int:
            return questions.ask(
                unit,
                text=json_data.text,
                sku=json_data.sku,
                asker=room.nickname(unit, who),
                visitor=who,
                source="page",
                show_id=room.stage_show_id(unit),
                at=now_ms(),
                products=words,
                on_air=on_air,
            )

        question_id = writer.run(work)
        with database.reading() as session:
            found = questions.find(session, question_id)
            row = topics.question_row(found, known=topics.known_of(session, [found]).get(found.id))
        answered = row["state"] == "answered"
        answer = None if row["draft"] else row["answer"]
        return {**row, "answered": answered, "answer": answer, "known": _before(row["known"])}

    @api.get("/public/answers")
    @public(LOOK_UP_LIMIT)
    @api.input(AskIn, location="query")
    @api.output(BeforeOut)
    def before(query_data: AskIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Whether the host answered this before; asked while a buyer writes, kept nowhere."""
        asked = likeness.read(query_data.text, query_data.sku, room.products(), room.on_air())
        with database.reading() as session:
            return {"known": _before(knowledge.offer(knowledge.find_known(session, asked)))}

    @api.post("/public/polls/<int:poll_id>/vote")
    @public(VOTE_LIMIT)
    @api.input(VoteIn)
    @api.output(VoteOut)
    def vote(poll_id: int, json_data: VoteIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Vote, or move the vote while the poll is open."""
        voter = visitor()
        writer.run(
            lambda unit: polls.vote(unit, poll_id=poll_id, option_id=json_data.option_id, voter=voter, at=now_ms())
        )
        with database.reading() as session:
            poll = polls.find(session, poll_id)
            return {
                "option_id": json_data.option_id,
                "poll": room.with_address(topics.poll_row(poll), poll.show_id),
            }

    return api


def _before(known: dict[str, Any] | None) -> dict[str, Any] | None:
    return known and {"text": known["text"], "answer": known["answer"], "answered_ms": known["confirmed_ms"]}
