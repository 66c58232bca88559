from datetime import date

import pytest

from studio.catalogue_file import load_catalogue
from studio.config import Settings, asset_root
from studio.demo.driver import fresh_catalogue
from studio.demo.folder import CATALOGUE, MARKER, TEMPLATE, clear, demo_settings
from studio.errors import BadInput, ConfigError
from studio.shows.template import read_template


def test_demo_settings_share_models_and_nothing_else(tmp_path):
    real = Settings(data_dir=tmp_path, database_url="postgresql://shop", ear_source="mic")
    demo = demo_settings(real)
    assert demo.data_dir == tmp_path / "demo"
    assert demo.database == f"sqlite:///{(tmp_path / 'demo/studio.db').as_posix()}"
    assert demo.models == real.models
    assert demo.port != real.port
    assert demo_settings(real.model_copy(update={"port": 9000})).port == 9000


def test_clear_empties_what_a_demo_made_and_keeps_its_tokens(tmp_path):
    folder = tmp_path / "demo"
    clear(folder)
    (folder / "studio.db").touch()
    (folder / "tokens.json").touch()
    (folder / "logs").mkdir()
    clear(folder)
    assert {path.name for path in folder.iterdir()} == {MARKER, "tokens.json"}


def test_clear_leaves_a_folder_alone_that_no_demo_made(tmp_path):
    (tmp_path / "photo.jpg").touch()
    with pytest.raises(ConfigError, match="left alone"):
        clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_catalogue_of_the_demo_is_of_today():
    given = load_catalogue(asset_root() / CATALOGUE)
    today = date(2027, 3, 1)
    fresh = fresh_catalogue(given, today)
    assert max(product.produced_on for product in fresh) == today
    milk, yoghurt = fresh[0], fresh[1]
    assert milk.batch == "20270301A"
    assert (milk.produced_on - yoghurt.produced_on) == (given[0].produced_on - given[1].produced_on)
    assert [product.price_fen for product in fresh] == [product.price_fen for product in given]


@pytest.mark.parametrize("path", sorted((asset_root() / "scenes").glob("*.toml")), ids=lambda path: path.stem)
def test_template_is_a_show(path):
    show = read_template(path)
    assert show.rundown
    assert all(item.points for item in show.rundown)


def test_demo_template_names_products_of_the_demo_catalogue():
    known = {product.sku for product in load_catalogue(asset_root() / CATALOGUE)}
    used = {item.sku for item in read_template(asset_root() / TEMPLATE).rundown if item.sku}
    assert used == known


@pytest.mark.parametrize("text", ["titel = '牛奶'", "title = ", "title = 'x'\n[[rundown]]\ntitle = 'a'\nminutes = 0"])
def test_wrong_template_is_refused(tmp_path, text):
    path = tmp_path / "show.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"show\.toml"):
        read_template(path)
