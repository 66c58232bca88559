"""What buyers do without an account: ask and vote. Who they are is their browser's cookie."""

from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue

from studio.audience import polls, questions, topics
from studio.audience.room import Room
from studio.audience.routes import check_sku
from studio.audience.schemas import AskedOut, AskIn, VoteIn, VoteOut
from studio.db import Database
from studio.types import Public, Visitor, now_ms
from studio.unit import Unit, Writer

ASK_LIMIT = "6 per minute"
VOTE_LIMIT = "30 per minute"


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
            row = topics.question_row(questions.find(session, question_id))
        answered = row["state"] == "answered"
        return {**row, "answered": answered, "answer": None if row["draft"] else row["answer"]}

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
