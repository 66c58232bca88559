import json
from pathlib import Path

import pytest

from studio.catalogue_file import load_catalogue, parse_catalogue
from studio.errors import CatalogueError

ROOT = Path(__file__).parents[1]
TOFU = {"sku": "TOF-2", "name": "石磨老豆腐", "price_fen": 680, "stock": 110, "shelf_life_days": 2}


@pytest.mark.parametrize(
    "path", ["scenes/demo/dairy.catalog.json", "tests/shows/kitchen.catalog.json", "tests/shows/nonstop.catalog.json"]
)
def test_catalogue_of_a_show_is_read_whole(path):
    products = load_catalogue(ROOT / path)
    document = json.loads((ROOT / path).read_text("utf-8"))
    assert [(p.sku, p.price_fen, p.stock) for p in products] == [
        (p["sku"], p["price_fen"], p["stock"]) for p in document
    ]


def test_toml_and_json_give_the_same_products(tmp_path):
    toml = tmp_path / "a.toml"
    toml.write_text(
        '[[products]]\nsku = "TOF-2"\nname = "石磨老豆腐"\nprice_fen = 680\n'
        'produced_on = 2026-11-22\nfacts = {"配料" = "黄豆"}\n',
        "utf-8",
    )
    same = {
        "sku": "TOF-2",
        "name": "石磨老豆腐",
        "price_fen": 680,
        "produced_on": "2026-11-22",
        "facts": {"配料": "黄豆"},
    }
    assert load_catalogue(toml) == parse_catalogue({"products": [same]})


@pytest.mark.parametrize(
    ("change", "key", "hint"),
    [
        ({"prise_fen": 1}, "prise_fen", "price_fen"),
        ({"stock": -1}, "stock", "不能小于 0"),
        ({"stock": "12"}, "stock", "整数"),
        ({"price_fen": 6.8}, "price_fen", "整数"),
        ({"cap_per_buyer": 0}, "cap_per_buyer", "不能小于 1"),
        ({"price_per_kg_fen": "39.8"}, "price_per_kg_fen", "整数"),
        ({"name": "豆\0腐"}, "name", "存不下"),
        ({"price_fen": None}, "price_fen", "整数"),
        ({"name": "  "}, "name", "不能为空"),
        ({"aliases": ["豆" * 61]}, "aliases.0", "最多 60"),
        ({"sku": "豆腐"}, "sku", "字母"),
        ({"produced_on": "昨天"}, "produced_on", "2026-11-22"),
        ({"facts": {"配料": 3}}, "facts.配料", "文字"),
        ({"shelf_life_days": 0}, "shelf_life_days", "不能小于 1"),
        ({"defects": ["掉皮"]}, "defects", "batch"),
        ({"batch": "A", "defects": "掉皮"}, "defects", "列表"),
        ({"batch": "A", "defects": [" "]}, "defects.0", "不能为空"),
        ({"batch": "A", "certificates": [{"number": "1"}]}, "certificates.0.kind", "缺少"),
        (
            {"batch": "A", "certificates": [{"kind": "有机", "valid_untill": "2026"}]},
            "valid_untill",
            "valid_until",
        ),
        ({"batch": "A", "certificates": [{"kind": "有机", "valid_until": "明年"}]}, "valid_until", "2026-11-22"),
        ({"batch": "A", "certificates": [{"kind": "有机", "sha256": "abc"}]}, "sha256", "64"),
        ({"batch": "A", "certificates": [{"kind": "有机", "file": "../x.pdf"}]}, "file", "相对路径"),
        ({"batch": "A", "certificates": [{"kind": "有机", "file": "C:\\x.pdf"}]}, "file", "相对路径"),
        (
            {"batch": "A", "certificates": [{"kind": "有机", "valid_from": "2026-02-02", "valid_until": "2026-02-01"}]},
            "certificates.0",
            "早于",
        ),
        ({"batch": "A", "quality_log": [{"on": "2026-11-22"}]}, "quality_log.0.text", "缺少"),
        ({"producer": {"place": "练塘镇"}}, "producer.name", "缺少"),
        ({"producer": {"name": "王家", "latitute": 31.0}}, "latitute", "latitude"),
        ({"producer": {"name": "王家", "latitude": 31.0}}, "producer", "都不写"),
        ({"producer": {"name": "王家", "latitude": 91.0, "longitude": 0.0}}, "producer.latitude", "90"),
        ({"producer": {"name": "王家", "latitude": "31", "longitude": 0.0}}, "producer.latitude", "数字"),
        ({"producer": 7}, "producer", "键值表"),
    ],
)
def test_catalogue_refuses_a_bad_value_naming_product_and_key(change, key, hint):
    with pytest.raises(CatalogueError) as refused:
        parse_catalogue([TOFU | change])
    assert refused.value.details["key"].endswith(key)
    assert "第 1 个商品" in refused.value.zh
    assert hint in refused.value.zh


def test_catalogue_names_the_second_of_two_products():
    with pytest.raises(CatalogueError, match=r"product 2 \(RICE-5\): price_fen"):
        parse_catalogue([TOFU, {"sku": "RICE-5", "name": "薄稻米"}])


@pytest.mark.parametrize("document", [[], {}, {"products": []}, {"goods": [TOFU]}, "豆腐", 3, None, [3], [TOFU, TOFU]])
def test_catalogue_refuses_another_shape(document):
    with pytest.raises(CatalogueError):
        parse_catalogue(document)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.json", b"[{"), ("a.toml", b"[[products"), ("a.json", b"\xff\xfe[]"), ("a.json", b"[" * 9999)],
)
def test_catalogue_file_that_is_malformed_is_refused_with_its_path(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(path)
    assert str(path) in refused.value.zh


def test_missing_catalogue_file_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match="does not exist"):
        load_catalogue(tmp_path / "none.json")


def test_names_have_no_repeats_and_begin_with_the_full_name():
    (product,) = parse_catalogue([TOFU | {"aliases": ["豆腐", "石磨老豆腐", "豆腐"]}])
    assert product.names == ("石磨老豆腐", "豆腐")


def test_a_production_date_whose_shelf_life_has_no_end_is_refused():
    with pytest.raises(CatalogueError, match="produced_on") as refused:
        parse_catalogue([TOFU | {"produced_on": "9999-12-31", "shelf_life_days": 36_500}])
    assert "2100-12-31" in refused.value.zh


def test_a_producer_is_described_once_and_named_by_the_others():
    maker = {"name": "王家豆腐坊", "place": "练塘镇", "latitude": 31, "longitude": 121.03}
    first, second = parse_catalogue([TOFU | {"producer": maker}, TOFU | {"sku": "TOF-3", "producer": "王家豆腐坊"}])
    assert (first.producer.place, second.producer.place) == ("练塘镇", None)
    with pytest.raises(CatalogueError, match="described in two ways"):
        parse_catalogue([TOFU | {"producer": maker}, TOFU | {"sku": "T", "producer": maker | {"place": "朱家角"}}])
