"""The command line. `main` alone turns errors into text and exit codes.

Exit codes: 0 done; 1 a StudioError; 2 wrong usage; 70 a defect of ours; 78 the host has to change a setting first.
Heavy modules are imported inside the commands: `--help` and a start of the server must not wait for each other's.
"""

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from studio import __version__, config
from studio.errors import BadInput, ConfigError, Conflict, NotFound, StudioError
from studio.masking import mask_logs
from studio.supervise import EXIT_CONFIG, EXIT_USAGE, Supervisor

EXIT_DEFECT = 70
_log = logging.getLogger(__name__)

Command = Callable[..., Any]


def _settings_options(command: Command) -> Command:
    """The flags that name settings."""
    for option in reversed(
        (
            click.option("--data", "data_dir", type=click.Path(path_type=Path), help="数据文件夹 data folder"),
            click.option("--lang", "locale", type=click.Choice(["zh_CN", "en"]), help="语言 language"),
        )
    ):
        command = option(command)
    return command


def _server_options(command: Command) -> Command:
    for option in reversed(
        (
            click.option("--port", type=int, help="端口 port, 8733 (demo 8734)"),
            click.option("--host", help="监听地址 address to listen on, 127.0.0.1"),
            click.option("--lan/--no-lan", default=None, help="局域网访问 open to the local network, too"),
            click.option("--obs-host", help="OBS 所在电脑 where OBS runs"),
            click.option("--obs-port", type=int, help="OBS WebSocket 端口 port, 4455"),
            click.option("--obs-password", help="OBS WebSocket 密码 password"),
            click.option("--ear-source", help="mic, mic:名称 NAME, 文件或网址 a file or a URL"),
            click.option("--demo", is_flag=True, default=None, help="演示 play a simulated show, real data untouched"),
            click.option("--open/--no-open", "open_page", default=True, help="打开控制台 open the control page"),
        )
    ):
        command = option(command)
    return command


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
    sys.exit(Supervisor(command, ["--again"], _say).run())


@studio.command()
@_settings_options
@_server_options
@click.option("--with-parent", is_flag=True, hidden=True, help="end when stdin closes")
@click.option("--again", is_flag=True, hidden=True, help="a start after a crash: nothing is emptied or opened")
def run(*, open_page: bool, with_parent: bool, again: bool, **flags: Any) -> None:
    """运行一次 Run the studio in this process, without looking after it."""
    from studio.launch import launch  # noqa: PLC0415 - only wanted here

    launch(config.load(flags), open_page=open_page and not again, fresh=not again, with_parent=with_parent)


@studio.command()
@_settings_options
@_server_options
@click.pass_context
def demo(context: click.Context, **flags: Any) -> None:
    """演示 Same as `run --demo`."""
    flags["demo"] = True
    context.invoke(run, **flags)


