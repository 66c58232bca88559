"""Every text of pages and scripts has its English; the catalogue holds nothing else."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "translations/en/LC_MESSAGES/messages.po"
KEYWORDS = {"_": None, "gettext": None, "t": None}
HOLES = re.compile(r"\{\w+\}|%\(\w+\)[sd]")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def source_texts():
    with (ROOT / "babel.cfg").open(encoding="utf-8") as config:
        methods, _options = parse_mapping_cfg(config)
    found = {}
    for pattern, method in methods:
        if method == "ignore":
            continue
        for path in ROOT.glob(pattern.replace("**", "**/*")):
            for _line, text, _comments, _context in extract_from_file(method, path, KEYWORDS):
                found.setdefault(text, path.relative_to(ROOT).as_posix())
    return found


@pytest.fixture(scope="module")
def english():
    with CATALOGUE.open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="en") if message.id}


def test_every_text_has_its_english(source_texts, english):
    assert {text: file for text, file in source_texts.items() if not english.get(text)} == {}


def test_catalogue_holds_no_text_that_nobody_says(source_texts, english):
    assert set(english) - set(source_texts) == set()


def test_english_fills_the_same_holes_and_holds_no_chinese(english):
    for chinese, text in english.items():
        assert sorted(HOLES.findall(chinese)) == sorted(HOLES.findall(text)), chinese
        assert not HAN.search(text), text


def test_extraction_sees_every_call_in_scripts(source_texts):
    # Babel does not look into template literals: a t("…") inside one would stay Chinese unnoticed
    calls = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)*)\"""")
    said = {
        text
        for path in (ROOT / "static/js").rglob("*.js")
        for text in calls.findall(re.sub(r"^\s*\*.*$", "", path.read_text("utf-8"), flags=re.MULTILINE))
    }
    assert said
    assert said - set(source_texts) == set()


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r"\.icon-([a-z0-9-]+) \{", (ROOT / "static/css/icons.css").read_text("utf-8")))
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "templates").glob("*.html"))
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "static/js").rglob("*.js"))
    named = set(re.findall(r'icon\("([a-z0-9-]+)"', templates + scripts))
    named |= set(re.findall(r'(?:sign:|empty\(|badge\("\w*",|tool\() ?"([a-z0-9-]+)"', scripts))
    assert named
    assert named - drawn == set()
