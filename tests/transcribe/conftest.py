import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studio.catalogue_file import load_catalogue
from studio.event_lines import decode
from studio.events import EarStatus

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def dairy_audio():
    return ROOT / "scenes/demo/dairy.opus"


@pytest.fixture(scope="session")
def dairy_catalogue_path():
    return ROOT / "scenes/demo/dairy.catalog.json"


@pytest.fixture(scope="session")
def dairy_products(dairy_catalogue_path):
    return load_catalogue(dairy_catalogue_path)


class Process:
    """A worker process; `wait_for` reads events until one fits."""

    def __init__(self, *arguments):
        self.events = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "studio.transcribe.worker", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.errors = []
        self._reader = threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True)
        self._reader.start()

    def wait_for(self, fits):
        for line in self.process.stdout:
            event = decode(line)
            self.events.append(event)
            if fits(event):
                return event
        raise AssertionError(f"the worker ended: {self.log()}")

    def status(self, state, source=None):
        return self.wait_for(
            lambda event: isinstance(event, EarStatus) and event.state == state and source in (None, event.source)
        )

    def send(self, line):
        self.process.stdin.write((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n")
        self.process.stdin.flush()

    def close(self):
        """Close stdin; the exit status."""
        self.process.stdin.close()
        self.process.stdout.read()
        status = self.process.wait(20)
        self._reader.join()
        return status

    def log(self):
        return b"".join(self.errors).decode()


@pytest.fixture
def start():
    started = []

    def run(*arguments):
        started.append(Process(*arguments))
        return started[-1]

    yield run
    for worker in started:
        worker.process.kill()
        worker.process.wait()
        for pipe in (worker.process.stdin, worker.process.stdout):
            pipe.close()
        worker._reader.join()
        worker.process.stderr.close()
