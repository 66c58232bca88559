"""What commands share: their flags, and how they tell and write."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from studio.errors import BadInput

Command = Callable[..., Any]


def settings_options(command: Command) -> Command:
    """The flags that name settings."""
    for option in reversed(
        (
            click.option("--data", "data_dir", type=click.Path(path_type=Path), help="数据文件夹 data folder"),
            click.option("--lang", "locale", type=click.Choice(["zh_CN", "en"]), help="语言 language"),
        )
    ):
        command = option(command)
    return command


def server_options(command: Command) -> Command:
    """The flags of a start."""
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


def say(zh: str, en: str) -> None:
    """Tell in both languages, on stderr."""
    click.echo(f"{zh}\n{en}", err=True)


def write_text(path: Path, text: str) -> None:
    """Write a file as it is, line ends included.

    Raises:
        BadInput: it cannot be written there.
    """
    try:
        path.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise BadInput(f"{path} 写不了：{error}", f"cannot write {path}: {error}") from error
