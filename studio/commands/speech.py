"""Commands of recordings: transcribe, export, and the speech model."""

from pathlib import Path
from typing import Any

import click

from studio import config
from studio.commands.options import say, settings_options, write_text
from studio.errors import Conflict


@click.command()
@click.argument("audio")
@click.option("--catalog", required=True, type=click.Path(path_type=Path), help="商品资料 JSON/TOML catalogue")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="结果 JSON log to write")
@click.option("--realtime", is_flag=True, help="按原速 feed the audio at its own pace")
@click.option("--model", "ear_model", help="语音模型 speech model, base")
@click.option("--beam", type=click.IntRange(1, 10), default=1, show_default=True, help="束宽 larger: truer, slower")
@click.option("--show", "show_id", type=int, help="放到哪一场的原话上 lay it over this show's transcript, edits stay")
@click.option("--offset", "offset_s", type=float, help="录音比开播晚几秒 seconds after the start, else found out")
@settings_options
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
        say(
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


@click.command()
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


@click.command()
@settings_options
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
        write_text(out, text)
