"""The shared picture, and answers of OBS that hold none."""

import base64

import pytest

from studio.errors import ObsRequestFailed, ObsUnavailable
from studio.obs.thumbnail import Thumbnail, picture


def test_thumbnail_is_taken_again_only_when_old():
    taken = []

    def take():
        taken.append(len(taken))
        return bytes([0xFF, len(taken)])

    shared, fresh = Thumbnail(take, age_s=3600), Thumbnail(take, age_s=0)

    assert shared.get() == shared.get()
    assert len(taken) == 1
    assert fresh.get() != fresh.get()


def test_thumbnail_asks_a_sick_obs_only_once_a_while():
    asked = []

    def take():
        asked.append(1)
        raise ObsUnavailable("没有画面", "no picture")

    thumbnail = Thumbnail(take, age_s=3600)
    for _ in range(3):
        with pytest.raises(ObsUnavailable, match="no picture"):
            thumbnail.get()

    assert len(asked) == 1


def test_forgotten_thumbnail_is_taken_again():
    pictures = iter([b"old", b"new"])
    thumbnail = Thumbnail(lambda: next(pictures), age_s=3600)
    thumbnail.get()

    thumbnail.forget()

    assert thumbnail.get() == b"new"


def test_picture_that_is_far_too_large_is_refused():
    huge = base64.b64encode(b"\xff\xd8\xff" + bytes(3_000_000)).decode()

    with pytest.raises(ObsRequestFailed, match="too large"):
        picture({"imageData": f"data:image/jpg;base64,{huge}"})


@pytest.mark.parametrize(
    "data",
    ["", "data:image/jpg;base64,", "data:image/jpg;base64,%%%", "data:x," + base64.b64encode(b"GIF89a").decode()],
)
def test_answer_without_jpeg_is_an_error(data):
    with pytest.raises(ObsRequestFailed, match="no picture"):
        picture({"imageData": data})
