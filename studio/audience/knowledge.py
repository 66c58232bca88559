"""What was answered once is known: questions a product with their answers, across shows, nobody's name with them.

Every answer that somebody wrote or confirmed is remembered in the same transaction. Of several answers to one question
the best is the one that an operator chose, else the one confirmed last. A known answer is only offered, never given by
itself: whether it still holds (another lot, another season) is for people to say, so its day is always shown with it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studio.audience import likeness
from studio.audience.likeness import Asked, ProductWords
from studio.audience.models import KnownAnswer, KnownQuestion
from studio.audience.texts import kept
from studio.errors import BadInput, NotFound
from studio.types import Ms
from studio.unit import Unit

MAX_TEXT = 80
MAX_ANSWER = 200
MAX_ANSWERS = 8
"""Of one question; beyond it the answer confirmed longest ago is forgotten."""
_COMPARED = 500
_LISTED = 500


def find_known(session: Session, asked: Asked) -> KnownQuestion | None:
    """The known question that asks the same of the same product (or, like this one, of none)."""
    best, best_likeness = None, likeness.ALIKE
    of_product = KnownQuestion.sku.is_(None) if asked.sku is None else KnownQuestion.sku == asked.sku
    rows = select(KnownQuestion).where(of_product).order_by(KnownQuestion.asked_ms.desc()).limit(_COMPARED)
    for row in session.scalars(rows):
        alike = likeness.likeness(asked.core, row.plain)
        if alike >= best_likeness and row.answers:
            best, best_likeness = row, alike + 1e-9
    return best


def remember(unit: Unit, *, text: str, asked: Asked, answer: str, at: Ms, instead_of: str = "") -> int:
    """Keep an answer that somebody wrote or confirmed; said before in the same words, it counts one more use.

    `instead_of` is the answer that it corrects: used nowhere else, that one is replaced. Returns the question.
    """
    row = find_known(unit.session, asked)
    if row is None:
        row = KnownQuestion(sku=asked.sku, text=text, plain=asked.core[:200], asked=1, created_ms=at, asked_ms=at)
        unit.session.add(row)
    row.asked_ms = at
    same = next((each for each in row.answers if each.text == answer), None)
    wrong = next((each for each in row.answers if each.text == instead_of and each.uses == 1), None)
    if same is not None:
        same.uses, same.confirmed_ms = same.uses + 1, at
    elif wrong is not None:
        wrong.text, wrong.confirmed_ms = answer, at
    else:
        row.answers.append(KnownAnswer(text=answer, uses=1, preferred=False, confirmed_ms=at))
        for old in sorted(row.answers, key=_rank)[:-MAX_ANSWERS]:
            row.answers.remove(old)
    unit.session.flush()
    return row.id


def best(row: KnownQuestion) -> KnownAnswer:
    """The answer to offer: the one that an operator chose, else the one confirmed last."""
    return max(row.answers, key=_rank)


def _rank(answer: KnownAnswer) -> tuple[bool, int, int]:
    return answer.preferred, answer.confirmed_ms, answer.id or 0


def offer(row: KnownQuestion | None) -> dict[str, Any] | None:
    """What a question is offered."""
    if row is None or not row.answers:
        return None
    answer = best(row)
    return {
        "id": row.id,
        "text": row.text,
        "answer": answer.text,
        "uses": answer.uses,
        "confirmed_ms": answer.confirmed_ms,
    }


def describe(row: KnownQuestion) -> dict[str, Any]:
    """A known question with all its answers, the best one first."""
    answers = sorted(row.answers, key=_rank, reverse=True)
    return {
        "id": row.id,
        "sku": row.sku,
        "text": row.text,
        "asked": row.asked,
        "asked_ms": row.asked_ms,
        "answers": [
            {
                "id": each.id,
                "text": each.text,
                "uses": each.uses,
                "preferred": each.preferred,
                "confirmed_ms": each.confirmed_ms,
            }
            for each in answers
        ],
    }


def list_known(session: Session, *, words: str = "", sku: str | None = None) -> list[dict[str, Any]]:
    """Known questions, the ones asked last first; `words` are looked for in questions and answers."""
    rows = select(KnownQuestion).order_by(KnownQuestion.asked_ms.desc(), KnownQuestion.id.desc()).limit(_LISTED)
    if sku is not None:
        rows = rows.where(KnownQuestion.sku == sku if sku else KnownQuestion.sku.is_(None))
    if words:
        pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        answered = select(KnownAnswer.question_id).where(KnownAnswer.text.ilike(pattern, escape="\\"))
        rows = rows.where(or_(KnownQuestion.text.ilike(pattern, escape="\\"), KnownQuestion.id.in_(answered)))
    return [describe(row) for row in session.scalars(rows)]


def add(unit: Unit, *, text: str, sku: str | None, answer: str, products: Sequence[ProductWords], at: Ms) -> int:
    """Write a question with its answer down, without anybody asking.

    Raises:
        BadInput: nothing is left of either.
    """
    asked = likeness.read(text, sku, products)
    return remember(unit, text=_line(text, MAX_TEXT), asked=asked, answer=_line(answer, MAX_ANSWER), at=at)


def edit(unit: Unit, answer_id: int, *, text: str | None, preferred: bool | None, at: Ms) -> int:
    """Change an answer's words, or choose it as the best (or no longer); returns the known question's id."""
    answer = _answer(unit.session, answer_id)
    if text is not None:
        answer.text, answer.confirmed_ms = _line(text, MAX_ANSWER), at
    if preferred is not None:
        others = unit.session.scalars(select(KnownAnswer).where(KnownAnswer.question_id == answer.question_id))
        for other in others:
            other.preferred = preferred and other.id == answer_id
    return answer.question_id


def forget_answer(unit: Unit, answer_id: int) -> None:
    """Forget one answer; with its last one the question is forgotten, too."""
    answer = _answer(unit.session, answer_id)
    row = find(unit.session, answer.question_id)
    row.answers.remove(answer)
    if not row.answers:
        unit.session.delete(row)


def forget(unit: Unit, known_id: int) -> None:
    """Forget a question with all its answers."""
    unit.session.delete(find(unit.session, known_id))


def find(session: Session, known_id: int) -> KnownQuestion:
    """The known question.

    Raises:
        NotFound: there is none.
    """
    row = session.get(KnownQuestion, known_id)
    if row is None:
        raise NotFound("知识库里没有这个问题", "no such known question")
    return row


def _answer(session: Session, answer_id: int) -> KnownAnswer:
    row = session.get(KnownAnswer, answer_id)
    if row is None:
        raise NotFound("知识库里没有这个回答", "no such known answer")
    return row


def _line(text: str, limit: int) -> str:
    line = kept(text, limit)
    if not any(char.isalnum() for char in line):
        raise BadInput("请写下文字", "write some words")
    return line
