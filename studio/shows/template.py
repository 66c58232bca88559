"""Rundown templates: `scenes/*.toml`, a show's title and items before it has a date."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from studio.errors import BadInput
from studio.shows.schemas import ShowIn


def read_template(path: Path) -> ShowIn:
    """The show that a template describes.

    Raises:
        BadInput: the file cannot be read, is no TOML, or has a key or value that a show does not know.
    """
    try:
        return ShowIn.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"流程模板 {path} 的 {where} 不对：{first['msg']}", f"rundown template {path}: {where}: {first['msg']}"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"流程模板 {path} 读不了：{error}", f"cannot read rundown template {path}: {error}") from error
