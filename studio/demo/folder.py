"""The demo's own data folder, apart from real data and made anew at each start."""

import shutil
from pathlib import Path

from studio.config import Settings, asset_root
from studio.errors import ConfigError

PORT = 8734
MARKER = "this-is-a-demo.txt"
KEPT = frozenset({MARKER, "tokens.json"})
"""Tokens stay, so that overlay addresses pasted into OBS work at the next demo too."""

CATALOGUE = Path("scenes", "demo", "dairy.catalog.json")
AUDIO = Path("scenes", "demo", "dairy.opus")
TEMPLATE = Path("scenes", "dairy.toml")


def demo_settings(settings: Settings) -> Settings:
    """The same studio on the demo's data, listening to the demo's recording.

    The port moves from the default to 8734, so that the demo runs beside a real studio.
    """
    default_port = settings.port == Settings.model_fields["port"].default
    return settings.model_copy(
        update={
            "data_dir": settings.data_dir / "demo",
            "models_dir": settings.models,
            "database_url": "",
            "demo": True,
            "port": PORT if default_port else settings.port,
            "ear_source": str(asset_root() / AUDIO),
        }
    )


def clear(folder: Path) -> None:
    """Empty the demo's folder.

    Raises:
        ConfigError: it holds something that no demo made, which is then left alone.
    """
    found = list(folder.iterdir()) if folder.is_dir() else []
    if found and not (folder / MARKER).is_file():
        raise ConfigError(
            f"{folder} 里有不是演示产生的文件，为安全起见没有清空。请换一个 --data 文件夹",
            f"{folder} holds files that no demo made and was left alone; choose another --data folder",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).write_text("演示数据，每次启动都会清空。 Demo data, emptied at each start.\n", "utf-8")
        for path in found:
            if path.name in KEPT:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError as error:
        raise ConfigError(
            f"演示文件夹 {folder} 写不了：{error}", f"cannot write demo folder {folder}: {error}"
        ) from error
