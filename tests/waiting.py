"""Waiting for what other greenlets do: listeners of the bus, timers, jobs."""

import gevent


def until(accept, timeout_s=10):
    """Let the event loop run until `accept()` holds."""
    with gevent.Timeout(timeout_s):
        while not accept():
            gevent.sleep(0.01)


def settle(studio):
    """Let listeners of what was published run to their end, and the writer do what they gave it."""
    gevent.idle()
    studio.writer.run(lambda _unit: None)
