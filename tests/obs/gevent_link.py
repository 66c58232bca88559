"""A link in a process patched by gevent, as the server is; run by test_gevent.py, which acts on what it prints."""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

import gevent  # noqa: E402

from studio.errors import StudioError  # noqa: E402
from studio.obs.frames import Step  # noqa: E402
from studio.obs.link import Connection, ObsLink  # noqa: E402
from tests.obs import strangers  # noqa: E402
from tests.obs.watcher import Watcher  # noqa: E402
from tests.waiting import until  # noqa: E402


def say(**fact):
    print(json.dumps(fact), flush=True)  # noqa: T201 - the test reads it


def measure_gaps(gaps):
    """How long other greenlets ever had to wait."""
    last = time.monotonic()
    while True:
        gevent.sleep(0.01)
        now = time.monotonic()
        gaps.append(now - last - 0.01)
        last = now


def main(host, port, password):
    gaps = []
    gevent.spawn(measure_gaps, gaps)
    watcher, other = Watcher(), Watcher()
    link = ObsLink(Connection(host, int(port), password), watcher)
    link.start()
    with strangers.listening(strangers.say_nothing) as silent_port:
        silent = ObsLink(Connection("127.0.0.1", silent_port), other, patience_s=1.0)
        silent.start()
        watcher.wait_state("connected")
        link.switch("厨房")
        watcher.wait_for(program="厨房")
        pictures = [gevent.spawn(link.thumbnail) for _ in range(5)]
        gevent.joinall(pictures, raise_error=True)
        say(step="switched", jpeg=pictures[0].value[:3] == b"\xff\xd8\xff", shared=len({id(p.value) for p in pictures}))
        other.wait_state("off")
        silent.stop()

    client = link._client
    pending = gevent.spawn(ask_long, client)
    until(lambda: client._waiters)
    say(step="pending")
    say(step="lost", error=pending.get(timeout=10))
    watcher.wait_state("off")
    watcher.wait_state("connected", timeout_s=30)
    link.switch("牛奶")
    watcher.wait_for(program="牛奶")
    link.stop()
    say(step="back", longest_gap_s=max(gaps))


def ask_long(client):
    try:
        client.batch([Step("Sleep", {"sleepMillis": 20_000})], timeout_s=30)
    except StudioError as error:
        return error.code
    return "answered"


if __name__ == "__main__":
    main(*sys.argv[1:])
