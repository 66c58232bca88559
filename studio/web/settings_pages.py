"""`/settings`: where orders come from, who hears of them, and the shop's own settings."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from studio.types import Role
from studio.web.auth import Guard


def blueprint(guard: Guard, public_url: str) -> Blueprint:
    """The page; `public_url` is the setting, empty where the studio has no address outside."""
    pages = Blueprint("settings_pages", __name__)

    @pages.get("/settings")
    @guard.require(Role.PRODUCER)
    def settings() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        role = guard.role()
        return render_template("settings.html", page="settings", role=role.value if role else "", public_url=public_url)

    return pages
