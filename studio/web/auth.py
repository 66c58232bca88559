"""Who may do what: one secret token a role, kept in the data folder; a signed session cookie for browsers.

The Host allow-list keeps other names (DNS rebinding) away, the Origin check keeps other sites from sending commands
with the host's cookie. Sources: OWASP cheat sheets "CSRF prevention" and "DNS rebinding".
"""

import functools
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

from studio.devices.paired import Device
from studio.errors import ConfigError, NotAllowed, NotSignedIn
from studio.types import Role, View

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_RANK = {
    Role.HOST: 3,
    Role.PRODUCER: 2,
    Role.MODERATOR: 1,
    Role.TRIGGER: 1,
    Role.AGENT: 0,
    Role.OVERLAY: 0,
    Role.PROMPTER: 0,
}
"""Who outranks whom: a producer may what a trigger may, a moderator (who takes no item) may not."""
_LATER = {Role.PROMPTER.value, Role.TRIGGER.value}
"""Roles that the first studios did not have."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Tokens:
    """The secrets of `tokens.json`: made at the first start, readable by the owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._by_role, self.cookie_key = _load(path)

    def of(self, role: Role) -> str:
        """The role's token."""
        return self._by_role[role]

    def renew(self, role: Role) -> None:
        """Another token for the role; the old one opens nothing from now on."""
        self._by_role[role] = _fresh()
        _write(self._path, {"roles": dict(self._by_role), "cookie_key": self.cookie_key})

    def role_of(self, token: str) -> Role | None:
        """Whose token this is; compared in constant time."""
        given = token.encode()
        found = [role for role, known in self._by_role.items() if hmac.compare_digest(given, known.encode())]
        return found[0] if found else None

    def fingerprint(self, role: Role) -> str:
        """What a session cookie remembers, so that a changed token ends old sessions."""
        return hashlib.sha256(self._by_role[role].encode()).hexdigest()[:16]


