"""`POST /hooks/{source}`: the door for deliveries of other shops. Open to everyone; the signature is what counts."""

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import gevent
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from studio.errors import NotFound, StudioError
from studio.shop.webhooks import inbox, signatures, sources, woocommerce
from studio.shop.webhooks.signatures import Keys
from studio.types import View, now_ms
from studio.unit import Writer

_log = logging.getLogger(__name__)

MAX_BODY_BYTES = 1024 * 1024
LIMIT = "1200 per minute"
REFUSED_LIMIT = "60 per minute"
"""Badly signed deliveries of one address; well signed ones of the same address (a proxy's) still pass."""

Limited = Callable[[str], Callable[[View], View]]


class Failures:
    """Counts refused deliveries and writes them down at most once a second, however many a stranger sends."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._counts: Counter[str] = Counter()
        self._reasons: dict[str, str] = {}
        self._planned = False

    def note(self, source: str, reason: str) -> None:
        """One more, for this reason."""
        self._counts[source] += 1
        self._reasons[source] = reason
        if not self._planned:
            self._planned = True
            gevent.spawn_later(1.0, self._write)

    def _write(self) -> None:
        self._planned = False
        counts, self._counts = self._counts, Counter()
        for source, count in counts.items():
            reason = self._reasons[source]
            try:
                self._writer.run(
                    lambda unit, source=source, reason=reason, count=count: sources.note_failures(
                        unit, source, reason, count, now_ms()
                    )
                )
            except StudioError:
                _log.warning("%d refused deliveries of %s were not counted", count, source)


def blueprint(
    writer: Writer, find_keys: Callable[[str], Keys | None], limited: Limited, may_fail: Callable[[str], bool]
) -> Blueprint:
    """The door.

    Args:
        writer: keeps deliveries.
        find_keys: what a source's deliveries are checked with; None for an unknown or disabled one.
        limited: decorator that limits the calls of one address ("10 per minute").
        may_fail: counts one refused delivery of the asking address; False when there were too many.
    """
    hooks = Blueprint("hooks", __name__)
    failures = Failures(writer)

    @hooks.post("/hooks/<source>")
    @limited(LIMIT)
    def deliver(source: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Keep a signed delivery; 200 once it is durably kept."""
        keys = find_keys(source)
        if keys is None:
            raise NotFound("没有这个订单来源，或者它没有启用", "no such order source, or it is not enabled")
        request.max_content_length = MAX_BODY_BYTES
        body = request.get_data(cache=False)
        if source == "woocommerce" and woocommerce.PING.fullmatch(body):
            return _thanks(source)
        headers = {name.lower(): value for name, value in request.headers}
        at = now_ms()
        try:
            signatures.check(source, headers, body, keys, now=at)
        except signatures.BadSignature as error:
            failures.note(source, error.reason)
            if not may_fail(REFUSED_LIMIT):
                raise TooManyRequests from error
            raise
        receipt = inbox.weigh(source, headers, body, at)
        writer.run(lambda unit: inbox.receive(unit, source, receipt, at))
        return _thanks(source)

    return hooks


def _thanks(source: str) -> dict[str, Any]:
    return {"code": 0, "msg": "success"} if source == "youzan" else {"status": "ok"}
