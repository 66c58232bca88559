"""The command line. `main` alone turns errors into text and exit codes.

Exit codes: 0 done; 1 a StudioError; 2 wrong usage; 70 a defect of ours; 78 the host has to change a setting first.
Heavy modules are imported inside the commands: `--help` and a start of the server must not wait for each other's.
"""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from studio import __version__, config
from studio.commands.buyers import buyer
from studio.commands.options import say, server_options, settings_options, write_text
from studio.commands.speech import export, model, transcribe
from studio.commands.webhooks import webhooks
from studio.errors import ConfigError, NotFound, StudioError
from studio.masking import mask_logs
from studio.supervise import EXIT_CONFIG, EXIT_USAGE, Supervisor

EXIT_DEFECT = 70
_log = logging.getLogger(__name__)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="%(version)s")
@click.option("--debug", is_flag=True, help="出错时显示细节 show details of errors")
def studio(debug: bool) -> None:
    """邻里直播间 Linli Studio. Without a command: start."""
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    mask_logs()


@studio.command(context_settings={"ignore_unknown_options": True})
@click.argument("flags", nargs=-1, type=click.UNPROCESSED)
def start(flags: tuple[str, ...]) -> None:
    """启动并看护 Run the studio and start it again after a crash; takes the flags of `run`."""
    command = [sys.executable, "-m", "studio.cli", "run", "--with-parent", *flags]
    sys.exit(Supervisor(command, ["--again"], say).run())


@studio.command()
@settings_options
@server_options
@click.option("--with-parent", is_flag=True, hidden=True, help="end when stdin closes")
@click.option("--again", is_flag=True, hidden=True, help="a start after a crash: nothing is emptied or opened")
def run(*, open_page: bool, with_parent: bool, again: bool, **flags: Any) -> None:
    """运行一次 Run the studio in this process, without looking after it."""
    from studio.launch import launch  # noqa: PLC0415 - only wanted here

    launch(config.load(flags), open_page=open_page and not again, fresh=not again, with_parent=with_parent)


@studio.command()
@settings_options
@server_options
@click.pass_context
def demo(context: click.Context, **flags: Any) -> None:
    """演示 Same as `run --demo`."""
    flags["demo"] = True
    context.invoke(run, **flags)


@studio.command("obs-scenes")
@settings_options
@click.option("--port", type=int, help="直播间的端口 the studio's port, 8733")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="文件夹 folder, this one")
def obs_scenes(out: Path, **flags: Any) -> None:
    """场景集合 Write the scenes of the set-up as OBS scene collections, upright and wide, to import into OBS."""
    import json  # noqa: PLC0415

    from studio.obs.collection import FILES, collection  # noqa: PLC0415
    from studio.obs.layout import composite_url  # noqa: PLC0415
    from studio.types import Role  # noqa: PLC0415
    from studio.web.auth import Tokens  # noqa: PLC0415 - Flask

    settings = config.load(flags)
    secrets = settings.data_dir / "tokens.json"
    token = Tokens(secrets).of(Role.OVERLAY) if secrets.is_file() else ""
    for orientation, name in FILES.items():
        url = composite_url(settings.local_host, settings.port, token, orientation)
        text = json.dumps(collection(orientation, url), ensure_ascii=False, indent=2)
        write_text(out / name, f"{text}\n")
        click.echo(out / name)
    if not token:
        say(
            "还没有口令：先启动一次直播间再导出，或导入后在控制台点“布置 OBS”",
            "no key yet: start the studio once and write them again, or set up OBS from the control page afterwards",
        )


@studio.command("login-link")
@settings_options
@click.option("--demo", is_flag=True, help="演示的 of the demo")
def login_link(demo: bool, **flags: Any) -> None:
    """登录链接 Print the running studio's login link again."""
    import json  # noqa: PLC0415

    import psutil  # noqa: PLC0415

    settings = config.load(flags)
    folder = settings.data_dir / "demo" if demo else settings.data_dir
    try:
        status = json.loads((folder / "server.json").read_text("utf-8"))
        running = psutil.pid_exists(int(status["pid"]))
        link = str(status["login"])
    except (OSError, ValueError, KeyError, TypeError):
        running, link = False, ""
    if not running:
        raise NotFound(
            f"没有在 {folder} 运行的直播间，请先启动",
            f"no studio is running on {folder}, start it first",
        )
    click.echo(link)


@studio.command()
@settings_options
def doctor(**flags: Any) -> None:
    """体检 Check everything a show depends on; exit code 1 when something is broken."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from studio.doctor import examine  # noqa: PLC0415

    settings = config.load(flags)
    table = Table(box=None, show_header=False, pad_edge=False)
    for _column in range(3):
        table.add_column(overflow="fold")
    english = settings.locale == "en"
    good, look, broken = ("ok", "look", "broken") if english else ("好", "注意", "有问题")
    marks = {"ok": f"[green]✓ {good}[/]", "warning": f"[yellow]! {look}[/]", "bad": f"[red]✗ {broken}[/]"}
    bad = 0
    for finding in examine(settings):
        bad += finding.verdict == "bad"
        table.add_row(marks[finding.verdict], finding.subject, finding.en if english else finding.zh)
    Console().print(table)
    sys.exit(1 if bad else 0)


@studio.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """测试 Run every test of a checkout; arguments go to pytest."""
    root = config.asset_root()
    if not (root / "tests").is_dir():
        raise NotFound("这里没有测试，请在源码目录里运行", "there are no tests here, run it in a checkout")
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments]
    sys.exit(subprocess.run(command, cwd=root, check=False).returncode)  # noqa: S603 - our own interpreter


for command in (transcribe, model, export, webhooks, buyer):
    studio.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `linli-studio` and `python -m studio.cli`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue] - TextIOWrapper has it
    given = sys.argv[1:] if arguments is None else arguments
    own_flags = {"-h", "--help", "--version", "--debug"}
    if not given or (given[0].startswith("-") and given[0] not in own_flags):
        given = ["start", *given]
    sys.exit(_run_group(given))


def _run_group(given: list[str]) -> int:
    starting = "run" in given[:2] or "demo" in given[:2]
    try:
        studio.main(args=given, prog_name="linli-studio", standalone_mode=False)
    except click.ClickException as error:
        click.echo("命令写得不对，原因在下面；加 --help 可看用法。", err=True)
        error.show()
        return EXIT_USAGE
    except (click.Abort, KeyboardInterrupt):
        return 130
    except StudioError as error:
        _log.debug("refused", exc_info=True)
        say(error.zh, error.en)
        return EXIT_CONFIG if starting or isinstance(error, ConfigError) else 1
    except Exception as error:
        _log.error("%s", error, exc_info=logging.getLogger().level <= logging.INFO)
        say(
            f"程序出错：{type(error).__name__}: {error}。加 --debug 可看细节；如一直出现，请把日志发给我们",
            f"a defect: {type(error).__name__}: {error}; --debug shows details, please report it with the log",
        )
        return EXIT_DEFECT
    return 0


if __name__ == "__main__":
    main()
