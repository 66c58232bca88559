"""One run of the server in this process: the port is free, the log is open, the host is greeted, the demo plays.

Imports nothing heavy before the settings are known to be good: a wrong flag is told at once.
"""

import logging
import os
import subprocess
import sys
import webbrowser
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import click

from studio.config import Settings
from studio.demo.folder import clear, demo_settings
from studio.doctor import port_is_free
from studio.errors import ConfigError
from studio.masking import mask_logs
from studio.supervise import end_with_parent
from studio.types import Role

LOG_BYTES = 2_000_000
REPLAY_S = 2.0
_log = logging.getLogger(__name__)


def launch(settings: Settings, *, open_page: bool, fresh: bool, with_parent: bool) -> None:
    """Serve until told to end.

    Args:
        settings: with `demo` they are turned into the demo's.
        open_page: show the control page in a browser when it is served.
        fresh: empty the demo's folder first; not after a crash.
        with_parent: end when stdin closes.

    Raises:
        ConfigError: the port is taken, or the data folder cannot be used.
    """
    if settings.demo:
        settings = demo_settings(settings)
    _require_port(settings)
    if settings.demo and fresh:
        clear(settings.data_dir)
    _log_to_file(settings.data_dir)
    from studio.server import Status, serve  # noqa: PLC0415 - patches the standard library for gevent

    if with_parent:
        from gevent import monkey  # noqa: PLC0415

        # only now: gevent cannot patch the locks of a process that has a second thread
        end_with_parent(monkey.get_original("_thread", "start_new_thread"))

    def ready(status: Status) -> None:
        stage = _stage_url(status, settings) if settings.demo else ""
        _greet(status, settings, stage)
        if open_page:
            for url in filter(None, (stage, status["login"])):
                _open_browser(url)
        if settings.demo:
            _keep_playing(status)

    serve(settings, ready)


def _require_port(settings: Settings) -> None:
    if settings.port and not port_is_free(settings.host, settings.port):
        raise ConfigError(
            f"端口 {settings.port} 已被占用：邻里直播间可能已经在运行；或者用 --port 换一个端口",
            f"port {settings.port} is in use: the studio may be running already; or choose another with --port",
        )


def _log_to_file(data_dir: Path) -> None:
    try:
        folder = data_dir / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "studio.log", maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"数据文件夹 {data_dir} 写不了：{error}", f"cannot write the data folder {data_dir}: {error}"
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    for console in root.handlers:
        console.setLevel(root.level)
    handler.setLevel(logging.INFO)
    root.addHandler(handler)
    root.setLevel(min(root.level, logging.INFO))
    mask_logs()


def _stage_url(status: Any, settings: Settings) -> str:
    """The composite overlay, which a newcomer without OBS sees in the browser."""
    from studio.web.auth import Tokens  # noqa: PLC0415 - Flask, loaded by the server anyway

    token = Tokens(settings.data_dir / "tokens.json").of(Role.OVERLAY)
    return f"{status['url']}/overlay/composite?token={token}&orientation=landscape"


def _greet(status: Any, settings: Settings, stage: str) -> None:
    what = "演示 Demo" if settings.demo else "邻里直播间 Linli Studio"
    click.echo(
        f"\n  {what}\n"
        + (f"  画面 stage            {stage}\n" if stage else "")
        + f"  控制台 control page   {status['login']}\n"
        f"  画面地址 overlays     {status['url']}/overlays\n"
        + (f"  局域网 LAN            {status['lan']}\n" if status["lan"] else "")
        + f"  数据 data             {settings.data_dir}\n"
        f"  按 Ctrl-C 结束 ends it\n"
    )


def _open_browser(url: str) -> None:
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return  # a text browser would take the console over
    webbrowser.open(url)


def _keep_playing(status: Any) -> None:
    """The demo's play runs outside and speaks HTTP; its stdin closes with this process, which ends it."""
    import gevent  # noqa: PLC0415 - the server's own
    from gevent import subprocess as gevent_subprocess  # noqa: PLC0415 - waits without holding the loop

    command = [sys.executable, "-m", "studio.demo.driver", "--url", status["url"]]
    environ = {**os.environ, "STUDIO_TOKEN": status["token"]}
    while True:
        code = gevent_subprocess.Popen(command, stdin=subprocess.PIPE, env=environ).wait()
        _log.warning("the demo's play ended (%s), starting it again", code)
        gevent.sleep(REPLAY_S)
