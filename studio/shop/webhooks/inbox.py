"""The inbox: one row a delivery, committed before it is answered, processed once.

A row becomes `done`, `stale`, `ignored`, or waits for a person as `parked` with its reason; see `InboxEvent`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from studio.db import table
from studio.errors import Conflict, NotFound
from studio.events import WebhookReceived, WebhooksChanged
from studio.masking import mask_text
from studio.shop.models import Product
from studio.shop.webhooks import sources
from studio.shop.webhooks.dialect import MAX_KEY_LENGTH, Told
from studio.shop.webhooks.dialects import DIALECTS
from studio.shop.webhooks.documents import clean, parse
from studio.shop.webhooks.external import ExternalOrder, ExternalRefund, Unreadable
from studio.shop.webhooks.models import InboxEvent, SkuAlias
from studio.types import Ms
from studio.unit import Unit

MAX_REASON_LENGTH = 300
LISTED = 100
SELF_TEST = "studio_test"
"""In a body that the studio signed for itself: the delivery is kept, and has no effect."""

_inbox = table(InboxEvent)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What of a delivery goes into the inbox."""

    key: str
    topic: str
    body: dict[str, Any]
    body_hash: str
    event_id: str | None = None
    external_id: str | None = None
    updated_ms: Ms | None = None
    state: str = "new"
    reason: str = ""


def weigh(source: str, headers: Mapping[str, str], body: bytes, at: Ms) -> Receipt:
    """Read a signed delivery as far as it can be read; nothing of it is refused."""
    dialect = DIALECTS[source]
    body_hash = hashlib.sha256(body).hexdigest()
    try:
        document = parse(body)
        arrival = dialect.arrive(headers, document, body_hash)
    except Unreadable as error:
        return Receipt(
            clean(dialect.key(headers, body_hash), MAX_KEY_LENGTH),
            "",
            {},
            body_hash,
            state="parked",
            reason=f"unreadable: {error}",
        )
    nonce = document.get(SELF_TEST)
    if isinstance(nonce, str):
        return Receipt(clean(f"test:{nonce}", 80), arrival.topic, {}, body_hash, state="ignored", reason="self-test")
    told: Told = None
    state, reason = "new", ""
    try:
        told = dialect.read(arrival.topic, arrival.body, at)
        if told is None or arrival.test:
            state, reason = "ignored", "test-order" if arrival.test else "topic"
    except Unreadable as error:
        state, reason = "parked", f"unreadable: {error}"
    external_id, updated_ms = _about(told)
    return Receipt(
        arrival.key, arrival.topic, arrival.body, body_hash, arrival.event_id, external_id, updated_ms, state, reason
    )


def receive(unit: Unit, source: str, receipt: Receipt, at: Ms) -> int | None:
    """Keep a delivery; None when its key is there already. Returns its id."""
    known = select(_inbox.c.id).where(_inbox.c.source == source, _inbox.c.key == receipt.key)
    if unit.connection.execute(known).first() is not None:
        return None
    values = {
        "source": source,
        "key": receipt.key,
        "event_id": receipt.event_id,
        "topic": receipt.topic,
        "body": receipt.body,
        "body_hash": receipt.body_hash,
        "external_id": receipt.external_id,
        "updated_ms": receipt.updated_ms,
        "state": receipt.state,
        "reason": receipt.reason[:MAX_REASON_LENGTH],
        "attempts": 0,
        "received_ms": at,
        "processed_ms": None if receipt.state == "new" else at,
    }
    inbox_id: int = unit.connection.execute(insert(_inbox).returning(_inbox.c.id), values).scalar_one()
    if receipt.reason != "self-test":
        sources.note_delivery(unit, source, at)
    unit.emit(WebhookReceived(inbox_id=inbox_id, source=source, at=at))
    return inbox_id


def list_new(session: Session, limit: int) -> list[int]:
    """Ids of what waits to be processed, oldest first; what failed before comes after what did not."""
    query = select(_inbox.c.id).where(_inbox.c.state == "new").order_by(_inbox.c.attempts, _inbox.c.id).limit(limit)
    return list(session.execute(query).scalars())


def settle(
    unit: Unit, inbox_id: int, state: str, reason: str = "", *, order_id: int | None = None, at: Ms, attempts: int = 0
) -> None:
    """Write what became of a delivery; `attempts` are added."""
    values: dict[str, Any] = {"state": state, "reason": clean(reason, MAX_REASON_LENGTH), "processed_ms": at}
    if order_id is not None:
        values["order_id"] = order_id
    values["attempts"] = _inbox.c.attempts + attempts
    unit.connection.execute(update(_inbox).where(_inbox.c.id == inbox_id).values(**values))


def requeue(unit: Unit, where: Sequence[Any], at: Ms) -> int:
    """Let rows be processed again, with fresh attempts; returns how many."""
    changed = unit.connection.execute(
        update(_inbox).where(*where).values(state="new", attempts=0, processed_ms=None).returning(_inbox.c.id)
    ).all()
    if changed:
        unit.emit(WebhooksChanged(at=at))
    return len(changed)


