"""A written show instead of a recording: its lines go through the same understanding, at the pace they are said.

Takes the place of a session's sound and model; everything from the sentence on is the real thing. Lines with times
(SRT, VTT) keep them, plain lines take as long as a host takes to say them.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.errors import AudioUnreadable
from studio.events import AudioProgressed, CaptionPartial, Event
from studio.transcribe.sentences import Sentence
from studio.transcribe.understanding import Understanding
from studio.types import Ms, Seconds, now_ms

PREFIX = "script:"
MAX_BYTES = 1024 * 1024
MAX_LINES = 5000
CHARACTERS_PER_S = 4.5
"""A host who sells speaks about 270 characters a minute."""
PAUSE_S = 0.6
LEAD_S = 1.0
STEP_S = 0.1
_TIMES = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})[,.](\d{1,3})\s*-->\s*(?:(\d+):)?(\d{1,2}):(\d{2})[,.](\d{1,3})")


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One sentence and when it is said, seconds from the beginning."""

    start: float
    end: float
    text: str


def read_script(text: str) -> list[ScriptLine]:
    """Lines of a script: SRT or VTT where times are found, else one sentence a line; `#` begins a remark.

    Raises:
        AudioUnreadable: nothing to say in it, or far too much.
    """
    lines = list(_timed(text) if "-->" in text else _paced(text))
    if not lines or len(lines) > MAX_LINES:
        raise AudioUnreadable(
            f"稿子里要有 1 到 {MAX_LINES} 句话", f"a script has 1 to {MAX_LINES} sentences, this one has {len(lines)}"
        )
    return lines


def _timed(text: str) -> Iterator[ScriptLine]:
    clock = 0.0
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        found = _TIMES.search(block)
        if found is None:
            continue
        said = " ".join(line.strip() for line in block[found.end() :].splitlines() if line.strip())
        start = max(clock, _seconds(*found.groups()[:4]))
        end = max(start + 0.1, _seconds(*found.groups()[4:]))
        if said:
            yield ScriptLine(start, end, said)
            clock = end


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def _paced(text: str) -> Iterator[ScriptLine]:
    clock = LEAD_S
    for line in text.splitlines():
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        end = clock + max(1.0, len(said) / CHARACTERS_PER_S)
        yield ScriptLine(clock, end, said)
        clock = end + PAUSE_S


class Recital:
    """Says a script; for the ear what a `Session` is.

    Args:
        source: `script:` and the path of a text file.
        understanding: tonight's products.
        emit: gets every event.
        realtime: at the pace of its times, else at once.

    Raises:
        AudioUnreadable: the file cannot be read or says nothing.
    """

    level_db: float | None = None
    lag_s = 0.0
    dropped_partials = 0
    waiting_s = 0.0
    gaps = ()
    error: AudioUnreadable | None = None

    def __init__(
        self, source: str, understanding: Understanding, emit: Callable[[Event], None], *, realtime: bool
    ) -> None:
        self._lines = read_script(_read(Path(source.removeprefix(PREFIX))))
        self._understanding = understanding
        self._emit = emit
        self._realtime = realtime
        self._next = 0
        self._shown = 0
        self._clock_s = 0.0
        self._looked = 0.0
        self._paused = False
        self.session_ms: Ms = now_ms()

    @property
    def done(self) -> bool:
        """Whether all of it was said."""
        return self._next >= len(self._lines)

    def start(self) -> None:
        """Begin to speak."""
        self.session_ms, self._looked = now_ms(), time.monotonic()

    def stop(self) -> None:
        """Nothing to let go of."""

    def pause(self, *, on: bool) -> None:
        """Hold it where it is."""
        self._paused = on

    def step(self) -> bool:
        """Speak on for a tenth of a second; False when all was said."""
        if self.done:
            return False
        line = self._lines[self._next]
        if self._realtime:
            time.sleep(STEP_S)
            now = time.monotonic()
            self._clock_s += 0.0 if self._paused else now - self._looked
            self._looked = now
            if self._clock_s < line.end:
                self._show(line)
                return True
        else:
            self._clock_s = line.end
        sentence = Sentence(text=line.text, raw=line.text, start=line.start, end=line.end)
        for event in self._understanding.hear(sentence, 0.0, Seconds(round(self._clock_s, 3))):
            self._emit(event)
        self._next, self._shown = self._next + 1, 0
        self._emit(self.progress())
        return True

    def progress(self, *, ended: bool = False) -> AudioProgressed:
        """How much of it was said."""
        duration = Seconds(self._lines[-1].end)
        return AudioProgressed(position=Seconds(round(min(self._clock_s, duration), 2)), duration=duration, ended=ended)

    def _show(self, line: ScriptLine) -> None:
        """The sentence as far as it was said, as the microphone's captions grow."""
        share = (self._clock_s - line.start) / (line.end - line.start)
        count = int(len(line.text) * max(0.0, min(1.0, share)))
        if count > self._shown:
            self._shown = count
            self._emit(CaptionPartial(text=self._understanding.caption(line.text[:count]), start=Seconds(line.start)))


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AudioUnreadable(f"稿子 {path} 太大了", f"the script {path} is too large")
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AudioUnreadable(f"稿子 {path} 读不了：{error}", f"cannot read the script {path}: {error}") from error
