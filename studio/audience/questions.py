"""What happens to a question: asked, asked again, put on screen, answered, hidden, opened again.

Rows that ask the same are folded into the first one, which counts its askers; commands take the first one's id.
"""

from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from studio.audience import knowledge, likeness
from studio.audience.likeness import Asked, ProductWords
from studio.audience.models import Question
from studio.audience.texts import clean, kept
from studio.errors import BadInput, NotFound
from studio.events import QuestionChanged, ShowEnded
from studio.masking import mask_name
from studio.types import Ms
from studio.unit import Unit

MAX_TEXT = 80
MAX_ANSWER = 200
MAX_NAME = 40
MAX_PLAIN = 200
UNNAMED_WINDOW_MS = 15 * 60_000
"""Questions that do not both name their product are the same only this close together: then another one is on air."""
_COMPARED = 400


def ask(
    unit: Unit,
    *,
    text: str,
    sku: str | None,
    asker: str,
    visitor: str | None,
    source: str,
    show_id: int | None,
    at: Ms,
    products: Sequence[ProductWords] = (),
    on_air: str | None = None,
) -> int:
    """Take a question in, masked; returns its id, or that of the one it repeats.

    `asker` is the name as given, "" unknown. A `visitor` who asks twice counts once, None counts every time.
    `products` tell what 牛奶 means, `on_air`, the product on screen, what 这个 means.

    Raises:
        BadInput: nothing is left of the text.
    """
    line = kept(text, MAX_TEXT)
    if not any(char.isalnum() for char in line):
        raise BadInput("请写下您的问题", "write your question")
    asked = likeness.read(line, sku, products, on_air)
    same = _find_same(unit.session, show_id, asked, at)
    if same is not None and visitor is not None and _has_asked(unit.session, same.id, visitor):
        return same.id
    row = _new(show_id, asked, line, asker, source=source, visitor=visitor, at=at)
    unit.session.add(row)
    if same is None:
        _look_up(unit, row, asked, on_air)
    if same is not None:
        row.folded_into, row.state = same.id, same.state
        same.askers += 1
        same.sku = same.sku or asked.sku
    unit.session.flush()
    _tell(unit, same or row, at)
    return (same or row).id


def show(unit: Unit, question_id: int, *, at: Ms) -> None:
    """Put it on screen; the one that was there goes back to where it belongs."""
    row = find(unit.session, question_id)
    if row.state != "on_screen":
        clear(unit, row.show_id, at=at)
        _move(unit, row, "on_screen", at)


def clear(unit: Unit, show_id: int | None, *, at: Ms) -> None:
    """Take the question on screen, if any, off: answered when it has an answer, else open."""
    for row in unit.session.scalars(_of_show(show_id).where(Question.state == "on_screen")):
        _move(unit, row, "answered" if row.answer else "open", at)


def end_show(unit: Unit, event: ShowEnded) -> None:
    """Reaction: nothing is on screen after the show."""
    clear(unit, event.show_id, at=event.at)


def answer(unit: Unit, question_id: int, text: str, *, at: Ms) -> None:
    """Answered, in words that everybody may read, or ("") aloud only."""
    row = find(unit.session, question_id)
    line = kept(text, MAX_ANSWER)
    if (row.state, row.answer, row.draft) != ("answered", line, False):
        if line:
            corrected = "" if row.draft else row.answer
            asked = Asked(row.plain, row.sku)
            row.known_id = knowledge.remember(
                unit, text=row.text, asked=asked, answer=line, at=at, instead_of=corrected
            )
        row.answer, row.draft = line, False
        _move(unit, row, "answered", at)


def hide(unit: Unit, question_id: int, *, at: Ms) -> None:
    """Out of the list; whoever asks it again does not bring it back."""
    row = find(unit.session, question_id)
    if row.state != "hidden":
        _move(unit, row, "hidden", at)


def reopen(unit: Unit, question_id: int, *, at: Ms) -> None:
    """Open again, whatever was done with it; an answer stays as a draft."""
    row = find(unit.session, question_id)
    if row.state != "open":
        row.draft = bool(row.answer)
        _move(unit, row, "open", at)