def replay(unit: Unit, *, state: str, source: str | None = None, since: Ms | None = None, at: Ms) -> int:
    """Let every delivery in `state` be processed again; what was processed already changes nothing a second time."""
    where = [_inbox.c.state == state, _inbox.c.external_id.is_not(None)]
    where += [_inbox.c.source == source] if source else []
    where += [_inbox.c.received_ms >= since] if since else []
    return requeue(unit, where, at)


def resolve(unit: Unit, inbox_id: int, skus: Mapping[str, str], at: Ms) -> None:
    """Remember what the shop's SKUs are here, and try this delivery and those that waited for the same SKUs again.

    Raises:
        NotFound: no such delivery, or no such product of ours.
        Conflict: it waits for nobody, or cannot be read however often.
    """
    row = _waiting(unit.session, inbox_id)
    if row.external_id is None:
        raise Conflict(
            "这次推送读不懂，重试也没有用，请核对后忽略它",
            "this delivery cannot be read, trying again will not help; look into it and dismiss it",
        )
    for external, sku in skus.items():
        if unit.session.get(Product, sku) is None:
            raise NotFound(f"没有商品 {sku}", f"no product {sku}")
        unit.session.merge(SkuAlias(source=row.source, external=external, sku=sku))
    unit.session.flush()
    where = [_inbox.c.source == row.source, _inbox.c.state.in_(("parked", "failed")), _inbox.c.external_id.is_not(None)]
    same = _inbox.c.external_id == row.external_id
    if skus:
        same |= _inbox.c.reason.startswith("unknown-sku")
    requeue(unit, [*where, same], at)


def dismiss(unit: Unit, inbox_id: int, reason: str, at: Ms) -> None:
    """A person decided that this delivery is to have no effect.

    Raises:
        NotFound: no such delivery.
        Conflict: it waits for nobody.
    """
    row = _waiting(unit.session, inbox_id)
    settle(unit, row.id, "ignored", f"dismissed: {mask_text(reason)}", at=at)
    unit.emit(WebhooksChanged(at=at))


def list_rows(
    session: Session,
    states: Sequence[str] = ("parked", "failed"),
    source: str | None = None,
    since: Ms | None = None,
    limit: int = LISTED,
) -> list[dict[str, Any]]:
    """Deliveries as `DeliveryOut`, newest first."""
    query = select(InboxEvent).order_by(InboxEvent.id.desc()).limit(limit)
    if states:
        query = query.where(InboxEvent.state.in_(states))
    if source:
        query = query.where(InboxEvent.source == source)
    if since:
        query = query.where(InboxEvent.received_ms >= since)
    return [_describe(row) for row in session.scalars(query)]


def count_parked(session: Session) -> int:
    """How many deliveries wait for a person."""
    query = select(func.count()).select_from(_inbox).where(_inbox.c.state.in_(("parked", "failed")))
    return session.execute(query).scalar_one()


def read_row(row: InboxEvent) -> Told:
    """What a kept delivery says.

    Raises:
        Unreadable: it does not say what it must.
    """
    return DIALECTS[row.source].read(row.topic, row.body, row.received_ms)


def _about(told: Told) -> tuple[str | None, Ms | None]:
    if isinstance(told, ExternalOrder):
        return told.id, told.updated_ms
    return (told.order_id, None) if isinstance(told, ExternalRefund) else (None, None)


def _waiting(session: Session, inbox_id: int) -> InboxEvent:
    row = session.get(InboxEvent, inbox_id)
    if row is None:
        raise NotFound("没有这次推送", "there is no such delivery")
    if row.state not in {"parked", "failed"}:
        raise Conflict("这次推送已经处理过了", "this delivery was dealt with already")
    return row


def _describe(row: InboxEvent) -> dict[str, Any]:
    code, _, detail = row.reason.partition(": ")
    out: dict[str, Any] = {
        "id": row.id,
        "source": row.source,
        "topic": row.topic,
        "state": row.state,
        "reason": code,
        "detail": detail if code != "refused" else "",
        "message": None,
        "external_id": row.external_id,
        "order_id": row.order_id,
        "attempts": row.attempts,
        "received_ms": row.received_ms,
        "updated_ms": row.updated_ms,
        "number": None,
        "who": "",
        "total_fen": None,
        "lines": [],
        "unknown": [],
    }
    try:
        told = read_row(row) if row.body else None
    except Unreadable:
        told = None
    if isinstance(told, ExternalOrder):
        out |= {"number": told.number, "who": told.who, "total_fen": told.total_fen}
        out["lines"] = [
            {"sku": line.sku, "name": line.name, "quantity": line.quantity, "price_fen": line.price_fen}
            for line in told.lines
        ]
    if code == "unknown-sku":
        out["unknown"] = _list_of(detail)
    elif code == "refused" and len(texts := _list_of(detail)) == 2:  # noqa: PLR2004 - Chinese and English
        out["message"] = {"zh": texts[0], "en": texts[1]}
    return out


def _list_of(detail: str) -> list[str]:
    try:
        found = json.loads(detail)
    except ValueError:
        return []
    return [str(entry) for entry in found] if isinstance(found, list) else []
