"""Themes: files of CSS properties in the data folder, one a theme; what is on air is one of them, or the studio's own.

A theme file is `:root { --name: value; … }` with the properties of PROPERTIES and nothing else; a logo is a PNG in it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import BadInput, ConfigError, NotFound

BUILT_IN = "market"
MAX_THEMES = 50
MAX_LOGO_CHARS = 400_000
COLOURS = (
    "--card",
    "--ink",
    "--ink-soft",
    "--leaf",
    "--leaf-soft",
    "--persimmon",
    "--persimmon-ink",
    "--persimmon-soft",
    "--mist",
    "--plate-solid",
    "--on-plate",
)
FONTS = {
    "sans": '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif',
    "song": '"Songti SC", "SimSun", "Noto Serif CJK SC", "Noto Serif SC", serif',
    "kai": '"Kaiti SC", "KaiTi", "STKaiti", "Noto Serif CJK SC", serif',
    "round": '"Yuanti SC", "YouYuan", "HYQiHei", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
}
MOTIONS = ("full", "calm", "none")
RADIUS_PX = range(41)

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HEX = re.compile(r"#[0-9a-f]{6}")
_LOGO = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+={0,2}")
_LINE = re.compile(r"\s*(--[a-z-]+):\s*(.+?);\s*")
_TITLE = re.compile(r"[^\x00-\x1f*/\\]{1,40}")


@dataclass(frozen=True, slots=True)
class Theme:
    """colours: property → #rrggbb, those that differ from the studio's own; None leaves the studio's own."""

    name: str
    title: str
    colours: Mapping[str, str]
    font: str = "sans"
    radius_px: int | None = None
    motion: str = "full"
    logo: str | None = None

    def topic(self) -> dict[str, Any]:
        """What overlays need: properties to set, and the rest by name."""
        properties = dict(self.colours)
        if self.font != "sans":
            properties["--font"] = FONTS[self.font]
        if self.radius_px is not None:
            properties |= {"--radius": f"{self.radius_px}px", "--radius-small": f"{round(self.radius_px * 0.6)}px"}
        return {
            "name": self.name,
            "title": self.title,
            "properties": properties,
            "font": self.font,
            "radius_px": self.radius_px,
            "motion": self.motion,
            "logo": self.logo,
        }


OWN = Theme(BUILT_IN, "邻里集市", {})


def checked(theme: Theme) -> Theme:
    """The theme, if it is one.

    Raises:
        BadInput: naming what is not a colour, a font, a radius, a motion, a title or a logo.
    """
    problem = None
    if not _NAME.fullmatch(theme.name):
        problem = ("名字只能用小写字母、数字和 -", "a name has lower-case letters, digits and - only")
    elif not _TITLE.fullmatch(theme.title):
        problem = ("标题要 1 到 40 个字，不能有 * / \\", "a title has 1 to 40 characters, without * / \\")
    elif wrong := next((key for key in theme.colours if key not in COLOURS), None):
        problem = (f"不认识 {wrong[:40]}", f"unknown property {wrong[:40]}")
    elif wrong := next((key for key, value in theme.colours.items() if not _HEX.fullmatch(value)), None):
        problem = (f"{wrong} 应为 #2f7d4f 这样的颜色", f"{wrong} should be a colour such as #2f7d4f")
    elif theme.font not in FONTS or theme.motion not in MOTIONS:
        problem = ("不认识这个字体或动效", "unknown font or motion")
    elif theme.radius_px is not None and theme.radius_px not in RADIUS_PX:
        problem = ("圆角应在 0 到 40 像素之间", "the corner radius lies between 0 and 40 pixels")
    elif theme.logo is not None and (len(theme.logo) > MAX_LOGO_CHARS or not _LOGO.fullmatch(theme.logo)):
        problem = ("标志应为 PNG", "the logo should be a PNG")
    if problem:
        raise BadInput(*problem)
    return theme


def write_css(theme: Theme) -> str:
    """The theme's file."""
    lines = [f"  {name}: {value};" for name, value in theme.colours.items()]
    lines += [f"  --theme-font: {theme.font};", f"  --theme-motion: {theme.motion};"]
    if theme.radius_px is not None:
        lines.append(f"  --theme-radius: {theme.radius_px}px;")
    if theme.logo:
        lines.append(f'  --theme-logo: url("{theme.logo}");')
    return f"/* Linli Studio theme: {theme.title} */\n:root {{\n" + "\n".join(lines) + "\n}\n"


