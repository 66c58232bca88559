#!/usr/bin/env python3
"""The studio's door: `python3 run_studio.py [--demo]` sets itself up where needed and runs the studio.

Needs nothing but Python's standard library. Plain syntax here, so that an old Python can still say what is wrong.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the host's Python is not chosen by us
    found = sys.version.split()[0]
    sys.stderr.write(
        "邻里直播间需要 Python 3.11 或更新版本，现在是 " + found + "。请从 python.org 安装新版本，再用它运行本命令。\n"
        "Linli Studio needs Python 3.11 or newer, this is " + found + ". "
        "Install a newer one from python.org and run this command with it.\n"
    )
    sys.exit(78)

from door.entry import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
