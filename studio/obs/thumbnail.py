"""A small picture of the program, shared by everybody who looks and taken only while somebody does."""

import base64
import binascii
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from studio.errors import ObsRequestFailed, StudioError
from studio.obs.frames import Json

WIDTH_PX, SMALL_PX = 640, 320
SCENE_AGE_S = 2.0
MOST_SCENES = 64
_QUALITY = 70
_MOST_BYTES = 2_000_000  # a canvas a hundred times as high as it is wide
_AGE_S = 0.5
_JPEG = b"\xff\xd8\xff"


class Thumbnail:
    """Cache of one picture; failures are kept as long, so that a crowd of viewers never queues up at a sick OBS.

    Args:
        take: returns a fresh JPEG, or raises StudioError.
        age_s: how old a picture may be; half a second means at most two pictures a second.
    """

    def __init__(self, take: Callable[[], bytes], age_s: float = _AGE_S) -> None:
        self._take = take
        self._age_s = age_s
        self._lock = threading.Lock()
        self._taken = -age_s
        self._outcome: bytes | StudioError = b""

    def get(self) -> bytes:
        """JPEG bytes at most `age_s` old; callers that come together share one request to OBS."""
        with self._lock:
            if not self._outcome or time.monotonic() - self._taken >= self._age_s:
                try:
                    self._outcome = self._take()
                except StudioError as error:
                    self._outcome = error
                self._taken = time.monotonic()
            outcome = self._outcome
        if isinstance(outcome, bytes):
            return outcome
        raise type(outcome)(outcome.zh, outcome.en, **outcome.details)

    def forget(self) -> None:
        """Drop the picture, of an OBS that is gone."""
        with self._lock:
            self._outcome = b""


class Gallery:
    """Small pictures of scenes that are not on program, one cache a scene."""

    def __init__(self, ask: Callable[[str, Json], Json]) -> None:
        self._ask = ask
        self._scenes: OrderedDict[str, Thumbnail] = OrderedDict()

    def get(self, scene: str) -> bytes:
        """JPEG bytes of a scene, 320 px wide, at most two seconds old."""
        kept = self._scenes.get(scene)
        if kept is None:
            kept = self._scenes[scene] = Thumbnail(
                lambda: picture(self._ask("GetSourceScreenshot", question(scene, SMALL_PX))), SCENE_AGE_S
            )
            if len(self._scenes) > MOST_SCENES:
                self._scenes.popitem(last=False)
        return kept.get()


def question(scene: str, width_px: int = WIDTH_PX) -> Json:
    """GetSourceScreenshot data for a scene; JPEG at 640 px costs OBS about 4 ms, at 320 px 2, PNG in full size 120."""
    return {
        "sourceName": scene,
        "imageFormat": "jpg",
        "imageWidth": width_px,
        "imageCompressionQuality": _QUALITY,
    }


def picture(answer: Json) -> bytes:
    """JPEG bytes of a GetSourceScreenshot answer.

    Raises:
        ObsRequestFailed: no picture in it.
    """
    _, _, encoded = str(answer.get("imageData", "")).partition(",")
    if len(encoded) > _MOST_BYTES:
        raise ObsRequestFailed(
            "OBS 的画面太大了，请检查画布的尺寸", "the picture of OBS is too large, check the size of its canvas"
        )
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        data = b""
    if not data.startswith(_JPEG):
        raise ObsRequestFailed("OBS 没有给出画面，请稍后再试", "OBS gave no picture, try again shortly")
    return data
