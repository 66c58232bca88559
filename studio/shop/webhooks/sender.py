"""Sends the outbox: one greenlet a target, in the order in which things happened.

A target that is away (no answer, 408, 429, 5xx) gets nothing newer until it took what it missed. One delivery that it
refuses (another 4xx, a redirect) is tried again by itself while later ones pass. Pauses double from 5 s to an hour;
after a day a delivery is dead. 410 says that nobody listens there any more: the target is switched off.
"""

import json
import logging
import random
import time
from dataclasses import dataclass
from typing import Any

import gevent
import requests
from gevent.event import Event as Signal
from sqlalchemy import delete, func, select, update

from studio import __version__
from studio.db import Database, table
from studio.errors import StudioError
from studio.events import WebhooksChanged
from studio.shop.webhooks import targets
from studio.shop.webhooks.models import OutboxEvent, WebhookTarget
from studio.shop.webhooks.signatures import Keys, sign
from studio.types import Ms, now_ms
from studio.unit import Unit, Writer
from studio.vault import Vault

_log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
BATCH = 20
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 3600.0
GIVE_UP_MS = 24 * 3_600_000
KEEP_MS = 30 * 24 * 3_600_000
LOOK_S = 60.0
_AWAY = frozenset({0, 408, 429})
_GONE = 410
_outbox = table(OutboxEvent)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a target said: its HTTP status, 0 for none; `text` is for people, short."""

    status: int
    text: str
    took_ms: int

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def away(self) -> bool:
        """Whether the target itself is ill, not this delivery."""
        return self.status in _AWAY or self.status >= 500  # noqa: PLR2004


def post(url: str, secret: str, body: dict[str, Any], key: str) -> Answer:
    """Send one signed delivery; never raises for what the other side does."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"linli-studio/{__version__}",
        "Idempotency-Key": key,
        **sign("generic", Keys((secret,)), raw, now=now_ms()),
    }
    began = time.monotonic()
    status, text = 0, ""
    try:
        # a server that trickles its answer resets the socket's own timeout again and again
        with gevent.Timeout(TIMEOUT_S * 2, TimeoutError("timeout")), requests.Session() as session:
            answer = session.post(url, data=raw, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, stream=True)
            status, text = answer.status_code, f"HTTP {answer.status_code}"
            answer.close()
    except (requests.RequestException, TimeoutError, OSError, ValueError) as error:
        status, text = 0, type(error).__name__
    return Answer(status, text, round((time.monotonic() - began) * 1000))


