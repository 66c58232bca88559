"""What the audience says: questions, polls and comments; and the questions that the ear hears the host read out."""

import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from studio import events
from studio.audience import hook_routes, knowledge_routes, likeness, polls, public_routes, questions, routes, topics
from studio.audience.room import Room
from studio.audience.screen import Screen
from studio.qr_code import Reach
from studio.shop.models import Buyer
from studio.shows import show as shows
from studio.types import now_ms
from studio.unit import Unit
from studio.web.buyer_address import buyer_address
from studio.wiring import Core, spawning


def wire(core: Core) -> None:
    """Topics follow questions, polls, comments and the show on stage; what the ear hears meets the inbox by events."""
    bus, state, view = core.bus, core.state, core.view
    room = _make_room(core)

    def read(work: Callable[[Session], Any]) -> Any:
        with core.database.reading() as session:
            return work(session)

    def of_show(topic: Callable[[Session, int | None], Any]) -> Any:
        return read(lambda session: topic(session, view.show_id))

    screen = Screen(read, lambda value: state.put("question", value))

    def follow_questions(*_event: object) -> None:
        state.refresh("questions", lambda: of_show(topics.questions_topic))
        screen.refresh(view.show_id)

    def read_poll() -> dict[str, Any] | None:
        poll = of_show(topics.poll_topic)
        return poll and room.with_address(poll, view.show_id)

    def follow_polls(*_event: object) -> None:
        state.refresh("poll", read_poll)
        state.refresh("polls", lambda: [room.with_address(poll, view.show_id) for poll in of_show(topics.polls_topic)])

    def follow_comments(*_event: object) -> None:
        state.refresh("comments", lambda: of_show(topics.comments_topic))

    for follow, kind in (
        (follow_questions, events.QuestionChanged),
        (follow_polls, events.PollChanged),
        (follow_comments, events.CommentReceived),
    ):
        bus.listen(kind, follow)
        bus.listen(events.ShowChanged, follow)
        follow()
    bus.listen(events.LanChanged, follow_polls)
    core.writer.react(events.ShowEnded, questions.end_show)
    core.writer.react(events.ShowEnded, polls.end_show)
    _link_speech(core, room)
    core.parts.append(screen)
    token = hmac.new(core.tokens.cookie_key.encode(), b"comment hooks", hashlib.sha256).hexdigest()[:32]
    for blueprint in (
        routes.blueprint(core.writer, core.database, core.guard.require, room, token=token, drop=screen.drop),
        public_routes.blueprint(core.writer, core.database, core.visitors.public, core.visitors.current, room),
        knowledge_routes.blueprint(core.writer, core.database, core.guard.require, room, follow_questions),
    ):
        core.app.register_blueprint(blueprint, url_prefix="/api/v1")
    core.app.register_blueprint(hook_routes.blueprint(core.writer, core.visitors.deliveries, room, token))


def _link_speech(core: Core, room: Room) -> None:
    """A question that the host reads out goes on screen, or becomes a new one; its answer becomes a draft."""

    def heard(text: str, sku: str | None, work: Callable[..., object]) -> None:
        live = core.view.live()
        if live is not None:
            asked = likeness.read(text, sku, room.products())
            core.writer.run(lambda unit: work(unit, live[0], asked, at=now_ms()))

    def question(event: events.QuestionHeard) -> None:
        keep = partial(questions.question_heard, text=event.question, asker=event.asker)
        heard(event.question, event.product, keep)

    def answer(event: events.QuestionAnswered) -> None:
        heard(event.question, event.product, partial(_keep_answer, text=event.answer))

    core.bus.listen(events.QuestionHeard, spawning(question))
    core.bus.listen(events.QuestionAnswered, spawning(answer))


def _keep_answer(unit: Unit, show_id: int, asked: likeness.Asked, *, text: str, at: Any) -> None:
    questions.answer_heard(unit, show_id, asked, text, at=at)


def _make_room(core: Core) -> Room:
    words: dict[str, Any] = {"catalogue": None, "products": ()}

    def products() -> tuple[likeness.ProductWords, ...]:
        catalogue: Any = core.state.get("catalogue") or []
        if catalogue is not words["catalogue"]:
            words.update(catalogue=catalogue, products=likeness.product_words(catalogue))
        return words["products"]

    def stage_show_id(unit: Unit) -> int | None:
        show = shows.stage_show(unit.session)
        return show.id if show else None

    def nickname(unit: Unit, visitor: str) -> str:
        return unit.session.scalar(select(Buyer.nickname).where(Buyer.visitor == visitor)) or ""

    def page_address(show_id: int | None) -> tuple[str, Reach]:
        where = buyer_address(core.settings, core.lan)
        return f"{where.page}/{show_id}" if show_id else where.page, where.reach

    return Room(
        stage_show_id=stage_show_id,
        products=products,
        on_air=lambda: core.view.sku,
        nickname=nickname,
        mark=lambda text: core.vault.mark(text)[:32],
        page_address=page_address,
    )
