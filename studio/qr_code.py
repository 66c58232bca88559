"""QR codes: the only module that imports segno, when the first one is drawn."""

import io
from functools import lru_cache
from typing import Any, Literal

Reach = Literal["public", "lan", "here"]
"""Whose phones open an address: everybody's, those in the same network, none."""


def shown(url: str, reach: Reach) -> dict[str, Any]:
    """A code as overlays get it: `qr`, None where no phone opens the address; `qr_lan`, whether only near ones do."""
    return {"qr": None if reach == "here" else png_url(url), "qr_lan": reach == "lan"}


@lru_cache(maxsize=64)
def png_url(text: str) -> str:
    """A data URL; PNG, a fifth of SVG: it goes to every buyer with every count."""
    return _make(text).png_data_uri(scale=8, border=2)


def svg_url(text: str) -> str:
    """A data URL on white, sharp at any size."""
    return _make(text).svg_data_uri(scale=8, border=4, light="#fff")


def svg(text: str) -> bytes:
    """An SVG document on white."""
    out = io.BytesIO()
    _make(text).save(out, kind="svg", scale=4, border=2, light="#fff")
    return out.getvalue()


def modules(text: str) -> list[str]:
    """The modules row by row, "1" for dark, without the quiet zone; level M at least."""
    return ["".join("1" if module else "0" for module in row) for row in _make(text).matrix]


def _make(text: str) -> Any:
    import segno  # noqa: PLC0415 - a megabyte that a server pays with the first code

    return segno.make_qr(text, error="m")
