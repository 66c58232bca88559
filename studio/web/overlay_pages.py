"""Overlay pages, the gallery of their addresses, the theme editor, and the files of custom packs."""

from flask import Blueprint, make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from studio.errors import NotFound, NotSignedIn
from studio.overlays.packs import Pack, Packs
from studio.overlays.themes import COLOURS, FONTS, MOTIONS
from studio.types import Role
from studio.web import overlay_catalogue as known
from studio.web.auth import Guard
from studio.web.pages import CSP
from studio.web.sockets import OVERLAY_PAGES

ORIENTATIONS = ("portrait", "landscape")


def blueprint(guard: Guard, packs: Packs) -> Blueprint:
    """`/overlays`, `/themes`, `/overlay/{name}`, `/packs/{name}/{file}`."""
    pages = Blueprint("overlay_pages", __name__)

    @pages.get("/overlays")
    @guard.require(Role.MODERATOR)
    def gallery() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        token = guard.tokens.of(Role.OVERLAY)
        shown = [
            {
                **entry,
                "portrait_url": known.address(token, entry["name"], "portrait"),
                "landscape_url": known.address(token, entry["name"], "landscape"),
            }
            for entry in known.entries()
        ]
        own = [
            {
                "name": pack.name,
                "title": _title(pack),
                "about": pack.file.author if pack.file else "",
                "problem": pack.problem,
                "portrait_url": known.address(token, "pack", "portrait", pack=pack.name),
                "landscape_url": known.address(token, "pack", "landscape", pack=pack.name),
            }
            for pack in packs.listed()
        ]
        return render_template(
            "overlays.html",
            page="overlays",
            role=_role(guard),
            addresses=shown,
            groups=known.group_titles(),
            packs=own,
            options=known.options(),
            platforms=known.platform_titles(),
        )

    @pages.get("/themes")
    @guard.require(Role.PRODUCER)
    def themes() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        preview = known.address(guard.tokens.of(Role.OVERLAY), "composite", "portrait")
        return render_template(
            "themes.html",
            page="themes",
            role=_role(guard),
            preview_url=preview,
            colours=COLOURS,
            fonts=list(FONTS),
            motions=MOTIONS,
        )

    @pages.get("/overlay/<name>")
    def overlay(name: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        orientation = request.args.get("orientation", "portrait")
        if name not in OVERLAY_PAGES or orientation not in ORIENTATIONS:
            raise NotFound("没有这个画面", "there is no such overlay")
        if guard.tokens.role_of(request.args.get("token", "")) is None:
            raise NotSignedIn(
                "画面地址已失效，请在控制台的“画面地址”重新复制",
                "this overlay address is no longer valid, copy it again from 'Overlay addresses' in the control page",
            )
        context = {"page": name, "orientation": orientation}
        if name != "pack":
            return render_template(f"overlay/{name}.html", **context)
        pack = packs.find(request.args.get("pack", ""))
        assert pack.file is not None  # noqa: S101 - find returns usable packs
        context |= {"pack": pack.name, "entry": pack.file.entry, "topics": list(pack.file.topics)}
        response = make_response(render_template("overlay/pack.html", **context))
        # the frame stays with its pack: what it was told cannot leave in an address
        response.headers["Content-Security-Policy"] = f"{CSP}; frame-src {_own(pack.name)}"
        return response

    @pages.get("/packs/<name>/<path:inside>")
    def pack_file(name: str, inside: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Deliberately public, as /assets is: drawings and scripts that hold no secret and reach nothing."""
        response = send_file(packs.path_of(name, inside), max_age=None)
        response.headers["Content-Security-Policy"] = _sandbox(_own(name))
        response.headers["Access-Control-Allow-Origin"] = "*"  # fonts of a page without an origin
        return response

    return pages


def _own(name: str) -> str:
    return f"{request.host_url}packs/{name}/"


def _role(guard: Guard) -> str:
    role = guard.role()
    return role.value if role else ""


def _title(pack: Pack) -> str:
    if pack.file is None:
        return pack.name
    english = str(get_locale()).startswith("en")
    return (english and pack.file.title_en) or pack.file.title


def _sandbox(own: str) -> str:
    """A pack runs its own scripts without an origin: no cookie, no storage, no network but its own files."""
    return (
        f"sandbox allow-scripts; default-src 'none'; script-src {own}; style-src {own} 'unsafe-inline'; "
        f"img-src {own} data:; font-src {own}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
