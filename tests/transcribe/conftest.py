from pathlib import Path

import pytest

from studio.catalogue_file import load_catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def dairy_audio():
    return ROOT / "scenes/demo/dairy.opus"


@pytest.fixture(scope="session")
def dairy_catalogue_path():
    return ROOT / "scenes/demo/dairy.catalog.json"


@pytest.fixture(scope="session")
def dairy_products(dairy_catalogue_path):
    return load_catalogue(dairy_catalogue_path)
