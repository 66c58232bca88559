"""Hearing a recording again: one at a time, in a child process, never while a show is on air."""

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent
from gevent import subprocess

from studio.db import Database
from studio.errors import BadInput, Conflict, EventDecodeError
from studio.event_lines import MAX_LINE_BYTES, decode
from studio.events import AudioProgressed, EarStatus, RecordingStopped, SegmentHeard
from studio.transcribe import versions
from studio.transcribe.alignment import Piece
from studio.transcribe.laying import NO_MATCH_EN, NO_MATCH_ZH, heard_live, lay_over
from studio.transcribe.store import REQUIRED, model_folder
from studio.types import now_ms
from studio.unit import Writer

_log = logging.getLogger(__name__)

MIN_BEAM, MAX_BEAM = 1, 10
Products = Callable[[], list[dict[str, Any]]]


@dataclass(slots=True)
class Job:
    """One hearing; `share` 0..1, None while unknown."""

    show_id: int
    audio: str
    model: str
    beam: int
    offset_s: float | None
    state: str = "running"
    share: float | None = None
    text: str = ""
    message_zh: str = ""
    message_en: str = ""
    heard: int = 0
    changed: int = 0
    extra: int = 0
    at: int = field(default_factory=now_ms)

    def value(self) -> dict[str, Any]:
        """What the topic says; of the file only its name: operators of a second device read it, too."""
        out = {name: getattr(self, name) for name in Job.__slots__}
        return {**out, "audio": Path(self.audio).name}


class Retakes:
    """Starts, follows and ends the child process; keeps what it heard.

    Args:
        models_dir: where models are.
        rules_dir: the host's own rule files.
        folder: where the child reads tonight's names from.
        products: the catalogue document's products.
        on_air: id of the show on air, None while there is none.
        put: sets the topic `retake`.
    """

    def __init__(
        self,
        writer: Writer,
        database: Database,
        *,
        models_dir: Path,
        rules_dir: Path,
        folder: Path,
        products: Products,
        on_air: Callable[[], object | None],
        put: Callable[[Any], None],
    ) -> None:
        self.recording: str | None = None
        """The recording that OBS closed last."""
        self._writer = writer
        self._database = database
        self._models_dir = models_dir
        self._rules_dir = rules_dir
        self._folder = folder
        self._products = products
        self._on_air = on_air
        self._put = put
        self._job: Job | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Nothing runs until somebody asks."""

    def stop(self) -> None:
        """End what runs; nothing of it is kept."""
        self.cancel("", "")

    def value(self) -> dict[str, Any] | None:
        """The hearing that runs or ran last."""
        return self._job.value() if self._job else None

    def models(self) -> list[str]:
        """Models that are on this PC."""
        if not self._models_dir.is_dir():
            return []
        folders = [
            folder for folder in self._models_dir.iterdir() if all((folder / each).is_file() for each in REQUIRED)
        ]
        return sorted(folder.name for folder in folders)

    def recorded(self, event: RecordingStopped) -> None:
        """Listener: OBS closed a recording."""
        self.recording = event.path

    def hear(self, show_id: int, audio: str, *, model: str, beam: int, offset_s: float | None) -> dict[str, Any]:
        """Begin to hear a recording of a show.

        Raises:
            Conflict: one runs already, or a show is on air.
            BadInput: no such file; ModelError: no such model.
        """
        if self._on_air() is not None:
            raise Conflict("直播中不重听录音，播完再来", "not while a show is on air: it takes the PC's power")
        if self._job is not None and self._job.state == "running":
            raise Conflict("正在重听一份录音，等它完成或先停下", "a recording is being heard, wait for it or stop it")
        if not Path(audio).is_file():
            raise BadInput("这台电脑上没有这个录音文件", "there is no such recording on this PC")
        folder = model_folder(model, self._models_dir)
        self._job = job = Job(show_id, audio, model, beam, offset_s)
        self._say(job)
        gevent.spawn(self._run, job, folder)
        return job.value()

    def cancel(self, zh: str = "已停下", en: str = "stopped") -> None:
        """End the running one, if any."""
        job, process = self._job, self._process
        if job is not None and job.state == "running":
            job.state, job.message_zh, job.message_en = "stopped", zh, en
            self._say(job)
        if process is not None and process.poll() is None:
            process.kill()

    def _run(self, job: Job, folder: Path) -> None:
        try:
            pieces = self._listen(job, folder)
            if job.state == "running":
                self._keep(job, pieces)
        except Exception:
            _log.exception("hearing %s again failed", Path(job.audio).name)
            job.state = "failed"
            job.message_zh, job.message_en = "重听出错，请再试一次", "hearing it again failed, try again"
        self._say(job)

    def _listen(self, job: Job, folder: Path) -> list[Piece]:
        names = self._folder / "retake-catalogue.json"
        products = self._products()
        command = [sys.executable, "-m", "studio.transcribe.retake", "--audio", job.audio]
        command += ["--model-dir", str(folder), "--beam", str(job.beam), "--rules", str(self._rules_dir)]
        if products:
            names.write_text(json.dumps(products, ensure_ascii=False), "utf-8")
            command += ["--catalog", str(names)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr)
        self._process = process
        duration = 0.0
        pieces: list[Piece] = []
        try:
            while line := process.stdout.readline(MAX_LINE_BYTES):  # pyright: ignore[reportOptionalMemberAccess] - PIPE
                event = _read(line)
                if isinstance(event, AudioProgressed):
                    duration = event.duration or duration
                elif isinstance(event, SegmentHeard):
                    pieces.append(Piece(event.start, event.end, event.text))
                    job.text, job.heard = event.text, len(pieces)
                    job.share = min(1.0, event.end / duration) if duration else None
                    if job.state == "running":
                        self._say(job)
                elif isinstance(event, EarStatus):
                    job.state, job.message_zh, job.message_en = "failed", event.message_zh, event.message_en
        finally:
            if process.poll() is None and job.state != "running":
                process.kill()
            status = process.wait()
            process.stdin.close()  # pyright: ignore[reportOptionalMemberAccess] - PIPE
            process.stdout.close()  # pyright: ignore[reportOptionalMemberAccess] - PIPE
            self._process = None
        if job.state == "running" and status:
            job.state = "failed"
            job.message_zh, job.message_en = "语音识别意外停止", f"speech recognition stopped unexpectedly ({status})"
        return pieces

    def _keep(self, job: Job, pieces: list[Piece]) -> None:
        with self._database.reading() as session:
            seqs, heard = heard_live(session, job.show_id)
        # on a thread: a long show is a second of comparing
        offset, aligned = gevent.get_hub().threadpool.apply(lay_over, (heard, pieces, job.offset_s))
        if aligned is None:
            job.state = "failed"
            job.message_zh, job.message_en = NO_MATCH_ZH, NO_MATCH_EN
            return
        job.changed, job.extra = self._writer.run(
            lambda unit: versions.keep_hearing(
                unit, job.show_id, seqs, aligned, model=job.model, beam=job.beam, at=now_ms()
            )
        )
        job.state, job.share, job.offset_s = "done", 1.0, offset

    def _say(self, job: Job) -> None:
        if job is self._job:
            self._put(job.value())


def _read(line: bytes) -> object:
    try:
        return decode(line)
    except EventDecodeError as error:
        _log.warning("garbage while hearing a recording: %s", error)
        return None
