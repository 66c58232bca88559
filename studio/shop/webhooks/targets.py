"""Other systems that want to hear of orders and stock: where, and the secret that our deliveries are signed with."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studio.errors import BadInput, NotFound
from studio.events import WebhooksChanged
from studio.shop.webhooks.models import OutboxEvent, WebhookTarget
from studio.types import Ms
from studio.unit import Unit
from studio.vault import Vault

MAX_TARGETS = 10


def add(unit: Unit, vault: Vault, url: str, secret: str | None, at: Ms) -> tuple[int, str]:
    """A new target, enabled; its id and its secret, a fresh one unless given.

    Raises:
        BadInput: no web address, or too many targets.
    """
    require_url(url)
    if unit.session.scalar(select(func.count()).select_from(WebhookTarget)) >= MAX_TARGETS:  # pyright: ignore[reportOptionalOperand] - a count
        raise BadInput(f"最多 {MAX_TARGETS} 个", f"no more than {MAX_TARGETS}")
    secret = secret or secrets.token_urlsafe(24)
    row = WebhookTarget(url=url, secret_sealed=vault.seal(secret), enabled=True, created_ms=at, last_failure="")
    unit.session.add(row)
    unit.session.flush()
    unit.emit(WebhooksChanged(at=at))
    return row.id, secret


def change(
    unit: Unit, vault: Vault, target_id: int, *, url: str | None, secret: str | None, enabled: bool, at: Ms
) -> None:
    """Move, pause or resume a target, or give it another secret; what waits for it stays.

    Raises:
        NotFound: there is none.
        BadInput: no web address.
    """
    row = find(unit.session, target_id)
    if url is not None:
        require_url(url)
        row.url = url
    if secret:
        row.secret_sealed = vault.seal(secret)
    row.enabled = enabled
    unit.emit(WebhooksChanged(at=at))


def remove(unit: Unit, target_id: int, at: Ms) -> None:
    """Forget a target and what waits for it.

    Raises:
        NotFound: there is none.
    """
    unit.session.delete(find(unit.session, target_id))
    unit.session.flush()
    unit.emit(WebhooksChanged(at=at))


def find(session: Session, target_id: int) -> WebhookTarget:
    """The target's row.

    Raises:
        NotFound: there is none.
    """
    row = session.get(WebhookTarget, target_id)
    if row is None:
        raise NotFound("没有这个推送目标", "there is no such target")
    return row


def list_enabled(session: Session) -> tuple[int, ...]:
    """Ids of the targets that are not paused."""
    return tuple(session.scalars(select(WebhookTarget.id).where(WebhookTarget.enabled).order_by(WebhookTarget.id)))


def describe(session: Session) -> list[dict[str, Any]]:
    """Every target as `TargetOut`, secrets never."""
    grouped = select(OutboxEvent.target_id, OutboxEvent.state, func.count()).where(
        OutboxEvent.state.in_(("waiting", "dead"))
    )
    counts = {
        (target_id, state): count
        for target_id, state, count in session.execute(grouped.group_by(OutboxEvent.target_id, OutboxEvent.state))
    }
    return [
        {
            "id": row.id,
            "url": shown_url(row.url),
            "enabled": row.enabled,
            "created_ms": row.created_ms,
            "last_ok_ms": row.last_ok_ms,
            "last_failure_ms": row.last_failure_ms,
            "last_failure": row.last_failure,
            "waiting": counts.get((row.id, "waiting"), 0),
            "dead": counts.get((row.id, "dead"), 0),
        }
        for row in session.scalars(select(WebhookTarget).order_by(WebhookTarget.id))
    ]


def shown_url(url: str) -> str:
    """The address without its query, which may hold a key."""
    bare, mark, _query = url.partition("?")
    return f"{bare}{mark and '?…'}"


def require_url(url: str) -> None:
    """Raises BadInput for what is no http or https address, or carries a password."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username and parts.port != 0
    except ValueError:
        fine = False
    if not fine or not url.isascii() or any(letter <= " " for letter in url):
        raise BadInput(
            "请填写完整网址，以 https:// 或 http:// 开头，不带用户名和密码",
            "enter a whole address that starts with https:// or http://, without user name and password",
        )