def question_heard(unit: Unit, show_id: int, asked: Asked, *, text: str, asker: str, at: Ms) -> int | None:
    """The host read a question out: the open one that asks it goes on screen, else it is a new one, as heard.

    A new one stays off the screen until somebody has read it: it may be misheard. Who is heard again with what was
    answered or hidden before adds nothing. Returns the id, None where nothing is left of the text.
    """
    row = _find_same(unit.session, show_id, asked, at, states=("open", "on_screen"))
    if row is not None:
        show(unit, row.id, at=at)
        return row.id
    row = _find_same(unit.session, show_id, asked, at)
    if row is not None:
        return row.id
    line = kept(text, MAX_TEXT)
    if not any(char.isalnum() for char in line):
        return None
    row = _new(show_id, asked, line, asker, source="heard", visitor=None, at=at)
    unit.session.add(row)
    _look_up(unit, row, asked, None)
    unit.session.flush()
    _tell(unit, row, at)
    return row.id


def answer_heard(unit: Unit, show_id: int, asked: Asked, text: str, *, at: Ms) -> int | None:
    """The host answered aloud: what was heard is kept as a draft; an answer that somebody wrote stays."""
    row = _find_same(unit.session, show_id, asked, at, states=("open", "on_screen", "answered"))
    if row is None or (row.answer and not row.draft):
        return None
    line = kept(text, MAX_ANSWER)
    if (row.state, row.answer) != ("answered", line):
        row.answer, row.draft = line, True
        _move(unit, row, "answered", at)
    return row.id


def find(session: Session, question_id: int) -> Question:
    """The question; of a folded one that which it repeats.

    Raises:
        NotFound: there is none.
    """
    row = session.get(Question, question_id)
    if row is not None and row.folded_into is not None:
        row = session.get(Question, row.folded_into)
    if row is None:
        raise NotFound("没有这个问题", "no such question")
    return row


def _look_up(unit: Unit, row: Question, asked: Asked, on_air: str | None) -> None:
    """Whether it was answered before: of its product, or of the one on screen where it names none."""
    known = knowledge.find_known(unit.session, asked if asked.sku else Asked(asked.core, on_air))
    if known is None and asked.sku is None and on_air is not None:
        known = knowledge.find_known(unit.session, asked)
    if known is not None:
        row.known_id = known.id
        known.asked, known.asked_ms = known.asked + 1, row.asked_ms


def _new(
    show_id: int | None, asked: Asked, line: str, asker: str, *, source: str, visitor: str | None, at: Ms
) -> Question:
    return Question(
        show_id=show_id,
        sku=asked.sku,
        visitor=visitor,
        asker=mask_name(name) if (name := clean(asker, MAX_NAME)) else "",
        text=line,
        plain=asked.core[:MAX_PLAIN],
        source=source,
        state="open",
        asked_ms=at,
        changed_ms=at,
    )


def _find_same(
    session: Session, show_id: int | None, asked: Asked, at: Ms, *, states: Sequence[str] = ()
) -> Question | None:
    """The question that asks the same most closely, the newest of equals."""
    wanted = _of_show(show_id).order_by(Question.id.desc()).limit(_COMPARED)
    if states:
        wanted = wanted.where(Question.state.in_(states))
    best, best_score = None, 0.0
    for row in session.scalars(wanted):
        other = Asked(row.plain, row.sku)
        if not likeness.is_same(asked, other):
            continue
        if not (asked.sku and other.sku) and at - _last_asked(session, row) > UNNAMED_WINDOW_MS:
            continue
        score = likeness.likeness(asked.core, other.core) + (asked.sku == other.sku)
        if score > best_score:
            best, best_score = row, score
    return best


def _of_show(show_id: int | None):  # noqa: ANN202 - a select of Question
    return select(Question).where(Question.show_id == show_id, Question.folded_into.is_(None))


def _last_asked(session: Session, row: Question) -> int:
    latest = session.scalar(select(func.max(Question.asked_ms)).where(Question.folded_into == row.id))
    return max(row.asked_ms, latest or 0)


def _has_asked(session: Session, question_id: int, visitor: str) -> bool:
    own = or_(Question.id == question_id, Question.folded_into == question_id)
    return bool(session.scalar(select(exists().where(own, Question.visitor == visitor))))


def _move(unit: Unit, row: Question, state: str, at: Ms) -> None:
    row.state, row.changed_ms = state, at
    _tell(unit, row, at)


def _tell(unit: Unit, row: Question, at: Ms) -> None:
    unit.emit(QuestionChanged(question_id=row.id, state=row.state, at=at))  # pyright: ignore[reportArgumentType] - one of the four
