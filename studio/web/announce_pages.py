"""Operator pages around the show: what to fetch where, and what to tell the group beforehand."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from studio import qr_code
from studio.types import Role
from studio.web.auth import Guard
from studio.web.buyer_address import BuyerAddress


def blueprint(guard: Guard, address: Callable[[], BuyerAddress], lan: Callable[[], dict[str, Any]]) -> Blueprint:
    """`/pickup` and `/announce`; `address` tells where buyers find the studio now, `lan` the topic of this name."""
    pages = Blueprint("announce_pages", __name__)

    @pages.get("/pickup")
    @guard.require(Role.MODERATOR)
    def pickup() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return render_template("pickup.html", page="pickup", role=guard.role())

    @pages.get("/announce")
    @guard.require(Role.MODERATOR)
    def announce() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        where = address()
        return render_template(
            "announce.html",
            page="announce",
            role=guard.role(),
            url=where.page,
            reach=where.reach,
            lan=lan(),
            matrix=qr_code.modules(where.page),
        )

    return pages
