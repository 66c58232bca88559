"""Webhook sources, deliveries and targets on the HTTP border."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from studio.types import no_nul

SecretIn = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[!-~]+$")]
"""Printable ASCII without spaces: what shop systems give out."""

UrlIn = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=400)]
ReasonIn = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(no_nul)
]
ExternalSku = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(no_nul)]
OwnSku = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(no_nul)]


class SourceIn(BaseModel):
    """secret None leaves it as it is; a new one makes the present one the previous, which stays valid."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool
    secret: SecretIn | None = None
    client_id: Annotated[str, StringConstraints(max_length=80, pattern=r"^[!-~]*$")] | None = None
    forget_previous: bool = False


class ResolveIn(BaseModel):
    """Their SKU → ours; empty to try again as it is."""

    model_config = ConfigDict(extra="forbid")

    skus: dict[ExternalSku, OwnSku] = Field(default_factory=dict, max_length=100)


class DismissIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: ReasonIn


class TargetIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: UrlIn
    secret: SecretIn | None = None


class TargetChangeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    enabled: bool
    url: UrlIn | None = None
    secret: SecretIn | None = None


class SourceOut(BaseModel):
    """last_failure: missing, wrong, clock, or empty; rotating: the previous secret is valid, too."""

    name: str
    path: str
    enabled: bool
    has_secret: bool
    rotating: bool
    client_id: str | None
    last_delivery_ms: int | None
    last_failure_ms: int | None
    last_failure: str
    failures: int
    parked: int
    failed: int


class TargetOut(BaseModel):
    """waiting and dead count deliveries; last_failure is its last bad answer, "HTTP 500" or a kind of error."""

    id: int
    url: str
    enabled: bool
    created_ms: int
    last_ok_ms: int | None
    last_failure_ms: int | None
    last_failure: str
    waiting: int
    dead: int


class WebhooksOut(BaseModel):
    """base_url: where the shop systems reach the studio (the setting public_url), empty when it is not set."""

    base_url: str
    sources: list[SourceOut]
    parked: int
    targets: list[TargetOut]


class DeliveryLineOut(BaseModel):
    sku: str
    name: str
    quantity: int
    price_fen: int


class MessageOut(BaseModel):
    zh: str
    en: str


class DeliveryOut(BaseModel):
    """reason: unknown-sku, out-of-stock, over-cap, no-order, currency, edited, refused, unreadable, defect, topic."""

    id: int
    source: str
    topic: str
    state: Literal["new", "done", "stale", "ignored", "parked", "failed"]
    reason: str
    detail: str
    message: MessageOut | None
    external_id: str | None
    order_id: int | None
    attempts: int
    received_ms: int
    updated_ms: int | None
    number: str | None
    who: str
    total_fen: int | None
    lines: list[DeliveryLineOut]
    unknown: list[str]


class DeliveriesOut(BaseModel):
    deliveries: list[DeliveryOut]


class TestOut(BaseModel):
    """status 0: no answer came."""

    ok: bool
    status: int
    text: str
    took_ms: int
    url: str


class NewTargetOut(WebhooksOut):
    """secret is told this once."""

    id: int
    secret: str