class Sender:
    """Keeps one greenlet for each enabled target.

    `enabled` is the memory that the outbox's reactions ask; it follows the database at every WebhooksChanged.
    """

    def __init__(self, writer: Writer, database: Database, vault: Vault) -> None:
        self._writer = writer
        self._database = database
        self._vault = vault
        self._enabled: tuple[int, ...] = ()
        self._runs: dict[int, tuple[gevent.Greenlet[..., None], Signal]] = {}
        self._misses: dict[int, int] = {}
        """Target → batches in a row for which it was away."""
        self._started = False
        self.reload()

    def enabled(self) -> tuple[int, ...]:
        """Ids of the targets that are not paused."""
        return self._enabled

    def start(self) -> None:
        """Send what waited when the studio ended."""
        self._started = True
        gevent.spawn(self._prune)
        self.reload()

    def stop(self) -> None:
        """Leave the rest to the next start."""
        self._started = False
        for greenlet, _signal in self._runs.values():
            greenlet.kill()
        self._runs.clear()

    def reload(self, *_event: object) -> None:
        """Targets came, went, or were paused."""
        with self._database.reading() as session:
            self._enabled = targets.list_enabled(session)
        if not self._started:
            return
        for target_id in [known for known in self._runs if known not in self._enabled]:
            self._runs.pop(target_id)[0].kill(block=False)
        for target_id in self._enabled:
            if target_id not in self._runs:
                signal = Signal()
                self._runs[target_id] = (gevent.spawn(self._serve, target_id, signal), signal)
        self.wake()

    def hurry(self, target_id: int) -> None:
        """The host changed or tested a target: it is not left alone any longer."""
        run = self._runs.pop(target_id, None)
        if run:
            run[0].kill(block=False)
        self._misses.pop(target_id, None)
        self.reload()

    def wake(self, *_event: object) -> None:
        """Something new may be in the outbox."""
        for _greenlet, signal in self._runs.values():
            signal.set()

    def _serve(self, target_id: int, signal: Signal) -> None:
        while True:
            signal.clear()
            try:
                rest_s = self._send_due(target_id)
            except StudioError as error:
                _log.warning("outgoing webhooks wait: %s", error.en)
                rest_s = FIRST_PAUSE_S
            except Exception:
                _log.exception("outgoing webhooks to target %d failed", target_id)
                rest_s = FIRST_PAUSE_S
            if rest_s is None:
                signal.wait(self._until_due(target_id))
            else:
                gevent.sleep(rest_s)  # the target is away: nothing newer may overtake what it missed

    def _send_due(self, target_id: int) -> float | None:
        """Send one batch; seconds to leave the target alone, 0 when more may wait, None when nothing is due."""
        claimed = self._writer.run(lambda unit: _claim(unit, target_id, now_ms()))
        if not claimed:
            return None
        with self._database.reading() as session:
            target = targets.find(session, target_id)
            secret = self._vault.open(target.secret_sealed)
        if secret is None:
            answers = {claimed[0].id: Answer(0, "secret unreadable", 0)}
        else:
            answers: dict[int, Answer] = {}
            for row in claimed:
                answers[row.id] = answer = post(target.url, secret, row.body, str(row.id))
                if answer.away or answer.status == _GONE:
                    break
        away = any(answer.away for answer in answers.values())
        self._misses[target_id] = misses = self._misses.get(target_id, 0) + 1 if away else 0
        self._writer.run(lambda unit: _record(unit, target_id, claimed, answers, now_ms()))
        return pause_s(misses) if away else 0.0

    def _until_due(self, target_id: int) -> float:
        query = select(func.min(_outbox.c.due_ms)).where(_outbox.c.target_id == target_id, _outbox.c.state == "waiting")
        with self._database.reading() as session:
            due_ms = session.execute(query).scalar()
        if due_ms is None:
            return LOOK_S
        return max(0.01, min(LOOK_S, (due_ms - now_ms()) / 1000))

    def _prune(self) -> None:
        """What was sent or given up a month ago is of no use to anybody."""
        old = delete(_outbox).where(_outbox.c.state != "waiting", _outbox.c.created_ms < now_ms() - KEEP_MS)
        try:
            self._writer.run(lambda unit: unit.connection.execute(old) and None)
        except StudioError:
            _log.warning("old outgoing webhooks were not deleted")


def pause_s(attempts: int) -> float:
    """How long to wait after this many attempts, give or take a fifth."""
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(attempts - 1, 20)) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter


def _claim(unit: Unit, target_id: int, at: Ms) -> list[Any]:
    """The next deliveries, oldest first, each counted as tried: should we die meanwhile, they are sent once more."""
    query = (
        select(_outbox.c.id, _outbox.c.body, _outbox.c.attempts, _outbox.c.created_ms, _outbox.c.due_ms)
        .where(_outbox.c.target_id == target_id, _outbox.c.state == "waiting", _outbox.c.due_ms <= at)
        .order_by(_outbox.c.id)
        .limit(BATCH)
    )
    rows = list(unit.connection.execute(query))
    if rows:
        chosen = _outbox.c.id.in_([row.id for row in rows])
        unit.connection.execute(update(_outbox).where(chosen).values(attempts=_outbox.c.attempts + 1))
    return rows


def _record(unit: Unit, target_id: int, claimed: list[Any], answers: dict[int, Answer], at: Ms) -> None:
    """Write what the target said."""
    target = unit.session.get(WebhookTarget, target_id)
    for row in claimed:
        answer = answers.get(row.id)
        if answer is None:  # not sent: the target went away before
            values: dict[str, Any] = {"attempts": row.attempts}
        elif answer.ok:
            values = {"state": "sent", "answer": answer.text, "sent_ms": at}
        else:
            dead = at - row.created_ms >= GIVE_UP_MS
            values = {"state": "dead" if dead else "waiting", "answer": answer.text}
            if not answer.away:  # this one alone is due later; where the target is away, the whole line waits with it
                values["due_ms"] = at + round(pause_s(row.attempts + 1) * 1000)
        unit.connection.execute(update(_outbox).where(_outbox.c.id == row.id).values(**values))
    if target is not None and answers:
        _note(target, list(answers.values()), at)
        unit.session.flush()
        unit.emit(WebhooksChanged(at=at))


def _note(target: WebhookTarget, answers: list[Answer], at: Ms) -> None:
    failed = next((answer for answer in reversed(answers) if not answer.ok), None)
    if any(answer.ok for answer in answers):
        target.last_ok_ms = at
    if failed is not None:
        target.last_failure_ms, target.last_failure = at, failed.text
        if failed.status == _GONE:
            target.enabled = False
