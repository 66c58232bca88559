"""Settings of one studio: defaults, then `studio.toml` in the data folder, then STUDIO_* variables, then flags."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from studio.errors import ConfigError

EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared
_REASONS_ZH = {
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "string_type": "应为引号里的文字",
    "string_pattern_mismatch": "应符合 {pattern}",
}
_PACKAGE = Path(__file__).resolve().parent


def asset_root() -> Path:
    """Folder that holds static/, templates/, scenes/ and migrations/: the checkout, or the wheel's copy."""
    packed = _PACKAGE / "_data"
    return packed if packed.is_dir() else _PACKAGE.parent


def default_data_dir() -> Path:
    """Per-user data folder of the operating system."""
    return platformdirs.user_data_path("linli-studio", appauthor=False)


class Settings(BaseModel):
    """All settings, frozen after start; names are the keys of studio.toml and, as STUDIO_NAME, the variables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(default_factory=default_data_dir)
    models_dir: Path | None = None
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8733, ge=0, le=65535)
    allowed_hosts: tuple[str, ...] = ()
    lan: bool = False
    lan_address: str = ""
    demo: bool = False
    rehearsal: bool = False
    locale: str = Field(default="zh_CN", pattern="^(zh_CN|en)$")

    obs_enabled: bool = True
    obs_host: str = "127.0.0.1"
    obs_port: int = Field(default=4455, ge=1, le=65535)
    obs_password: str = ""
    obs_alarm_dropped_percent: float = Field(default=1.0, gt=0, le=100)
    obs_alarm_disk_gb: float = Field(default=5.0, ge=0, le=100_000)
    obs_alarm_cpu_percent: float = Field(default=85.0, gt=0, le=1000)

    ear_source: str = "mic"
    ear_model: str = "base"
    ear_enabled: bool = True

    shoutout_seconds: float = Field(default=6.0, gt=0, le=60)
    shoutout_undo_seconds: float = Field(default=3.0, ge=0, le=60)
    shoutout_merge_from: int = Field(default=4, ge=2, le=1000)

    community_name: str = ""
    community_latitude: float | None = Field(default=None, ge=-90, le=90)
    community_longitude: float | None = Field(default=None, ge=-180, le=180)

    public_url: str = Field(default="", pattern=r"^(https?://[^/?#\s]+)?$")
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    hold_minutes: float = Field(default=30.0, gt=0, le=10_080)
    aftersales_hours: float = Field(default=48.0, ge=0, le=2160)
    referral_reward_fen: int = Field(default=500, ge=0, le=100_000)

    @property
    def database(self) -> str:
        """SQLAlchemy URL; SQLite in the data folder unless database_url is set."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'studio.db').as_posix()}"

    @property
    def rules_dir(self) -> Path:
        """Folder of the host's own rule files (docs/rules.md)."""
        return self.data_dir / "rules"

    @property
    def local_host(self) -> str:
        """How programs on this PC reach the studio, as it stands in a URL."""
        if self.host in EVERY_ADDRESS:
            return "127.0.0.1"
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """The names in the addresses that the studio tells: the public one, and its own when it listens on one only."""
        public = urlsplit(self.public_url).hostname
        own = () if self.host in EVERY_ADDRESS else (self.local_host,)
        return (*own, *((public,) if public else ()))

    @property
    def models(self) -> Path:
        """Folder of speech models, one sub-folder a model; shared by real and demo data."""
        return self.models_dir or default_data_dir() / "models"


def load(flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from file, environment and flags (later wins; None flags are ignored).

    Raises:
        ConfigError: unreadable file, unknown key (with the nearest known one) or a value out of range.
    """
    environ = os.environ if environ is None else environ
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    variables = {
        name.removeprefix("STUDIO_").lower(): value for name, value in environ.items() if name.startswith("STUDIO_")
    }
    variables = {key: value for key, value in variables.items() if key in Settings.model_fields}
    data_dir = Path(given.get("data_dir") or variables.get("data_dir") or default_data_dir())
    values: dict[str, Any] = {**_read_file(data_dir / "studio.toml"), **variables, **given, "data_dir": data_dir}
    unknown = [key for key in values if key not in Settings.model_fields]
    if unknown:
        near = difflib.get_close_matches(unknown[0], Settings.model_fields, n=1)
        raise ConfigError(
            f"{data_dir / 'studio.toml'} 里有不认识的设置 “{unknown[0]}”"
            + (f"，是不是想写 “{near[0]}”？" if near else "，请改正或删掉这一行"),
            f"unknown setting '{unknown[0]}' in {data_dir / 'studio.toml'}"
            + (f", did you mean '{near[0]}'?" if near else ", correct or remove that line"),
        )
    hosts: object = values.get("allowed_hosts")
    if isinstance(hosts, str):
        values["allowed_hosts"] = tuple(part.strip() for part in hosts.split(",") if part.strip())
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        reason = _REASONS_ZH.get(first["type"], first["msg"]).format(**first.get("ctx", {}))
        raise ConfigError(f"设置 {name} 无效：{reason}", f"setting {name} is invalid: {first['msg']}") from error


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"设置文件 {path} 读不了：{error}", f"cannot read settings file {path}: {error}") from error
    except ValueError as error:  # no UTF-8, or TOML's error that names line and column
        raise ConfigError(
            f"设置文件 {path} 格式不对，请改正，或移走它用默认设置启动：{error}",
            f"settings file {path} is malformed, correct it or move it away to start with the defaults: {error}",
        ) from error


def save(data_dir: Path, values: Mapping[str, Any]) -> None:
    """Write settings into studio.toml, keeping whatever else the host wrote there.

    Raises:
        ConfigError: the file cannot be read or written.
    """
    import tomlkit  # noqa: PLC0415 - a megabyte that a server pays when something is first saved
    from tomlkit.exceptions import ParseError  # noqa: PLC0415

    path = data_dir / "studio.toml"
    try:
        document = tomlkit.parse(path.read_text("utf-8")) if path.is_file() else tomlkit.document()
        document.update(values)
        partial = path.with_suffix(".tmp")
        partial.unlink(missing_ok=True)
        partial.touch(0o600)  # private before the password is in it
        partial.write_text(tomlkit.dumps(document), "utf-8")
        partial.replace(path)
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise ConfigError(f"设置文件 {path} 写不了：{error}", f"cannot write settings file {path}: {error}") from error
