"""Custom packs: overlays of the host's own, a folder each with pack.toml, HTML, CSS and JS (docs/packs.md)."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from studio.errors import BadInput, NotFound
from studio.overlays.pack_problems import told

MAX_PACKS = 100
MAX_TOML_BYTES = 20_000
MAX_FILE_BYTES = 20_000_000
"""Of a file that is served: more would keep OBS waiting."""
KINDS = frozenset(
    {".html", ".css", ".js", ".json", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".woff2", ".woff", ".ttf"}
)
"""Files that a pack may consist of; others are not served."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class PackFile(BaseModel):
    """pack.toml: what the pack is called, where it starts, which topics it is given, how it looks best."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    title_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    entry: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}\.html$")] = "index.html"
    topics: tuple[str, ...] = Field(default=(), max_length=30)
    author: Annotated[str, StringConstraints(max_length=60)] = ""
    orientations: tuple[Annotated[str, StringConstraints(pattern="^(portrait|landscape)$")], ...] = (
        "portrait",
        "landscape",
    )


@dataclass(frozen=True, slots=True)
class Pack:
    """problem says, in both languages, why a folder cannot be used; then there is no file."""

    name: str
    folder: Path
    file: PackFile | None
    problem: tuple[str, str] | None = None


class Packs:
    """The packs of some folders; where two have one name, the first folder's counts.

    Args:
        allowed: topics that a pack may ask for.
    """

    def __init__(self, folders: Sequence[Path], allowed: frozenset[str]) -> None:
        self._folders = folders
        self._allowed = allowed

    def listed(self) -> list[Pack]:
        """Every pack by name, also those that cannot be used."""
        found: dict[str, Pack] = {}
        for root in self._folders:
            for folder in sorted(root.iterdir()) if root.is_dir() else ():
                if folder.is_dir() and not folder.name.startswith((".", "_")) and len(found) < MAX_PACKS:
                    found.setdefault(folder.name, self._read(folder))
        return [found[name] for name in sorted(found)]

    def find(self, name: str) -> Pack:
        """A pack that can be used.

        Raises:
            NotFound: there is none of this name.
            BadInput: it cannot be used.
        """
        for root in self._folders:
            if _NAME.fullmatch(name) and (root / name / "pack.toml").is_file():
                pack = self._read(root / name)
                if pack.problem:
                    raise BadInput(*pack.problem)
                return pack
        raise NotFound("没有这个自制画面", "there is no such pack")

    def path_of(self, name: str, inside: str) -> Path:
        """A file of a pack.

        Raises:
            NotFound: no such file, not of a kind that is served, or outside of the pack's folder.
            BadInput: it is too large.
        """
        folder = self.find(name).folder.resolve()
        missing = NotFound("自制画面里没有这个文件", "the pack has no such file")
        try:
            path = (folder / inside).resolve()
            is_file = path.is_file()
        except (OSError, ValueError):  # too long, or a NUL in it
            raise missing from None
        # resolved first, so that neither .. nor a link leads out
        if not path.is_relative_to(folder) or path.suffix.lower() not in KINDS or not is_file:
            raise missing
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadInput(*_too_large(name, path))
        return path

    def _read(self, folder: Path) -> Pack:
        if problem := _unreadable(folder):
            return _unusable(folder, *problem)
        try:
            file = PackFile.model_validate(tomllib.loads((folder / "pack.toml").read_text("utf-8-sig")))
        except (OSError, ValueError, RecursionError) as error:  # lists in lists in lists have no end
            return _unusable(folder, *told(error))
        unknown = [topic for topic in file.topics if topic not in self._allowed]
        if unknown:
            return _unusable(folder, f"没有话题 {unknown[0][:40]}", f"there is no topic {unknown[0][:40]}")
        if not (folder / file.entry).is_file():
            return _unusable(folder, f"缺少 {file.entry}", f"{file.entry} is missing")
        return Pack(folder.name, folder, file)


def _unreadable(folder: Path) -> tuple[str, str] | None:
    """Why nothing is read of a folder."""
    manifest = folder / "pack.toml"
    if not _NAME.fullmatch(folder.name):
        return (
            "文件夹的名字只能用小写字母、数字和 -，最多 40 个",
            "the folder's name has lower-case letters, digits and - only, at most 40",
        )
    if not manifest.is_file():
        return "缺少 pack.toml", "pack.toml is missing"
    if manifest.stat().st_size > MAX_TOML_BYTES:
        return "pack.toml 太大", "pack.toml is too large"
    return None


def _too_large(name: str, path: Path) -> tuple[str, str]:
    most = MAX_FILE_BYTES // 1_000_000
    return _told(name, f"{path.name} 超过 {most} MB", f"{path.name} is larger than {most} MB")


def _told(name: str, zh: str, en: str) -> tuple[str, str]:
    return f"自制画面 {name}：{zh}", f"pack {name}: {en}"


def _unusable(folder: Path, zh: str, en: str) -> Pack:
    return Pack(folder.name, folder, None, _told(folder.name, zh, en))
