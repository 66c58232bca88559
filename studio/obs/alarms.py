"""When OBS's own figures are worth a host's glance: from two moments, what went wrong between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from studio.errors import BadInput
from studio.obs.survey import Load

_MB_A_GB = 1024
_FEWEST_FRAMES = 10  # a share of fewer says nothing


@dataclass(frozen=True, slots=True)
class Limits:
    """dropped_percent: of the frames since the last look; disk_gb: below it amber, below a fifth of it red."""

    dropped_percent: float = 1.0
    disk_gb: float = 5.0
    cpu_percent: float = 85.0


RANGES: dict[str, tuple[float, float]] = {
    "dropped_percent": (0.1, 100.0),
    "disk_gb": (0.0, 10_000.0),
    "cpu_percent": (1.0, 100.0),
}
"""What a host may choose; disk 0 is never an alarm."""
_NAMES = {
    "dropped_percent": ("丢帧", "dropped frames", "%"),
    "disk_gb": ("录像盘剩余空间", "space left for recordings", "GB"),
    "cpu_percent": ("处理器", "processor", "%"),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    code: Literal["stream", "network", "encoder", "render", "cpu", "disk"]
    level: Literal["amber", "red"]
    zh: str
    en: str


def checked(limits: Limits) -> Limits:
    """The limits, when a host may choose them.

    Raises:
        BadInput: one is out of its range, or no number.
    """
    for field, (least, most) in RANGES.items():
        if not least <= getattr(limits, field) <= most:
            zh, en, unit = _NAMES[field]
            raise BadInput(
                f"“{zh}”要在 {least:g} 到 {most:g} {unit} 之间",
                f"{en} must be between {least:g} and {most:g} {unit}",
                field=field,
            )
    return limits


def alarms(before: Load | None, now: Load, limits: Limits) -> list[Alarm]:
    """What is wrong, worst first; frames are judged only where there is a moment before."""
    return sorted(_find(before, now, limits), key=lambda alarm: alarm.level != "red")


def _find(before: Load | None, now: Load, limits: Limits) -> Iterator[Alarm]:
    if now.reconnecting:
        yield Alarm(
            "stream", "red", "推流断了，OBS 正在重连：请检查网络", "the stream broke off, OBS reconnects: network?"
        )
    if before is not None:
        pairs: tuple[tuple[Literal["network", "encoder", "render"], str, str, str], ...] = (
            ("network", "stream", "网络丢帧：降低推流码率，或换网线", "network drops frames: lower the bitrate"),
            ("encoder", "encode", "编码丢帧：降低分辨率或换硬件编码", "the encoder drops frames: lower the load"),
            ("render", "render", "渲染丢帧：关掉其他程序或减少来源", "rendering drops frames: close programs"),
        )
        for code, field, zh, en in pairs:
            lost = _share(before, now, field)
            if lost >= limits.dropped_percent:
                level = "red" if lost >= 5 * limits.dropped_percent else "amber"
                yield Alarm(code, level, f"{zh}（{lost:.0f}%）", f"{en} ({lost:.0f} %)")
    if now.cpu_percent >= limits.cpu_percent:
        yield Alarm(
            "cpu",
            "amber",
            f"OBS 用了 {now.cpu_percent:.0f}% 的处理器",
            f"OBS uses {now.cpu_percent:.0f} % of the processor",
        )
    free_gb = now.disk_mb / _MB_A_GB
    if free_gb < limits.disk_gb:
        level = "red" if free_gb < limits.disk_gb / 5 else "amber"
        yield Alarm("disk", level, f"录像盘只剩 {free_gb:.1f} GB", f"only {free_gb:.1f} GB left for recordings")


def _share(before: Load, now: Load, field: str) -> float:
    """Percent of the frames since `before` that were lost; 0 after a counter began anew."""
    total = getattr(now, f"{field}_total") - getattr(before, f"{field}_total")
    lost = getattr(now, f"{field}_skipped") - getattr(before, f"{field}_skipped")
    return 100 * lost / total if total >= _FEWEST_FRAMES and lost > 0 else 0.0