@studio.command()
@click.argument("audio")
@click.option("--catalog", required=True, type=click.Path(path_type=Path), help="商品资料 JSON/TOML catalogue")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="结果 JSON log to write")
@click.option("--realtime", is_flag=True, help="按原速 feed the audio at its own pace")
@click.option("--model", "ear_model", help="语音模型 speech model, base")
@click.option("--beam", type=click.IntRange(1, 10), default=1, show_default=True, help="束宽 larger: truer, slower")
@click.option("--show", "show_id", type=int, help="放到哪一场的原话上 lay it over this show's transcript, edits stay")
@click.option("--offset", "offset_s", type=float, help="录音比开播晚几秒 seconds after the start, else found out")
@_settings_options
def transcribe(
    *,
    audio: str,
    catalog: Path,
    out: Path,
    realtime: bool,
    ear_model: str | None,
    beam: int,
    show_id: int | None,
    offset_s: float | None,
    **flags: Any,
) -> None:
    """转写录音 Transcribe a recording (file or URL) into a log of everything heard."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from studio.transcribe.batch import transcribe_file  # noqa: PLC0415 - loads the speech engine
    from studio.transcribe.rules import use_host_rules  # noqa: PLC0415

    settings = config.load({**flags, "ear_model": ear_model})
    if show_id is not None:
        _check_not_on_air(settings, show_id)
    use_host_rules(settings.rules_dir)
    folder = _ensure_model(settings.ear_model, settings)
    columns = (TaskProgressColumn(), BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None)

        def show(text: str, fraction: float | None) -> None:
            progress.update(task, description=text[:60], completed=fraction, total=None if fraction is None else 1.0)

        log = transcribe_file(audio, catalog, out, folder, realtime=realtime, beam=beam, progress=show)
        progress.update(task, completed=1.0, total=1.0)
    click.echo(f"{out}: {len(log['segments'])} 句 sentences", err=True)
    if show_id is not None:
        from studio.db import existing_data  # noqa: PLC0415 - SQLAlchemy
        from studio.transcribe.laying import lay_over_show, pieces_of  # noqa: PLC0415

        again = pieces_of(log["segments"])
        with existing_data(settings) as engine:
            changed, extra = lay_over_show(
                engine, show_id, again, model=settings.ear_model, beam=beam, offset_s=offset_s
            )
        _say(
            f"第 {show_id} 场：{changed} 句有了新的文字，补上 {extra} 句",
            f"show {show_id}: {changed} sentences have a new text, {extra} were added",
        )


def _check_not_on_air(settings: config.Settings, show_id: int) -> None:
    """Before a recording is heard for minutes: is there such a show, and is it over?"""
    from studio.db import Database, existing_data  # noqa: PLC0415 - SQLAlchemy
    from studio.shows.show import find_show  # noqa: PLC0415

    with existing_data(settings) as engine, Database(engine).reading() as session:
        if find_show(session, show_id).status == "live":
            raise Conflict("直播中不重听录音，播完再来", "not while a show is on air: it takes the PC's power")


@studio.command()
@click.argument("name", required=False)
def model(name: str | None) -> None:
    """语音模型 Make a speech model ready (downloads it once) and print its folder."""
    settings = config.load({"ear_model": name})
    click.echo(_ensure_model(settings.ear_model, settings))


def _ensure_model(name: str, settings: config.Settings) -> Path:
    from studio.transcribe.store import ensure_model  # noqa: PLC0415 - only wanted here

    shown = ""

    def show(message: str, fraction: float | None) -> None:
        nonlocal shown
        line = message if fraction is None else f"{fraction:4.0%} {message}"
        if line != shown:
            shown = line
            click.echo(line, err=True)

    return ensure_model(name, settings.models, show)


@studio.command()
@_settings_options
@click.argument("show_id", type=int)
@click.argument("kind", metavar="[srt|vtt|txt|md|csv|json]")
@click.option("--out", type=click.Path(path_type=Path), help="文件 file to write, else the terminal")
def export(show_id: int, kind: str, out: Path | None, **flags: Any) -> None:
    """导出 Write a show's transcript as subtitles, text, table or JSON."""
    from studio.db import Database, existing_data  # noqa: PLC0415 - SQLAlchemy
    from studio.shows.show import find_show  # noqa: PLC0415
    from studio.transcribe.export import export as render  # noqa: PLC0415
    from studio.transcribe.transcript import read_transcript  # noqa: PLC0415

    with existing_data(config.load(flags)) as engine, Database(engine).reading() as session:
        title = find_show(session, show_id).title
        text, _mime = render(read_transcript(session, show_id), kind, title)
    if out is None:
        click.echo(text, nl=False)
    else:
        _write_text(out, text)


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise BadInput(f"{path} 写不了：{error}", f"cannot write {path}: {error}") from error


def _inbox_options(command: Command) -> Command:
    for option in reversed(
        (
            click.option("--source", type=click.Choice(["shopify", "woocommerce", "youzan", "generic"]), help="来源"),
            click.option("--since", help="从何时起收到的 received since, 2026-11-22 or 2026-11-22T20:00"),
        )
    ):
        command = option(command)
    return command


@studio.group()
def webhooks() -> None:
    """订单推送 Deliveries of other shops: list them, process them again."""


@webhooks.command("list")
@_settings_options
@_inbox_options
@click.option("--state", type=click.Choice(["new", "parked", "failed", "done", "stale", "ignored"]), help="状态")
def webhooks_list(state: str | None, source: str | None, since: str | None, **flags: Any) -> None:
    """列出 The newest 100, one a line: id, source, state, order number there, reason."""
    from studio.shop.webhooks.maintenance import list_deliveries  # noqa: PLC0415 - SQLAlchemy

    for row in list_deliveries(config.load(flags), state=state, source=source, since=since):
        reason = f"{row['reason']} {row['detail']}".strip()
        click.echo(f"{row['id']}\t{row['source']}\t{row['state']}\t{row['external_id'] or '-'}\t{reason}")


