"""Rundown templates: `scenes/*.toml`, a show's title and items before it has a date."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from studio.errors import BadInput
from studio.shows.schemas import ShowIn

MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Template:
    """name: of its file. own: the host wrote it."""

    name: str
    own: bool
    show: ShowIn


def list_templates(folders: Sequence[Path]) -> tuple[list[Template], list[tuple[str, BadInput]]]:
    """Every template of the folders by file name, and what is wrong with those that cannot be used.

    The first folder is the studio's; a file of a later one replaces that of the same name.
    """
    paths = {path.stem: (path, place > 0) for place, folder in enumerate(folders) for path in folder.glob("*.toml")}
    found: list[Template] = []
    problems: list[tuple[str, BadInput]] = []
    for name, (path, own) in sorted(paths.items()):
        try:
            found.append(Template(name, own, read_template(path)))
        except BadInput as error:
            problems.append((name, error))
    return found, problems


def read_template(path: Path) -> ShowIn:
    """The show that a template describes.

    Raises:
        BadInput: the file cannot be read, is no TOML, or has a key or value that a show does not know.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"流程模板 {path} 太大了", f"rundown template {path} is too large")
        return ShowIn.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"流程模板 {path} 的 {where} 不对：{first['msg']}", f"rundown template {path}: {where}: {first['msg']}"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput(f"流程模板 {path} 读不了：{error}", f"cannot read rundown template {path}: {error}") from error
