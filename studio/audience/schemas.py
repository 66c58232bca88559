"""Questions, polls and comments on the HTTP border."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studio.audience import comments, polls, questions

SkuIn = Annotated[str, StringConstraints(min_length=1, max_length=64)]
AskText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=questions.MAX_TEXT)]
_SOURCE = rf"^[a-z0-9_-]{{1,{comments.MAX_SOURCE}}}$"


class AskIn(BaseModel):
    """A buyer's question; who asks is known by the cookie."""

    model_config = ConfigDict(extra="forbid")

    text: AskText
    sku: SkuIn | None = None


class QuestionIn(AskIn):
    """A question that an operator types in for somebody."""

    asker: Annotated[str, StringConstraints(max_length=questions.MAX_NAME)] = ""


class AnswerIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=questions.MAX_ANSWER)] = ""


class KnownOut(BaseModel):
    """An answer given before to the same question."""

    id: int
    text: str
    answer: str
    uses: int
    confirmed_ms: int


class QuestionOut(BaseModel):
    id: int
    sku: str | None
    asker: str
    text: str
    source: str
    state: Literal["open", "on_screen", "answered", "hidden"]
    answer: str | None
    draft: bool
    askers: int
    asked_since: int
    asked_ms: int
    changed_ms: int
    known: KnownOut | None


class AskedOut(BaseModel):
    """What a buyer is told: how many ask the same, and the answer where there is one already."""

    id: int
    text: str
    askers: int
    answered: bool
    answer: str | None
    known: "KnownBeforeOut | None"


class KnownBeforeOut(BaseModel):
    """What buyers are told of an earlier answer: the question as it was asked then, without anybody's name."""

    text: str
    answer: str
    answered_ms: int


class BeforeOut(BaseModel):
    known: KnownBeforeOut | None


class KnownIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: AskText
    sku: SkuIn | None = None
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=questions.MAX_ANSWER)]


class KnownAnswerIn(BaseModel):
    """What changes of an answer."""

    model_config = ConfigDict(extra="forbid")

    text: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=questions.MAX_ANSWER)] | None
    ) = None
    preferred: bool | None = None


class KnownAnswerOut(BaseModel):
    id: int
    text: str
    uses: int
    preferred: bool
    confirmed_ms: int


class KnownQuestionOut(BaseModel):
    """Its best answer first."""

    id: int
    sku: str | None
    text: str
    asked: int
    asked_ms: int
    answers: list[KnownAnswerOut]


class KnowledgeOut(BaseModel):
    known: list[KnownQuestionOut]


class ChoiceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=polls.MAX_OPTION)]
    sku: SkuIn | None = None


class PollIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["product", "recipe", "free"]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=polls.MAX_TITLE)]
    options: list[ChoiceIn] = Field(min_length=polls.MIN_OPTIONS, max_length=polls.MAX_OPTIONS)


class OptionOut(BaseModel):
    id: int
    text: str
    sku: str | None
    votes: int
    winner: bool


class PollOut(BaseModel):
    id: int
    kind: Literal["product", "recipe", "free"]
    title: str
    state: Literal["draft", "open", "closed", "discarded"]
    opened_ms: int | None
    closed_ms: int | None
    total: int
    options: list[OptionOut]
    url: str
    qr: str | None
    qr_lan: bool


class VoteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    option_id: int = Field(ge=1, lt=2**31, strict=True)


class VoteOut(BaseModel):
    """The poll after the vote, and what the buyer voted for."""

    option_id: int
    poll: PollOut


class CommentIn(BaseModel):
    """One message of the generic comment hook; fields that we do not know are ignored."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=comments.MAX_ID)] | int
    source: Annotated[str, StringConstraints(pattern=_SOURCE)] = "generic"
    who: Annotated[str, StringConstraints(max_length=200)] = ""
    text: Annotated[str, StringConstraints(max_length=2000)]
    at: int | None = None


class CommentOut(BaseModel):
    question_id: int


class HooksOut(BaseModel):
    """Where chat programs deliver to; whoever has an address can deliver."""

    generic: str
    ninja: str
