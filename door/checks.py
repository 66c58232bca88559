"""Every check that is not a test, behind one command: style, types, directions, scripts."""

import subprocess
import sys
import time

from door.setup import Checkout, environment, npm


def commands(checkout: Checkout, *, fast: bool) -> list[tuple[str, list[str]]]:
    """Name and command line of each check; `fast` are those that take a second."""
    python = str(checkout.python)
    quick = [
        ("ruff check", [python, "-m", "ruff", "check", "--quiet", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--quiet", "--check", "."]),
        ("biome", npm(checkout, "run", "--silent", "lint")),
    ]
    slow = [
        ("import-linter", [python, "-c", "from importlinter.cli import lint_imports_command as run; run()"]),
        ("tsc", npm(checkout, "run", "--silent", "types")),
        ("pyright", [python, "-m", "pyright"]),
    ]
    return quick if fast else quick + slow


def check(checkout: Checkout, *, fast: bool = False) -> int:
    """Run all checks, show the output of those that fail; returns 0 when none did."""
    failed = 0
    for name, command in commands(checkout, fast=fast):
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=checkout.root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        mark = "ok" if done.returncode == 0 else "FAILED"
        sys.stdout.write(f"{name:<14} {mark:<7} {time.monotonic() - began:5.1f} s\n")
        if done.returncode:
            failed += 1
            sys.stdout.write(done.stdout + "\n")
        sys.stdout.flush()
    return 1 if failed else 0
