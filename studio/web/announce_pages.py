"""Operator pages around the show: what to fetch where, and what to tell the group beforehand."""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from studio import qr_code
from studio.types import Role
from studio.web.auth import Guard
from studio.web.buyer_address import BuyerAddress, own_lan_address


def blueprint(guard: Guard, address: Callable[[int], BuyerAddress]) -> Blueprint:
    """`/pickup` and `/announce`; `address` tells the buyers' page of a studio on a port."""
    pages = Blueprint("announce_pages", __name__)

    @pages.get("/pickup")
    @guard.require(Role.MODERATOR)
    def pickup() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        return render_template("pickup.html", page="pickup", role=guard.role())

    @pages.get("/announce")
    @guard.require(Role.MODERATOR)
    def announce() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        where = address(served_port())
        return render_template(
            "announce.html",
            page="announce",
            role=guard.role(),
            url=where.url,
            reach=where.reach,
            lan=own_lan_address() if where.reach == "here" else None,
            matrix=qr_code.modules(where.url),
        )

    return pages


def served_port() -> int:
    """The port that the request came in by."""
    return int(request.environ.get("SERVER_PORT", 80))
