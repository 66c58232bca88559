"""The catalogue document: the products of a show, as a JSON or TOML file or an API body.

A list of products, or `{"products": [...]}`, or TOML with `[[products]]`. Speech and shop read the
same document; this module knows neither.
"""

import difflib
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from studio.catalogue_parts import CatalogueProducer, Certificate, Day, Line, Name, NoNul, QualityEntry
from studio.errors import CatalogueError
from studio.types import Fen, Sku

MAX_PRODUCTS = 500
MAX_FILE_BYTES = 4 * 1024 * 1024

SkuText = Annotated[Sku, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]

_REASONS_ZH = {
    "missing": "缺少这一项",
    "greater_than_equal": "太小，不能小于 {ge}",
    "less_than_equal": "太大，不能大于 {le}",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_pattern_mismatch": "只能用字母、数字和 . _ -，最多 40 位",
    "too_long": "太多，最多 {max_length} 个",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为键值表",
    "date_from_datetime_parsing": "应为 2026-11-22 这样的日期",
    "date_parsing": "应为 2026-11-22 这样的日期",
    "value_error": "含有存不下的字符",
    "date_type": "应为 2026-11-22 这样的日期",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为数字",
    "model_type": "应为键值表",
    "path_outside": "应为证据文件夹里的相对路径，不能含 ..",
    "no_digest": "应为 64 位十六进制数",
    "half_a_point": "的 latitude 和 longitude 要么都写，要么都不写",
    "ends_early": "的 valid_until 早于 valid_from",
    "no_batch": "属于某一批次，请同时写 batch",
}


class CatalogueProduct(BaseModel):
    """One product of the catalogue document, with the facts of its current lot.

    Lot facts (origin, batch, produced_on, shelf_life_days, storage) may be absent: a card that lacks
    label items is refused when it should go on air, not when the file is read. Certificates, defects
    and quality log are one lot's, so they need its batch; an absent list leaves what is known of that
    lot, an empty one clears it. A producer is a name, or a table the first time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: SkuText
    name: Name
    aliases: tuple[Name, ...] = Field(default=(), max_length=20)
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), NoNul] = ""
    # strict integers: "120" is no stock and true is no price
    price_fen: Fen = Field(strict=True, ge=0, le=10_000_000)
    price_per_kg_fen: Fen | None = Field(default=None, strict=True, ge=1, le=10_000_000)
    cap_per_buyer: int | None = Field(default=None, strict=True, ge=1, le=999)
    stock: int = Field(default=0, strict=True, ge=0, le=1_000_000)
    origin: Line | None = None
    batch: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), NoNul] | None = None
    produced_on: Day | None = None
    shelf_life_days: int | None = Field(default=None, strict=True, ge=1, le=36_500)
    storage: Line | None = None
    facts: dict[Name, Line] = Field(default_factory=dict, max_length=30)
    category: Name | None = None
    producer: CatalogueProducer | None = None
    image: Line | None = None
    certificates: tuple[Certificate, ...] | None = Field(default=None, max_length=20)
    defects: tuple[Line, ...] | None = Field(default=None, max_length=20)
    quality_log: tuple[QualityEntry, ...] | None = Field(default=None, max_length=100)

    @field_validator("producer", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value

    @field_validator("certificates", "defects", "quality_log")
    @classmethod
    def _of_a_lot(cls, value: object, info: ValidationInfo) -> object:
        # a batch that is wrong itself is absent here and reported first
        if value and "batch" in info.data and info.data["batch"] is None:
            raise PydanticCustomError("no_batch", "belongs to a lot: give its batch too")
        return value

    @property
    def names(self) -> tuple[str, ...]:
        """The full name and every alias, without repeats, full name first."""
        return tuple(dict.fromkeys((self.name, *self.aliases)))


def load_catalogue(path: Path) -> tuple[CatalogueProduct, ...]:
    """Read a catalogue file; `.toml` is TOML, anything else JSON.

    Raises:
        CatalogueError: missing, unreadable or too large file, or what `parse_catalogue` refuses.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CatalogueError(
                f"商品文件 {path} 超过 4 MB，请确认选对了文件",
                f"catalogue file {path} is larger than 4 MB; is it the right file?",
            )
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise CatalogueError(f"找不到商品文件 {path}", f"catalogue file {path} does not exist") from error
    except UnicodeDecodeError as error:
        raise CatalogueError(
            f"商品文件 {path} 不是 UTF-8 文本，请确认选对了文件，并保存为 UTF-8",
            f"catalogue file {path} is not UTF-8 text; is it the right file? Save it as UTF-8",
        ) from error
    except OSError as error:
        raise CatalogueError(
            f"商品文件 {path} 读不了：{error}", f"cannot read catalogue file {path}: {error}"
        ) from error
    try:
        document: Any = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:  # both decoders' errors are ValueErrors that name the line
        raise CatalogueError(
            f"商品文件 {path} 的格式不对：{error}", f"catalogue file {path} is malformed: {error}"
        ) from error
    return parse_catalogue(document)


