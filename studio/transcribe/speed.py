"""How fast this PC writes speech down, on a short sample; a process of its own, run while the show is still a draft.

python -m studio.transcribe.speed --model-dir DIR --sample FILE
"""

import os

# as the ear: one core, the others are OBS's
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from studio.errors import AudioUnreadable, StudioError
from studio.transcribe.audio import Samples, open_source
from studio.transcribe.engine import Engine
from studio.transcribe.vad import SAMPLE_RATE

UTTERANCE_S = 5.0
UTTERANCES = 3


def measure(model_dir: Path, sample: str) -> float:
    """Seconds of decoding for a second of speech, of three utterances after one that warms up.

    Raises:
        StudioError: the model or the sample cannot be used.
    """
    engine = Engine(model_dir)
    utterances = list(_utterances(sample, UTTERANCES + 1))
    if len(utterances) <= 1:
        raise AudioUnreadable(f"样本 {sample} 太短", f"the sample {sample} is too short")
    engine.decode(utterances[0], "")
    began = time.perf_counter()
    for samples in utterances[1:]:
        engine.decode(samples, "")
    return (time.perf_counter() - began) / (UTTERANCE_S * (len(utterances) - 1))


def _utterances(sample: str, count: int) -> Iterator[Samples]:
    size, stop = round(UTTERANCE_S * SAMPLE_RATE), threading.Event()
    held = np.zeros(0, dtype=np.float32)
    for block in open_source(sample).blocks(stop):
        held = np.concatenate([held, block])
        while len(held) >= size:
            yield held[:size]
            held, count = held[size:], count - 1
            if not count:
                stop.set()
                return


def main(argv: list[str] | None = None) -> int:
    """Command line of the child: `{"factor": float}` on stdout."""
    parser = argparse.ArgumentParser(prog="python -m studio.transcribe.speed", description=__doc__)
    parser.add_argument("--model-dir", type=Path, required=True)
    parser.add_argument("--sample", required=True)
    options = parser.parse_args(argv)
    try:
        factor = measure(options.model_dir, options.sample)
    except StudioError as error:
        sys.stderr.write(error.en + "\n")
        return 1
    sys.stdout.write(json.dumps({"factor": round(factor, 3)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
