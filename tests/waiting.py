"""Waiting for what other greenlets do: listeners of the bus, timers, jobs."""

import gevent


def until(look, timeout_s=10):
    """What `look()` gives as soon as that is true; the event loop and other processes run meanwhile."""
    with gevent.Timeout(timeout_s):
        while not (found := look()):
            gevent.sleep(0.01)
    return found


def settle(studio):
    """Let listeners of what was published run to their end, and the writer do what they gave it."""
    gevent.idle()
    studio.writer.run(lambda _unit: None)
