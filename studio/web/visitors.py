"""Buyers have no account: a signed cookie names the browser, a token in our own pages proves a command is theirs.

The cookie holds a random secret; the id that the database sees is its hash, so that a copied database signs nobody in.
Source: OWASP cheat sheet "CSRF prevention", HMAC-based token bound to the session.
"""

import functools
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeSerializer
from limits import parse

from studio.errors import NotAllowed
from studio.types import View

ADDRESS_LIMITS = {True: "12000 per minute", False: "1200 per minute"}
"""For one address and route, reading or not: a whole neighbourhood may come through one proxy."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_YEAR_S = 31_536_000


class ViewLimits(Limiter):
    """Every limit of ours stands at a view and is asked there: nothing is looked for before each request."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


class Visitors:
    """Names browsers and guards the routes that are open to everyone.

    Args:
        port: cookies ignore ports, so that the demo's has a name of its own.
        address_limits: of one address and route, reading or not.
    """

    def __init__(
        self,
        app: Flask,
        key: str,
        limiter: Limiter,
        port: int,
        address_limits: Mapping[bool, str] = ADDRESS_LIMITS,
    ) -> None:
        self._key = key.encode()
        self._serializer = URLSafeSerializer(key, salt="visitor")
        self._cookie = f"linli_visitor_{port}"
        self._limiter = limiter
        self._address_limits = address_limits
        app.after_request(self._remember)

    def current(self) -> str:
        """Id of the asking browser, 32 hex digits; one that is new gets its cookie with this answer."""
        return hashlib.sha256(self._secret().encode()).hexdigest()[:32]

    def known(self) -> str | None:
        """The id, or None when the request brings no cookie of ours: nothing is given out."""
        secret = self._read()
        return hashlib.sha256(secret.encode()).hexdigest()[:32] if secret else None

    def csrf(self) -> str:
        """What our pages send back as X-CSRF-Token; a page that carries it gives the browser its year anew."""
        g.renew_visitor = True
        return hmac.new(self._key, b"csrf" + self._secret().encode(), hashlib.sha256).hexdigest()

    def public(self, limit: str) -> Callable[[View], View]:
        """Decorator: open to everyone, within `limit` for one browser ("10 per minute")."""

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
                if request.method not in _SAFE_METHODS:
                    self._require_token()
                return view(*args, **kwargs)

            by_address: Any = self._limiter.limit(self._address_limit, key_func=get_remote_address)(guarded)
            by_browser: Any = self._limiter.limit(limit, key_func=self.current)
            return by_browser(by_address)

        return decorate

    def deliveries(self, limit: str) -> Callable[[View], View]:
        """Decorator: for programs that bring a secret of their own, within `limit` for one address."""
        return self._limiter.limit(limit, key_func=get_remote_address)

    def count_refusal(self, limit: str) -> bool:
        """Count one refused call of the asking address; False when there were more than `limit`."""
        return self._limiter.limiter.hit(parse(limit), "refused", get_remote_address())

    def _address_limit(self) -> str:
        return self._address_limits[request.method in _SAFE_METHODS]

    def _require_token(self) -> None:
        given = request.headers.get("X-CSRF-Token", "")
        if self._read() is None or not hmac.compare_digest(given.encode(), self.csrf().encode()):
            raise NotAllowed("页面已过期，请刷新后再试", "this page has expired, reload it and try again")

    def _secret(self) -> str:
        secret: str | None = g.get("visitor") or self._read()
        if secret is None:
            secret = secrets.token_urlsafe(18)
            g.new_visitor = True
        g.visitor = secret
        return secret

    def _read(self) -> str | None:
        try:
            secret = self._serializer.loads(request.cookies.get(self._cookie, ""))
        except BadSignature:
            return None
        return secret if isinstance(secret, str) else None

    def _remember(self, response: Response) -> Response:
        if g.get("new_visitor") or g.get("renew_visitor"):
            value = self._serializer.dumps(g.visitor)
            response.set_cookie(
                self._cookie, value, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=request.is_secure
            )
        return response
