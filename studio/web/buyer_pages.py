"""Buyers' pages: the show's products, an order by its private link, one's own data, a neighbour's referral link.

The first screen is drawn here, so that it is there before any script; scripts keep its figures live and fetch a page
again when its layout changes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_babel import gettext as _

from studio.db import Database
from studio.shop import buyers, evidence, public
from studio.shop.me_routes import me_value
from studio.types import now_ms
from studio.vault import Vault
from studio.web.visitors import Visitors

READING = "120 per minute"
_CATEGORIES = frozenset({"dairy", "egg", "fruit", "grain", "meat", "other", "seafood", "tofu", "vegetable"})
_SAID = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
_IMPORT = re.compile(r'from "(\.[^"]+)"')


@dataclass(frozen=True, slots=True)
class Counter:
    """What the pages read. `touch` remembers the code that a browser came with."""

    database: Database
    vault: Vault
    front: public.Shopfront
    touch: Callable[[str, str], object]
    hold_minutes: float
    static: Path


def blueprint(counter: Counter, visitors: Visitors) -> Blueprint:
    """Pages over the shop's read models."""
    pages = Blueprint("buyer", __name__)
    scripts = {name: _modules(counter.static, f"js/shop/{name}.js") for name in ("shop", "order", "me")}
    said = sorted({text for names in scripts.values() for text in _texts(counter.static, names)})

    def page(template: str, **context: Any) -> str:
        name = template.removesuffix(".html")
        modules = scripts[name]
        strings = {} if str(get_locale()).startswith("zh") else {text: gettext(text) for text in said}
        return render_template(
            f"buyer/{template}",
            page=name,
            script=modules[0],
            modules=modules[1:],
            strings=strings,
            csrf=visitors.csrf(),
            drawn=drawn,
            **context,
        )

    def me() -> dict[str, Any]:
        with counter.database.reading() as session:
            return me_value(counter.vault, buyers.find_visitor(session, visitors.current()))

    @pages.get("/s")
    @pages.get("/s/<int:show_id>")
    @visitors.public(READING)
    def shop(show_id: int | None = None) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        value = counter.front.look(show_id).value
        today = evidence.today().isoformat()
        return page("shop.html", shop=value, today=today, me=me(), hold_minutes=f"{counter.hold_minutes:g}")

    @pages.get("/o/<secret>")
    @visitors.public(READING)
    def order(secret: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        with counter.database.reading() as session:
            value = public.order_value(session, public.find_by_secret(session, secret))
        return page("order.html", order=value, etag=public.mark(value), now=now_ms(), kinds=_kinds())

    @pages.get("/me")
    @visitors.public(READING)
    def mine() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        with counter.database.reading() as session:
            buyer = buyers.find_visitor(session, visitors.current())
            listed = public.orders_of(session, buyer.id) if buyer else []
        return page("me.html", orders=listed, me=me())

    @pages.get("/r/<code>")
    @visitors.public(READING)
    def referral(code: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        counter.touch(visitors.current(), code)
        return redirect(url_for("buyer.shop"))

    return pages


def drawn(category: str) -> str:
    """The drawing that stands for a product without a photo."""
    return category if category in _CATEGORIES else "other"


def _kinds() -> dict[str, str]:
    return {
        "spoilt": _("坏了或不新鲜"),
        "missing": _("少了"),
        "wrong": _("发错了"),
        "late": _("晚了"),
        "other": _("其他"),
    }


def _modules(static: Path, entry: str) -> list[str]:
    """A script and everything that it imports at once: told to the browser, they load side by side."""
    found = [entry]
    for name in found:
        for target in _IMPORT.findall((static / name).read_text("utf-8")):
            path = (static / name).parent.joinpath(target).resolve().relative_to(static.resolve()).as_posix()
            if path not in found:
                found.append(path)
    return found


def _texts(static: Path, modules: list[str]) -> set[str]:
    """What scripts say: a buyer's page carries these texts and no others."""
    return {text for name in modules for text in _SAID.findall((static / name).read_text("utf-8"))}
