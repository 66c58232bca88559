"""Rows of the webhook sources, their inbox, and the outbox to other shop systems."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studio.db import Base
from studio.types import Ms


class WebhookSource(Base):
    """A shop system that sends orders; secrets are sealed (studio/vault.py), the previous one lives while rotating."""

    __tablename__ = "webhook_sources"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    secret_sealed: Mapped[str | None] = mapped_column(String(400))
    previous_sealed: Mapped[str | None] = mapped_column(String(400))
    client_id: Mapped[str | None] = mapped_column(String(80))
    enabled: Mapped[bool] = mapped_column(default=False)
    last_delivery_ms: Mapped[Ms | None]
    last_failure_ms: Mapped[Ms | None]
    last_failure: Mapped[str] = mapped_column(String(200), default="")
    failures: Mapped[int] = mapped_column(default=0)


class InboxEvent(Base):
    """One verified delivery, stripped of personal data, committed before it is answered and processed afterwards.

    external_id and updated_ms are those of the order it tells of, None when it cannot be read or tells of none.
    state: new, done, stale (an older update), ignored (a topic without effect), parked (needs a person), failed.
    """

    __tablename__ = "webhook_inbox"
    __table_args__ = (
        UniqueConstraint("source", "key"),
        Index("ix_webhook_inbox_state", "state", "id"),
        Index("ix_webhook_inbox_external_id", "external_id", "source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(200))
    event_id: Mapped[str | None] = mapped_column(String(80))
    topic: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    body_hash: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(64))
    updated_ms: Mapped[Ms | None]
    state: Mapped[str] = mapped_column(String(10), default="new")
    reason: Mapped[str] = mapped_column(String(300), default="")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    received_ms: Mapped[Ms]
    processed_ms: Mapped[Ms | None]


class SkuAlias(Base):
    """What another shop calls one of our SKUs, as the producer resolved it."""

    __tablename__ = "sku_aliases"

    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    external: Mapped[str] = mapped_column(String(100), primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"))


class WebhookTarget(Base):
    """Another system that wants to hear of orders and stock."""

    __tablename__ = "webhook_targets"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(400))
    secret_sealed: Mapped[str] = mapped_column(String(400))
    enabled: Mapped[bool] = mapped_column(default=True)
    created_ms: Mapped[Ms]
    last_ok_ms: Mapped[Ms | None]
    last_failure_ms: Mapped[Ms | None]
    last_failure: Mapped[str] = mapped_column(String(200), default="")


class OutboxEvent(Base):
    """One delivery to one target, written in the transaction that made it true; state: waiting, sent, dead.

    subject: the SKU or order number it is about.
    """

    __tablename__ = "webhook_outbox"
    __table_args__ = (Index("ix_webhook_outbox_state_due_ms", "state", "due_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("webhook_targets.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(String(200), default="")
    created_ms: Mapped[Ms]
    due_ms: Mapped[Ms]
    sent_ms: Mapped[Ms | None]
