"""The build hook: what it fetched is what pages ask for; a failed fetch changes nothing and says what to do."""

import re
import shutil
from pathlib import Path

import pytest

import hatch_build

ROOT = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path):
    """A copy of what the hook reads, with an old static/vendor."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    (tmp_path / "static/css").mkdir(parents=True)
    (tmp_path / "static/css/icons.css").write_text('.icon-x { --icon: url("../vendor/icons/x.svg"); }', "utf-8")
    (tmp_path / "static/vendor").mkdir()
    (tmp_path / "static/vendor/old.js").write_text("old", "utf-8")
    return tmp_path


@pytest.fixture
def no_network(monkeypatch):
    """npm finds nobody at its registry."""
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_offline", "false")


def test_vendor_holds_everything_that_pages_ask_for():
    vendor = ROOT / "static/vendor"
    assert (vendor / "socket.io.esm.min.js").is_file()
    assert (vendor / "socket.io-client.LICENSE").is_file()
    users = [path for pattern in hatch_build.ICON_USERS for path in ROOT.glob(pattern)]
    icons = {name for path in users for name in hatch_build.ICON.findall(path.read_text("utf-8"))}
    assert icons
    assert {name for name in icons if not (vendor / f"icons/{name}.svg").is_file()} == set()


def test_failed_fetch_says_what_to_do_and_leaves_the_old_files(project, no_network, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("npm_config_cache", str(tmp_path_factory.mktemp("npm")))
    with pytest.raises(hatch_build.BrowserLibrariesError, match="npm config set registry"):
        hatch_build.fetch_browser_libraries(project)
    assert (project / "static/vendor/old.js").read_text("utf-8") == "old"


def test_current_libraries_are_not_fetched_again(project, no_network):
    stamp = hatch_build._stamp(project, ["x"])
    (project / "static/vendor/.stamp").write_text(stamp, "utf-8")
    assert hatch_build.fetch_browser_libraries(project) is False


def test_another_icon_makes_the_libraries_old(project):
    before = hatch_build._stamp(project, hatch_build._icons_used(project))
    page = project / "templates/page.html"
    page.parent.mkdir()
    page.write_text("<img src='vendor/icons/leaf.svg'>", "utf-8")
    assert hatch_build._icons_used(project) == ["leaf", "x"]
    assert hatch_build._stamp(project, ["leaf", "x"]) != before


def test_translations_are_compiled_once_for_each_change(tmp_path):
    source = tmp_path / "en/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    source.write_text(head + 'msgid "剩余"\nmsgstr "Left"\n', "utf-8")
    assert hatch_build.compile_translations(tmp_path) == [source.with_suffix(".mo")]
    assert hatch_build.compile_translations(tmp_path) == []
    source.write_text(head + 'msgid "剩余"\nmsgstr "In stock"\n', "utf-8")
    assert hatch_build.compile_translations(tmp_path) == [source.with_suffix(".mo")]


def test_lock_file_names_no_registry():
    lock = (ROOT / "package-lock.json").read_text("utf-8")
    assert "integrity" in lock
    assert re.findall(r'"resolved": ".*"', lock) == []
