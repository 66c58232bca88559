"""`python -m bench [section …] [--quick]`: run the sections, print every figure in one table.

Needs a checkout that is set up (`python3 run_studio.py test` does it). A figure whose program is missing says so.
"""

import argparse
import importlib
import inspect
import os
import sys
import time

from rich import box
from rich.console import Console
from rich.table import Table

from bench.row import Row, skipped

SECTIONS = ("start", "stage", "shop", "obs", "speech")
QUICK_SHOWS = ["dairy"]


def measure(section: str, *, quick: bool) -> list[Row]:
    """Rows of one section; a section that fails is a row that says why."""
    try:
        run = importlib.import_module(f"bench.{section}").run
        known = inspect.signature(run).parameters
        options = {"quick": quick, "shows": QUICK_SHOWS if quick else None}
        return run(**{name: value for name, value in options.items() if name in known})
    except Exception as error:
        return [skipped(section, "—", f"{type(error).__name__}: {error}")]


def main() -> int:
    """Command line; exit code 1 when a section could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, "all"], default="all", help="default: all")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, one show")
    options = parser.parse_args()
    chosen = SECTIONS if "all" in options.sections else options.sections
    table = Table(*Row._fields, box=box.MARKDOWN)
    failed = False
    for section in chosen:
        began = time.monotonic()
        rows = measure(section, quick=options.quick)
        sys.stderr.write(f"{section}: {time.monotonic() - began:.0f} s\n")
        failed |= any(row.ours == "skipped" for row in rows)
        for row in rows:
            table.add_row(*row)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    console.print(f"{os.cpu_count()} cores{load}, Python {sys.version.split()[0]}, {sys.platform}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
