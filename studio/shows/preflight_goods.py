"""The checks of what is sold and said: label items, cold chain, stock count, prices and the script."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from studio.shows.preflight import Check, Line, check_each

_CHILLED = re.compile(r"冷藏|冷冻|冰|[-−零]?\d+\s*(?:到|至|-|~|～)?\s*[-−零]?\d*\s*(?:℃|摄氏度|°C)")
_LABELS_EN = {
    "规格": "unit", "产地": "origin", "生产日期": "production date", "保质期": "shelf life", "贮存": "storage",
    "批次": "lot",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim of the plan, and how it stands against ledger, sales and papers: red, amber or true."""

    kind: str
    level: str
    term: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text that will be read out or shown, and the product it is about."""

    text: str
    sku: str | None


def planned(rundown: Sequence[Mapping[str, Any]]) -> list[str]:
    """SKUs of a rundown, each once."""
    return list(dict.fromkeys(item["sku"] for item in rundown if item["sku"]))


def check_labels(skus: Sequence[str], products: Mapping[str, Mapping[str, Any]], today: date) -> Check:
    """Label items of every product of the rundown, and that its lot may still be eaten."""
    lines = [line for sku in skus for line in _label_lines(sku, products.get(sku), today.isoformat())]
    return check_each("labels", lines, zh="标签项齐全，都在保质期内", en="labels are complete, shelf lives run")


def _label_lines(sku: str, product: Mapping[str, Any] | None, today: str) -> Iterable[Line]:
    if product is None:
        yield Line("red", f"商品表里没有 {sku}", f"the catalogue has no {sku}")
        return
    name, lot = product["name"], product["lot"]
    missing: list[str] = product["missing"]
    if missing:
        zh, en = "、".join(missing), ", ".join(_LABELS_EN.get(item, item) for item in missing)
        yield Line("red", f"“{name}”缺标签项：{zh}，在商品表里补上", f"'{name}' lacks {en}: complete the catalogue")
    if lot and lot["best_before"] and lot["best_before"] < today:
        yield Line(
            "red",
            f"“{name}”这批 {lot['best_before']} 已过保质期，换批次或从流程去掉",
            f"'{name}': the lot's shelf life ended on {lot['best_before']}, change the lot or take it out",
        )
    if lot and lot["produced_on"] and lot["produced_on"] > today:
        yield Line(
            "amber",
            f"“{name}”的生产日期 {lot['produced_on']} 在今天之后：核对批次和电脑的日期",
            f"'{name}' is made on {lot['produced_on']}, after today: check the lot and this PC's date",
        )


def needs_cold(product: Mapping[str, Any]) -> bool:
    """Whether its label asks for cold storage."""
    lot = product["lot"]
    return bool(lot and lot["storage"] and _CHILLED.search(lot["storage"]))


def check_cold_chain(
    skus: Sequence[str], products: Mapping[str, Mapping[str, Any]], verdict: Callable[[str], str | None]
) -> Check:
    """Cold-chain records of the lots that need one; unknown is amber, never good.

    Args:
        skus: of the rundown.
        products: by SKU.
        verdict: 合格 "good", 超温 "warm", 过冷 "cold", 断链 "broken", 未知 "unknown"; None where no limit is known.
    """
    lines: list[Line] = []
    for product in (products[sku] for sku in skus if sku in products):
        name, stands = product["name"], verdict(product["sku"])
        if stands is None and not needs_cold(product):
            continue
        line = {
            "good": Line("green", f"“{name}”温度记录合格", f"'{name}': cold chain unbroken"),
            "warm": Line("red", f"“{name}”这批超温，不要卖", f"'{name}': the lot was too warm, do not sell it"),
            "cold": Line(
                "amber",
                f"“{name}”这批过冷：先看有没有冻伤，再决定卖不卖",
                f"'{name}': the lot was too cold, look for frost damage before you sell it",
            ),
            "broken": Line(
                "amber", f"“{name}”温度记录断过，说明时要照实说", f"'{name}': the record has gaps, say so on air"
            ),
        }.get(stands or "unknown")
        lines.append(
            line
            or Line(
                "amber",
                f"“{name}”要冷链，没有温度记录：屏幕上写未知",
                f"'{name}' needs cold: no record, shown as unknown",
            )
        )
    return check_each("cold_chain", lines, zh="没有要冷链的商品", en="nothing needs a cold chain")


def check_stock(
    skus: Sequence[str],
    products: Mapping[str, Mapping[str, Any]],
    counts: Callable[[str], Mapping[str, int] | None],
    counted_today: Callable[[str], bool],
) -> Check:
    """Stock was counted or came in today, and there is some; `counts`: the stock topic's of a SKU."""
    lines: list[Line] = []
    for sku in skus:
        name = products[sku]["name"] if sku in products else sku
        known = counts(sku) or {"available": 0, "held": 0}
        left, held = known["available"], known["held"]
        if not left and held:
            lines.append(
                Line(
                    "amber",
                    f"“{name}”没有库存可卖，{held} 份留给还没付款的订单：到付没来取的，到“自提”放回可售",
                    f"'{name}': nothing to sell, unpaid orders hold {held}; the pickup page releases unclaimed ones",
                )
            )
        elif not left:
            lines.append(Line("amber", f"“{name}”没有库存可卖", f"'{name}': nothing to sell"))
        elif counted_today(sku):
            lines.append(Line("green", f"“{name}”今天点过，{left} 份", f"'{name}': counted today, {left} left"))
        else:
            lines.append(
                Line(
                    "amber",
                    f"“{name}”今天还没盘点，账上 {left} 份",
                    f"'{name}': not counted today, {left} on the books",
                )
            )
    return check_each("stock", lines, zh="流程里没有商品", en="no products in the rundown")


def said_of(show: Mapping[str, Any]) -> list[Said]:
    """Everything of a show's plan that buyers will hear or read."""
    found = [Said(show["title"], None)]
    for item in show["rundown"]:
        texts = (item["title"], *item["points"], *(trust["text"] for trust in item["trust"]))
        found += [Said(text, item["sku"]) for text in texts]
    return found


def check_script(said: Iterable[Said], find: Callable[[Said], Sequence[Standing]]) -> tuple[Check, Check]:
    """Prices with their evidence, and everything else that must not, or not without proof, be said.

    Args:
        said: texts of the plan.
        find: claims of a text by the rules of the live guard, judged against ledger, sales and papers.
    """
    prices: list[Line] = []
    others: list[Line] = []
    for each in said:
        for claim in find(each):
            if claim.level == "true":
                continue
            where = each.text if len(each.text) <= 40 else each.text[:39] + "…"  # noqa: PLR2004 - a line of the dialog
            if claim.kind == "price":
                level, zh, en = _price_words(claim.level)
                prices.append(Line(level, f"“{where}”：{zh}", f"“{where}”: {en}"))
            else:
                level = "red" if claim.level == "red" else "amber"
                zh = "不能这么说，改掉" if level == "red" else "要有证明才说"
                en = "must not be said, change it" if level == "red" else "needs proof"
                others.append(Line(level, f"“{where}”里的“{claim.term}”{zh}", f"'{claim.term}' in “{where}” {en}"))
    return (
        check_each("prices", prices, zh="稿子里没有要对比的价格", en="the script compares no prices"),
        check_each("script", others, zh="稿子里没有不能说的话", en="nothing in the script that must not be said"),
    )


def _price_words(level: str) -> Any:
    if level == "red":
        return "red", "和最近七天的成交价对不上", "contradicts the sales of the last seven days"
    return "amber", "没有成交记录能证明", "no sale proves it"
