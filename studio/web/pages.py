"""HTML pages: login, control, review; their data comes by API and socket."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, redirect, render_template, request, send_from_directory, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _
from flask_limiter import Limiter

from studio.db import Database
from studio.errors import NotSignedIn
from studio.shows import show as shows
from studio.transcribe.export import EXPORT_KINDS
from studio.types import Role
from studio.web.auth import Guard
from studio.web.sockets import OPERATORS

LOCALES = ("zh_CN", "en")
LOGIN_LIMIT = "30 per minute"
CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def register(
    app: Flask,
    guard: Guard,
    limiter: Limiter,
    database: Database,
    *,
    unpair: Callable[[int], object],
    locale: str,
    translations: Path,
    images: Path,
) -> None:
    """Add pages, language choice, the login limit and security headers to `app`.

    `unpair` ends the pairing of a device that signs out, `locale` is the language where the browser asks for none that
    we speak, `translations` the folder of compiled catalogues, `images` the folder of the host's product photos, served
    at /media.
    """
    Babel(
        app,
        default_locale="zh_CN",
        default_translation_directories=str(translations),
        locale_selector=lambda: _choose_locale(locale),
    )
    app.context_processor(lambda: {"lang": _language(), "strings": _script_strings()})
    app.register_blueprint(_pages(guard, database, unpair, images))
    limited: Any = limiter.limit(LOGIN_LIMIT)(app.view_functions["pages.login"])
    app.view_functions["pages.login"] = limited
    app.after_request(_secure)


def _pages(  # noqa: C901 - a list of routes
    guard: Guard, database: Database, unpair: Callable[[int], object], images: Path
) -> Blueprint:
    pages = Blueprint("pages", __name__)
    operator = guard.require(Role.MODERATOR)

    @pages.get("/")
    def home() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return redirect(url_for("pages.control"))

    @pages.route("/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        token = request.form.get("token") or request.args.get("token")
        if not token:
            return _page("login.html", error=None, revoked=guard.was_revoked())
        role = guard.sign_in(token.strip())
        if role not in OPERATORS:
            session.clear()
            return _page("login.html", error=_("这个令牌不对，请重新复制启动时显示的登录链接")), 401
        return redirect(url_for("pages.control"))

    @pages.post("/logout")
    def logout() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        device = guard.device()
        session.clear()
        if device is not None:
            unpair(device.id)
        return redirect(url_for("pages.login"))

    @pages.get("/control")
    def control() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        role = guard.session_role()
        if role is None:
            return redirect(url_for("pages.login"))
        preview = url_for(
            "overlay_pages.overlay", name="composite", token=guard.tokens.of(Role.OVERLAY), orientation="landscape"
        )
        return _page("control.html", page="control", role=role.value, preview_url=preview)

    @pages.get("/knowledge")
    @operator
    def knowledge() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return _page("knowledge.html", page="knowledge", role=_role(guard))

    @pages.get("/review")
    @operator
    def review_list() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        with database.reading() as reading:
            listed = [shows.describe(row).model_dump() for row in shows.list_shows(reading)]
        return _page("review_list.html", page="review", role=_role(guard), shows=listed)

    @pages.get("/review/<int:show_id>")
    @operator
    def review(show_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        with database.reading() as reading:
            show = shows.describe(shows.find_show(reading, show_id)).model_dump()
            against = shows.overrides(reading, show_id)
        return _page(
            "review.html", page="review", role=_role(guard), show=show, exports=EXPORT_KINDS, overrides=against
        )

    @pages.get("/prompter")
    def prompter() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        token = request.args.get("token")
        if token is None and guard.session_role() not in OPERATORS:
            return redirect(url_for("pages.login"))
        if token is not None and guard.tokens.role_of(token) is not Role.PROMPTER:
            raise NotSignedIn(
                "提词器的链接已失效，请在控制台重新复制",
                "this prompter link is no longer valid, copy it again from the control page",
            )
        return _page("prompter.html", page="prompter")

    @pages.get("/media/<path:name>")
    def media(name: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return send_from_directory(images, name)

    return pages


def _page(template: str, **context: Any) -> str:
    return render_template(template, **context)


def _role(guard: Guard) -> str:
    role = guard.role()
    return role.value if role else ""


def _choose_locale(fallback: str) -> str:
    on_air = request.path.startswith("/overlay/")  # what buyers read follows the studio, not the host's own OBS
    asked = request.args.get("lang") or (fallback if on_air else request.cookies.get("lang"))
    if asked:
        return "en" if asked.startswith("en") else "zh_CN"
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"])
    if best is None:
        return fallback
    return "en" if best == "en" else "zh_CN"


def _language() -> str:
    return "en" if str(get_locale()).startswith("en") else "zh-CN"


def _script_strings() -> dict[str, str]:
    """The catalogue for scripts: Chinese source → English; empty in Chinese, where the source is the text."""
    if _language() != "en":
        return {}
    catalogue: dict[Any, Any] = getattr(get_translations(), "_catalog", {})
    return {source: text for source, text in catalogue.items() if isinstance(source, str) and source and text}


def _secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # no-referrer would make browsers send "Origin: null" with our own forms (Fetch standard, request Origin header)
    headers.setdefault("Referrer-Policy", "same-origin")
    asked = request.args.get("lang")
    if asked and response.mimetype == "text/html":
        response.set_cookie("lang", "en" if asked.startswith("en") else "zh_CN", samesite="Lax", max_age=31_536_000)
    return response
