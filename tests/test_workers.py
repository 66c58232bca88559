import sys

import gevent
import pytest
from gevent.event import Event as Signal

from studio.events import CaptionPartial
from studio.workers import Worker

GARBAGE = r"""
import sys
sys.stdout.buffer.write(b'\xff\xfe garbage\n' + b'{"event": "Nope"}\n' + b'{' * 400000 + b'\n')
print('{"event":"CaptionPartial","text":"after","start":0}', flush=True)
for line in sys.stdin:
    print('{"event":"CaptionPartial","text":"echo","start":%d}' % len(line), flush=True)
"""


@pytest.fixture
def heard():
    return []


def run(script, heard, **kwargs):
    signal = Signal()

    def publish(event):
        heard.append(event)
        signal.set()

    worker = Worker("test", lambda: [sys.executable, "-c", script], publish, **kwargs)
    worker.signal = signal
    worker.start()
    return worker


def wait_for(worker, heard, count):
    with gevent.Timeout(20):
        while len(heard) < count:
            worker.signal.wait()
            worker.signal.clear()


def test_worker_skips_garbage_lines_and_goes_on(heard, caplog):
    worker = run(GARBAGE, heard)
    wait_for(worker, heard, 1)
    assert worker.send({"say": "hi"})
    wait_for(worker, heard, 2)
    worker.stop()
    assert heard[0] == CaptionPartial(text="after", start=0)
    assert worker.garbage_lines >= 3
    assert "garbage" in caplog.text


def test_worker_is_restarted_after_a_crash(heard):
    lost = []
    worker = run(
        'print(\'{"event":"CaptionPartial","text":"up","start":0}\', flush=True); raise SystemExit(7)',
        heard,
        on_lost=lost.append,
    )
    wait_for(worker, heard, 2)
    worker.stop()
    assert lost[0] == 7


def test_worker_that_falls_silent_is_killed_and_restarted(heard):
    script = 'import time; print(\'{"event":"CaptionPartial","text":"up","start":0}\', flush=True); time.sleep(600)'
    worker = run(script, heard, silence_limit_s=0.5)
    wait_for(worker, heard, 2)
    worker.stop()
    assert worker.pid is None


def test_stop_ends_a_child_that_ignores_its_stdin(heard):
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        'print(\'{"event":"CaptionPartial","text":"up","start":0}\', flush=True); time.sleep(600)'
    )
    worker = run(script, heard)
    wait_for(worker, heard, 1)
    worker.stop()
    assert worker.pid is None


def test_send_without_a_child_says_so(heard):
    assert Worker("test", lambda: ["true"], heard.append).send({"a": 1}) is False


SAY = 'import sys; print(\'{"event":"CaptionPartial","text":"%s","start":0}\', flush=True); sys.stdin.read()'


def test_a_restart_asked_for_while_the_child_starts_is_not_lost(heard):
    source, signal = ["old"], Signal()

    def command():
        asked = [sys.executable, "-c", SAY % source[0]]
        if source[0] == "old":
            source[0] = "new"
            worker.restart()  # as when the host chooses twice in a row
        return asked

    worker = Worker("test", command, lambda event: (heard.append(event), signal.set()))
    worker.signal = signal
    worker.start()
    wait_for(worker, heard, 1)
    worker.stop()
    assert heard[-1].text == "new"


def test_a_worker_whose_command_cannot_be_built_is_tried_again(heard, caplog):
    attempts, signal = [], Signal()

    def command():
        attempts.append(1)
        if len(attempts) == 1:
            raise OSError("no space left on device")
        return [sys.executable, "-c", SAY % "up"]

    lost = []
    worker = Worker("test", command, lambda event: (heard.append(event), signal.set()), on_lost=lost.append)
    worker.signal = signal
    worker.start()
    wait_for(worker, heard, 1)
    worker.stop()
    assert "no space left" in caplog.text
    assert lost == [127]
