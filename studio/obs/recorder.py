"""Starting and stopping OBS's recording, also while it is still closing the last file."""

import time
from collections.abc import Callable
from typing import Protocol

from studio.errors import ObsRequestFailed
from studio.obs import codes
from studio.obs.frames import Json

_PAUSE_S = 0.1


class Ask(Protocol):
    """A request of the protocol."""

    def __call__(self, request: str) -> Json: ...


def record(
    ask: Ask, recording: Callable[[], bool], *, on: bool, patience_s: float, wait: Callable[[float], object]
) -> None:
    """Start or stop; nothing when it already is so.

    Args:
        ask: the link.
        recording: what is known from OBS's events, which come before its answers.
        on: start.
        patience_s: longest wait for the last file.
        wait: pauses for so many seconds, or less when the studio ends.

    Raises:
        ObsRequestFailed: OBS said no.
        ObsUnavailable: no connection.
    """
    request, already = ("StartRecord", codes.OUTPUT_RUNNING) if on else ("StopRecord", codes.OUTPUT_NOT_RUNNING)
    deadline = time.monotonic() + patience_s
    while True:
        if on:  # while it closes the last file, OBS may accept a start and drop it
            while not recording() and ask("GetRecordStatus").get("outputActive") and time.monotonic() <= deadline:
                wait(_PAUSE_S)
        try:
            ask(request)
        except ObsRequestFailed as error:
            if error.details["obs_code"] != already:
                raise
            # "running" also means: still writing the end of the last recording; only that is worth waiting for
            if on and not recording():
                if time.monotonic() > deadline:
                    raise
                wait(_PAUSE_S)
                continue
        return