def parse_catalogue(document: object) -> tuple[CatalogueProduct, ...]:
    """Check a decoded catalogue document.

    Raises:
        CatalogueError: naming the product and the key, with the nearest known key for an unknown one.
    """
    products = tuple(_parse_product(item, number) for number, item in enumerate(_items(document), start=1))
    if not products:
        raise CatalogueError("商品文件里没有商品，至少写一个", "the catalogue holds no product; write at least one")
    seen: set[str] = set()
    for product in products:
        if product.sku in seen:
            raise CatalogueError(
                f"编号 {product.sku} 出现了两次，每个商品的 sku 要不同",
                f"sku {product.sku} appears twice; every product needs its own",
                product=product.sku,
                key="sku",
            )
        seen.add(product.sku)
    _check_producers(products)
    return products


def _check_producers(products: Sequence[CatalogueProduct]) -> None:
    known: dict[str, CatalogueProducer] = {}
    for product in products:
        if product.producer is None or not product.producer.is_described:
            continue
        if known.setdefault(product.producer.name, product.producer) != product.producer:
            raise CatalogueError(
                f"{product.sku}：生产者 {product.producer.name} 写了两种不同的资料，写一次，其他商品只写名字",
                f"{product.sku}: producer {product.producer.name} is described in two ways; "
                "describe it once and give other products its name only",
                product=product.sku,
                key="producer",
            )


def _items(document: object) -> list[object]:
    if isinstance(document, dict):
        table = cast("dict[str, object]", document)
        extra = [key for key in table if key != "products"]
        if extra or "products" not in table:
            wrong = extra[0] if extra else ""
            raise CatalogueError(
                "商品文件应为商品列表，或只含一个 products 键" + (f"，不认识 “{wrong}”" if wrong else ""),
                "a catalogue is a list of products or an object with the one key 'products'"
                + (f", not '{wrong}'" if wrong else ""),
                key=wrong or "products",
            )
        document = table["products"]
    if not isinstance(document, list):
        raise CatalogueError("商品文件应为商品列表", "a catalogue is a list of products")
    items = cast("list[object]", document)
    if len(items) > MAX_PRODUCTS:
        raise CatalogueError(
            f"商品太多：{len(items)} 个，最多 {MAX_PRODUCTS} 个",
            f"too many products: {len(items)}, at most {MAX_PRODUCTS}",
        )
    return items


def _parse_product(item: object, number: int) -> CatalogueProduct:
    try:
        return CatalogueProduct.model_validate(item)
    except ValidationError as error:
        problems = error.errors()
        # a misspelt key is reported as two problems; the one that names it helps
        first = next((problem for problem in problems if problem["type"] == "extra_forbidden"), problems[0])
        raise _explain(first, item, number) from error


def _keys_beside(place: tuple[int | str, ...]) -> list[str]:
    """Known keys of the table that a key stands in."""
    tables = {"producer": CatalogueProducer, "certificates": Certificate, "quality_log": QualityEntry}
    table = tables.get(str(place[0]), CatalogueProduct) if len(place) > 1 else CatalogueProduct
    return list(table.model_fields)


def _explain(problem: ErrorDetails, item: object, number: int) -> CatalogueError:
    fields = cast("dict[str, object]", item) if isinstance(item, dict) else {}
    who = str(fields.get("sku") or fields.get("name") or "")[:60]
    zh_who, en_who = (f"第 {number} 个商品", f"product {number}")
    if who:
        zh_who, en_who = f"{zh_who}（{who}）", f"{en_who} ({who})"
    key = ".".join(str(part) for part in problem["loc"])
    facts: dict[str, Any] = {"product": who or number, "key": key}
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(problem["loc"][-1]), _keys_beside(problem["loc"]), n=1)
        return CatalogueError(
            f"{zh_who}：不认识 “{key}”" + (f"，是不是想写 “{near[0]}”？" if near else ""),
            f"{en_who}: unknown key '{key}'" + (f", did you mean '{near[0]}'?" if near else ""),
            **facts,
        )
    if not key:
        return CatalogueError(f"{zh_who}：应为键值表", f"{en_who}: should be an object", **facts)
    reason = _REASONS_ZH.get(problem["type"], problem["msg"]).format(**problem.get("ctx", {}))
    return CatalogueError(f"{zh_who}：{key} {reason}", f"{en_who}: {key}: {problem['msg']}", **facts)
