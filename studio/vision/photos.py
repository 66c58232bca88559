"""Photos that strangers send: looked at before they are decoded, decoded, made small, and written anew as JPEG.

What is kept holds pixels only: no EXIF, no place, no bytes of the sender's. Works on a thread of its own; OpenCV lets
go of the interpreter while it decodes.
"""

import os
import secrets
from io import BytesIO
from pathlib import Path

import gevent
import imagesize
from gevent.lock import BoundedSemaphore

from studio.errors import BadInput

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""A phone takes 12 to 50 million; decoded, each costs three bytes."""
LONG_SIDE = 1600
LOGO_SIDE = 360
JPEG_QUALITY = 82
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")

_one_at_a_time = BoundedSemaphore(1)


def keep(data: bytes, folder: Path) -> str:
    """Write the cleaned photo into `folder`; returns its name, which nobody can guess.

    Raises:
        BadInput: as `cleaned`.
    """
    jpeg = cleaned(data)
    name = f"{secrets.token_urlsafe(16)}.jpg"
    gevent.get_hub().threadpool.apply(_write, (folder, name, jpeg))
    return name


def cleaned(data: bytes) -> bytes:
    """The photo as a JPEG of at most LONG_SIDE pixels, upright; other greenlets run meanwhile.

    Raises:
        BadInput: no photo, a kind that is not taken, too large, or damaged.
    """
    _look(data)
    with _one_at_a_time:
        return gevent.get_hub().threadpool.apply(_rewrite, (data,))


def cleaned_logo(data: bytes) -> bytes:
    """A shop's sign as a PNG of at most LOGO_SIDE pixels, transparency kept; other greenlets run meanwhile.

    Raises:
        BadInput: as `cleaned`.
    """
    _look(data)
    with _one_at_a_time:
        return gevent.get_hub().threadpool.apply(_rewrite_logo, (data,))


def _look(data: bytes) -> None:
    """Refuse by the header what must not be decoded."""
    if len(data) > MAX_BYTES:
        raise BadInput("照片太大，请选 5 MB 以内的", "the photo is too large, choose one under 5 MB", field="photo")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        raise BadInput(
            "暂不支持 HEIC 照片：请截一张图，或在相机设置里改成“兼容性最佳”（JPG）再拍",
            "HEIC photos are not supported: take a screenshot of it, or set the camera to 'Most compatible' (JPG)",
            field="photo",
        )
    if _kind(data) is None:
        raise BadInput("只收 JPG、PNG 或 WebP 照片", "only JPG, PNG and WebP photos are taken", field="photo")
    try:
        width, height = imagesize.get(BytesIO(data))
    except Exception as error:  # whatever a hostile header makes it do
        raise _damaged() from error
    if width <= 0 or height <= 0:
        raise _damaged()
    if width * height > MAX_PIXELS:
        raise BadInput(
            "照片的像素太多，请换一张小一点的", "the photo has too many pixels, choose a smaller one", field="photo"
        )


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


def _rewrite(data: bytes) -> bytes:
    return _encoded(data, LONG_SIDE, ".jpg")


def _rewrite_logo(data: bytes) -> bytes:
    return _encoded(data, LOGO_SIDE, ".png")


def _encoded(data: bytes, long_side: int, kind: str) -> bytes:
    """Decoded, made small, and written anew; a PNG keeps its transparency."""
    os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))  # read once, when OpenCV is loaded
    import cv2  # noqa: PLC0415 - 50 MB that a studio without photos does not need
    import numpy as np  # noqa: PLC0415

    # colours are turned upright by their EXIF; a logo is read as it is, with its alpha
    flags, options = (
        (cv2.IMREAD_COLOR, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if kind == ".jpg"
        else (cv2.IMREAD_UNCHANGED, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    )
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise _damaged() from error
    if picture is None:
        raise _damaged()
    height, width = picture.shape[:2]
    scale = long_side / max(width, height)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    if picture.dtype != np.uint8:  # 16 bits a channel
        picture = (picture / 257).astype(np.uint8)
    written, image = cv2.imencode(kind, picture, options)
    if not written:
        raise _damaged()
    return image.tobytes()


def _write(folder: Path, name: str, jpeg: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / name).open("xb") as file:
        file.write(jpeg)
        file.flush()
        os.fsync(file.fileno())


def _damaged() -> BadInput:
    return BadInput("这张照片打不开，请换一张", "this photo cannot be read, choose another", field="photo")
