"""开播检查: what a show needs, looked at before it goes live. Each check is green, amber or red, and says what to do.

Red is what would break the show or deceive a buyer; it blocks 开播 until it is mended or overridden with a reason.
Amber is what cannot be known yet, or what the show can do without.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from studio.types import Ms

Level = Literal["green", "amber", "red"]
NAMES = (
    "obs", "overlays", "sound", "model", "disk", "labels", "cold_chain", "stock", "prices", "script",
)  # fmt: skip
_ORDER: tuple[Level, ...] = ("green", "amber", "red")

HEARD_WITHIN_MS = 60_000
LISTENS_FOR_MS = 10_000
"""So long without any sound means that the microphone is off, not that nobody spoke."""
GOOD_FACTOR, LAST_FACTOR = 0.6, 1.0
"""Seconds of work for a second of speech: beyond 1 captions fall behind for good."""
LITTLE_BYTES, TOO_LITTLE_BYTES = 5 * 1000**3, 500 * 1000**2
"""An hour of recording at 8 Mbit/s is 3.6 GB."""


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: what is there, or what to do."""

    level: Level
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a report; as bad as its worst line."""

    name: str
    lines: tuple[Line, ...]

    @property
    def level(self) -> Level:
        """The worst of its lines."""
        return _ORDER[max((_ORDER.index(line.level) for line in self.lines), default=0)]

    def out(self) -> dict[str, Any]:
        """As `CheckOut`: the worst lines first."""
        lines = sorted(self.lines, key=lambda line: -_ORDER.index(line.level))
        return {
            "name": self.name,
            "level": self.level,
            "lines": [{"level": line.level, "zh": line.zh, "en": line.en} for line in lines],
        }


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast this PC writes speech down: seconds of work for a second of speech."""

    model: str
    factor: float
    at: Ms


@dataclass(frozen=True, slots=True)
class Sound:
    """What the microphone gave. heard_ms: last time it was as loud as speech; any_ms: last time there was any sound."""

    since_ms: Ms | None
    heard_ms: Ms | None
    any_ms: Ms | None


def check_obs(obs: Mapping[str, Any], scenes: Iterable[str], *, expected: bool) -> Check:
    """Connected, and with the scenes that the rundown names.

    Args:
        obs: fields of ObsChanged.
        scenes: that the rundown's items go to.
        expected: the host set OBS up, or it was there before: without it nothing is broadcast.
    """
    if obs["state"] == "connected":
        missing = sorted(set(scenes) - set(obs["scenes"]))
        if missing:
            names = "、".join(missing)
            return _one(
                "obs",
                "red",
                f"OBS 里没有流程要用的场景：{names}。用“布置 OBS”补上，或编辑流程",
                f"OBS lacks scenes of the rundown: {', '.join(missing)}; set them up, or change the rundown",
            )
        return _one("obs", "green", f"OBS {obs['version']} 已连接", f"OBS {obs['version']} is connected")
    if obs["state"] == "refused" or (expected and obs["state"] != "disabled"):
        return _one(
            "obs",
            "red",
            obs["message_zh"] or "OBS 没有连上，请打开 OBS",
            obs["message_en"] or "OBS is not connected, open it",
        )
    return _one(
        "obs",
        "amber",
        "没有用 OBS：画面要自己在别处打开和推流",
        "no OBS: open the overlays and stream elsewhere yourself",
    )


def check_overlays(pages: Mapping[str, int]) -> Check:
    """At least one page shows something to buyers."""
    total = sum(pages.values())
    if total:
        return _one("overlays", "green", f"{total} 个叠加画面在线", f"{total} overlay page(s) open")
    return _one(
        "overlays",
        "amber",
        "没有叠加画面打开：观众看不到商品卡和字幕，喊单会排队等着",
        "no overlay page is open: nobody sees card and captions, shout-outs wait in line",
    )


