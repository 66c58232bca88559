"""The real programs that tests need: skip with the install line where one is missing, fail where CI demands it."""

import os
import shutil

import pytest


def require(program: str, install: str) -> str:
    """Path of an installed program."""
    path = shutil.which(program)
    if path is None:
        missing(f"{program} is not installed: {install}")
    return path


def missing(reason: str):
    """Skip; with STUDIO_REQUIRE_REAL=1 fail instead."""
    if os.environ.get("STUDIO_REQUIRE_REAL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
