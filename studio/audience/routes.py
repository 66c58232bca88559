"""Questions, polls and comments for operators."""

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import url_for
from flask.typing import ResponseReturnValue

from studio.audience import comments, polls, questions, topics
from studio.audience.room import Room
from studio.audience.schemas import AnswerIn, CommentOut, HooksOut, PollIn, PollOut, QuestionIn, QuestionOut
from studio.db import Database
from studio.errors import BadInput
from studio.types import Require, Role, now_ms
from studio.unit import Unit, Writer


def blueprint(
    writer: Writer, database: Database, require: Require, room: Room, *, token: str, drop: Callable[[], None]
) -> APIBlueprint:
    """Routes over a writer and a database; `token` opens the comment hooks, `drop` takes an answer off the screen."""
    api = APIBlueprint("audience", __name__, tag="Audience 观众")

    def read_question(question_id: int) -> dict[str, Any]:
        with database.reading() as session:
            row = questions.find(session, question_id)
            return topics.question_row(row, known=topics.known_of(session, [row]).get(row.id))

    def run_question(work: Callable[[Unit], object], question_id: int) -> dict[str, Any]:
        writer.run(work)
        return read_question(question_id)

    def run_poll(work: Callable[[Unit], object], poll_id: int) -> dict[str, Any]:
        writer.run(work)
        with database.reading() as session:
            poll = polls.find(session, poll_id)
            return room.with_address(topics.poll_row(poll), poll.show_id)

    @api.post("/questions")
    @require(Role.MODERATOR)
    @api.input(QuestionIn)
    @api.output(QuestionOut, status_code=201)
    def ask(json_data: QuestionIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Type a question in for somebody; one that repeats another is folded into it, and that one is returned."""
        words = room.products()
        check_sku(json_data.sku, room)
        question_id = writer.run(
            lambda unit: questions.ask(
                unit,
                text=json_data.text,
                sku=json_data.sku,
                asker=json_data.asker,
                visitor=None,
                source="operator",
                show_id=room.stage_show_id(unit),
                at=now_ms(),
                products=words,
                on_air=room.on_air(),
            )
        )
        return read_question(question_id)

    @api.post("/questions/<int:question_id>/show")
    @require(Role.MODERATOR)
    @api.output(QuestionOut)
    def show(question_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Put it on screen in place of the one that is there."""
        return run_question(lambda unit: questions.show(unit, question_id, at=now_ms()), question_id)

    @api.post("/questions/<int:question_id>/answer")
    @require(Role.MODERATOR)
    @api.input(AnswerIn)
    @api.output(QuestionOut)
    def answer(question_id: int, json_data: AnswerIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Answered: with words for everybody, or without any, aloud only."""
        return run_question(
            lambda unit: questions.answer(unit, question_id, json_data.answer, at=now_ms()), question_id
        )

    @api.post("/questions/<int:question_id>/hide")
    @require(Role.MODERATOR)
    @api.output(QuestionOut)
    def hide(question_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Out of the list."""
        return run_question(lambda unit: questions.hide(unit, question_id, at=now_ms()), question_id)

    @api.post("/questions/<int:question_id>/reopen")
    @require(Role.MODERATOR)
    @api.output(QuestionOut)
    def reopen(question_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Open again: the undo of show, answer and hide."""
        return run_question(lambda unit: questions.reopen(unit, question_id, at=now_ms()), question_id)

    @api.post("/questions/clear")
    @require(Role.MODERATOR)
    @api.output({}, status_code=204)
    def clear() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take the question, or its answer, off the screen."""
        writer.run(lambda unit: questions.clear(unit, room.stage_show_id(unit), at=now_ms()))
        drop()
        return ""

    @api.post("/polls")
    @require(Role.MODERATOR)
    @api.input(PollIn)
    @api.output(PollOut, status_code=201)
    def draft(json_data: PollIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Prepare a poll; buyers see it when it is opened."""
        for option in json_data.options:
            check_sku(option.sku, room)
        choices = [polls.Choice(option.text, option.sku) for option in json_data.options]
        poll_id = writer.run(
            lambda unit: polls.draft(
                unit,
                kind=json_data.kind,
                title=json_data.title,
                choices=choices,
                show_id=room.stage_show_id(unit),
                at=now_ms(),
            )
        )
        with database.reading() as session:
            poll = polls.find(session, poll_id)
            return room.with_address(topics.poll_row(poll), poll.show_id)

    @api.post("/polls/<int:poll_id>/open")
    @require(Role.MODERATOR)
    @api.output(PollOut)
    def open_poll(poll_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Let buyers vote; one poll of a show at a time."""
        return run_poll(lambda unit: polls.open_poll(unit, poll_id, at=now_ms()), poll_id)

    @api.post("/polls/<int:poll_id>/close")
    @require(Role.MODERATOR)
    @api.output(PollOut)
    def close(poll_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """End the voting and show the result."""
        return run_poll(lambda unit: polls.close(unit, poll_id, at=now_ms()), poll_id)

    @api.post("/polls/<int:poll_id>/discard")
    @require(Role.MODERATOR)
    @api.output({}, status_code=204)
    def discard(poll_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Off every list and screen."""
        writer.run(lambda unit: polls.discard(unit, poll_id, at=now_ms()))
        return ""

    @api.post("/comments/<int:comment_id>/ask")
    @require(Role.MODERATOR)
    @api.output(CommentOut)
    def to_question(comment_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Make a question of a comment."""
        words = room.products()
        return {
            "question_id": writer.run(
                lambda unit: comments.to_question(unit, comment_id, at=now_ms(), products=words, on_air=room.on_air())
            )
        }

    @api.get("/comments/hooks")
    @require(Role.PRODUCER)
    @api.output(HooksOut)
    def hooks() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Addresses for chat programs."""
        return {
            "generic": url_for("comment_hooks.generic", given=token, _external=True),
            "ninja": url_for("comment_hooks.ninja", given=token, _external=True),
        }

    return api


def check_sku(sku: str | None, room: Room) -> None:
    """Refuse a product that the catalogue does not have.

    Raises:
        BadInput: it has none of that SKU.
    """
    if sku is not None and sku not in {product.sku for product in room.products()}:
        raise BadInput("没有这个商品，请刷新后再选", "no such product, reload and choose again", sku=sku)
