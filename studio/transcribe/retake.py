"""A recording heard again, in a process of its own with the lowest priority: events as JSON lines on stdout.

    python -m studio.transcribe.retake --audio FILE --model-dir DIR --beam 5 [--catalog FILE.json]

Ends with the recording (status 0), with a failure (status 1, an EarStatus says why), or when stdin closes.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import logging
import sys
import threading
from pathlib import Path

from studio.catalogue_file import load_catalogue
from studio.errors import StudioError
from studio.event_lines import encode
from studio.events import AudioProgressed, EarStatus, Event, SegmentHeard
from studio.transcribe.audio import open_source
from studio.transcribe.batch import listen
from studio.transcribe.engine import Engine
from studio.transcribe.manners import step_back
from studio.transcribe.rules import use_host_rules
from studio.transcribe.session import Session
from studio.transcribe.store import check_model
from studio.transcribe.understanding import Understanding

_log = logging.getLogger("studio.transcribe.retake")


def main(argv: list[str] | None = None) -> int:
    """Command line of the process."""
    parser = argparse.ArgumentParser(prog="python -m studio.transcribe.retake", description=__doc__)
    parser.add_argument("--audio", required=True, help="file or URL")
    parser.add_argument("--model-dir", type=Path, required=True)
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--catalog", type=Path)
    parser.add_argument("--rules", type=Path, help="folder of the host's own rule files")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    step_back("everybody")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        use_host_rules(options.rules)
        products = load_catalogue(options.catalog) if options.catalog else ()
        source = open_source(options.audio)
        check_model(options.model_dir)
        engine = Engine(options.model_dir, beam=options.beam)
        listen(Session(source, engine, Understanding(products), _tell, realtime=False))
    except StudioError as error:
        failed = EarStatus(
            state="failed",
            source=options.audio,
            model=options.model_dir.name,
            message_zh=error.zh,
            message_en=error.en,
        )
        _write(failed)
        return 1
    return 0


def _tell(event: Event) -> None:
    if isinstance(event, SegmentHeard | AudioProgressed):
        _write(event)


def _write(event: Event) -> None:
    sys.stdout.buffer.write(encode(event).encode() + b"\n")
    sys.stdout.buffer.flush()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(2)


if __name__ == "__main__":
    status = 1
    try:
        status = main()
    except Exception:
        _log.exception("hearing the recording broke off")
    finally:
        sys.stdout.flush()
        os._exit(status)
