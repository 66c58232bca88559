"""The order sources as the host set them up: their secrets, sealed, and how they have been doing."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from studio.db import Database, table
from studio.errors import BadInput, NotFound
from studio.events import WebhooksChanged
from studio.shop.webhooks.dialects import DIALECTS
from studio.shop.webhooks.models import InboxEvent, WebhookSource
from studio.shop.webhooks.signatures import Keys
from studio.types import Ms
from studio.unit import Unit
from studio.vault import Vault

_sources = table(WebhookSource)


def find_keys(session: Session, vault: Vault, name: str) -> Keys | None:
    """What deliveries of this source are checked with; None for an unknown or disabled one."""
    row = session.get(WebhookSource, name)
    if row is None or not row.enabled:
        return None
    sealed = (row.secret_sealed, row.previous_sealed)
    secrets = tuple(filter(None, (vault.open(secret) for secret in sealed if secret)))
    return Keys(secrets, row.client_id or "") if secrets else None


class KeyRing:
    """The keys of the enabled sources, from memory: reading and opening them is a fifth of a receipt."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._known: dict[str, Keys | None] = {}

    def find(self, name: str) -> Keys | None:
        """As `find_keys`."""
        if name not in DIALECTS:
            return None
        if name not in self._known:
            with self._database.reading() as session:
                self._known[name] = find_keys(session, self._vault, name)
        return self._known[name]

    def forget(self, *_event: object) -> None:
        """Something about the sources changed."""
        self._known.clear()


def set_up(
    unit: Unit,
    vault: Vault,
    name: str,
    *,
    enabled: bool,
    secret: str | None,
    client_id: str | None,
    forget_previous: bool,
    at: Ms,
) -> None:
    """Change a source; a new secret makes the one before it the previous one, which stays valid until it is forgotten.

    Raises:
        NotFound: no such source.
        BadInput: it is to be enabled without a secret, or 有赞 without its client_id.
    """
    require_known(name)
    row = unit.session.get(WebhookSource, name)
    if row is None:
        row = WebhookSource(name=name, enabled=False, last_failure="", failures=0)
        unit.session.add(row)
    if forget_previous:
        row.previous_sealed = None
    if secret and (row.secret_sealed is None or vault.open(row.secret_sealed) != secret):
        row.previous_sealed, row.secret_sealed = row.secret_sealed, vault.seal(secret)
    if client_id is not None:
        row.client_id = client_id or None
    if enabled and not row.secret_sealed:
        raise BadInput("请先填写密钥", "enter the secret first")
    if enabled and name == "youzan" and not row.client_id:
        raise BadInput("有赞还需要 client_id", "有赞 (youzan) needs its client_id, too")
    row.enabled = enabled
    unit.emit(WebhooksChanged(at=at))


def require_known(name: str) -> None:
    """Raises NotFound for a name that is no source."""
    if name not in DIALECTS:
        raise NotFound("没有这个订单来源", "there is no such order source")


def note_delivery(unit: Unit, name: str, at: Ms) -> None:
    """A correctly signed delivery came."""
    unit.connection.execute(update(_sources).where(_sources.c.name == name).values(last_delivery_ms=at))


def note_failures(unit: Unit, name: str, reason: str, count: int, at: Ms) -> None:
    """`count` deliveries were turned away, the last one for this reason."""
    unit.connection.execute(
        update(_sources)
        .where(_sources.c.name == name)
        .values(last_failure_ms=at, last_failure=reason, failures=_sources.c.failures + count)
    )
    unit.emit(WebhooksChanged(at=at))


def describe(session: Session) -> list[dict[str, Any]]:
    """Every source as `SourceOut`, secrets never."""
    rows = {row.name: row for row in session.scalars(select(WebhookSource))}
    waiting = select(InboxEvent.source, InboxEvent.state, func.count()).where(
        InboxEvent.state.in_(("parked", "failed"))
    )
    counts = {
        (source, state): count
        for source, state, count in session.execute(waiting.group_by(InboxEvent.source, InboxEvent.state))
    }
    out: list[dict[str, Any]] = []
    for name in DIALECTS:
        row = rows.get(name) or WebhookSource(name=name, enabled=False, last_failure="", failures=0)
        out.append(
            {
                "name": name,
                "path": f"/hooks/{name}",
                "enabled": row.enabled,
                "has_secret": bool(row.secret_sealed),
                "rotating": bool(row.previous_sealed),
                "client_id": row.client_id,
                "last_delivery_ms": row.last_delivery_ms,
                "last_failure_ms": row.last_failure_ms,
                "last_failure": row.last_failure,
                "failures": row.failures,
                "parked": counts.get((name, "parked"), 0),
                "failed": counts.get((name, "failed"), 0),
            }
        )
    return out