@webhooks.command("replay")
@_settings_options
@_inbox_options
@click.option("--state", type=click.Choice(["failed", "parked", "stale", "ignored", "done"]), default="failed")
def webhooks_replay(state: str, source: str | None, since: str | None, **flags: Any) -> None:
    """重新处理 Put deliveries back: the running studio takes them within seconds, else the next start does."""
    from studio.shop.webhooks.maintenance import put_back  # noqa: PLC0415 - SQLAlchemy

    count = put_back(config.load(flags), state=state, source=source, since=since)
    click.echo(f"已放回 {count} 条推送，等待处理\n{count} deliveries put back")


@studio.group()
def buyer() -> None:
    """买家资料 One buyer's data: export or delete, also while the studio runs."""


@buyer.command("export")
@_settings_options
@click.argument("who", metavar="PHONE|ID", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="文件 file to write, else the terminal")
def buyer_export(who: str | None, out: Path | None, **flags: Any) -> None:
    """导出 Everything known about a buyer as JSON, the phone readable; asks for the number when none is given."""
    import json  # noqa: PLC0415

    from studio.remote import host_api  # noqa: PLC0415 - requests

    with host_api(config.load(flags)) as call:
        found = [call("GET", f"/buyers/{row['id']}/export") for row in _find_buyers(call, who)]
    text = json.dumps({"buyers": found}, ensure_ascii=False, indent=2) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        _write_text(out, text)


@buyer.command("delete")
@_settings_options
@click.argument("who", metavar="PHONE|ID", required=False)
@click.option("--force", is_flag=True, help="还有未完成的订单也删 also while orders are running")
@click.option("--yes", is_flag=True, help="不再确认 do not ask")
def buyer_delete(who: str | None, force: bool, yes: bool, **flags: Any) -> None:
    """删除 Delete a buyer's name, phone and links for good; orders stay without them."""
    from studio.remote import host_api  # noqa: PLC0415 - requests

    with host_api(config.load(flags)) as call:
        found = _find_buyers(call, who)
        for row in found:
            click.echo(f"#{row['id']}  {row['who']}  {row['phone'] or '-'}  {row['orders']} 单 orders")
        if not yes:
            click.confirm("删除后不能恢复，确定吗？ Delete for good?", abort=True)
        for row in found:
            call("DELETE", f"/buyers/{row['id']}{'?force=true' if force else ''}")
    click.echo("已删除\ndeleted")


def _find_buyers(call: Callable[[str, str], Any], who: str | None) -> list[dict[str, Any]]:
    from urllib.parse import quote  # noqa: PLC0415

    wanted = who or click.prompt("手机号或编号 phone number or id", type=str)
    found = call("GET", f"/buyers?exact=true&q={quote(wanted, safe='')}")["buyers"]
    if not found:
        raise NotFound("没有这位买家，或者资料已注销", "no such buyer, or their data were erased")
    return found


@studio.command("obs-scenes")
@_settings_options
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
        _write_text(out / name, f"{text}\n")
        click.echo(out / name)
    if not token:
        _say(
            "还没有口令：先启动一次直播间再导出，或导入后在控制台点“布置 OBS”",
            "no key yet: start the studio once and write them again, or set up OBS from the control page afterwards",
        )


@studio.command("login-link")
@_settings_options
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
@_settings_options
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


def _say(zh: str, en: str) -> None:
    click.echo(f"{zh}\n{en}", err=True)


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
        _say(error.zh, error.en)
        return EXIT_CONFIG if starting or isinstance(error, ConfigError) else 1
    except Exception as error:
        _log.error("%s", error, exc_info=logging.getLogger().level <= logging.INFO)
        _say(
            f"程序出错：{type(error).__name__}: {error}。加 --debug 可看细节；如一直出现，请把日志发给我们",
            f"a defect: {type(error).__name__}: {error}; --debug shows details, please report it with the log",
        )
        return EXIT_DEFECT
    return 0


if __name__ == "__main__":
    main()