def read_css(name: str, text: str) -> Theme:
    """The theme of a file.

    Raises:
        BadInput: it is no theme file of the studio's.
    """
    head = re.match(r"\ufeff?/\* Linli Studio theme: ([^*\n]{1,60}) \*/\s*:root\s*\{(.*)\}\s*$", text, re.DOTALL)
    if head is None:
        raise BadInput("这不是邻里直播间的主题文件", "this is no theme file of Linli Studio")
    colours: dict[str, str] = {}
    rest: dict[str, str] = {}
    for line in head[2].strip().splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            raise BadInput(f"主题里有看不懂的一行：{line[:40]}", f"a line of the theme cannot be read: {line[:40]}")
        (rest if found[1].startswith("--theme-") else colours)[found[1]] = found[2]
    radius = rest.get("--theme-radius", "").removesuffix("px")
    logo = rest.get("--theme-logo", "").removeprefix('url("').removesuffix('")')
    return checked(
        Theme(
            name=name,
            title=head[1].strip(),
            colours=colours,
            font=rest.get("--theme-font", "sans"),
            radius_px=int(radius) if radius.isdecimal() else None,
            motion=rest.get("--theme-motion", "full"),
            logo=logo or None,
        )
    )


class Themes:
    """The themes of one studio.

    Args:
        folder: where their files are; made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def listed(self) -> list[Theme]:
        """The studio's own, then those of the folder by name; files that cannot be read are left out."""
        found: list[Theme] = [OWN]
        for path in sorted(self._folder.glob("*.css"))[:MAX_THEMES]:
            try:
                found.append(self._read(path))
            except (BadInput, OSError, UnicodeDecodeError):
                continue
        return found

    def find(self, name: str) -> Theme:
        """The theme of this name.

        Raises:
            NotFound: there is none, or its file cannot be read.
        """
        found = next((theme for theme in self.listed() if theme.name == name), None)
        if found is None:
            raise NotFound("没有这个主题", "there is no such theme")
        return found

    def on_air(self) -> Theme:
        """The theme of the overlays; the studio's own where its file is gone."""
        try:
            name = json.loads((self._folder / "on-air.json").read_text("utf-8"))["name"]
            return self.find(str(name))
        except (OSError, ValueError, KeyError, TypeError, NotFound):
            return OWN

    def put_on_air(self, name: str) -> None:
        """Let the overlays wear this one.

        Raises:
            NotFound: there is none.
        """
        self.find(name)
        self._write("on-air.json", json.dumps({"name": name}))

    def keep(self, theme: Theme) -> None:
        """Write a theme's file.

        Raises:
            BadInput: it is none, it has the name of the studio's own, or there are too many.
        """
        if theme.name == BUILT_IN:
            raise BadInput("自带的主题不能改，请另存一个名字", "the built-in theme stays, save under another name")
        known = {path.stem for path in self._folder.glob("*.css")}
        if theme.name not in known and len(known) >= MAX_THEMES:
            raise BadInput(f"最多 {MAX_THEMES} 个主题", f"at most {MAX_THEMES} themes")
        self._write(f"{theme.name}.css", write_css(checked(theme)))

    def drop(self, name: str) -> Theme:
        """Delete a theme's file; returns what it was.

        Raises:
            NotFound: there is none, or it is the studio's own.
        """
        theme = self.find(name)
        if name == BUILT_IN:
            raise NotFound("自带的主题不能删", "the built-in theme cannot be deleted")
        (self._folder / f"{name}.css").unlink(missing_ok=True)
        return theme

    def _read(self, path: Path) -> Theme:
        return read_css(path.stem, path.read_text("utf-8"))

    def _write(self, name: str, text: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial = self._folder / f".{name}.tmp"
            partial.write_text(text, "utf-8")
            partial.replace(self._folder / name)
        except OSError as error:
            raise ConfigError(f"主题写不进去：{error}", f"cannot write the theme: {error}") from error
