"""Collects published events and waits for the one that matters."""

import threading

from studio.events import ObsChanged


class Watcher:
    """A publish function that remembers."""

    def __init__(self):
        self.events = []
        self._change = threading.Condition()
        self._read = 0

    def __call__(self, event):
        with self._change:
            self.events.append(event)
            self._change.notify_all()

    def wait(self, accept, timeout_s=10):
        """The first event, after the one waited for last, that `accept` holds for."""
        found = None

        def look():
            nonlocal found
            while self._read < len(self.events):
                event = self.events[self._read]
                self._read += 1
                if accept(event):
                    found = event
                    return True
            return False

        with self._change:
            assert self._change.wait_for(look, timeout_s), f"not among {self.events}"
        return found

    def wait_state(self, state, timeout_s=10):
        """The next ObsChanged in this state."""
        return self.wait(lambda event: isinstance(event, ObsChanged) and event.state == state, timeout_s)

    def wait_for(self, timeout_s=10, **fields):
        """The next ObsChanged with these field values."""
        return self.wait(
            lambda event: isinstance(event, ObsChanged) and all(getattr(event, k) == v for k, v in fields.items()),
            timeout_s,
        )
