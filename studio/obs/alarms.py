"""When OBS is worth a host's glance: figures over some seconds, so that one hiccup is none, and what broke for good.

An alarm that is on stays on until the figure is well below its limit: it comes once, not with every look.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from studio.errors import BadInput
from studio.obs.survey import Load

_MB_A_GB = 1024
WINDOW_S = 10.0
_FEWEST_FRAMES = 50  # a share of fewer says nothing
_NAMED = 3
_GRAVE = 5
"""Times the limit (of what is left on the disk: a fifth of it) where amber becomes red."""
_CALM, _CALM_PERCENT, _ROOM = 0.5, 5.0, 1.1
"""What ends an alarm: half the lost frames, so many percent less of the processor, a tenth more room."""

Code = Literal["stream", "streaming", "recording", "scenes", "network", "encoder", "render", "cpu", "disk"]


@dataclass(frozen=True, slots=True)
class Limits:
    """dropped_percent: of the frames of the last seconds; disk_gb: below it amber, below a fifth of it red."""

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
    code: Code
    level: Literal["amber", "red"]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong beside the figures.

    ended: outputs that stopped by themselves; missing: scenes of the show on air that OBS lacks.
    """

    ended: frozenset[str] = frozenset()
    missing: Sequence[str] = ()


def checked(limits: Limits) -> Limits:
    """The limits, when a host may choose them.

    Raises:
        BadInput: one is out of its range, or no number.
    """
    for name, (least, most) in RANGES.items():
        if not least <= getattr(limits, name) <= most:
            zh, en, unit = _NAMES[name]
            raise BadInput(
                f"“{zh}”要在 {least:g} 到 {most:g} {unit} 之间",
                f"{en} must be between {least:g} and {most:g} {unit}",
                field=name,
            )
    return limits


@dataclass(slots=True)
class Alarms:
    """What is on, over time."""

    _seen: deque[tuple[float, Load]] = field(default_factory=deque[tuple[float, Load]])
    _on: dict[str, str] = field(default_factory=dict[str, str])

    def judge(self, load: Load | None, trouble: Trouble, limits: Limits, now: float) -> list[Alarm]:
        """What is wrong, worst first. load: this moment's figures, None where OBS gives none; now: monotonic s."""
        if load is not None:
            self._remember(load, now)
        found = [*_troubles(load, trouble), *(self._figures(load, limits) if load is not None else ())]
        self._on = {alarm.code: alarm.level for alarm in found}
        return sorted(found, key=lambda alarm: alarm.level != "red")

    def forget(self) -> None:
        """OBS was away: its figures begin anew."""
        self._seen.clear()
        self._on.clear()

    def _remember(self, load: Load, now: float) -> None:
        if self._seen and _began_anew(self._seen[-1][1], load):
            self._seen.clear()
        self._seen.append((now, load))
        while len(self._seen) > 1 and self._seen[1][0] <= now - WINDOW_S:
            self._seen.popleft()

    def _figures(self, load: Load, limits: Limits) -> Iterator[Alarm]:
        before = self._seen[0][1]
        pairs: tuple[tuple[Code, str, str, str], ...] = (
            ("network", "stream", "网络丢帧：降低推流码率，或换网线", "network drops frames: lower the bitrate"),
            ("encoder", "encode", "编码丢帧：降低分辨率或换硬件编码", "the encoder drops frames: lower the load"),
            ("render", "render", "渲染丢帧：关掉其他程序或减少来源", "rendering drops frames: close programs"),
        )
        for code, name, zh, en in pairs:
            lost, limit = _share(before, load, name), limits.dropped_percent
            if lost >= limit * self._ease(code, "amber", _CALM):
                level = "red" if lost >= _GRAVE * limit * self._ease(code, "red", _CALM) else "amber"
                yield Alarm(code, level, f"{zh}（{lost:.0f}%）", f"{en} ({lost:.0f} %)")
        busy = sum(each.cpu_percent for _, each in self._seen) / len(self._seen)
        if busy >= limits.cpu_percent - (_CALM_PERCENT if "cpu" in self._on else 0):
            zh, en = f"OBS 用了 {busy:.0f}% 的处理器", f"OBS uses {busy:.0f} % of the processor"
            yield Alarm("cpu", "amber", zh, en)
        if load.disk_mb is not None and limits.disk_gb:
            free_gb, limit = load.disk_mb / _MB_A_GB, limits.disk_gb
            if free_gb < limit * self._ease("disk", "amber", _ROOM):
                level = "red" if free_gb < limit / _GRAVE * self._ease("disk", "red", _ROOM) else "amber"
                yield Alarm("disk", level, f"录像盘只剩 {free_gb:.1f} GB", f"only {free_gb:.1f} GB left for recordings")

    def _ease(self, code: Code, level: str, factor: float) -> float:
        """By what the limit is multiplied: 1 until the alarm is on at that level, or worse."""
        return factor if self._on.get(code) in {level, "red"} else 1.0


def _troubles(load: Load | None, trouble: Trouble) -> Iterator[Alarm]:
    if load is not None and load.reconnecting:
        yield Alarm(
            "stream", "red", "推流断了，OBS 正在重连：请检查网络", "the stream broke off, OBS reconnects: network?"
        )
    if "streaming" in trouble.ended:
        yield Alarm(
            "streaming",
            "red",
            "推流自己停了：看看 OBS 里的提示、网络和平台，再开始推流",
            "the stream ended by itself: see what OBS says, network and platform, then start it again",
        )
    if "recording" in trouble.ended:
        yield Alarm(
            "recording",
            "red",
            "录像自己停了：看看 OBS 里的提示，磁盘满没满，再开始录像",
            "the recording ended by itself: see what OBS says, is the disk full? Then start it again",
        )
    if many := len(trouble.missing):
        named, more = trouble.missing[:_NAMED], max(0, many - _NAMED)
        yield Alarm(
            "scenes",
            "red",
            f"OBS 缺流程的场景：{'、'.join(named)}{f'等 {many} 个' if more else ''}。换回场景集合，或布置 OBS",
            f"OBS lacks scenes of the rundown: {', '.join(named)}{f' and {more} more' if more else ''}; change the "
            "scene collection back, or set up OBS",
        )


def _began_anew(before: Load, now: Load) -> bool:
    return any(
        getattr(now, f"{name}_total") < getattr(before, f"{name}_total") for name in ("render", "encode", "stream")
    )


def _share(before: Load, now: Load, name: str) -> float:
    """Percent of the frames since `before` that were lost."""
    total = getattr(now, f"{name}_total") - getattr(before, f"{name}_total")
    lost = getattr(now, f"{name}_skipped") - getattr(before, f"{name}_skipped")
    return 100 * lost / total if total >= _FEWEST_FRAMES and lost > 0 else 0.0
