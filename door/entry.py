"""The door's command line: what to set up for a command, and who runs it."""

import subprocess
import sys
from pathlib import Path

from door.checks import check
from door.screen import SetupFailed, prepare_console, say
from door.setup import Checkout, environment, set_up

EXIT_CONFIG = 78
HELP = """\
python3 run_studio.py [选项 options]        启动直播间 run the studio (--demo, --port N, --no-open, …)
python3 run_studio.py test [pytest …]       运行全部测试 run every test
python3 run_studio.py check [--fast]        检查代码 lint, types, imports
python3 run_studio.py COMMAND …             transcribe, export, doctor, …
"""


def main(arguments: list[str]) -> int:
    """Set up what is missing, then do what was asked; returns the exit code."""
    prepare_console()
    checkout = Checkout(Path(__file__).resolve().parent.parent)
    command = arguments[0] if arguments else ""
    developing = command in {"test", "check"}
    if command in {"-h", "--help"} and not checkout.read_stamp().key:
        sys.stdout.write(HELP)
        return 0
    try:
        set_up(checkout, test=developing)
    except SetupFailed as error:
        say(error.zh, error.en)
        return EXIT_CONFIG
    except KeyboardInterrupt:
        say("已中断；再运行一次会从这里继续。", "Interrupted; running again goes on from here.")
        return 130
    if command == "test":
        return _call(checkout, ["-m", "pytest", *_parallel(arguments[1:]), *arguments[1:]])
    if command == "check":
        return check(checkout, fast="--fast" in arguments[1:])
    if not command or (command.startswith("-") and command not in {"-h", "--help", "--version"}):
        return _run(checkout, arguments)
    if command == "run":
        return _run(checkout, arguments[1:])
    return _call(checkout, ["-m", "studio.cli", *arguments])


def _parallel(arguments: list[str]) -> list[str]:
    """Two workers, unless the caller said how many; tests of one group stay on one worker."""
    asked = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    return ["--dist", "loadgroup"] if asked else ["-n", "2", "--dist", "loadgroup"]


def _run(checkout: Checkout, flags: list[str]) -> int:
    """Supervise the server; a warm start comes here within a few milliseconds."""
    from studio.supervise import Supervisor  # noqa: PLC0415 - other commands do without

    command = [str(checkout.python), "-m", "studio.cli", "run", "--with-parent", *flags]
    return Supervisor(command, ["--again"], say, environment()).run()


def _call(checkout: Checkout, arguments: list[str]) -> int:
    with subprocess.Popen([str(checkout.python), *arguments], cwd=None, env=environment()) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the terminal told the child too: it decides how to end
                continue
