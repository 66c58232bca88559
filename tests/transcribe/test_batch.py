import json
from pathlib import Path

import numpy as np
import pytest

from bench.mixes import music, pink_noise
from studio.errors import AudioUnreadable, BadInput, CatalogueError, ModelError
from studio.transcribe.batch import transcribe_file
from studio.transcribe.engine import SAMPLE_RATE, Engine
from studio.transcribe.pipeline import Pipeline
from studio.transcribe.understanding import Understanding
from studio.transcribe.vad import HOP
from tests.score.score_show import score

ROOT = Path(__file__).parents[2]
SHOWS = {
    "dairy": (ROOT / "scenes/demo/dairy.opus", ROOT / "scenes/demo/dairy.catalog.json"),
    "kitchen": (ROOT / "tests/shows/kitchen.opus", ROOT / "tests/shows/kitchen.catalog.json"),
    "nonstop": (ROOT / "tests/shows/nonstop.opus", ROOT / "tests/shows/nonstop.catalog.json"),
}
# measured figures are better; CPUs round differently, so a few words may be heard otherwise
LEAST = {
    "mention_f1": 0.85,
    "product_attribution": 0.9,
    "highlight_recall": 0.75,
    "highlight_precision": 0.75,
    "qa_recall": 0.66,
    "qa_precision": 0.66,
    "price_recall": 0.66,
}
KEYS = {"segments", "mentions", "highlights", "qa", "claims", "promises", "prices"}


@pytest.mark.speech
@pytest.mark.parametrize("show", SHOWS)
def test_show_is_understood(show, model_dir, tmp_path):
    audio, catalogue = SHOWS[show]
    out = tmp_path / "log.json"
    heard = []
    transcribe_file(str(audio), catalogue, out, model_dir, progress=lambda text, share: heard.append((text, share)))
    log = json.loads(out.read_text("utf-8"))
    assert set(log) == KEYS
    assert [path.name for path in tmp_path.iterdir()] == ["log.json"]
    result = score(json.loads((ROOT / f"tests/shows/{show}.json").read_text("utf-8")), log)
    assert result["cer"] <= 0.2, result
    assert {name: result[name] for name, least in LEAST.items() if result[name] < least} == {}
    assert heard[-1][0] == log["segments"][-1]["text"]
    assert heard[-1][1] == pytest.approx(1.0, abs=0.05)


@pytest.mark.speech
def test_noise_music_and_silence_give_no_text(model_dir, dairy_products):
    """With names as hotwords and no gate, Whisper writes product names into all of these."""
    random = np.random.default_rng(3)
    seconds = np.arange(8 * SAMPLE_RATE) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * f * seconds) for f in (220.0, 277.2, 329.6)) * (1 + np.sin(2 * np.pi * 2 * seconds))
    pipeline = Pipeline(Engine(model_dir), Understanding(dairy_products), live=False)
    events = []
    for sound in (np.zeros(8 * SAMPLE_RATE), random.normal(0, 0.05, 8 * SAMPLE_RATE), chord * 0.1):
        samples = sound.astype(np.float32)
        for at in range(0, len(samples) - HOP + 1, HOP):
            events += pipeline.feed(samples[at : at + HOP], 0.0)
    assert events + pipeline.finish() == []


@pytest.mark.speech
def test_gate_drops_what_whisper_invents_without_vad(model_dir, dairy_products):
    """Sixty windows straight into the model, with tonight's names before them: what it writes, the gate refuses."""
    count = SAMPLE_RATE
    engine, prompt = Engine(model_dir), Understanding(dairy_products).prompt()
    quiet = np.random.default_rng(4).normal(0, 1, 20 * count).astype(np.float32)
    kept = []
    for sound, loudest in ((quiet, 0.0003), (pink_noise(20 * count), 0.1), (music(20 * count), 0.1)):
        for n, window in enumerate(np.split(sound / np.abs(sound).mean(), 20)):
            decoded = engine.decode(np.clip(window * loudest * n / 20, -1, 1), prompt)
            kept += [] if Pipeline._is_rejected(decoded) else [decoded]
    assert kept == []


def test_bad_input_is_refused_before_anything_is_written(tmp_path):
    audio, catalogue = SHOWS["dairy"]
    broken = tmp_path / "broken.json"
    broken.write_text("[{}]")
    out = tmp_path / "log.json"
    no_model = tmp_path / "base"
    with pytest.raises(CatalogueError):
        transcribe_file(str(audio), broken, out, no_model)
    with pytest.raises(AudioUnreadable):
        transcribe_file(str(broken), catalogue, out, no_model)
    with pytest.raises(BadInput, match="cannot write"):
        transcribe_file(str(audio), catalogue, tmp_path / "none" / "log.json", no_model)
    with pytest.raises(ModelError):
        transcribe_file(str(audio), catalogue, out, no_model)
    assert not out.exists()


@pytest.mark.speech
def test_folder_that_holds_no_model_is_refused(tmp_path):
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelError, match="cannot load"):
        Engine(tmp_path)
