"""Themes over HTTP: list, keep, wear, delete, hand out and take in; a logo is drawn anew before it is kept."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studio.errors import BadInput
from studio.overlays.themes import MAX_LOGO_CHARS, Theme, Themes, checked, read_css, write_css
from studio.types import Require, Role

MAX_FILE_BYTES = 600_000


class ThemeIn(BaseModel):
    """A theme without its name; colours as #rrggbb by property."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    colours: dict[str, str] = Field(default_factory=dict, max_length=40)
    font: Literal["sans", "song", "kai", "round"] = "sans"
    radius_px: int | None = Field(default=None, strict=True, ge=0, le=40)
    motion: Literal["full", "calm", "none"] = "full"
    logo: str | None = Field(default=None, max_length=MAX_LOGO_CHARS)


class ThemeOut(BaseModel):
    name: str
    title: str
    properties: dict[str, str]
    font: str
    radius_px: int | None
    motion: str
    logo: str | None


class ThemesOut(BaseModel):
    on_air: str
    themes: list[ThemeOut]


class LogoOut(BaseModel):
    logo: str


def blueprint(
    themes: Themes, require: Require, *, redraw: Callable[[bytes], bytes], changed: Callable[[], None]
) -> APIBlueprint:
    """Routes over the themes.

    `redraw` makes any picture a small PNG or raises BadInput; `changed` hears that another theme may be on air.
    """
    api = APIBlueprint("themes", __name__, tag="Overlays 画面")

    def drawn_anew(theme: Theme) -> Theme:
        if not checked(theme).logo:
            return theme
        try:
            picture = base64.b64decode(str(theme.logo).partition(",")[2])
        except ValueError as error:
            raise BadInput("标志应为 PNG", "the logo should be a PNG") from error
        return replace(theme, logo=_data_url(redraw(picture)))

    def listing() -> dict[str, Any]:
        return {"on_air": themes.on_air().name, "themes": [theme.topic() for theme in themes.listed()]}

    @api.get("/themes")
    @require(Role.MODERATOR)
    @api.output(ThemesOut)
    def read() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Every theme, the studio's own first."""
        return listing()

    @api.put("/themes/<name>")
    @require(Role.PRODUCER)
    @api.input(ThemeIn)
    @api.output(ThemesOut)
    def keep(name: str, json_data: ThemeIn) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Make or change a theme; overlays that wear it follow at once."""
        themes.keep(drawn_anew(Theme(name=name, **json_data.model_dump())))
        changed()
        return listing()

    @api.post("/themes/<name>/wear")
    @require(Role.PRODUCER)
    @api.output(ThemesOut)
    def wear(name: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Let every overlay wear it; `market` is the studio's own."""
        themes.put_on_air(name)
        changed()
        return listing()

    @api.delete("/themes/<name>")
    @require(Role.PRODUCER)
    @api.output(ThemesOut)
    def drop(name: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Delete a theme; overlays that wore it go back to the studio's own."""
        themes.drop(name)
        changed()
        return listing()

    @api.get("/themes/<name>/file")
    @require(Role.MODERATOR)
    def hand_out(name: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """The theme's file, to keep or to pass on."""
        theme = themes.find(name)
        headers = {"Content-Disposition": f'attachment; filename="{name}.theme.css"'}
        return Response(write_css(theme), mimetype="text/css", headers=headers)

    @api.post("/themes/<name>/file")
    @require(Role.PRODUCER)
    @api.output(ThemesOut)
    def take_in(name: str) -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """Take in a theme's file (the body) under a name; its logo is drawn anew."""
        data = request.get_data()
        if len(data) > MAX_FILE_BYTES:
            raise BadInput("主题文件太大", "the theme file is too large")
        try:
            theme = read_css(name, data.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise BadInput("主题文件不是文本", "the theme file is not text") from error
        themes.keep(drawn_anew(theme))
        changed()
        return listing()

    @api.post("/themes/logo")
    @require(Role.PRODUCER)
    @api.output(LogoOut)
    def logo() -> ResponseReturnValue:  # pyright: ignore[reportUnusedFunction]
        """A picture (the body: JPG, PNG, WebP to 5 MB) as the PNG that a theme keeps; nothing is stored."""
        return {"logo": _data_url(redraw(request.get_data()))}

    return api


def _data_url(png: bytes) -> str:
    text = base64.b64encode(png).decode("ascii")
    url = f"data:image/png;base64,{text}"
    if len(url) > MAX_LOGO_CHARS:
        raise BadInput("标志太复杂，请换一张简单些的图", "the logo is too detailed, choose a simpler picture")
    return url