def check_sound(ear: Mapping[str, Any] | None, sound: Sound, now: Ms) -> Check:
    """The host is really heard, not only a device chosen."""
    if ear is None:
        return _one("sound", "amber", "语音识别没有启用", "speech recognition is switched off")
    if ear["state"] == "failed":
        return _one("sound", "red", ear["message_zh"] or "听不到声音", ear["message_en"] or "cannot listen")
    if sound.heard_ms is not None and now - sound.heard_ms <= HEARD_WITHIN_MS:
        return _one("sound", "green", "刚听到说话声", "speech was heard just now")
    if sound.since_ms is None:
        return _one("sound", "amber", "正在启动，稍等几秒", "starting, wait some seconds")
    silent_for = now - max(sound.since_ms, sound.any_ms or 0)
    if silent_for > LISTENS_FOR_MS:
        return _one(
            "sound",
            "red",
            "麦克风一点声音也没有：看看是不是静音了、选错了或没插好",
            "no sound at all: the microphone may be muted, unplugged, or the wrong one",
        )
    return _one("sound", "amber", "对着麦克风说一句话试试", "say a sentence into the microphone")


def check_model(ear: Mapping[str, Any] | None, problem: tuple[str, str] | None, speed: Speed | None) -> Check:
    """The speech model is here, whole, and fast enough on this PC.

    Args:
        ear: the `ear` topic, None when speech is switched off.
        problem: (zh, en) of what is wrong with the model.
        speed: as measured on this PC, None before.
    """
    if ear is None:
        return _one("model", "amber", "语音识别没有启用，不会有字幕", "speech recognition is off: no captions")
    if problem:
        return _one("model", "red", *problem)
    if speed is None:
        return _one("model", "amber", "还没测过这台电脑的识别速度", "the speed of this PC was not measured yet")
    zh, en = f"识别 1 秒话要 {speed.factor:.2f} 秒", f"{speed.factor:.2f} s of work for a second of speech"
    if speed.factor >= LAST_FACTOR:
        return _one(
            "model",
            "red",
            f"{zh}，跟不上：关掉别的程序或换小模型",
            f"{en}: too slow, close programs or use a smaller model",
        )
    if speed.factor > GOOD_FACTOR:
        return _one("model", "amber", f"{zh}，勉强跟得上", f"{en}: keeps up, barely")
    return _one("model", "green", f"{speed.model}：{zh}", f"{speed.model}: {en}")


def check_disk(free_bytes: int) -> Check:
    """Room for the recording and the database."""
    size = f"{free_bytes / 1000**3:.1f} GB"
    if free_bytes < TOO_LITTLE_BYTES:
        return _one("disk", "red", f"磁盘只剩 {size}，先清理", f"{size} left on the disk, free some first")
    if free_bytes < LITTLE_BYTES:
        return _one(
            "disk", "amber", f"磁盘剩 {size}，录像前多腾一些", f"{size} left on the disk, make room before recording"
        )
    return _one("disk", "green", f"磁盘剩 {size}", f"{size} left on the disk")


def check_each(name: str, lines: Sequence[Line], *, zh: str, en: str) -> Check:
    """A check of many things; `zh` and `en` say that nothing was found."""
    return Check(name, tuple(lines) or (Line("green", zh, en),))


def reds(report: Sequence[Check]) -> list[Check]:
    """What blocks 开播."""
    return [check for check in report if check.level == "red"]


def examine(checks: Iterable[Callable[[], Check]], failed: Callable[[Exception], None]) -> list[Check]:
    """Every check; one that breaks is amber and stops no other."""
    found: list[Check] = []
    for check in checks:
        try:
            found.append(check())
        except Exception as error:
            failed(error)
            found.append(_one(check.__name__, "amber", "这一项没查成，请看日志", "this check failed, see the log"))
    return found


def _one(name: str, level: Level, zh: str, en: str) -> Check:
    return Check(name, (Line(level, zh, en),))
