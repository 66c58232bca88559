import struct
import zlib

import cv2
import numpy as np
import pytest

from studio.errors import BadInput
from studio.vision import photos

PLACE = b"GPSLatitude 31.15"


def picture(width=640, height=480):
    image = np.zeros((height, width, 3), np.uint8)
    image[:, : width // 2] = (40, 90, 230)
    return image


def encoded(kind=".jpg", **size):
    return cv2.imencode(kind, picture(**size))[1].tobytes()


def decoded(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


def with_exif(jpeg, orientation=1):
    """The JPEG with an EXIF block: how it is to be turned, and a text that must not survive."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0) + PLACE
    block = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def png_header(width, height):
    """A PNG that promises a size and holds next to nothing."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp"])
def test_a_photo_becomes_a_jpeg_of_the_same_picture(kind):
    clean = photos.cleaned(encoded(kind))
    assert clean.startswith(b"\xff\xd8\xff")
    assert decoded(clean).shape == (480, 640, 3)
    assert np.abs(decoded(clean).astype(int) - picture()).mean() < 4


def test_a_large_photo_becomes_small():
    assert decoded(photos.cleaned(encoded(width=4000, height=3000))).shape == (1200, 1600, 3)


def test_metadata_is_gone_and_the_photo_upright():
    given = with_exif(encoded(), orientation=6)
    assert PLACE in given
    clean = photos.cleaned(given)
    assert PLACE not in clean
    assert b"Exif" not in clean
    assert decoded(clean).shape == (640, 480, 3)


def test_bytes_behind_the_picture_are_gone():
    assert b"<script>" not in photos.cleaned(encoded(".png") + b"<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "only JPG"),
        (b"GIF89a" + bytes(100), "only JPG"),
        (b"<svg onload=alert(1)>", "only JPG"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
        (b"\xff\xd8\xff" + bytes(5 * 1024 * 1024), "too large"),
        (b"\xff\xd8\xff", "cannot be read"),
        (b"\xff\xd8\xff\xe0" + bytes(1000), "cannot be read"),
        (b"\x89PNG\r\n\x1a\n", "cannot be read"),
        (b"RIFF\0\0\0\0WEBP" + bytes(40), "cannot be read"),
        (png_header(0, 5), "cannot be read"),
        (png_header(30_000, 30_000), "too many pixels"),
        (png_header(2**31 - 1, 2**31 - 1), "too many pixels"),
        (png_header(100, 100), "cannot be read"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_reason(data, said):
    with pytest.raises(BadInput, match=said):
        photos.cleaned(data)


def test_opencv_itself_refuses_what_a_header_hid(monkeypatch):
    bomb = png_header(30_000, 30_000)
    monkeypatch.setattr(photos.imagesize, "get", lambda _file: (10, 10))
    with pytest.raises(BadInput, match="cannot be read"):
        photos.cleaned(bomb)
