"""Starting and stopping OBS's recording, also while it is still closing the last file."""

import time
from collections.abc import Callable
from typing import Protocol

from studio.errors import ObsRequestFailed
from studio.obs import codes
from studio.obs.frames import Json

_PAUSE_S, _LOOK_S = 0.1, 0.02


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
        ObsRequestFailed: OBS said no, or said yes and does not record: with a folder that it cannot write it says so
            on its own screen only.
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
        if on:
            _wait_until_it_records(recording, deadline, wait)
        return


def _wait_until_it_records(recording: Callable[[], bool], deadline: float, wait: Callable[[float], object]) -> None:
    while not recording():
        if time.monotonic() > deadline:
            raise ObsRequestFailed(
                "OBS 没有开始录像：看看 OBS 里的提示，录像文件夹（设置 → 输出）在不在、能不能写，硬盘满没满",
                "OBS does not record: see what it says, and whether the folder of recordings (Settings → Output) "
                "exists, can be written, and has room",
            )
        wait(_LOOK_S)
