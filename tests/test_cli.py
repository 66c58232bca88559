"""The command line as people meet it: a process, its output and its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio import __version__

ROOT = Path(__file__).parents[1]
DAIRY = ROOT / "scenes/demo/dairy.catalog.json"


@pytest.fixture
def cli(tmp_path):
    """cli(*arguments, **environ) → finished process, on a data folder of the test's."""

    def run(*arguments, **environ):
        base = {name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")}
        done = subprocess.run(
            [sys.executable, "-m", "studio.cli", *map(str, arguments)],
            cwd=ROOT,
            env={**base, "STUDIO_DATA_DIR": str(tmp_path / "data"), "STUDIO_OBS_PORT": "1", **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def test_version_is_the_package_version(cli):
    assert cli("--version").stdout.strip() == __version__


def test_help_lists_every_command(cli):
    shown = cli("--help").stdout
    for command in ("run", "start", "demo", "transcribe", "export", "doctor", "login-link", "model", "test"):
        assert f"\n  {command} " in shown


def test_unknown_flag_is_a_usage_error(cli):
    done = cli("run", "--prot", "9000")
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert "加 --help 可看用法" in done.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prot = 9000\n", "did you mean 'port'"),
        ("port = \n", "is malformed, correct it"),
        ("port = 99999\n", "setting port is invalid"),
        ("shoutout_seconds = 0\n", "setting shoutout_seconds is invalid"),
    ],
)
def test_wrong_settings_are_explained_in_both_languages(cli, tmp_path, text, says):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/studio.toml").write_text(text)
    done = cli("run", "--no-open")
    assert done.returncode == 78
    assert says in done.stderr
    assert "设置" in done.stderr


def test_data_folder_that_is_a_file_is_explained(cli, tmp_path):
    (tmp_path / "data").touch()
    done = cli("run", "--no-open", "--port", "0")
    assert done.returncode == 78
    assert "cannot write the data folder" in done.stderr


def test_missing_model_names_what_to_do(cli, tmp_path):
    done = cli("transcribe", "x.opus", "--catalog", DAIRY, "--out", tmp_path / "log", STUDIO_EAR_MODEL="/no/model")
    assert done.returncode == 1
    assert "/no/model" in done.stderr


@pytest.mark.speech
def test_transcribe_refuses_bad_input_before_writing(cli, tmp_path, model_dir):
    noise = tmp_path / "noise.opus"
    noise.write_bytes(b"not audio" * 100)
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text('[{"sku": "A", "name": "奶", "price": 3}]')
    out = tmp_path / "log.json"
    refused = cli("transcribe", noise, "--catalog", DAIRY, "--out", out, STUDIO_MODELS_DIR=str(model_dir.parent))
    assert refused.returncode == 1
    assert "noise.opus" in refused.stderr
    refused = cli("transcribe", noise, "--catalog", catalogue, "--out", out, STUDIO_MODELS_DIR=str(model_dir.parent))
    assert refused.returncode == 1
    assert "did you mean 'price_fen'" in refused.stderr
    assert not out.exists()


def test_export_without_data_says_so(cli):
    done = cli("export", 1, "srt")
    assert done.returncode == 1
    assert "还没有数据" in done.stderr


def test_export_writes_a_show_and_refuses_others(cli, live, tmp_path):
    show = live.prepare_show()
    out = tmp_path / "show.json"
    assert cli("export", show["id"], "json", "--out", out, "--data", live.data_dir).returncode == 0
    assert json.loads(out.read_text("utf-8"))["segments"] == []
    for arguments in ((99, "srt"), (show["id"], "docx")):
        refused = cli("export", *arguments, "--data", live.data_dir)
        assert refused.returncode == 1
        assert refused.stdout == ""


def test_login_link_is_that_of_the_running_studio(cli, live):
    assert cli("login-link", "--data", live.data_dir).stdout.strip() == live.login_url
    live.stop()
    done = cli("login-link", "--data", live.data_dir)
    assert done.returncode == 1
    assert "start it first" in done.stderr


def test_doctor_reports_every_subject_and_fails_on_what_is_broken(cli, tmp_path):
    done = cli("doctor", "--lang", "en", STUDIO_MODELS_DIR=str(tmp_path / "models"))
    assert done.returncode == 1
    for subject in ("python", "opencv", "model", "data", "disk", "port", "obs", "microphone"):
        assert f" {subject} " in done.stdout
    assert "linli-studio model base" in " ".join(done.stdout.split())


def test_scene_collections_in_the_repository_are_those_of_the_layout(cli, tmp_path):
    done = cli("obs-scenes", "--out", tmp_path)

    assert done.returncode == 0
    assert "布置 OBS" in done.stderr  # no studio has run on this data folder: no key yet
    for name in ("obs-portrait.json", "obs-landscape.json"):
        assert (tmp_path / name).read_text("utf-8") == (ROOT / "scenes" / name).read_text("utf-8")
