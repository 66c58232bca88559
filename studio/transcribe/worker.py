"""The ear: a process of its own that listens and writes `studio.events` as JSON lines on stdout.

    python -m studio.transcribe.worker --source mic --model-dir DIR --catalog FILE.json

Commands come as JSON lines on stdin; the process ends when stdin closes:
`{"command": "catalog", "products": [...]}`, `{"command": "current", "sku": "…" or null}`,
`{"command": "source", "source": "…"}`, `{"command": "pause", "on": true}`, `{"command": "stop"}`.
"""

import os

# before numpy, onnxruntime and CTranslate2 load: OBS needs the cores
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import json
import logging
import queue
import sys
import threading
import time
from pathlib import Path
from typing import Any, cast

from studio.catalogue_file import CatalogueProduct, load_catalogue, parse_catalogue
from studio.errors import StudioError
from studio.event_lines import encode
from studio.events import EarStatus, Event
from studio.transcribe.audio import open_source
from studio.transcribe.backlog import Backlog, Stopwatch
from studio.transcribe.engine import Engine
from studio.transcribe.manners import give_back, step_back
from studio.transcribe.recital import PREFIX, Recital
from studio.transcribe.rules import use_host_rules
from studio.transcribe.session import Session
from studio.transcribe.store import check_model
from studio.transcribe.understanding import Understanding
from studio.types import Sku

_log = logging.getLogger("studio.transcribe.worker")

STATUS_EVERY_S = 5.0
WATCH_EVERY_S = 0.5
BEHIND_S = 3.0
CAUGHT_UP_S = 1.5
RETRY_S = 2.0
# no decode takes as long on a PC that can do this at all
STUCK_S = 60.0
# a large model from a slow disk, or a stream that answers late
STUCK_OPENING_S = 180.0
STUCK_STATUS = 75
MAX_COMMAND_BYTES = 4 * 1024 * 1024

Command = dict[str, Any]


