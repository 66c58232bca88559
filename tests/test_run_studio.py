"""The door: what it says, what it skips, what it repairs. Nothing here downloads a package."""

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from door.screen import SetupFailed, Step, run_step
from door.setup import Checkout, Stamp, explain, missing_display_library, set_up
from tests.real import require

ROOT = Path(__file__).parents[1]


def run(*command, **environ):
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def checkout(tmp_path):
    """A checkout with an environment whose python is this one, not set up yet."""
    checkout = Checkout(tmp_path)
    checkout.python.parent.mkdir(parents=True)
    use_python(checkout, f'exec "{sys.executable}" "$@"')
    (tmp_path / "constraints.txt").write_text("click==8.1\n")
    return checkout


def use_python(checkout, script):
    checkout.python.write_text(f"#!/bin/sh\n{script}\n")
    checkout.python.chmod(0o755)


def test_old_python_is_told_what_it_needs():
    script = "import runpy, sys; sys.version_info = (3, 10, 9); runpy.run_path('run_studio.py', run_name='__main__')"
    done = run("-c", script)
    assert done.returncode == 78
    assert "需要 Python 3.11" in done.stderr
    assert "needs Python 3.11" in done.stderr
    assert "Traceback" not in done.stderr


def test_door_loads_only_the_standard_library():
    script = (
        "import sys; from door.entry import main\n"
        "found = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(found - set(sys.stdlib_module_names) - {'door', 'studio', '__main__'}))"
    )
    done = run("-S", "-c", script)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt", "package-lock.json", "hatch_build.py"])
def test_key_follows_every_file_it_depends_on(checkout, name):
    before = checkout.key()
    assert checkout.key() == before
    (checkout.root / name).write_text("changed\n")
    assert checkout.key() != before


def test_key_follows_icons_and_not_other_edits(checkout):
    page = checkout.root / "templates/page.html"
    page.parent.mkdir()
    before = checkout.key()
    page.write_text("<p>words</p>")
    assert checkout.key() == before
    page.write_text('<img src="vendor/icons/leaf.svg">')
    assert checkout.key() != before


def test_warm_start_runs_nothing(checkout, tmp_path):
    model = tmp_path / "base"
    model.mkdir()
    (model / "model.bin").touch()
    checkout.write_stamp(Stamp(key=checkout.key(), model=str(model)))
    use_python(checkout, "exit 99")
    set_up(checkout)
    assert not checkout.log.exists()


def test_damaged_stamp_means_set_up_again(checkout):
    checkout.write_stamp(Stamp(key=checkout.key(), model="x"))
    (checkout.venv / "setup.json").write_text('{"key": 1, "colour": 2}')
    assert checkout.read_stamp() == Stamp()


def test_tests_need_more_than_a_start(checkout, tmp_path):
    (tmp_path / "model.bin").touch()
    checkout.write_stamp(Stamp(key=checkout.key(), model=str(tmp_path)))
    use_python(checkout, "exit 99")
    with pytest.raises(SetupFailed):
        set_up(checkout, test=True)


def test_failed_installation_shows_the_end_of_the_log_and_leaves_no_stamp(checkout, capsys):
    with pytest.raises(SetupFailed) as refused:
        set_up(checkout)
    assert str(checkout.log) in refused.value.zh
    assert "pyproject.toml" in refused.value.zh
    assert "again" in refused.value.en
    assert checkout.read_stamp() == Stamp()
    assert "[2/4] 安装软件包" in capsys.readouterr().err


def test_missing_model_does_not_stop_the_studio(checkout, tmp_path, capfd):
    (tmp_path / "studio").symlink_to(ROOT / "studio")
    checkout.write_stamp(Stamp(key=checkout.key()))
    use_python(checkout, f'STUDIO_EAR_MODEL=/nowhere/model exec "{sys.executable}" "$@"')
    set_up(checkout)
    assert checkout.read_stamp().model == ""
    shown = capfd.readouterr().err
    assert "暂时没有字幕" in shown
    assert "/nowhere/model" in shown


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "check the network"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError'", "check the network"),
        ("ERROR: something else", "installing packages failed"),
    ],
)
def test_pip_failure_is_explained(tmp_path, line, advice):
    error = explain([line], tmp_path / "setup.log")
    assert advice in error.en
    assert line in error.zh


def test_step_keeps_output_in_the_log_and_its_end(tmp_path, capsys):
    script = "print('一'); print('\\n'.join(map(str, range(40)))); raise SystemExit(3)"
    with Step(1, 2, "安装", "installing") as step:
        status, tail = run_step(step, [sys.executable, "-c", script], tmp_path / "log", cwd=tmp_path)
    assert status == 3
    assert tail[-1] == "39"
    assert len(tail) == 12
    assert "一\n0\n" in (tmp_path / "log").read_text("utf-8")
    assert "[1/2] 安装 installing ✓" in capsys.readouterr().err


def test_opencv_without_libgl_names_the_library(checkout):
    """The real import, in a mount namespace where libGL is an empty file."""
    require("unshare", "apt-get install util-linux")
    library = library_path("libGL.so.1")
    if library is not None:
        hide = f"mount --bind /dev/null {library}"
        probe = subprocess.run(["unshare", "-rm", "sh", "-c", hide], capture_output=True, check=False)
        if probe.returncode:
            pytest.skip(f"no mount namespaces here: {probe.stderr.decode()}")
        use_python(checkout, f'exec unshare -rm sh -c \'{hide}; exec "$0" "$@"\' {sys.executable} "$@"')
    assert missing_display_library(checkout) == "libGL"


def test_opencv_that_imports_misses_nothing(checkout):
    if library_path("libGL.so.1") is None:
        pytest.skip("no libGL here: apt-get install libgl1")
    assert missing_display_library(checkout) is None


def test_opencv_broken_otherwise_is_not_blamed_on_the_display(checkout, tmp_path):
    (tmp_path / "cv2.py").write_text("raise ImportError('numpy is too old')")
    use_python(checkout, f'PYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"')
    with pytest.raises(SetupFailed, match="numpy is too old"):
        missing_display_library(checkout)


def test_help_needs_no_set_up():
    done = run("-c", "from door.entry import main; raise SystemExit(main(['--help']))")
    assert done.returncode == 0
    assert "run_studio.py" in done.stdout or "linli-studio" in done.stdout


def test_constraints_pin_everything_exactly():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(pin.count("==") == 1 and "/" not in pin for pin in pins)
    assert len({pin.split("==")[0] for pin in pins}) == len(pins)


def library_path(name):
    """Where the loader finds a library, None when it does not."""
    if ctypes.util.find_library(name.removeprefix("lib").partition(".")[0]) is None:
        return None
    for line in subprocess.run(
        ["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True
    ).stdout.splitlines():
        if line.strip().startswith(f"{name} "):
            return os.path.realpath(line.rpartition("=> ")[2])
    return None
