"""The door's command line: what to set up for a command, and who runs it."""

import subprocess
import sys
from pathlib import Path

from door.checks import check
from door.screen import SetupFailed, prepare_console, say
from door.setup import Checkout, environment, set_up
from studio.supervise import EXIT_CONFIG, Supervisor

CLI_FLAGS = frozenset({"-h", "--help", "--version", "--debug"})
SERVING: dict[str, tuple[str, ...]] = {"run": (), "start": (), "demo": ("--demo",)}
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
        return _call(checkout, ["-m", "pytest", *_parallel(arguments[1:]), *arguments[1:]], cwd=checkout.root)
    if command == "check":
        return check(checkout, fast="--fast" in arguments[1:])
    return _pass_on(checkout, arguments)


def _parallel(arguments: list[str]) -> list[str]:
    """Two workers, unless the caller said how many; tests of one group stay on one worker."""
    asked = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    return ["--dist", "loadgroup"] if asked else ["-n", "2", "--dist", "loadgroup"]


def _pass_on(checkout: Checkout, arguments: list[str]) -> int:
    """The studio itself is supervised from here, without another process between; commands run as they are."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in CLI_FLAGS):
        arguments = ["run", *arguments]
    command, *flags = arguments
    if command not in SERVING:
        return _call(checkout, ["-m", "studio.cli", *arguments])
    served = [str(checkout.python), "-m", "studio.cli", "run", "--with-parent", *SERVING[command], *flags]
    return Supervisor(served, ["--again"], say, environment()).run()


def _call(checkout: Checkout, arguments: list[str], cwd: Path | None = None) -> int:
    with subprocess.Popen([str(checkout.python), *arguments], cwd=cwd, env=environment()) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the terminal told the child too: it decides how to end
                continue
