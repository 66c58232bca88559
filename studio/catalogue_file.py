"""The catalogue document: the products of a show, as a JSON or TOML file or an API body.

A list of products, or `{"products": [...]}`, or TOML with `[[products]]`. Speech and shop read the
same document; this module knows neither.
"""

import difflib
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from studio.errors import CatalogueError
from studio.types import Fen, Sku, no_nul

MAX_PRODUCTS = 500
MAX_FILE_BYTES = 4 * 1024 * 1024
LAST_DAY = date(2100, 12, 31)
"""Later production dates are typing errors; a best-before date counted from one might not exist."""

NoNul = AfterValidator(no_nul)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), NoNul]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), NoNul]
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
}


class CatalogueProduct(BaseModel):
    """One product of the catalogue document, with the facts of its current lot.

    Lot facts (origin, batch, produced_on, shelf_life_days, storage) may be absent: a card that lacks
    label items is refused when it should go on air, not when the file is read.
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
    produced_on: date | None = Field(default=None, le=LAST_DAY)
    shelf_life_days: int | None = Field(default=None, strict=True, ge=1, le=36_500)
    storage: Line | None = None
    facts: dict[Name, Line] = Field(default_factory=dict, max_length=30)
    category: Name | None = None
    producer: Name | None = None
    image: Line | None = None

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
    return products


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


def _explain(problem: ErrorDetails, item: object, number: int) -> CatalogueError:
    fields = cast("dict[str, object]", item) if isinstance(item, dict) else {}
    who = str(fields.get("sku") or fields.get("name") or "")[:60]
    zh_who, en_who = (f"第 {number} 个商品", f"product {number}")
    if who:
        zh_who, en_who = f"{zh_who}（{who}）", f"{en_who} ({who})"
    key = ".".join(str(part) for part in problem["loc"])
    facts: dict[str, Any] = {"product": who or number, "key": key}
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, CatalogueProduct.model_fields, n=1)
        return CatalogueError(
            f"{zh_who}：不认识 “{key}”" + (f"，是不是想写 “{near[0]}”？" if near else ""),
            f"{en_who}: unknown key '{key}'" + (f", did you mean '{near[0]}'?" if near else ""),
            **facts,
        )
    if not key:
        return CatalogueError(f"{zh_who}：应为键值表", f"{en_who}: should be an object", **facts)
    reason = _REASONS_ZH.get(problem["type"], problem["msg"]).format(**problem.get("ctx", {}))
    return CatalogueError(f"{zh_who}：{key} {reason}", f"{en_who}: {key}: {problem['msg']}", **facts)
