"""Looks at everything a show depends on and says what to do about what is wrong."""

import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Literal, NamedTuple

from studio.config import Settings
from studio.errors import StudioError
from studio.shows.preflight import LITTLE_BYTES, TOO_LITTLE_BYTES

Verdict = Literal["ok", "warning", "bad"]

TIMEOUT_S = 20.0


class Finding(NamedTuple):
    """One line of the report; zh and en say what is there, or what to do."""

    subject: str
    verdict: Verdict
    zh: str
    en: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, as soon as it is known."""
    for look in (_python, _opencv, _model, _rules, _data, _disk, _port, _obs, _microphone):
        try:
            yield look(settings)
        except StudioError as error:
            yield Finding(look.__name__.strip("_"), "bad", error.zh, error.en)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # elsewhere the option would allow a port that is taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _python(_settings: Settings) -> Finding:
    version = sys.version.split()[0]
    where = sys.prefix
    if sys.prefix == sys.base_prefix:
        return Finding("python", "warning", f"{version}，没有用虚拟环境", f"{version}, not in a virtual environment")
    return Finding("python", "ok", f"{version}，{where}", f"{version}, {where}")


def _opencv(_settings: Settings) -> Finding:
    # in a process of its own: a missing display library ends an import in ways that cannot be caught
    done = subprocess.run(
        [sys.executable, "-c", "import cv2; print(cv2.__version__)"],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode == 0:
        return Finding("opencv", "ok", done.stdout.strip(), done.stdout.strip())
    reason = (done.stderr.strip().splitlines() or ["?"])[-1]
    version = importlib.metadata.version("opencv-python")
    remedy = f"pip install --no-deps --force-reinstall opencv-python-headless=={version}"
    return Finding("opencv", "bad", f"无法载入（{reason}）。请运行 {remedy}", f"does not load ({reason}); run {remedy}")


def _model(settings: Settings) -> Finding:
    from studio.transcribe.store import check_model, model_folder  # noqa: PLC0415 - hashes files, only wanted here

    folder = model_folder(settings.ear_model, settings.models)
    if not folder.is_dir():
        return Finding(
            "model",
            "bad",
            f"语音模型 {settings.ear_model} 还没下载：运行 linli-studio model {settings.ear_model}",
            f"speech model {settings.ear_model} is not here yet: run linli-studio model {settings.ear_model}",
        )
    check_model(folder)
    return Finding("model", "ok", f"{folder}（校验通过）", f"{folder} (verified)")


def _rules(settings: Settings) -> Finding:
    from studio.transcribe.rules import check_host_rules  # noqa: PLC0415 - only wanted here

    subjects = ", ".join(check_host_rules(settings.rules_dir))
    if not subjects:
        return Finding("rules", "ok", "用内置规则", "the built-in rules")
    return Finding("rules", "ok", f"内置规则加上 {subjects}", f"the built-in rules with {subjects}")


def _data(settings: Settings) -> Finding:
    folder = settings.data_dir
    probe = folder / f".doctor-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Finding("data", "bad", f"{folder} 写不了：{error}", f"cannot write {folder}: {error}")
    return Finding("data", "ok", str(folder), str(folder))


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else settings.data_dir.anchor).free
    verdict: Verdict = "bad" if free < TOO_LITTLE_BYTES else "warning" if free < LITTLE_BYTES else "ok"
    size = f"{free / 1000**3:.1f} GB"
    more = {"ok": ("", ""), "warning": ("，录像前请多腾一些", ", make room before recording")}
    zh, en = more.get(verdict, ("，请先清理磁盘", ", free some first"))
    return Finding("disk", verdict, f"剩余 {size}{zh}", f"{size} free{en}")


def _port(settings: Settings) -> Finding:
    if port_is_free(settings.host, settings.port):
        return Finding("port", "ok", f"{settings.port} 可用", f"{settings.port} is free")
    return Finding(
        "port",
        "warning",
        f"{settings.port} 已被占用：直播间可能正在运行；否则用 --port 换一个",
        f"{settings.port} is in use: the studio may be running; otherwise choose another with --port",
    )


def _obs(settings: Settings) -> Finding:
    from studio.obs.client import ObsClient  # noqa: PLC0415 - only wanted here

    if not settings.obs_enabled:
        return Finding("obs", "warning", "已在设置里关闭", "switched off in the settings")
    client = ObsClient(settings.obs_host, settings.obs_port, settings.obs_password)
    try:
        client.connect()
        version = str(client.request("GetVersion").get("obsVersion", "?"))
    except StudioError as error:
        return Finding("obs", "warning", error.zh, error.en)
    finally:
        client.disconnect()
    return Finding("obs", "ok", f"OBS {version}", f"OBS {version}")


def _microphone(settings: Settings) -> Finding:
    from studio.transcribe.ear import list_microphones  # noqa: PLC0415 - loads gevent

    if not settings.ear_enabled:
        return Finding("microphone", "warning", "语音识别已在设置里关闭", "speech recognition is switched off")
    found = list_microphones()
    if not found:
        return Finding(
            "microphone",
            "warning",
            "没有找到麦克风：请接上并允许使用（Linux 需要 libportaudio2）",
            "no microphone: connect one and allow its use (Linux needs libportaudio2)",
        )
    names = ", ".join(found[:3])
    return Finding("microphone", "ok", names, names)
