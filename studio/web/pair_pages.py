"""`/pair/{code}`: the device that opened the link is asked, and paired when somebody says yes.

Opening it uses nothing up: a chat that looks at links before people do leaves the code as it is.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from pydantic import TypeAdapter, ValidationError

from studio.devices.codes import Codes
from studio.devices.paired import Devices
from studio.devices.schemas import Name
from studio.errors import StudioError
from studio.types import View, now_ms
from studio.web.auth import Guard
from studio.web.presence import device_name

LIMIT = "30 per minute"
_NAME: TypeAdapter[str] = TypeAdapter(Name)


def blueprint(
    guard: Guard, limited: Callable[[str], Callable[[View], View]], codes: Codes, devices: Devices
) -> Blueprint:
    """The page; `limited` counts visits by address."""
    pages = Blueprint("pair_pages", __name__)

    def ask(code: str, name: str, *, nameless: bool = False) -> ResponseReturnValue:
        offer = codes.look(code)
        page = render_template(
            "pair.html",
            page="pair",
            role=offer.role.value,
            left_s=max(0, (offer.until_ms - now_ms()) // 1000),
            name=name,
            present=_present(guard),
            nameless=nameless,
            problem=None,
        )
        return page, 422 if nameless else 200

    @pages.get("/pair/<code>")
    @limited(LIMIT)
    def invitation(code: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        try:
            return ask(code, device_name(request.user_agent.string) or _("平板"))
        except StudioError as error:
            return _refusal(error)

    @pages.post("/pair/<code>")
    @limited(LIMIT)
    def pair(code: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        given = request.form.get("name", "")
        before = guard.device()
        try:
            name = _NAME.validate_python(given)
            with codes.redeeming(code) as offer:
                secret = devices.pair(name, offer.role, at=now_ms(), instead_of=before.id if before else None)
        except ValidationError:
            try:
                return ask(code, given.strip()[:40], nameless=True)
            except StudioError as error:
                return _refusal(error)
        except StudioError as error:
            return _refusal(error)
        guard.admit(secret)
        return redirect(url_for("pages.control"), 303)

    return pages


def _present(guard: Guard) -> str | None:
    """Who this browser is already, and will not be any more."""
    role = guard.session_role()
    return role.value if role else None


def _refusal(error: StudioError) -> ResponseReturnValue:
    told = error.zh if str(get_locale() or "zh").startswith("zh") else error.en
    context: dict[str, Any] = {"page": "pair", "problem": told}
    return render_template("pair.html", **context), error.status
