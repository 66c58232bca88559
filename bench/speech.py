"""Speech: shows played at their own pace through the real ear process, beside plain faster-whisper on the same audio.

python -m bench.speech [dairy] [kitchen] [nonstop]
"""

import json
import os
import statistics
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.row import Row
from studio.config import Settings
from studio.errors import EventDecodeError
from studio.event_lines import decode
from studio.events import AudioProgressed, EarStatus
from studio.transcribe.batch import Log
from studio.transcribe.store import ensure_model
from tests.score.score_show import score

ROOT = Path(__file__).resolve().parents[1]
SHOWS = {
    "dairy": (ROOT / "scenes/demo/dairy.opus", ROOT / "scenes/demo/dairy.catalog.json"),
    "kitchen": (ROOT / "tests/shows/kitchen.opus", ROOT / "tests/shows/kitchen.catalog.json"),
    "nonstop": (ROOT / "tests/shows/nonstop.opus", ROOT / "tests/shows/nonstop.catalog.json"),
}
SAMPLE_S = 0.2
# to reach; on nonstop within 1.3 × of these
LIMITS = {
    "mention_f1": 0.92,
    "product_attribution": 0.9,
    "highlight_recall": 0.85,
    "highlight_precision": 0.8,
    "qa_recall": 0.95,
    "qa_precision": 0.95,
    "price_recall": 0.85,
}
CER_RATIO = 0.9
LATENCY_MEAN_S, LATENCY_P95_S = 1.2, 2.0
CPU_PER_S, MEMORY_MB = 0.5, 450
NONSTOP_FACTOR = 1.3

# What everyone would write first: the whole file, beam 5, no names, no VAD.
PLAIN = """
import json, sys
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[2], device="cpu", compute_type="int8", cpu_threads=1)
found, _ = model.transcribe(sys.argv[1], language="zh", beam_size=5)
print(json.dumps([{"start": part.start, "end": part.end, "text": part.text} for part in found]))
"""


@dataclass
class Usage:
    """What a child process took: CPU seconds after its model was loaded, and its largest resident size."""

    cpu_s: float = 0.0
    peak_mb: float = 0.0


