from pathlib import Path

import pytest

from studio.catalogue_file import load_catalogue
from studio.config import Settings
from studio.transcribe.store import REQUIRED
from tests.real import missing

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def model_dir():
    """Folder of the real Whisper base."""
    folder = Settings().models / "base"
    if not all((folder / name).is_file() for name in REQUIRED):
        missing(f"no speech model: python -m studio.transcribe.store --models-dir {folder.parent}")
    return folder


@pytest.fixture(scope="session")
def dairy_audio():
    return ROOT / "scenes/demo/dairy.opus"


@pytest.fixture(scope="session")
def dairy_catalogue_path():
    return ROOT / "scenes/demo/dairy.catalog.json"


@pytest.fixture(scope="session")
def dairy_products(dairy_catalogue_path):
    return load_catalogue(dairy_catalogue_path)
