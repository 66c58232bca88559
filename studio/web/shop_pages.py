"""The operators' pages of the shop: order desk and buyers; and the navigation that all operator pages share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from studio import qr_code
from studio.types import Role
from studio.web.auth import Guard

_MAY_SEE_ALL = frozenset({Role.HOST, Role.PRODUCER})


def blueprint(
    guard: Guard, open_complaints: Callable[[], int], secret_of: Callable[[int], str], base_url: Callable[[], str]
) -> Blueprint:
    """`/orders`, `/buyers`, and `page_links(here)` and `signed_in_as` for the templates of every operator page.

    Args:
        guard: lets operators in.
        open_complaints: how many complaints wait for an answer.
        secret_of: the private link's secret of an order; raises NotFound where there is none.
        base_url: where buyers reach the studio now, "" where that is the address of the request.
    """
    pages = Blueprint("shop_pages", __name__)

    @pages.get("/orders")
    @guard.require(Role.MODERATOR)
    def orders() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return render_template("orders.html", page="orders", role=_role(guard))

    @pages.get("/buyers")
    @guard.require(Role.PRODUCER)
    def buyers() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return render_template("buyers.html", page="buyers", role=_role(guard))

    @pages.get("/orders/<int:order_id>/link.svg")
    @guard.require(Role.MODERATOR)
    def link_code(order_id: int) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The buyer's private link to scan from the screen."""
        url = f"{base_url() or request.host_url.rstrip('/')}/o/{secret_of(order_id)}"
        return Response(qr_code.svg(url), mimetype="image/svg+xml")

    @pages.app_context_processor
    def navigation() -> dict[str, Any]:  # pyright: ignore[reportUnusedFunction]
        return {"page_links": lambda: _page_links(guard.role(), open_complaints)}

    return pages


def _page_links(role: Role | None, open_complaints: Callable[[], int]) -> list[dict[str, Any]]:
    """Every page that the role may open."""
    links = [
        _link("control", "radio", _("控制台")),
        _link("orders", "receipt-text", _("订单"), open_complaints=open_complaints()),
        _link("pickup", "map-pin", _("自提")),
        _link("announce", "megaphone", _("接龙海报")),
        _link("buyers", "users", _("买家"), needs_all=True),
        _link("prompter", "captions", _("提词器")),
        _link("knowledge", "messages-square", _("知识库")),
        _link("review", "history", _("回看")),
        _link("overlays", "layers", _("叠加画面")),
        _link("settings", "settings", _("设置"), needs_all=True),
    ]
    return [link for link in links if role in _MAY_SEE_ALL or not link["needs_all"]]


def _link(
    name: str, icon: str, title: str, *, open_complaints: int | None = None, needs_all: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "href": f"/{name}",
        "icon": icon,
        "title": title,
        "open_complaints": open_complaints,
        "needs_all": needs_all,
    }


def _role(guard: Guard) -> str:
    role = guard.role()
    return role.value if role else ""
