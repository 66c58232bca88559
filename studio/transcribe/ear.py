"""The ear as the server sees it: a supervised child process, its source, and its status topic."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.events import AudioProgressed, EarStatus, Event
from studio.workers import Worker

_log = logging.getLogger(__name__)

Products = Callable[[], list[dict[str, Any]]]
LIST_TIMEOUT_S = 10


class Ear:
    """Starts the speech worker with tonight's catalogue and follows its status.

    Args:
        model_dir: folder of the speech model (checked by the worker, which says what is missing).
        catalogue_path: where the products are written for the worker to read.
        rules_dir: the host's own rule files.
        products: the catalogue document's products, asked at each start and change.
    """

    def __init__(
        self,
        *,
        source: str,
        model_dir: Path,
        catalogue_path: Path,
        rules_dir: Path,
        products: Products,
        publish: Callable[[Event], None],
        put: Callable[[str, Any], None],
    ) -> None:
        self.source = source
        self._model_dir = model_dir
        self._catalogue_path = catalogue_path
        self._rules_dir = rules_dir
        self._products = products
        self._put = put
        self._publish = publish
        self._status = EarStatus(state="starting", source=source, model=model_dir.name)
        self._progress: AudioProgressed | None = None
        self._current: str | None = None
        self._worker = Worker("ear", self._command, publish, self._lost)

    @property
    def pid(self) -> int | None:
        """Process id of the worker while it runs."""
        return self._worker.pid

    def start(self) -> None:
        """Start listening."""
        self._worker.start()

    def stop(self) -> None:
        """Stop listening and end the worker."""
        self._worker.stop()

    def restart(self) -> None:
        """Start the worker anew."""
        self._worker.restart()

    def listen_to(self, source: str) -> None:
        """Listen to another microphone, file or stream from now on."""
        self.source = source
        self._progress = None
        self._worker.restart()

    def pause(self, *, on: bool) -> None:
        """Hear nothing for a while; a worker that starts anew hears again."""
        self._worker.send({"command": "pause", "on": on})

    def follow_product(self, sku: str | None) -> None:
        """Tell the worker which product is on air."""
        self._current = sku
        self._worker.send({"command": "current", "sku": sku})

    def catalogue_changed(self) -> None:
        """Give the worker the new names."""
        self._worker.send({"command": "catalog", "products": self._products()})

    def status(self, event: EarStatus) -> None:
        """Listener: keep the `ear` topic."""
        if event.state == "loading" and self._current is not None:  # a worker that started anew knows no card
            self._worker.send({"command": "current", "sku": self._current})
        self._status = event
        self._put_topic()

    def progress(self, event: AudioProgressed) -> None:
        """Listener: keep the position of a file."""
        self._progress = event
        self._put_topic()

    def _put_topic(self) -> None:
        progress = self._progress
        self._put(
            "ear",
            {
                **asdict(self._status),
                "position": progress.position if progress else None,
                "duration": progress.duration if progress else None,
                "ended": bool(progress and progress.ended),
            },
        )

    def _lost(self, status: int) -> None:
        self._publish(
            EarStatus(
                state="failed",
                source=self.source,
                model=self._model_dir.name,
                message_zh="语音识别意外停止，正在重新启动",
                message_en=f"speech recognition stopped unexpectedly (status {status}), starting it again",
            )
        )

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "studio.transcribe.worker"]
        command += ["--source", self.source, "--model-dir", str(self._model_dir), "--realtime"]
        command += ["--rules", str(self._rules_dir)]
        command += ["--backlog", str(self._catalogue_path.with_name("ear-backlog"))]
        products = self._products()
        if products:  # a studio without a catalogue listens too
            partial = self._catalogue_path.with_suffix(".tmp")
            partial.write_text(json.dumps(products, ensure_ascii=False), "utf-8")
            partial.replace(self._catalogue_path)
            command += ["--catalog", str(self._catalogue_path)]
        return command


def list_microphones() -> list[str]:
    """Names of the input devices; asked in a process of its own: PortAudio may hang or crash on a bad driver."""
    script = (
        "import json, sounddevice\n"
        "print(json.dumps([d['name'] for d in sounddevice.query_devices() if d['max_input_channels'] > 0]))"
    )
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script], capture_output=True, timeout=LIST_TIMEOUT_S, check=True
        )
        names: list[str] = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        _log.info("no microphone list: %s", error)
        return []
    return names
