"""Colours stand in the token files; everything else names them."""

import re

from studio.config import asset_root

TOKENS = {"tokens.css", "dusk.css"}
ALLOWED = {
    "static/js/themes/colours.js": None,  # the editor's colour inputs need the values; held to tokens.css below
    "templates/buyer/base.html": {"#fbf7ef"},  # theme-color, which browsers read before any style sheet
    "templates/overlays.html": {"#00b140", "#0047bb", "#ff00ff"},  # chroma keys: values for OBS, no look of ours
}
RAW = re.compile(
    r"(?<![\w&/%-])#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b|\b(?:rgb|hsl)a?\(|\bok(?:lch|lab)\(", re.IGNORECASE
)
WORD = re.compile(
    r"^\s*(?:[\w-]*color|background|fill|stroke):[^;]*\b(?:white|black|red|gr[ae]y)\b(?!-|\))", re.MULTILINE
)


def test_raw_colours_stand_in_the_token_files_only():
    root = asset_root()
    found = {}
    for folder in ("static/css", "static/js", "templates"):
        for path in sorted((root / folder).rglob("*.*")):
            name = path.relative_to(root).as_posix()
            if path.name in TOKENS or ALLOWED.get(name, ()) is None:
                continue
            text = path.read_text("utf-8")
            raw = set(RAW.findall(text)) | (set(WORD.findall(text)) if path.suffix == ".css" else set())
            if raw - (ALLOWED.get(name) or set()):
                found[name] = raw
    assert found == {}


def test_the_theme_editor_begins_with_the_studios_own_colours():
    own = (asset_root() / "static/js/themes/colours.js").read_text("utf-8")
    tokens = (asset_root() / "static/css/tokens.css").read_text("utf-8")
    pairs = re.findall(r'"(--[a-z-]+)": "(#[0-9a-f]{6})"', own)
    assert len(pairs) > 10
    assert {name: value for name, value in pairs if f"{name}: {value};" not in tokens} == {}