class Out:
    """Writes events as lines, from any thread; a closed pipe ends the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def emit(self, event: Event) -> None:
        line = encode(event) + "\n"
        with self._lock:
            try:
                sys.stdout.buffer.write(line.encode())
                sys.stdout.buffer.flush()
            except (OSError, ValueError):  # nobody listens any more
                os._exit(0)


class Ear:
    """Runs session after session, follows commands, and says how it is at least every 5 s."""

    def __init__(self, options: argparse.Namespace, products: tuple[CatalogueProduct, ...]) -> None:
        self._options = options
        self._source: str = options.source
        self._start_s: float = options.start
        self._products = products
        self._current: Sku | None = None
        self._paused = False
        self._backlog = Backlog(options.backlog) if options.realtime else None
        self._out = Out()
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._engine: Engine | None = None
        self._opening = Stopwatch()
        self._session: Session | Recital | None = None
        self._understanding: Understanding | None = None
        self._state = "starting"
        self._message = ("", "")
        self._said: tuple[object, ...] = ()
        self._said_at = 0.0
        self._ended = threading.Event()

    def run(self) -> int:
        """Listen until stopped; the exit status."""
        threading.Thread(target=self._read_commands, name="commands", daemon=True).start()
        threading.Thread(target=self._watch, name="status", daemon=True).start()
        self._become("loading")
        try:
            if not self._source.startswith(PREFIX):
                self._load()
        except StudioError as error:
            self._become("failed", error)
            self._wait_for_other_source()
            return 1
        while not self._ended.is_set():
            self._listen()
        return 0

    def _load(self) -> Engine:
        """The model; a script needs none."""
        if self._engine is None:
            check_model(self._options.model_dir)
            with self._opening:
                self._engine = Engine(self._options.model_dir)
        return self._engine

    def _open(self, understanding: Understanding) -> Session | Recital:
        realtime = self._options.realtime
        if self._source.startswith(PREFIX):
            return Recital(self._source, understanding, self._out.emit, realtime=realtime)
        with self._opening:
            source = open_source(self._source, self._start_s)
        return Session(
            source,
            self._load(),
            understanding,
            self._out.emit,
            realtime=realtime,
            start_s=self._start_s,
            backlog=self._backlog,
        )

    def _listen(self) -> None:
        """One session, from its start to its end or failure; then wait for what comes next."""
        may_return = self._source.startswith("mic") or "://" in self._source
        try:
            understanding = Understanding(self._products)
            understanding.set_current(self._current)
            session = self._open(understanding)
        except StudioError as error:
            self._become("failed", error)
            self._wait_for_other_source(retry=may_return)
            return
        self._understanding, self._session = understanding, session
        session.pause(on=self._paused)
        session.start()
        while self._follow_commands() and session.step():
            self._judge(session)
        session.stop()
        if not session.done:
            return  # another source, or the end
        if session.error is not None:
            self._become("failed", session.error)
            self._wait_for_other_source(retry=may_return)
            return
        self._out.emit(session.progress(ended=True))
        self._become("stopped")
        self._wait_for_other_source()

    def _wait_for_other_source(self, *, retry: bool = False) -> None:
        """Until a command names a source or ends the process, or it is time to try again."""
        self._session = None
        until = time.monotonic() + RETRY_S
        while self._follow_commands():
            if retry and time.monotonic() >= until:
                return
            self._ended.wait(0.05)

    def _judge(self, session: Session | Recital) -> None:
        lag_s = session.lag_s
        if self._paused:
            self._become("stopped", zh="已暂停听写", en="listening is paused")
        elif lag_s > BEHIND_S and self._options.realtime:
            self._become(
                "behind",
                zh=f"识别落后 {lag_s:.0f} 秒，会自动追上；可关闭其他占用电脑的程序",
                en=f"{lag_s:.0f} s behind, catching up; close other programs that keep the computer busy",
            )
        elif session.waiting_s and self._options.realtime:
            self._become(
                "behind",
                zh=f"刚才跟不上，有 {session.waiting_s:.0f} 秒先存了下来，空一点就补进记录，一句不少",
                en=f"could not keep up: {session.waiting_s:.0f} s were put aside and are filled in later",
            )
        elif self._state != "behind" or lag_s < CAUGHT_UP_S:
            self._become("listening")

    # --- commands --------------------------------------------------------------------------------

    def _read_commands(self) -> None:
        for line in sys.stdin.buffer:
            try:
                if len(line) > MAX_COMMAND_BYTES:
                    raise ValueError("line too long")  # noqa: TRY301
                command = json.loads(line)
                if not isinstance(command, dict) or "command" not in command:
                    raise ValueError("not a command")  # noqa: TRY301
            except (ValueError, RecursionError) as error:
                _log.warning("ignored on stdin: %s: %.80r", error, line)
                continue
            self._commands.put(cast("Command", command))
        self._commands.put({"command": "stop"})

    def _follow_commands(self) -> bool:
        """Carry out what came in; False when the session is to end."""
        goes_on = True
        while goes_on:
            try:
                command = self._commands.get_nowait()
            except queue.Empty:
                break
            try:
                goes_on = self._follow(command)
            except (StudioError, ValueError, TypeError, KeyError) as error:
                _log.warning("command not carried out: %s", error)
        return goes_on

    def _follow(self, command: Command) -> bool:
        match command["command"]:
            case "stop":
                self._ended.set()
                return False
            case "source":
                self._source, self._start_s = str(command["source"]), float(command.get("start", 0.0))
                return False
            case "catalog":
                self._products = parse_catalogue(command["products"]) if command["products"] else ()
                if self._understanding:
                    self._understanding.set_products(self._products)
            case "current":
                self._current = None if command["sku"] is None else Sku(str(command["sku"]))
                if self._understanding:
                    self._understanding.set_current(self._current)
            case "pause":
                self._paused = bool(command["on"])
                if self._session:
                    self._session.pause(on=self._paused)
            case unknown:
                _log.warning("unknown command on stdin: %.80r", unknown)
        return True

    # --- status ----------------------------------------------------------------------------------

    def _become(self, state: str, error: StudioError | None = None, *, zh: str = "", en: str = "") -> None:
        if error and error.en != self._message[1]:  # said once an outage, not at every try
            _log.error("%s", error.en)
        self._message = (error.zh, error.en) if error else (zh, en)
        self._state = state
        if self._said != (state, self._source) or (error and time.monotonic() - self._said_at > STATUS_EVERY_S):
            self._say()

    def _say(self) -> None:
        session = self._session
        self._said, self._said_at = (self._state, self._source), time.monotonic()
        self._out.emit(
            EarStatus(
                state=cast("Any", self._state),
                source=self._source,
                model=self._options.model_dir.name,
                lag_s=round(session.lag_s, 2) if session else 0.0,
                level_db=session.level_db if session else None,
                waiting_s=round(session.waiting_s, 1) if session else 0.0,
                gaps=session.gaps if session else (),
                dropped_partials=session.dropped_partials if session else 0,
                session_ms=session.session_ms if session else None,
                message_zh=self._message[0],
                message_en=self._message[1],
            )
        )

    def _watch(self) -> None:
        """Say the status at least every 5 s, and sooner while behind, also during a long decode."""
        while not self._ended.wait(WATCH_EVERY_S):
            session = self._session
            if isinstance(session, Session) and session.decoding_s > self._options.stuck_s:
                self._give_up(session)
            if self._opening.busy_s > self._options.stuck_opening:
                self._give_up(None)
            every = 1.0 if self._state == "behind" else STATUS_EVERY_S
            if time.monotonic() - self._said_at >= every - WATCH_EVERY_S:
                self._say()

    def _give_up(self, session: Session | None) -> None:
        """Work hangs that nothing in this process can stop: save the sound and end; the server starts anew.

        Args:
            session: whose decode hangs; None while a model loads or a source opens.
        """
        if session is None:
            _log.error("loading the model or opening the sound hangs since %.0f s", self._opening.busy_s)
            zh = "语音识别启动时卡住了，正在重新启动。若总是这样，请检查硬盘和麦克风"
            en = "the start of recognition hangs; starting anew. If it goes on, check the disk and the microphone"
        else:
            saved_s = session.rescue()
            _log.error("a decode hangs since %.0f s; %.0f s of sound are saved", session.decoding_s, saved_s)
            zh, en = "语音识别卡住了，正在重新启动，已录下的声音会补上", "recognition hangs; starting anew"
        self._become("failed", zh=zh, en=en)
        os._exit(STUCK_STATUS)


def main(argv: list[str] | None = None) -> int:
    """Command line of the worker."""
    parser = argparse.ArgumentParser(prog="python -m studio.transcribe.worker", description="Listen and write events.")
    parser.add_argument("--source", default="mic", help="mic, mic:NAME, a file, a URL, or script:FILE")
    parser.add_argument("--model-dir", type=Path, required=True, help="folder of the speech model")
    parser.add_argument("--catalog", type=Path, help="catalogue file with tonight's products")
    parser.add_argument("--rules", type=Path, help="folder of the host's own rule files")
    parser.add_argument("--realtime", action=argparse.BooleanOptionalAction, default=True, help="play at its own pace")
    parser.add_argument("--start", type=float, default=0.0, help="seconds into the file to begin at")
    parser.add_argument("--backlog", type=Path, help="folder for sound to write down later; kept from run to run")
    parser.add_argument("--stuck-opening", type=float, default=STUCK_OPENING_S, help="end when a start takes longer")
    parser.add_argument("--stuck", dest="stuck_s", type=float, default=STUCK_S, help="end when a decode takes longer")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    step_back("obs")
    give_back()
    try:
        products = load_catalogue(options.catalog) if options.catalog else ()
    except StudioError as error:
        _log.error("%s", error.en)
        products = ()
    try:
        use_host_rules(options.rules)
    except StudioError as error:  # the server tells the host; our rules are better than none
        _log.error("%s", error.en)
    return Ear(options, products).run()


if __name__ == "__main__":
    status = 1
    try:
        status = main()
    except Exception:
        _log.exception("the ear broke")
    finally:  # threads may hang in a driver or on stdin: do not wait for them
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