class CookieSessions(SecureCookieSessionInterface):
    """Flask's, which builds its signer also for requests that bring no cookie: programs with a token, new buyers."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; a new one where it brings none."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


class Guard:
    """Authenticates requests and sockets, and guards views by role.

    Args:
        allowed_hosts: names besides the local ones that the studio may be reached by (without port).
        lan_names: those that come and go with the LAN switch.
        device_of: the paired device that a secret belongs to.
    """

    def __init__(
        self,
        tokens: Tokens,
        allowed_hosts: tuple[str, ...],
        lan_names: Callable[[], frozenset[str]],
        device_of: Callable[[str], Device | None],
    ) -> None:
        self.tokens = tokens
        self._hosts = LOCAL_NAMES | {host.lower() for host in allowed_hosts}
        self._lan_names = lan_names
        self._device_of = device_of

    def protect(self, app: Flask) -> None:
        """Check Host and Origin of every request of `app`, and open its session."""
        app.session_interface = CookieSessions()
        app.before_request(self.check_host)
        app.before_request(self._check_origin)

    def require(self, role: Role) -> Callable[[View], View]:
        """Decorator: only this role, or one above it in host > producer > moderator."""

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
                self.check(role)
                return view(*args, **kwargs)

            return guarded

        return decorate

    def check(self, role: Role) -> None:
        """Let only this role, or one above it, go on.

        Raises:
            NotSignedIn: nobody is signed in.
            NotAllowed: another role.
        """
        present = self.role()
        if present is None and self.was_revoked():
            raise NotSignedIn(
                "这台设备的配对已被取消；要继续用，请让主播重新配对",
                "the pairing of this device was ended; ask the host to pair it again",
            )
        if present is None and "Authorization" in request.headers:
            raise NotSignedIn(
                "令牌不对，或者已经换过：到设置页复制新的",
                "this token is wrong or was changed since: copy the new one from the settings page",
            )
        if present is None:
            raise NotSignedIn("请先登录：打开启动时显示的链接", "sign in first: open the link shown at start")
        if present is not role and (present is Role.TRIGGER or _RANK[present] <= _RANK[role]):
            raise NotAllowed("你的身份没有这项权限", "your role may not do this", role=present, needed=role)

    def role(self) -> Role | None:
        """The role of the current request: bearer token first, else the session cookie."""
        header = request.headers.get("Authorization", "")
        if header:
            scheme, _, token = header.partition(" ")
            return self.tokens.role_of(token.strip()) if scheme.lower() == "bearer" else None
        return self.session_role()

    def session_role(self) -> Role | None:
        """The role that the session cookie was signed in with."""
        if "device" in session:
            device = self.device()
            return device.role if device else None
        name = session.get("role")
        if name not in _RANK:
            return None
        role = Role(name)
        return role if session.get("token") == self.tokens.fingerprint(role) else None

    def sign_in(self, token: str) -> Role | None:
        """Start a session for the token's role, None when nobody has that token."""
        role = self.tokens.role_of(token)
        if role is not None:
            session.clear()
            session.permanent = True
            session["role"] = role.value
            session["token"] = self.tokens.fingerprint(role)
        return role

    def device(self) -> Device | None:
        """The paired device whose cookie came along."""
        secret = session.get("device")
        if not isinstance(secret, str):
            return None
        if "device" not in g or g.device[0] != secret:
            g.device = (secret, self._device_of(secret))
        return g.device[1]

    def was_revoked(self) -> bool:
        """Whether the cookie is one of a device that is paired no more."""
        return "device" in session and self.device() is None

    def admit(self, secret: str) -> None:
        """Start the session of a device that was just paired."""
        session.clear()
        session.permanent = True
        session["device"] = secret

    def check_host(self) -> None:
        """Refuse a Host header that is not the studio's.

        Raises:
            NotAllowed: any other name; `allowed_hosts` in the settings adds names, the LAN switch its address.
        """
        name = _name(request.host)
        if name not in self._hosts and name not in self._lan_names():
            raise NotAllowed(
                "这个地址没有被允许；请在设置页打开局域网访问，或者加到设置 allowed_hosts",
                "this host name is not allowed; switch LAN access on in the settings, or add it to allowed_hosts",
            )

    def _check_origin(self) -> None:
        if request.method in _SAFE_METHODS or request.path.startswith("/hooks/"):
            return  # deliveries bring a secret of their own; a browser extension's come with its own origin
        origin = request.headers.get("Origin")
        if origin is not None:
            if _netloc(origin) != request.host:
                raise NotAllowed("拒绝来自其他网站的请求", "a request from another site is refused")
        elif request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise NotAllowed("拒绝来自其他网站的请求", "a request from another site is refused")


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # such as http://[
        return None


def _name(host: str) -> str:
    bare = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return bare.lower()


def _load(path: Path) -> tuple[dict[Role, str], str]:
    if not path.exists():
        _create(path)
    try:
        stored = json.loads(path.read_text("utf-8"))
        roles: dict[str, str] = stored["roles"]
        missing = {role.value for role in Role} - roles.keys()
        if missing and missing <= _LATER:  # written before there was this role: the other tokens stay as they are
            roles |= {role: _fresh() for role in missing}
            _write(path, stored)
        return {role: str(roles[role.value]) for role in Role}, str(stored["cookie_key"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"令牌文件 {path} 损坏：删除它再启动会生成新的（旧的登录和画面地址随之失效）",
            f"token file {path} is damaged: delete it and start again for new ones (old logins and overlay URLs end)",
        ) from error


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {
        "roles": {role.value: _fresh() for role in Role},
        "cookie_key": secrets.token_urlsafe(32),
    }
    _write(path, fresh)


def _fresh() -> str:
    return secrets.token_urlsafe(24)


def _write(path: Path, tokens: dict[str, Any]) -> None:
    partial = path.with_suffix(".tmp")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(tokens, file)
    partial.replace(path)
