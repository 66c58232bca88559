"""Data files of the speech rules, one TOML file a subject."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_rules(subject: str) -> dict[str, Any]:
    """The decoded `SUBJECT.toml` of this folder."""
    return tomllib.loads(files(__name__).joinpath(f"{subject}.toml").read_text("utf-8"))