class Gauge:
    """Samples a process in a thread of its own until it ends."""

    def __init__(self, pid: int) -> None:
        self.usage = Usage()
        self._process = psutil.Process(pid)
        self._from_cpu_s = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """Count CPU from here."""
        self._from_cpu_s = self._cpu_s()

    def stop(self) -> Usage:
        self._done.set()
        self._thread.join()
        return self.usage

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_S):
            try:
                self.usage.cpu_s = self._cpu_s() - self._from_cpu_s
                self.usage.peak_mb = max(self.usage.peak_mb, self._process.memory_info().rss / 1e6)
            except psutil.Error:
                return

    def _cpu_s(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system


def play(audio: Path, catalogue: Path, model: Path) -> tuple[dict[str, Any], Usage]:
    """Play one show through the worker at its own pace; its log and what it took."""
    command = [sys.executable, "-m", "studio.transcribe.worker", "--realtime"]
    command += ["--source", str(audio), "--model-dir", str(model), "--catalog", str(catalogue)]
    log = Log()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
        gauge = Gauge(worker.pid)
        for line in worker.stdout or ():
            try:
                event = decode(line)
            except EventDecodeError:
                continue
            log.take(event)
            if isinstance(event, EarStatus) and event.state == "failed":
                raise RuntimeError(event.message_en)
            if isinstance(event, EarStatus) and event.state == "loading":
                gauge.begin()
            if isinstance(event, AudioProgressed) and event.ended:
                break
        usage = gauge.stop()
        assert worker.stdin is not None
        worker.stdin.close()
    return log.document(), usage


def transcribe_plainly(audio: Path, model: Path) -> tuple[list[dict[str, Any]], Usage]:
    """The peer: the segments of faster-whisper in batch, and what it took."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", PLAIN, str(audio), str(model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as plain:
        gauge = Gauge(plain.pid)
        out, _ = plain.communicate()
    return json.loads(out), gauge.stop()


def naive_log(segments: list[dict[str, Any]], catalogue: list[dict[str, Any]]) -> dict[str, Any]:
    """A log of plain segments in which product names are searched as they are written."""
    mentions = [
        {"sku": product["sku"], "start": part["start"], "end": part["end"], "text": name}
        for part in segments
        for product in catalogue
        for name in [next((n for n in [product["name"], *product["aliases"]] if n in part["text"]), None)]
        if name
    ]
    empty: dict[str, Any] = {key: [] for key in ("highlights", "qa", "claims", "promises", "prices")}
    return {"segments": segments, "mentions": mentions, **empty}


def delays_after_cut(log: dict[str, Any]) -> list[float]:
    """For each utterance, seconds from where it was cut to its text."""
    cuts: dict[float, float] = {}
    for segment in log["segments"]:
        at = segment["emitted_at"]
        cuts[at] = max(cuts.get(at, 0.0), segment["end"])
    return sorted(at - end for at, end in cuts.items())


def run(shows: list[str] | None = None) -> list[Row]:
    """Measure the named shows; all of them by default."""
    model = ensure_model("base", Settings().models)
    rows: list[Row] = []
    for name in shows or list(SHOWS):
        rows += measure(name, model)
    return rows


def measure(name: str, model: Path) -> list[Row]:
    """All figures of one show."""
    audio, catalogue = SHOWS[name]
    truth = json.loads((ROOT / f"tests/shows/{name}.json").read_text("utf-8"))
    plain, plain_usage = transcribe_plainly(audio, model)
    peer = score(truth, naive_log(plain, json.loads(catalogue.read_text("utf-8"))))
    log, usage = play(audio, catalogue, model)
    ours = score(truth, log)
    nonstop = name == "nonstop"
    slack = NONSTOP_FACTOR if nonstop else 1.0
    section = f"Speech: {name}"
    length_s = float(truth["duration"])

    rows = [Row(section, "CER", f"{ours['cer']:.3f}", f"{peer['cer']:.3f}", f"≤ {CER_RATIO * slack * peer['cer']:.3f}")]
    for figure, limit in LIMITS.items():
        beside = f"{peer[figure]:.2f}" if figure == "mention_f1" else ""
        rows.append(Row(section, figure.replace("_", " "), f"{ours[figure]:.2f}", beside, f"≥ {limit / slack:.2f}"))
    delays = delays_after_cut(log)
    mean_s = statistics.mean(delays) if nonstop else ours["latency_mean_s"]
    p95_s = delays[min(len(delays) - 1, int(0.95 * len(delays)))] if nonstop else ours["latency_p95_s"]
    since = "cut" if nonstop else "end of sentence"
    rows += [
        Row(section, f"{since} → text, mean", f"{mean_s:.2f}", "", f"≤ {LATENCY_MEAN_S * slack:.2f}", "s"),
        Row(section, f"{since} → text, p95", f"{p95_s:.2f}", "", f"≤ {LATENCY_P95_S * slack:.2f}", "s"),
        Row(
            section,
            "CPU",
            f"{usage.cpu_s / length_s:.2f}",
            f"{plain_usage.cpu_s / length_s:.2f}",
            f"≤ {CPU_PER_S * slack:.2f}",
            "s per s of audio",
        ),
        Row(section, "peak memory", f"{usage.peak_mb:.0f}", f"{plain_usage.peak_mb:.0f}", f"≤ {MEMORY_MB}", "MB"),
    ]
    return rows


def main() -> None:
    for row in run([name for name in sys.argv[1:] if name in SHOWS] or None):
        print(f"{row.section:18} {row.figure:28} {row.ours:>8} {row.beside:>8} {row.limit:>10} {row.unit}", flush=True)


if __name__ == "__main__":
    main()
