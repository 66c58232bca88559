// @ts-check
/** What the host talks about now: the product's card in short, its lot, what its label lacks, and the talking points. */

import { priceParts } from "../format.js";
import { t } from "../i18n.js";
import { badge, byId, empty, fill, h, icon } from "../ui/element.js";
import { productOf, stage, watch } from "./stage.js";
import { labelWord } from "./standby.js";
import { trustList } from "./trust.js";

/** Draws the item on air; before the show its first item. */
export function startNow() {
  watch(["show", "product", "stock", "catalogue"], render);
}

let drawn = "";

function render() {
  const show = stage.show;
  const item = show?.rundown.find((each) => each.id === show.current_item) ?? null;
  const first = show?.status === "draft" ? (show.rundown[0] ?? null) : null;
  const card = item ? (stage.product?.sku === item.sku ? stage.product : null) : null;
  const product = card ?? productOf((item ?? first)?.sku ?? null);
  const count = product ? (stage.stock?.items[product.sku] ?? null) : null;
  const value = JSON.stringify([show?.status, item, first, product, count]);
  if (value === drawn) return;
  drawn = value;

  byId("now-title").textContent =
    show?.status === "ended" ? t("已结束") : item || !first ? t("正在讲") : t("开播后先讲");
  fill(byId("now-badges"), product && seal(product));
  const shown = item ?? first;
  const box = byId("now");
  if (show?.status === "ended") {
    const over = empty("sprout", t("直播结束了。听到的话、问答和亮点都在回看里。"));
    over.append(h("a", { class: "button main", href: `/review/${show.id}` }, icon("history"), t("回看与导出")));
    fill(box, over);
    return;
  }
  if (!shown) {
    fill(box, empty("sprout", show ? t("点流程里的任何一项，它的要点和商品会显示在这里。") : ""));
    return;
  }
  fill(
    box,
    product?.missing.length ? missingNote(product.missing) : null,
    h(
      "div",
      { class: "now-grid" },
      h(
        "div",
        {},
        h("p", { class: "now-name" }, product?.name ?? shown.title),
        product
          ? h("p", { class: "soft" }, product.unit || t("规格未知"))
          : h("p", { class: "soft" }, t("这一项没有商品")),
        product ? figures(product.price_fen, count) : null,
      ),
      points(shown),
      product ? facts(product, card) : null,
    ),
  );
}

/** @param {import("./stage.js").Product} product */
function seal(product) {
  if (product.missing.length) return badge("bad", "triangle-alert", t("缺标签"));
  return product.verified ? badge("good", "badge-check", t("已核验")) : badge("", "circle-help", t("未核验"));
}

/** @param {string[]} missing */
function missingNote(missing) {
  return h(
    "p",
    { class: "missing" },
    icon("triangle-alert"),
    h("span", {}, t("标签缺：{items}。补全前商品卡不能播出。", { items: missing.map(labelWord).join(t("、")) })),
  );
}

/**
 * @param {number} price_fen
 * @param {import("./stage.js").Count | null} count
 */
function figures(price_fen, count) {
  const { currency, yuan, decimals } = priceParts(price_fen);
  return h(
    "p",
    { class: "now-figures" },
    h("span", { class: "price" }, h("small", {}, currency), yuan, h("small", {}, decimals)),
    count
      ? h(
          "span",
          { class: "left-over" },
          count.available,
          " ",
          h("small", {}, t("可售")),
          h("small", { class: "soft" }, " · ", t("已售 {n}", { n: count.sold })),
        )
      : h("span", { class: "soft" }, t("库存未知")),
  );
}

/**
 * Label items first, then the product's own facts. What is unknown is said to be unknown.
 * @param {import("./stage.js").Product} product
 * @param {import("./stage.js").Card | null} card
 */
function facts(product, card) {
  const lot = product.lot;
  /** @type {[string, string | null | undefined][]} */
  const rows = [
    [t("产地"), lot?.origin],
    [t("生产日期"), lot?.produced_on],
    [t("保质期"), lot?.shelf_life_days ? life(lot.shelf_life_days, lot.best_before) : null],
    [t("贮存"), lot?.storage],
    [t("批次"), lot?.batch],
    ...Object.entries(card?.facts ?? {}),
  ];
  return h(
    "dl",
    { class: "facts" },
    ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", { "data-missing": !value }, value || t("未知"))]),
  );
}

/**
 * @param {number} days
 * @param {string | null} best_before
 */
function life(days, best_before) {
  return best_before ? t("{n} 天，到 {date}", { n: days, date: best_before }) : t("{n} 天", { n: days });
}

/** @param {import("./stage.js").Item} item */
function points(item) {
  return h(
    "div",
    { class: "points" },
    h("h3", {}, t("要点")),
    item.points.length
      ? h("ul", { class: "points" }, ...item.points.map((point) => h("li", {}, point)))
      : h("p", { class: "soft small" }, t("没有写要点。")),
    trustList(item.trust),
  );
}
